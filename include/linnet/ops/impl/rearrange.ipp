#pragma once

#include <algorithm>

#include "linnet/core/creation.hpp"
#include "linnet/ops/indexing.hpp"
#include "linnet/ops/rearrange.hpp"
#include "linnet/ops/shape.hpp"

namespace linnet::inline LINNET_ABI {

Tensor roll(const Tensor& x, const std::vector<std::int64_t>& shifts,
            const std::vector<int>& axes) {
  if (shifts.size() != axes.size())
    fail<ValueError>("roll", shifts.size(), " shifts for ", axes.size(), " axes");
  Tensor y = x;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const int axis = normalize_axis("roll", axes[i], x.rank());
    const std::int64_t n = x.dim(axis);
    const std::int64_t at = n ? (n - shifts[i] % n) % n : 0;
    if (at != 0) y = concat({narrow(y, axis, at, n - at), narrow(y, axis, 0, at)}, axis);
  }
  return y;
}

Tensor repeat(const Tensor& x, const std::vector<std::int64_t>& counts, int axis) {
  const int a = normalize_axis("repeat", axis, x.rank());
  const std::int64_t n = x.dim(a);
  if (counts.size() != 1 && static_cast<std::int64_t>(counts.size()) != n)
    fail<ValueError>("repeat", counts.size(), " counts for ", n, " slices");
  std::vector<std::int64_t> index;
  for (std::int64_t i = 0; i < n; ++i) {
    const std::int64_t count = counts[counts.size() == 1 ? 0 : static_cast<std::size_t>(i)];
    if (count < 0) fail<ValueError>("repeat", "a count of ", count);
    index.insert(index.end(), static_cast<std::size_t>(count), i);
  }
  return gather(x, from_vector(index, {static_cast<std::int64_t>(index.size())}), a);
}

std::vector<Tensor> meshgrid(const std::vector<Tensor>& tensors, bool xy) {
  Shape grid;
  for (const Tensor& t : tensors) grid.push_back(t.size());
  std::vector<Tensor> out;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    Shape line;
    for (std::size_t a = 0; a < tensors.size(); ++a) line.push_back(a == i ? tensors[i].size() : 1);
    out.push_back(broadcast_to(reshape(tensors[i], line), grid));
    if (xy && tensors.size() > 1) out.back() = swapaxes(out.back(), 0, 1);
  }
  return out;
}

}  // namespace linnet::inline LINNET_ABI
