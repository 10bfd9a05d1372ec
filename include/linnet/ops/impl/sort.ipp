#pragma once

#include <algorithm>
#include <vector>

#include "linnet/backend/apply.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/indexing.hpp"
#include "linnet/ops/primitives/sort.hpp"
#include "linnet/ops/scatter.hpp"
#include "linnet/ops/shape.hpp"
#include "linnet/ops/sort.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

inline Tensor indices_tensor(const std::vector<std::int32_t>& v) {
  return from_vector(v, {static_cast<std::int64_t>(v.size())});
}

/// The first k places in order along the last axis.
inline Tensor order(const Tensor& x, bool descending, std::int64_t k) {
  if (itemsize(x.dtype()) == 2 && is_floating(x.dtype()))
    return order(cast(x, DType::float32), descending, k);
  Shape shape = x.shape();
  shape.set(-1, k);
  return apply(ArgSort{descending}, {shape, DType::int32, x.device()}, x);
}

}  // namespace detail

Tensor argsort(const Tensor& x, const SortOptions& options) {
  const int axis = normalize_axis("argsort", options.axis, x.rank());
  if (axis == x.rank() - 1) return detail::order(x, options.descending, x.dim(-1));
  return swapaxes(detail::order(swapaxes(x, axis, -1), options.descending, x.dim(axis)), axis, -1);
}

Tensor sort(const Tensor& x, const SortOptions& options) {
  const int axis = normalize_axis("sort", options.axis, x.rank());
  return take_along_axis(x, argsort(x, options), axis);
}

TopK top_k(const Tensor& x, std::int64_t k) {
  if (x.rank() < 1) fail<ShapeError>("top_k", "expected at least one axis, got a scalar");
  if (k < 0 || k > x.dim(-1))
    fail<ValueError>("top_k", "k is ", k, " for an axis of extent ", x.dim(-1));
  const Tensor indices = detail::order(x, true, k);
  return {take_along_axis(x, indices, -1), indices};
}

Unique unique(const Tensor& x) {
  if (x.rank() != 1) fail<ShapeError>("unique", "expected one axis, got shape ", x.shape());
  const std::vector<std::int32_t> order = argsort(x).to_vector<std::int32_t>();
  const std::size_t n = order.size();
  const Tensor in_order = gather(x, detail::indices_tensor(order));
  std::vector<std::uint8_t> begins(n, 1);  // equal elements are neighbours, the first one first
  if (n > 1) {
    const std::int64_t pairs = static_cast<std::int64_t>(n) - 1;
    const std::vector<std::uint8_t> differ =
        cast(not_equal(narrow(in_order, 0, 1, pairs), narrow(in_order, 0, 0, pairs)), uint8)
            .to_vector<std::uint8_t>();
    std::copy(differ.begin(), differ.end(), begins.begin() + 1);
  }
  std::vector<std::int32_t> first(n), firsts, rank(n), indices(n), counts;
  for (std::size_t i = 0; i < n; ++i) {
    const auto at = static_cast<std::size_t>(order[i]);
    first[at] = begins[i] ? order[i] : first[static_cast<std::size_t>(order[i - 1])];
  }
  for (std::size_t i = 0; i < n; ++i) {
    if (first[i] == static_cast<std::int32_t>(i)) {
      rank[i] = static_cast<std::int32_t>(firsts.size());
      firsts.push_back(first[i]);
      counts.push_back(0);
    }
    indices[i] = rank[static_cast<std::size_t>(first[i])];
    ++counts[static_cast<std::size_t>(indices[i])];
  }
  return {gather(x, detail::indices_tensor(firsts)), detail::indices_tensor(indices),
          detail::indices_tensor(counts)};
}

}  // namespace linnet::inline LINNET_ABI
