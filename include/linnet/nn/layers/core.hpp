#pragma once

#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_NN_LAYERS_CORE
#endif

#include "linnet/config.hpp"
#include "linnet/nn/activations.hpp"
#include "linnet/nn/layer.hpp"
#include "linnet/ops/generator.hpp"
#include "linnet/ops/primitives/conv.hpp"

/// Layers without weights.
namespace linnet::inline LINNET_ABI::layers {

struct LayerOptions {
  std::string name{};
  std::optional<Shape> input_shape{};  ///< of one sample: a Sequential starting with it is built
};

struct PoolingOptions {
  Size2D strides = 0;  ///< 0: the pool size
  std::string padding = "valid";
  std::string name{};
};

/// See linnet::max_pool2d.
struct LINNET_EXPORT MaxPooling2D : Layer {
  LINNET_DECL explicit MaxPooling2D(Size2D pool_size = 2, PoolingOptions options = {});
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "MaxPooling2D"; }
  Size2D pool_size;
  PoolingOptions options;
};

/// See linnet::avg_pool2d.
struct LINNET_EXPORT AveragePooling2D : Layer {
  LINNET_DECL explicit AveragePooling2D(Size2D pool_size, PoolingOptions options = {});
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "AveragePooling2D"; }
  Size2D pool_size;
  PoolingOptions options;
};

struct GlobalPoolingOptions {
  bool keepdims = false;
  std::string name{};
};
/// [n, h, w, c] -> [n, c]: the mean of each channel.
struct LINNET_EXPORT GlobalAveragePooling2D : Layer {
  LINNET_DECL explicit GlobalAveragePooling2D(GlobalPoolingOptions options = {});
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "GlobalAveragePooling2D"; }
  GlobalPoolingOptions options;
};

/// [n, ...] -> [n, product of the rest].
struct LINNET_EXPORT Flatten : Layer {
  LINNET_DECL explicit Flatten(const LayerOptions& options = {});
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "Flatten"; }
};

/// [n, ...] -> [n] + target; one extent may be -1.
struct LINNET_EXPORT Reshape : Layer {
  LINNET_DECL explicit Reshape(Shape target_shape, const LayerOptions& options = {});
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "Reshape"; }
  Shape target_shape;
};

struct DropoutOptions {
  std::optional<std::uint64_t> seed{};
  std::string name{};
};
/// In training each input is dropped with probability `rate`, the others divided by 1 - rate.
struct LINNET_EXPORT Dropout : Layer {
  LINNET_DECL explicit Dropout(double rate, DropoutOptions options = {});
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "Dropout"; }
  double rate;
  std::optional<Generator> generator;
};

struct LINNET_EXPORT Activation : Layer {
  LINNET_DECL explicit Activation(ActivationFunction function, const LayerOptions& options = {});
  Tensor call(const Tensor& x, bool) override { return function(x); }
  std::string type_name() const override { return "Activation"; }
  ActivationFunction function;
};

struct LINNET_EXPORT ReLU : Layer {
  LINNET_DECL explicit ReLU(const LayerOptions& options = {});
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "ReLU"; }
};

struct SoftmaxOptions {
  int axis = -1;
  std::string name{};
};
struct LINNET_EXPORT Softmax : Layer {
  LINNET_DECL explicit Softmax(SoftmaxOptions options = {});
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "Softmax"; }
  int axis;
};

/// x * scale + offset, in float32 for integer inputs.
struct LINNET_EXPORT Rescaling : Layer {
  LINNET_DECL explicit Rescaling(double scale, double offset = 0, const LayerOptions& options = {});
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "Rescaling"; }
  double scale, offset;
};

}  // namespace linnet::inline LINNET_ABI::layers

#ifdef LINNET_FIRST_NN_LAYERS_CORE
#include "linnet/impl/src.hpp"
#endif
