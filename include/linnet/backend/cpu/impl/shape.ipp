#pragma once

#include <algorithm>
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

/// What Pad computes: rows of the output, its axes merged where neither neighbour is padded.
struct PaddedCopy {
  PaddedCopy(const Pad& pad, const ValueSpec& x, const Shape& y) : dtype(x.dtype) {
    item = static_cast<std::int64_t>(itemsize(dtype));
    for (int a = 0; a < y.rank(); ++a) {
      const bool merges = !in.empty() && pad.low[a] == 0 && pad.high[a] == 0;
      if (!merges) {
        low.push_back(pad.low[a]), in.push_back(x.shape[a]), out.push_back(y[a]);
        continue;
      }
      for (Shape* s : {&low, &in, &out}) s->set(s->rank() - 1, (*s)[-1] * y[a]);
    }
    if (in.empty()) low.push_back(0), in.push_back(1), out.push_back(1);
  }

  void rows(const std::byte* from, std::byte* to, const std::byte* value, std::int64_t begin,
            std::int64_t end) const {
    const std::int64_t length = out[-1];
    for (std::int64_t r = begin; r < end; ++r) {
      std::byte* row = to + r * length * item;
      const std::int64_t source = source_row(r);
      if (source < 0) {
        fill(row, value, length);
        continue;
      }
      fill(row, value, low[-1]);
      std::memcpy(row + low[-1] * item, from + source * in[-1] * item,
                  static_cast<std::size_t>(in[-1] * item));
      fill(row + (low[-1] + in[-1]) * item, value, length - low[-1] - in[-1]);
    }
  }

  DType dtype;
  std::int64_t item;
  Shape low, in, out;

 private:
  /// The input's row that row r of the output shows, or -1 within the border.
  std::int64_t source_row(std::int64_t r) const {
    std::int64_t source = 0, step = 1;
    for (int a = out.rank() - 2; a >= 0; --a) {
      const std::int64_t i = r % out[a] - low[a];
      if (i < 0 || i >= in[a]) return -1;
      source += i * step;
      step *= in[a];
      r /= out[a];
    }
    return source;
  }
  void fill(std::byte* to, const std::byte* value, std::int64_t n) const {
    for (std::int64_t i = 0; i < n; ++i, to += item)
      std::memcpy(to, value, static_cast<std::size_t>(item));
  }
};

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
  const detail::PaddedCopy copy(*call.primitive.get_if<Pad>(), call.in[0], call.out[0].shape);
  return make_kernel(
      [copy](const Run& run) {
        std::byte value[8];
        detail::store_scalar(value, copy.dtype, run.immediates[0]);
        const std::int64_t rows = copy.out.size() / std::max<std::int64_t>(copy.out[-1], 1);
        const std::int64_t grain = 65536 / (copy.out[-1] + 1) + 1;
        detail::parallel_for(rows, grain, [&](std::int64_t begin, std::int64_t end) {
          copy.rows(run.input<std::byte>(0), run.output<std::byte>(), value, begin, end);
        });
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
