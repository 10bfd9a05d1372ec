#pragma once

#include <cstring>

#include "linnet/backend/eager.hpp"
#include "linnet/core/impl/elements.ipp"
#include "linnet/core/threads.hpp"
#include "linnet/ops/primitives/shape.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

/// Copies a dense block into a place of a dense array: `dims` rows of `row` bytes.
inline void copy_block(const std::byte* in, std::byte* out, const Shape& shape,
                       const Strides& out_strides, std::size_t item) {
  if (shape.size() == 0) return;
  const int last = shape.rank() - 1;
  if (last < 0) {
    std::memcpy(out, in, item);
    return;
  }
  const std::int64_t inner = shape[last], step = out_strides[last];
  const std::int64_t rows = shape.size() / inner;
  std::array<std::int64_t, Shape::max_rank> index{};
  for (std::int64_t r = 0; r < rows; ++r, in += inner * static_cast<std::int64_t>(item)) {
    std::int64_t at = 0;
    for (int a = 0; a < last; ++a) at += index[static_cast<std::size_t>(a)] * out_strides[a];
    std::byte* to = out + at * static_cast<std::int64_t>(item);
    if (step == 1)
      std::memcpy(to, in, static_cast<std::size_t>(inner) * item);
    else
      for (std::int64_t i = 0; i < inner; ++i)
        std::memcpy(to + i * step * static_cast<std::int64_t>(item),
                    in + i * static_cast<std::int64_t>(item), item);
    for (int a = last - 1; a >= 0; --a) {
      if (++index[static_cast<std::size_t>(a)] < shape[a]) break;
      index[static_cast<std::size_t>(a)] = 0;
    }
  }
}

inline void fill_value(void* out, std::int64_t n, DType t, Scalar value) {
  std::byte one[8];
  store_scalar(one, t, value);
  const std::size_t item = itemsize(t);
  auto* p = static_cast<std::byte*>(out);
  for (std::int64_t i = 0; i < n; ++i, p += item) std::memcpy(p, one, item);
}

}  // namespace detail

KernelPtr Concat::cpu_kernel(const Call& call) {
  const int axis = call.primitive.get_if<Concat>()->axis;
  const Shape& out = call.out[0].shape;
  auto item = static_cast<std::int64_t>(itemsize(call.out[0].dtype)), rows = std::int64_t{1};
  for (int a = 0; a < axis; ++a) rows *= out[a];
  for (int a = axis + 1; a < out.rank(); ++a) item *= out[a];
  std::vector<std::int64_t> bytes;  // of each input, a row
  for (const ValueSpec& v : call.in) bytes.push_back(v.shape[axis] * item);
  return make_kernel(
      [bytes, rows, row = out[axis] * item](const Run& run) {
        detail::parallel_for(rows, 262144 / (row + 1) + 1,
                             [&](std::int64_t begin, std::int64_t end) {
                               for (std::int64_t r = begin; r < end; ++r) {
                                 std::byte* to = run.output<std::byte>() + r * row;
                                 for (std::size_t i = 0; i < bytes.size(); ++i) {
                                   const auto n = static_cast<std::size_t>(bytes[i]);
                                   if (n)
                                     std::memcpy(to, run.input<std::byte>(i) + r * bytes[i], n);
                                   to += bytes[i];
                                 }
                               }
                             });
      },
      {.description = "concat"});
}

KernelPtr Pad::cpu_kernel(const Call& call) {
  const Pad pad = *call.primitive.get_if<Pad>();
  const ValueSpec in = call.in[0], out = call.out[0];
  return make_kernel(
      [in, out, pad](const Run& run) {
        const Strides strides = dense_strides(out.shape);
        detail::fill_value(run.output<std::byte>(), out.shape.size(), out.dtype, run.immediates[0]);
        std::int64_t at = 0;
        for (int a = 0; a < strides.rank(); ++a) at += pad.low[a] * strides[a];
        const auto item = static_cast<std::int64_t>(itemsize(out.dtype));
        detail::copy_block(run.input<std::byte>(0), run.output<std::byte>() + at * item, in.shape,
                           strides, static_cast<std::size_t>(item));
      },
      {.description = "pad"});
}

KernelPtr SliceScatter::cpu_kernel(const Call& call) {
  const SliceScatter s = *call.primitive.get_if<SliceScatter>();
  const ValueSpec in = call.in[0], out = call.out[0];
  return make_kernel(
      [in, out, s](const Run& run) {
        const auto item = static_cast<std::int64_t>(itemsize(out.dtype));
        std::memset(run.output<std::byte>(), 0, static_cast<std::size_t>(out.shape.size() * item));
        Strides strides = dense_strides(out.shape);
        std::int64_t at = 0;
        for (int a = 0; a < strides.rank(); ++a) {
          at += s.start[a] * strides[a];
          strides.set(a, strides[a] * s.step[a]);
        }
        if (in.shape.size() > 0)
          detail::copy_block(run.input<std::byte>(0), run.output<std::byte>() + at * item, in.shape,
                             strides, static_cast<std::size_t>(item));
      },
      {.description = "slice_scatter"});
}

}  // namespace linnet::inline LINNET_ABI
