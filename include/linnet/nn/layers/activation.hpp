#pragma once

#define LINNET_USES_NN_LAYERS_ACTIVATION
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_NN_LAYERS_ACTIVATION
#endif

#include <optional>
#include <string>
#include <vector>

#include "linnet/config.hpp"
#include "linnet/nn/activations.hpp"
#include "linnet/nn/layer.hpp"
#include "linnet/nn/layers/options.hpp"

namespace linnet::inline LINNET_ABI::layers {

struct LINNET_EXPORT Activation : Layer {
  LINNET_DECL explicit Activation(ActivationFunction function, const LayerOptions& options = {});
  Tensor call(const Tensor& x, bool) override { return function(x); }
  std::string type_name() const override { return "Activation"; }
  ActivationFunction function;
};

struct ReLUOptions {
  std::optional<double> max_value{};
  double negative_slope = 0, threshold = 0;
  std::string name{};
  std::optional<Shape> input_shape{};  ///< of one sample: a Sequential starting with it is built
};
/// x where threshold < x, at most max_value; negative_slope (x - threshold) below the threshold.
/// ValueError for negative numbers.
struct LINNET_EXPORT ReLU : Layer {
  LINNET_DECL explicit ReLU(const ReLUOptions& options = {});
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "ReLU"; }
  std::optional<double> max_value;
  double negative_slope, threshold;
};
/// x, or negative_slope x below 0. (The function leaky_relu has slope 0.2 by default.)
struct LINNET_EXPORT LeakyReLU : Layer {
  LINNET_DECL explicit LeakyReLU(double negative_slope = 0.3, const LayerOptions& options = {});
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "LeakyReLU"; }
  double negative_slope;
};
/// x, or alpha (e^x - 1) below 0.
struct LINNET_EXPORT ELU : Layer {
  LINNET_DECL explicit ELU(double alpha = 1.0, const LayerOptions& options = {});
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "ELU"; }
  double alpha;
};
struct PReLUOptions {
  Handle<Initializer> alpha_initializer = initializers::make_zeros();
  Handle<Regularizer> alpha_regularizer{};
  Handle<Constraint> alpha_constraint{};
  std::vector<int> shared_axes{};  ///< axes (from 1 on) along which one alpha counts for all
  std::string name{};
};
/// x, or alpha x below 0; a weight alpha for each place of a sample.
struct LINNET_EXPORT PReLU : Layer {
  LINNET_DECL explicit PReLU(PReLUOptions options = {});
  LINNET_DECL void build(const Shape& input_shape) override;
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "PReLU"; }
  PReLUOptions options;
};

struct SoftmaxOptions {
  int axis = -1;
  std::string name{};
};
struct LINNET_EXPORT Softmax : Layer {
  LINNET_DECL explicit Softmax(const SoftmaxOptions& options = {});
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "Softmax"; }
  int axis;
};

}  // namespace linnet::inline LINNET_ABI::layers

#ifdef LINNET_FIRST_NN_LAYERS_ACTIVATION
#include "linnet/impl/src.hpp"
#endif
