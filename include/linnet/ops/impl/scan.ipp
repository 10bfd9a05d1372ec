#pragma once

#include <utility>

#include "linnet/autograd/with_vjp.hpp"
#include "linnet/backend/apply.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/primitives/scan.hpp"
#include "linnet/ops/scan.hpp"
#include "linnet/ops/shape.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

/// out[k] = x[k + 1] (`ahead`) or x[k - 1] along an axis, 0 at the end that is open.
inline Tensor shifted(const Tensor& x, int axis, bool ahead) {
  std::vector<std::pair<int, int>> widths(static_cast<std::size_t>(x.rank()), {0, 0});
  widths[static_cast<std::size_t>(axis)] = ahead ? std::pair(0, 1) : std::pair(1, 0);
  return narrow(pad(x, widths), axis, ahead ? 1 : 0, x.dim(axis));
}

/// y[k] = a[k] y[k-1] + b[k] (k+1 if reverse).
inline Tensor linear_recurrence(const Tensor& a, const Tensor& b, int axis, bool reverse) {
  const Tensor y = apply(LinearRecurrence{axis, reverse}, b.spec(), a, b);
  return with_vjp(
      y,
      joint_vjp({&a, &b}, [a, y, axis, reverse](const Tensor& dy, const std::vector<bool>& needs) {
        const Tensor db = linear_recurrence(shifted(a, axis, !reverse), dy, axis, !reverse);
        return std::vector<Tensor>{needs[0] ? db * shifted(y, axis, reverse) : Tensor(), db};
      }));
}

inline Tensor scan(const char* op, bool product, const Tensor& x, const ScanOptions& o) {
  if (x.dtype() == DType::boolean) fail<DTypeError>(op, "expected numbers, got bools");
  const int axis = normalize_axis(op, o.axis, x.rank());
  if (itemsize(x.dtype()) == 2 && is_floating(x.dtype()))
    return cast(scan(op, product, cast(x, DType::float32), o), x.dtype());
  const Tensor y = apply(Scan{product, axis, o.exclusive, o.reverse}, x.spec(), x);
  if (!product)
    return with_vjp(y, vjp(x, [axis, o](const Tensor& dy) {
                      return cumsum(dy, {axis, o.exclusive, !o.reverse});
                    }));
  // y[i] = x[0] ... x[i], so dx[k] = x[0] ... x[k-1] times r[k], r[k] = dy[k] + x[k+1] r[k+1].
  return with_vjp(y, vjp(x, [x, axis, o](const Tensor& dy) {
                    const Tensor before = cumprod(x, {axis, true, o.reverse});
                    const Tensor next = shifted(x, axis, !o.reverse);
                    const Tensor from = o.exclusive ? shifted(dy, axis, !o.reverse) : dy;
                    return before * linear_recurrence(next, from, axis, !o.reverse);
                  }));
}

}  // namespace detail

Tensor cumsum(const Tensor& x, const ScanOptions& options) {
  return detail::scan("cumsum", false, x, options);
}
Tensor cumprod(const Tensor& x, const ScanOptions& options) {
  return detail::scan("cumprod", true, x, options);
}

}  // namespace linnet::inline LINNET_ABI
