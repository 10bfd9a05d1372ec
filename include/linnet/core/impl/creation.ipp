#pragma once

#include <algorithm>
#include <cmath>
#include <cstring>

#include "linnet/core/creation.hpp"
#include "linnet/core/impl/elements.ipp"

namespace linnet::inline LINNET_ABI {

Tensor full(const Shape& shape, Scalar value, DType dtype) {
  Tensor t = detail::empty({shape, dtype, cpu});
  const std::size_t item = itemsize(dtype), bytes = t.nbytes();
  auto* p = static_cast<std::byte*>(t.impl()->data);
  if (bytes == 0) return t;
  detail::store_scalar(p, dtype, value);
  // Doubling copies: memset where the value is one repeated byte, which zero is.
  bool same = true;
  for (std::size_t i = 1; i < item; ++i) same = same && p[i] == p[0];
  if (same) {
    std::memset(p, static_cast<int>(p[0]), bytes);
    return t;
  }
  for (std::size_t done = item; done < bytes; done *= 2)
    std::memcpy(p + done, p, std::min(done, bytes - done));
  return t;
}

Tensor zeros(const Shape& shape, DType dtype) { return full(shape, 0, dtype); }
Tensor ones(const Shape& shape, DType dtype) { return full(shape, 1, dtype); }
Tensor full_like(const Tensor& x, Scalar value) { return full(x.shape(), value, x.dtype()); }
Tensor zeros_like(const Tensor& x) { return full_like(x, 0); }
Tensor ones_like(const Tensor& x) { return full_like(x, 1); }

Tensor arange(Scalar start, Scalar stop, Scalar step, DType dtype) {
  const double first = start.as<double>(), by = step.as<double>();
  if (by == 0) fail<ValueError>("arange", "step is 0");
  const double count = std::ceil((stop.as<double>() - first) / by);
  if (!(count < 9e15)) fail<ValueError>("arange", "too many values: ", count);
  const auto n = count > 0 ? static_cast<std::int64_t>(count) : 0;
  Tensor t = detail::empty({{n}, dtype, cpu});
  auto* p = static_cast<std::byte*>(t.impl()->data);
  const bool exact = !start.is_floating() && !step.is_floating();
  for (std::int64_t i = 0; i < n; ++i, p += itemsize(dtype)) {
    if (exact)
      detail::store_scalar(p, dtype, start.as<std::int64_t>() + i * step.as<std::int64_t>());
    else
      detail::store_scalar(p, dtype, first + static_cast<double>(i) * by);
  }
  return t;
}

Tensor arange(Scalar stop) {
  return arange(0, stop, 1, stop.is_floating() ? DType::float32 : DType::int32);
}

Tensor linspace(double start, double stop, std::int64_t num, DType dtype) {
  if (num < 0) fail<ValueError>("linspace", "num is ", num);
  Tensor t = detail::empty({{num}, dtype, cpu});
  auto* p = static_cast<std::byte*>(t.impl()->data);
  const double step = num > 1 ? (stop - start) / static_cast<double>(num - 1) : 0;
  for (std::int64_t i = 0; i < num; ++i, p += itemsize(dtype))
    detail::store_scalar(p, dtype,
                         i + 1 == num && num > 1 ? stop : start + static_cast<double>(i) * step);
  return t;
}

Tensor eye(std::int64_t n, std::int64_t m, DType dtype) {
  if (m < 0) m = n;
  Tensor t = zeros({n, m}, dtype);
  auto* p = static_cast<std::byte*>(t.impl()->data);
  for (std::int64_t i = 0; i < n && i < m; ++i)
    detail::store_scalar(p + static_cast<std::size_t>(i * m + i) * itemsize(dtype), dtype, 1);
  return t;
}

}  // namespace linnet::inline LINNET_ABI
