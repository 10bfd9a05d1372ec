#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "linnet/core/impl/elements.ipp"
#include "linnet/core/tensor.hpp"

/// Copies of whole tensors, strided to dense and from one dtype to another: what to_vector and
/// files need, with no kernel and no op recorded.
namespace linnet::inline LINNET_ABI::detail {

/// One axis of a copy: strides of what is read and of what is written, in elements.
struct CopyAxis {
  std::int64_t extent = 1, from = 0, to = 0;
};

/// At least two axes; the last one is walked in runs, the one before it inside of the others.
struct CopyAxes {
  std::array<CopyAxis, Shape::max_rank + 2> axis{};
  std::size_t rank = 0;
  std::int64_t run = 1;  // greatest length of a run
};

/// Drops axes of one element and merges neighbours where the strides allow. Where memory is
/// consecutive along another axis than the last, that one is walked inside, and runs are short: a
/// transpose then reads whole cache lines.
inline CopyAxes copy_axes(const TensorImpl& t) {
  CopyAxes c;
  const auto dims = t.shape.dims(), strides = t.strides.dims();
  c.rank = 1;  // an axis of one element goes first
  for (std::size_t a = 0; a < dims.size(); ++a) {
    if (dims[a] == 1) continue;
    CopyAxis& before = c.axis[c.rank - 1];
    if (before.from == strides[a] * dims[a] && c.rank > 1)
      before.extent *= dims[a], before.from = strides[a];
    else
      c.axis[c.rank++] = {dims[a], strides[a], 0};
  }
  if (c.rank == 1) c.axis[c.rank++] = {};
  std::int64_t dense = 1;
  for (std::size_t a = c.rank; a-- > 0; dense *= c.axis[a].extent) c.axis[a].to = dense;
  CopyAxis &last = c.axis[c.rank - 1], &inside = c.axis[c.rank - 2];
  CopyAxis* closest = &last;
  for (std::size_t a = 1; a + 1 < c.rank; ++a)
    if (std::abs(c.axis[a].from) < std::abs(closest->from)) closest = &c.axis[a];
  c.run = closest == &last ? last.extent : 32;
  if (closest != &last) std::swap(*closest, inside);
  return c;
}

/// Calls run(from, to, n) for runs of the last axis that cover everything.
template <class F>
void for_each_run(const CopyAxes& c, F&& run) {
  const CopyAxis last = c.axis[c.rank - 1], inside = c.axis[c.rank - 2];
  std::array<std::int64_t, Shape::max_rank + 2> index{};
  std::int64_t from = 0, to = 0;
  for (;;) {
    for (std::int64_t begin = 0; begin < last.extent; begin += c.run)
      for (std::int64_t i = 0; i < inside.extent; ++i)
        run(from + i * inside.from + begin * last.from, to + i * inside.to + begin,
            std::min(c.run, last.extent - begin));
    std::size_t a = c.rank - 2;
    for (; a > 0; --a) {
      const CopyAxis& axis = c.axis[a - 1];
      from += axis.from, to += axis.to;
      if (++index[a - 1] < axis.extent) break;
      from -= axis.from * axis.extent, to -= axis.to * axis.extent;
      index[a - 1] = 0;
    }
    if (a == 0) return;
  }
}

/// n elements of `Item` bytes, `stride` elements apart, one after the other.
template <std::size_t Item>
void gather_items(const std::byte* p, std::int64_t stride, std::int64_t n, std::byte* out) {
  constexpr auto item = static_cast<std::int64_t>(Item);
  for (std::int64_t i = 0; i < n; ++i) std::memcpy(out + i * item, p + i * stride * item, Item);
}

inline void gather_run(const std::byte* p, std::int64_t stride, std::int64_t n, std::size_t item,
                       std::byte* out) {
  if (stride == 1 || n == 1) {
    std::memcpy(out, p, static_cast<std::size_t>(n) * item);
    return;
  }
  switch (item) {
    case 1:
      return gather_items<1>(p, stride, n, out);
    case 2:
      return gather_items<2>(p, stride, n, out);
    case 4:
      return gather_items<4>(p, stride, n, out);
    default:
      return gather_items<8>(p, stride, n, out);
  }
}

/// Calls f with a value of the C++ type that stores a dtype; bool stands for its byte.
template <class F>
void with_stored_type(DType t, F&& f) {
  switch (t) {
    case DType::boolean:
      return f(bool{});
    case DType::uint8:
      return f(std::uint8_t{});
    case DType::uint16:
      return f(std::uint16_t{});
    case DType::uint32:
      return f(std::uint32_t{});
    case DType::uint64:
      return f(std::uint64_t{});
    case DType::int8:
      return f(std::int8_t{});
    case DType::int16:
      return f(std::int16_t{});
    case DType::int32:
      return f(std::int32_t{});
    case DType::int64:
      return f(std::int64_t{});
    case DType::float16:
      return f(float16_t{});
    case DType::bfloat16:
      return f(bfloat16_t{});
    case DType::float32:
      return f(float{});
    default:
      return f(double{});
  }
}

/// Elements on their way from one dtype to another, as the widest number of their kind.
struct WideBlock {
  static constexpr std::int64_t capacity = 256;
  union {
    double floating[capacity];
    std::int64_t integer[capacity];  // of uint64: the same bits
  };
};

template <class S>
void widen_run(const std::byte* p, std::int64_t stride, std::int64_t n, WideBlock& wide) {
  using Stored = std::conditional_t<std::is_same_v<S, bool>, std::uint8_t, S>;
  const std::int64_t step = stride * static_cast<std::int64_t>(sizeof(Stored));
  for (std::int64_t i = 0; i < n; ++i) {
    Stored x;
    std::memcpy(&x, p + i * step, sizeof x);
    if constexpr (std::is_same_v<S, bool>)
      wide.integer[i] = x != 0;
    else if constexpr (std::is_integral_v<S>)
      wide.integer[i] = static_cast<std::int64_t>(x);
    else if constexpr (std::is_floating_point_v<S>)
      wide.floating[i] = static_cast<double>(x);
    else
      wide.floating[i] = static_cast<double>(to_float(x));
  }
}

template <class T, class W>
auto narrow(W x) {
  if constexpr (std::is_same_v<T, bool>)
    return static_cast<std::uint8_t>(x != 0);
  else if constexpr (std::is_same_v<T, float16_t>)
    return to_float16(static_cast<float>(x));
  else if constexpr (std::is_same_v<T, bfloat16_t>)
    return to_bfloat16(static_cast<float>(x));
  else if constexpr (std::is_integral_v<T>)
    return saturate<T>(Scalar(x));
  else
    return static_cast<T>(x);
}

template <class T>
void narrow_run(const WideBlock& wide, DType from, std::int64_t n, std::byte* out) {
  const auto store = [&](auto load) {
    for (std::int64_t i = 0; i < n; ++i) {
      const auto y = narrow<T>(load(i));
      std::memcpy(out + i * static_cast<std::int64_t>(sizeof y), &y, sizeof y);
    }
  };
  if (is_floating(from)) return store([&](std::int64_t i) { return wide.floating[i]; });
  if constexpr (!std::is_integral_v<T>)  // among integers the bits alone matter
    if (from == DType::uint64)
      return store([&](std::int64_t i) { return static_cast<std::uint64_t>(wide.integer[i]); });
  store([&](std::int64_t i) { return wide.integer[i]; });
}

inline void convert_run(const std::byte* p, std::int64_t stride, std::int64_t n, DType from,
                        std::byte* out, DType to) {
  WideBlock wide;
  while (n > 0) {
    const std::int64_t count = std::min(n, WideBlock::capacity);
    with_stored_type(from, [&]<class S>(S) { widen_run<S>(p, stride, count, wide); });
    with_stored_type(to, [&]<class T>(T) { narrow_run<T>(wide, from, count, out); });
    p += count * stride * static_cast<std::int64_t>(itemsize(from));
    out += count * static_cast<std::int64_t>(itemsize(to));
    n -= count;
  }
}

void copy_elements(const Tensor& x, void* out, DType to) {
  const TensorImpl& t = concrete(x, "tensor");
  const std::size_t bytes = x.nbytes();
  if (bytes == 0) return;
  if (t.contiguous && t.dtype == to) {
    std::memcpy(out, t.data, bytes);
    return;
  }
  const CopyAxes axes = copy_axes(t);
  const std::int64_t stride = axes.axis[axes.rank - 1].from;
  const auto item = static_cast<std::int64_t>(itemsize(t.dtype));
  const auto out_item = static_cast<std::int64_t>(itemsize(to));
  for_each_run(axes, [&](std::int64_t from, std::int64_t at, std::int64_t n) {
    const std::byte* p = static_cast<const std::byte*>(t.data) + from * item;
    std::byte* q = static_cast<std::byte*>(out) + at * out_item;
    if (t.dtype == to)
      gather_run(p, stride, n, itemsize(to), q);
    else
      convert_run(p, stride, n, t.dtype, q, to);
  });
}

Tensor dense(const Tensor& x) {
  if (concrete(x, "tensor").contiguous) return x;
  Tensor y = empty(x.spec());
  copy_elements(x, y.impl()->data, x.dtype());
  return y;
}

}  // namespace linnet::inline LINNET_ABI::detail
