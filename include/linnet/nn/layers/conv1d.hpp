#pragma once

#define LINNET_USES_NN_LAYERS_CONV1D
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_NN_LAYERS_CONV1D
#endif

#include <cstdint>
#include <optional>
#include <string>

#include "linnet/config.hpp"
#include "linnet/nn/activations.hpp"
#include "linnet/nn/layer.hpp"
#include "linnet/ops/primitives/conv.hpp"

namespace linnet::inline LINNET_ABI::layers {

struct Conv1DOptions {
  std::int64_t strides = 1;
  std::string padding = "valid";  ///< "valid", "same" or "causal" (before the first step only)
  std::int64_t dilation_rate = 1;
  int groups = 1;
  ActivationFunction activation{};
  bool use_bias = true;
  Handle<Initializer> kernel_initializer = initializers::make_glorot_uniform();
  Handle<Initializer> bias_initializer = initializers::make_zeros();
  Handle<Regularizer> kernel_regularizer{}, bias_regularizer{};
  Handle<Constraint> kernel_constraint{}, bias_constraint{};
  Handle<Regularizer> activity_regularizer{};  ///< of the output, divided by the batch
  std::string name{};
  std::optional<Shape> input_shape{};  ///< of one sample: a Sequential starting with it is built
};

/// 1-D cross-correlation of [n, t, in] with a kernel [k, in / groups, filters] along t. ValueError
/// for numbers that are not positive or an unknown padding, ShapeError if the input does not fit or
/// leaves no output.
class LINNET_EXPORT Conv1D : public Layer {
 public:
  LINNET_DECL Conv1D(std::int64_t filters, std::int64_t kernel_size, Conv1DOptions options = {});
  LINNET_DECL void build(const Shape& input_shape) override;
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "Conv1D"; }

 private:
  std::int64_t filters_, kernel_size_;
  Conv1DOptions options_;
};

}  // namespace linnet::inline LINNET_ABI::layers

#ifdef LINNET_FIRST_NN_LAYERS_CONV1D
#include "linnet/impl/src.hpp"
#endif
