#pragma once

#include "linnet/autograd/with_vjp.hpp"
#include "linnet/backend/apply.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/linalg.hpp"
#include "linnet/ops/matmul.hpp"
#include "linnet/ops/primitives/linalg.hpp"
#include "linnet/ops/shape.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

inline void require_square(const char* op, const Tensor& a) {
  if (a.rank() < 2 || a.dim(-1) != a.dim(-2))
    fail<ShapeError>(op, "expected square matrices, got shape ", a.shape());
  if (a.dtype() != DType::float32 && a.dtype() != DType::float64)
    fail<DTypeError>(op, "expected float32 or float64, got ", a.dtype());
}

}  // namespace detail

Tensor solve(const Tensor& a, const Tensor& b, bool adjoint) {
  detail::require_square("solve", a);
  if (a.dtype() != b.dtype()) fail<DTypeError>("solve", "a is ", a.dtype(), " and b ", b.dtype());
  if (a.rank() != b.rank() || !(a.shape().without(-1) == b.shape().without(-1)))
    fail<ShapeError>("solve", "right-hand sides of shape ", b.shape(), " do not fit ", a.shape());
  const Tensor y = apply(Solve{adjoint}, b.spec(), a, b);
  return with_vjp(
      y, joint_vjp({&a, &b}, [a, y, adjoint](const Tensor& dy, const std::vector<bool>& needs) {
        const Tensor db = solve(a, dy, !adjoint);
        if (!needs[0]) return std::vector<Tensor>{Tensor(), db};
        const Tensor da =
            adjoint ? matmul(y, db, {.transpose_b = true}) : matmul(db, y, {.transpose_b = true});
        return std::vector<Tensor>{negative(da), db};
      }));
}

Tensor inverse(const Tensor& a) {
  detail::require_square("inverse", a);
  return solve(a, broadcast_to(eye(a.dim(-1), -1, a.dtype()), a.shape()));
}

}  // namespace linnet::inline LINNET_ABI
