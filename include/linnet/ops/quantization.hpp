#pragma once

#define LINNET_USES_OPS_QUANTIZATION
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_QUANTIZATION
#endif

#include <string_view>

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"
#include "linnet/ops/primitives/activation.hpp"
#include "linnet/ops/primitives/conv.hpp"

/// Inference with 8-bit integers, as ONNX has it: an integer q stands for scale * (q - zero_point).
/// Scales are floats, all positive and finite (ValueError where they are read); an undefined zero
/// point is 0. As integers in general, these carry no gradient; asking for that of a scale or a
/// bias is a NotSupportedError.
namespace linnet::inline LINNET_ABI {

struct QuantizeOptions {
  Tensor zero_point{};  ///< int8 or uint8, of the scale's shape; decides the result's dtype
  int axis = -1;        ///< the axis of x along which a vector of scales lies
  DType dtype = uint8;  ///< the result's where there is no zero point
};

/// saturate(round(x / scale) + zero_point), ties to even, computed in float32. x: any shape,
/// floats; scale 0-d or [c] along `axis`. NaN gives the zero point. int8 or uint8 of x's shape.
/// ONNX's QuantizeLinear. ShapeError, DTypeError for operands that do not fit.
///
///     quantize(tensor({-1.f, 0.3f, 9.f}), tensor(0.1f), {.dtype = int8});  // -10, 3, 90
LINNET_DECL Tensor quantize(const Tensor& x, const Tensor& scale,
                            const QuantizeOptions& options = {});

struct DequantizeOptions {
  Tensor zero_point{};  ///< of x's dtype and the scale's shape
  int axis = -1;        ///< the axis of x along which a vector of scales lies
};

/// (x - zero_point) * scale in float32, of x int8, uint8 or int32 (such as an integer bias; it has
/// no zero point). ONNX's DequantizeLinear. Errors as quantize.
LINNET_DECL Tensor dequantize(const Tensor& x, const Tensor& scale,
                              const DequantizeOptions& options = {});

/// Integers and what they stand for.
struct QuantizedTensor {
  Tensor values;        ///< int8 or uint8
  Tensor scale;         ///< 0-d; of weights also [output channels]
  Tensor zero_point{};  ///< 0-d, of the values' dtype; weights have none
};

struct QuantizedMatMulOptions {
  Tensor bias{};  ///< [n], added to real numbers (not to the integer sums)
  Activation activation = Activation::none;
  Tensor output_scale{};       ///< 0-d: the result is quantized with it
  Tensor output_zero_point{};  ///< int8 or uint8, decides the result's dtype; without it uint8
};

/// The product of a [..., k], int8 or uint8, with weights b [k, n], int8: activation(a b + bias)
/// [..., n]. Products are summed in int32, without overflow up to k = 65,793, then scaled and
/// rounded once to float32; with an output_scale the result is what quantize() makes of that. The
/// same bits on every processor (tanh and sigmoid apart). ONNX's QLinearMatMul. ShapeError,
/// DTypeError, ValueError for operands that do not fit.
LINNET_DECL Tensor quantized_matmul(const QuantizedTensor& a, const QuantizedTensor& b,
                                    const QuantizedMatMulOptions& options = {});

struct QuantizedConv2DOptions {
  Size2D strides = 1;
  std::string_view padding = "valid";  ///< "valid" or "same"; what is padded stands for 0
  Size2D dilations = 1;
  int groups = 1;
  Tensor bias{};  ///< [out], added to real numbers
  Activation activation = Activation::none;
  Tensor output_scale{};       ///< 0-d: the result is quantized with it
  Tensor output_zero_point{};  ///< int8 or uint8, decides the result's dtype; without it uint8
};

/// conv2d of x [n, h, w, in], int8 or uint8, with a kernel [kh, kw, in / groups, out], int8; sums,
/// scales and errors as in quantized_matmul. ONNX's QLinearConv.
LINNET_DECL Tensor quantized_conv2d(const QuantizedTensor& x, const QuantizedTensor& kernel,
                                    const QuantizedConv2DOptions& options = {});

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_OPS_QUANTIZATION
#include "linnet/impl/src.hpp"
#endif
