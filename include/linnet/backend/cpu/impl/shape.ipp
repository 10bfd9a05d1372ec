#pragma once

#include <cstring>

#include "linnet/backend/eager.hpp"
#include "linnet/core/impl/elements.ipp"
#include "linnet/core/threads.hpp"
#include "linnet/ops/primitives/shape.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

/// Rows [begin, end) of a dense block to their places in a dense array.
inline void copy_rows(const std::byte* in, std::byte* out, const Shape& shape,
                      const Strides& out_strides, std::size_t item, std::int64_t begin,
                      std::int64_t end) {
  const int last = shape.rank() - 1;
  const auto bytes = static_cast<std::int64_t>(item);
  const std::int64_t inner = shape[last], step = out_strides[last];
  std::array<std::int64_t, Shape::max_rank> index{};
  for (std::int64_t a = last - 1, rest = begin; a >= 0; --a) {
    index[static_cast<std::size_t>(a)] = rest % shape[static_cast<int>(a)];
    rest /= shape[static_cast<int>(a)];
  }
  in += begin * inner * bytes;
  for (std::int64_t r = begin; r < end; ++r, in += inner * bytes) {
    std::int64_t at = 0;
    for (int a = 0; a < last; ++a) at += index[static_cast<std::size_t>(a)] * out_strides[a];
    std::byte* to = out + at * bytes;
    if (step == 1)
      std::memcpy(to, in, static_cast<std::size_t>(inner) * item);
    else
      for (std::int64_t i = 0; i < inner; ++i)
        std::memcpy(to + i * step * bytes, in + i * bytes, item);
    for (int a = last - 1; a >= 0; --a) {
      if (++index[static_cast<std::size_t>(a)] < shape[a]) break;
      index[static_cast<std::size_t>(a)] = 0;
    }
  }
}

/// Copies a dense block into a place of a dense array.
inline void copy_block(const std::byte* in, std::byte* out, const Shape& shape,
                       const Strides& out_strides, std::size_t item) {
  if (shape.size() == 0) return;
  if (shape.rank() == 0) {
    std::memcpy(out, in, item);
    return;
  }
  const std::int64_t inner = shape[-1];
  parallel_for(shape.size() / inner, 65536 / inner + 1, [&](std::int64_t begin, std::int64_t end) {
    copy_rows(in, out, shape, out_strides, item, begin, end);
  });
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
  const ValueSpec out = call.out[0];
  std::vector<ValueSpec> in(call.in.begin(), call.in.end());
  return make_kernel(
      [in, out, axis](const Run& run) {
        const Strides strides = dense_strides(out.shape);
        const std::size_t item = itemsize(out.dtype);
        std::byte* to = run.output<std::byte>();
        for (std::size_t i = 0; i < in.size(); ++i) {
          detail::copy_block(run.input<std::byte>(i), to, in[i].shape, strides, item);
          to += in[i].shape[axis] * strides[axis] * static_cast<std::int64_t>(item);
        }
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
