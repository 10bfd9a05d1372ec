#pragma once

#define LINNET_USES_NN_LAYERS_CONV2D_TRANSPOSE
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_NN_LAYERS_CONV2D_TRANSPOSE
#endif

#include <cstdint>
#include <optional>
#include <string>

#include "linnet/config.hpp"
#include "linnet/nn/activations.hpp"
#include "linnet/nn/layer.hpp"
#include "linnet/ops/primitives/conv.hpp"

namespace linnet::inline LINNET_ABI::layers {

struct Conv2DTransposeOptions {
  Size2D strides = 1;
  std::string padding = "valid";
  std::optional<Size2D> output_padding{};
  Size2D dilation_rate = 1;
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

/// Transposed convolution (the gradient of a Conv2D by its input) of [n, h, w, in] with a kernel
/// [kh, kw, filters, in]; see linnet::conv2d_transpose for the output's extents.
class LINNET_EXPORT Conv2DTranspose : public Layer {
 public:
  LINNET_DECL Conv2DTranspose(std::int64_t filters, Size2D kernel_size,
                              Conv2DTransposeOptions options = {});
  LINNET_DECL void build(const Shape& input_shape) override;
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "Conv2DTranspose"; }

 private:
  std::int64_t filters_;
  Size2D kernel_size_;
  Conv2DTransposeOptions options_;
};

}  // namespace linnet::inline LINNET_ABI::layers

#ifdef LINNET_FIRST_NN_LAYERS_CONV2D_TRANSPOSE
#include "linnet/impl/src.hpp"
#endif
