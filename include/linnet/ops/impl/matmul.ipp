#pragma once

#include "linnet/autograd/with_vjp.hpp"
#include "linnet/backend/apply.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/matmul.hpp"
#include "linnet/ops/primitives/matmul.hpp"
#include "linnet/ops/shape.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

/// All rows of a batch as one matrix; -1 would not do where rows have no elements.
inline Tensor as_rows(const Tensor& x) {
  std::int64_t rows = 1;
  for (int i = 0; i + 1 < x.rank(); ++i) rows *= x.dim(i);
  return reshape(x, {rows, x.dim(-1)});
}

/// Both of rank >= 2 and one dtype.
inline Tensor matmul_planes(const Tensor& a, const Tensor& b) {
  if (a.dim(-1) != b.dim(-2))
    fail<ShapeError>("matmul", "inner dimensions differ: lhs ", a.shape(), ", rhs ", b.shape());
  const auto batch_of = [](const Shape& s) {
    Shape batch;
    for (int i = 0; i < s.rank() - 2; ++i) batch.push_back(s[i]);
    return batch;
  };
  Shape out = broadcast_shapes("matmul", batch_of(a.shape()), batch_of(b.shape()));
  out.push_back(a.dim(-2));
  out.push_back(b.dim(-1));
  return with_vjp(apply(MatMul{}, {out, a.dtype(), a.device()}, a, b),
                  vjp(a, [b](const Tensor& dy) { return matmul_planes(dy, swapaxes(b, -1, -2)); }),
                  vjp(b, [a, b_rank = b.rank()](const Tensor& dy) {
                    // One weight matrix for a whole batch: one product over all rows.
                    if (b_rank == 2 && a.rank() > 2)
                      return matmul_planes(transpose(as_rows(a)), as_rows(dy));
                    return matmul_planes(swapaxes(a, -1, -2), dy);
                  }));
}

}  // namespace detail

Tensor matmul(const Tensor& a, const Tensor& b, const MatMulOptions& options) {
  if (a.rank() == 0 || b.rank() == 0)
    fail<ShapeError>("matmul", "expected rank >= 1, got ", a.shape(), " and ", b.shape());
  const DType t = promote_types(a.dtype(), b.dtype());
  if (!is_floating(t) && t != DType::int32 && t != DType::int64)
    fail<DTypeError>("matmul", "expected floats, int32 or int64, got ", a.dtype(), " and ",
                     b.dtype());
  Tensor x = cast(a, t), y = cast(b, t);
  const bool row = a.rank() == 1, column = b.rank() == 1;
  if (row)
    x = expand_dims(x, 0);
  else if (options.transpose_a)
    x = swapaxes(x, -1, -2);
  if (column)
    y = expand_dims(y, 1);
  else if (options.transpose_b)
    y = swapaxes(y, -1, -2);
  Tensor z = detail::matmul_planes(x, y);
  if (column) z = squeeze(z, -1);
  if (row) z = squeeze(z, column ? -1 : -2);
  return z;
}

}  // namespace linnet::inline LINNET_ABI
