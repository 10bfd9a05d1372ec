#pragma once

#define LINNET_USES_NN_LAYERS_DEPTHWISE
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_NN_LAYERS_DEPTHWISE
#endif

#include <cstdint>
#include <optional>
#include <string>

#include "linnet/config.hpp"
#include "linnet/nn/activations.hpp"
#include "linnet/nn/layer.hpp"
#include "linnet/ops/primitives/conv.hpp"

namespace linnet::inline LINNET_ABI::layers {

struct DepthwiseConv2DOptions {
  Size2D strides = 1;
  std::string padding = "valid";
  std::int64_t depth_multiplier = 1;
  Size2D dilation_rate = 1;
  ActivationFunction activation{};
  bool use_bias = true;
  Handle<Initializer> depthwise_initializer = initializers::make_glorot_uniform();
  Handle<Initializer> bias_initializer = initializers::make_zeros();
  Handle<Regularizer> depthwise_regularizer{}, bias_regularizer{};
  Handle<Constraint> depthwise_constraint{}, bias_constraint{};
  std::string name{};
  std::optional<Shape> input_shape{};  ///< of one sample: a Sequential starting with it is built
};

/// Convolves each channel of [n, h, w, c] by itself: kernel [kh, kw, c, depth_multiplier], output
/// channel c * depth_multiplier + m.
class LINNET_EXPORT DepthwiseConv2D : public Layer {
 public:
  LINNET_DECL explicit DepthwiseConv2D(Size2D kernel_size, DepthwiseConv2DOptions options = {});
  LINNET_DECL void build(const Shape& input_shape) override;
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "DepthwiseConv2D"; }

 private:
  Size2D kernel_size_;
  DepthwiseConv2DOptions options_;
};

struct SeparableConv2DOptions {
  Size2D strides = 1;
  std::string padding = "valid";
  Size2D dilation_rate = 1;
  std::int64_t depth_multiplier = 1;
  ActivationFunction activation{};
  bool use_bias = true;
  Handle<Initializer> depthwise_initializer = initializers::make_glorot_uniform();
  Handle<Initializer> pointwise_initializer = initializers::make_glorot_uniform();
  Handle<Initializer> bias_initializer = initializers::make_zeros();
  Handle<Regularizer> depthwise_regularizer{}, pointwise_regularizer{}, bias_regularizer{};
  Handle<Constraint> depthwise_constraint{}, pointwise_constraint{}, bias_constraint{};
  std::string name{};
  std::optional<Shape> input_shape{};  ///< of one sample: a Sequential starting with it is built
};

/// A depthwise convolution, then one by 1 x 1 over its channels: kernels [kh, kw, in, mult] and
/// [1, 1, in mult, filters].
class LINNET_EXPORT SeparableConv2D : public Layer {
 public:
  LINNET_DECL SeparableConv2D(std::int64_t filters, Size2D kernel_size,
                              SeparableConv2DOptions options = {});
  LINNET_DECL void build(const Shape& input_shape) override;
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "SeparableConv2D"; }

 private:
  std::int64_t filters_;
  Size2D kernel_size_;
  SeparableConv2DOptions options_;
};

}  // namespace linnet::inline LINNET_ABI::layers

#ifdef LINNET_FIRST_NN_LAYERS_DEPTHWISE
#include "linnet/impl/src.hpp"
#endif
