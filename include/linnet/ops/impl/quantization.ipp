#pragma once

#include <utility>
#include <vector>

#include "linnet/autograd/with_vjp.hpp"
#include "linnet/backend/apply.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/impl/window.ipp"
#include "linnet/ops/primitives/quantization.hpp"
#include "linnet/ops/quantization.hpp"
#include "linnet/ops/shape.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

constexpr bool is_quantized(DType t) { return t == DType::int8 || t == DType::uint8; }

/// Attaches a gradient that says that there is none.
inline Tensor without_gradient(const char* op, Tensor y, std::vector<const Tensor*> inputs) {
  auto refuse = [op](const Tensor&, const std::vector<bool>&) -> std::vector<Tensor> {
    fail<NotSupportedError>(op, "has no gradient");
  };
  return with_vjp(std::move(y), JointVjpTerm<decltype(refuse)>{std::move(inputs), refuse});
}

/// A scale as the primitives take it: float32, 0-d or [channels] (channels < 0: 0-d only).
inline Tensor scale_operand(const char* op, const char* what, const Tensor& scale,
                            std::int64_t channels) {
  if (!scale.defined()) fail<ValueError>(op, what, ": expected a tensor, got an undefined one");
  if (!is_floating(scale.dtype()))
    fail<DTypeError>(op, what, ": expected floats, got ", scale.dtype());
  const Tensor s = cast(scale, DType::float32);
  if (s.shape() == Shape{1} && channels != 1) return reshape(s, {});
  if (s.rank() == 0 || (channels >= 0 && s.shape() == Shape{channels})) return s;
  if (channels < 0) fail<ShapeError>(op, what, ": expected one number, got shape ", s.shape());
  fail<ShapeError>(op, what, ": expected one number or (", channels, "), got shape ", s.shape());
}

/// A zero point of a scale's shape, zeros where there is none.
inline Tensor zero_point_operand(const char* op, const char* what, const Tensor& zero_point,
                                 const Tensor& scale, DType dtype) {
  if (!zero_point.defined()) return zeros(scale.shape(), dtype);
  if (zero_point.dtype() != dtype)
    fail<DTypeError>(op, what, ": expected ", dtype, ", got ", zero_point.dtype());
  const Tensor z = zero_point.shape() == Shape{1} ? reshape(zero_point, scale.shape()) : zero_point;
  if (!(z.shape() == scale.shape()))
    fail<ShapeError>(op, what, ": expected the scale's shape ", scale.shape(), ", got ", z.shape());
  return z;
}

/// Axis and extent along which a vector of scales may lie; of a 0-d x none.
inline std::pair<int, std::int64_t> scale_axis(const char* op, const Tensor& x, const Tensor& scale,
                                               int axis) {
  if (x.rank() == 0 || !scale.defined() || scale.rank() == 0) return {0, -1};
  const int a = normalize_axis(op, axis, x.rank());
  return {a, x.dim(a)};
}

inline DType quantized_dtype(const char* op, const char* what, const Tensor& zero_point,
                             DType otherwise) {
  const DType t = zero_point.defined() ? zero_point.dtype() : otherwise;
  if (!is_quantized(t)) fail<DTypeError>(op, what, ": expected int8 or uint8, got ", t);
  return t;
}

}  // namespace detail

Tensor quantize(const Tensor& x, const Tensor& scale, const QuantizeOptions& options) {
  constexpr const char* op = "quantize";
  if (!is_floating(x.dtype())) fail<DTypeError>(op, "expected floats, got ", x.dtype());
  const DType t = detail::quantized_dtype(op, options.zero_point.defined() ? "zero_point" : "dtype",
                                          options.zero_point, options.dtype);
  const auto [axis, channels] = detail::scale_axis(op, x, scale, options.axis);
  const Tensor s = detail::scale_operand(op, "scale", scale, channels);
  const Tensor z = detail::zero_point_operand(op, "zero_point", options.zero_point, s, t);
  return apply(Quantize{s.rank() == 0 ? 0 : axis}, {x.shape(), t, x.device()},
               cast(x, DType::float32), s, z);
}

Tensor dequantize(const Tensor& x, const Tensor& scale, const DequantizeOptions& options) {
  constexpr const char* op = "dequantize";
  if (!detail::is_quantized(x.dtype()) && x.dtype() != DType::int32)
    fail<DTypeError>(op, "expected int8, uint8 or int32, got ", x.dtype());
  if (x.dtype() == DType::int32 && options.zero_point.defined())
    fail<ValueError>(op, "int32 has no zero_point, got one");
  const auto [axis, channels] = detail::scale_axis(op, x, scale, options.axis);
  const Tensor s = detail::scale_operand(op, "scale", scale, channels);
  const Tensor z = detail::zero_point_operand(op, "zero_point", options.zero_point, s, x.dtype());
  return detail::without_gradient(
      op,
      apply(Dequantize{s.rank() == 0 ? 0 : axis}, {x.shape(), DType::float32, x.device()}, x, s, z),
      {&scale});
}

namespace detail {

/// The operands of a quantized product in its primitive's order, and what it gives.
class QuantizedProductCall {
 public:
  QuantizedProductCall(const char* op, const QuantizedTensor& x, const char* x_name,
                       const QuantizedTensor& weights, const char* weights_name)
      : op_(op) {
    require_dtype(x.values, x_name, is_quantized(x.values.dtype()), "int8 or uint8");
    require_dtype(weights.values, weights_name, weights.values.dtype() == DType::int8, "int8");
    if (weights.zero_point.defined())
      fail<ValueError>(op, weights_name, ": weights have no zero_point, got one");
    if (weights.values.rank() == 0)
      fail<ShapeError>(op, weights_name, ": expected weights, got shape ", weights.values.shape());
    columns_ = weights.values.dim(-1);
    const Tensor x_scale = scale_operand(op, concat_message(x_name, ".scale").c_str(), x.scale, -1);
    operands_ = {
        x.values, x_scale,
        zero_point_operand(op, concat_message(x_name, ".zero_point").c_str(), x.zero_point, x_scale,
                           x.values.dtype()),
        weights.values,
        scale_operand(op, concat_message(weights_name, ".scale").c_str(), weights.scale, columns_)};
    watched_ = {&x.scale, &weights.scale};
  }

  /// True if there is one.
  bool add_bias(const Tensor& bias) {
    if (!bias.defined()) return false;
    if (!is_floating(bias.dtype()))
      fail<DTypeError>(op_, "bias: expected floats, got ", bias.dtype());
    if (!(bias.shape() == Shape{columns_}))
      fail<ShapeError>(op_, "bias: expected shape (", columns_, ",), got ", bias.shape());
    operands_.push_back(cast(bias, DType::float32));
    watched_.push_back(&bias);
    return true;
  }
  void add_output(const Tensor& scale, const Tensor& zero_point) {
    if (!scale.defined()) {
      if (zero_point.defined())
        fail<ValueError>(op_, "output_zero_point: expected an output_scale, too, got none");
      return;
    }
    dtype_ = quantized_dtype(op_, "output_zero_point", zero_point, DType::uint8);
    operands_.push_back(scale_operand(op_, "output_scale", scale, -1));
    operands_.push_back(
        zero_point_operand(op_, "output_zero_point", zero_point, operands_.back(), dtype_));
    watched_.push_back(&scale);
  }

  Tensor result(PrimitiveRef primitive, const Shape& shape) const {
    std::vector<const Tensor*> in;
    for (const Tensor& t : operands_) in.push_back(&t);
    const TensorSpec spec{shape, dtype_, operands_[0].device()};
    Tensor y;
    apply(primitive, in, {&spec, 1}, {&y, 1});
    return without_gradient(op_, std::move(y), watched_);
  }

 private:
  void require_dtype(const Tensor& t, const char* name, bool fits, const char* expected) const {
    if (!fits) fail<DTypeError>(op_, name, ": expected ", expected, ", got ", t.dtype());
  }

  const char* op_;
  std::int64_t columns_ = 0;
  DType dtype_ = DType::float32;
  std::vector<Tensor> operands_;
  std::vector<const Tensor*> watched_;
};

}  // namespace detail

Tensor quantized_matmul(const QuantizedTensor& a, const QuantizedTensor& b,
                        const QuantizedMatMulOptions& options) {
  constexpr const char* op = "quantized_matmul";
  detail::QuantizedProductCall call(op, a, "a", b, "b");
  const Shape &left = a.values.shape(), &right = b.values.shape();
  if (left.rank() == 0 || right.rank() != 2 || left[-1] != right[0])
    fail<ShapeError>(op, "expected a (..., k) and b (k, n), got ", left, " and ", right);
  QuantizedMatMul p;
  p.bias = call.add_bias(options.bias);
  p.activation = options.activation;
  call.add_output(options.output_scale, options.output_zero_point);
  Shape out = left.without(-1);
  out.push_back(right[1]);
  return call.result(p, out);
}

Tensor quantized_conv2d(const QuantizedTensor& x, const QuantizedTensor& kernel,
                        const QuantizedConv2DOptions& options) {
  constexpr const char* op = "quantized_conv2d";
  detail::QuantizedProductCall call(op, x, "x", kernel, "kernel");
  const Shape &k = kernel.values.shape(), &in = x.values.shape();
  if (k.rank() != 4) fail<ShapeError>(op, "expected a kernel [kh, kw, in, out], got shape ", k);
  const auto [out, padding] = detail::window_geometry(op, in, {k[0], k[1]}, options.strides,
                                                      options.dilations, options.padding);
  const int groups = options.groups;
  if (groups < 1 || in[3] != k[2] * groups || k[3] % groups != 0)
    fail<ShapeError>(op, "input of ", in[3], " channels does not fit kernel ", k, " in ", groups,
                     " groups");
  QuantizedConv2D p;
  static_cast<Conv2DAttributes&>(p) = {options.strides, options.dilations, padding, groups};
  p.bias = call.add_bias(options.bias);
  p.activation = options.activation;
  call.add_output(options.output_scale, options.output_zero_point);
  return call.result(p, {in[0], out.h, out.w, k[3]});
}

}  // namespace linnet::inline LINNET_ABI
