#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>

#include "linnet/backend/cpu/args/pool.hpp"
#include "linnet/backend/cpu/kernels/pool.hpp"
#include "linnet/config.hpp"

/// Gradients of poolings. Each element of dx is written once: it gathers from the windows that
/// cover it, in their order, in T.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

/// The windows [begin, end) along one axis that cover a position; positions come in order.
class PoolCover {
 public:
  PoolCover(std::int64_t out, std::int64_t window, std::int64_t stride, std::int64_t pad,
            std::int64_t position)
      : out_(out), window_(window), stride_(stride), pad_(pad) {
    const std::int64_t from = position + pad - window;
    begin = from < 0 ? 0 : from / stride;
    end = begin;
    move_to(position);
  }
  __attribute__((always_inline)) void move_to(std::int64_t position) {
    while (end < out_ && end * stride_ - pad_ <= position) ++end;
    while (begin < end && begin * stride_ - pad_ + window_ <= position) ++begin;
  }
  std::int64_t begin, end;

 private:
  std::int64_t out_, window_, stride_, pad_;
};

/// The windows that cover one element of dx: the first of them, the offset of its pixel in dy and
/// the element's place in it.
struct CoveringWindows {
  std::int64_t oh, ow, rows, columns;
  std::int64_t from, place;

  /// f(window's row, column, offset in dy, place)
  template <class F>
  __attribute__((always_inline)) void each(const isa::Pool2DArgs& a, F&& f) const {
    const std::int64_t row_step = a.out_width * a.channels;
    std::int64_t row = from, k_row = place;
    for (std::int64_t i = 0; i < rows; ++i, row += row_step, k_row -= a.stride_h * a.window_w) {
      std::int64_t at = row, k = k_row;
      for (std::int64_t j = 0; j < columns; ++j, at += a.channels, k -= a.stride_w)
        f(oh + i, ow + j, at, k);
    }
  }
};

/// f(offset in dx, windows) for the pixels of rows [begin, end) of dx.
template <class F>
__attribute__((always_inline)) inline void for_covered(const isa::Pool2DArgs& a, F&& f) {
  for (std::int64_t r = a.begin; r < a.end; ++r) {
    const std::int64_t h = r % a.height;
    const PoolCover rows(a.out_height, a.window_h, a.stride_h, a.pad_top, h);
    PoolCover columns(a.out_width, a.window_w, a.stride_w, a.pad_left, 0);
    const std::int64_t from = (r / a.height * a.out_height + rows.begin) * a.out_width;
    const std::int64_t place = (h - rows.begin * a.stride_h + a.pad_top) * a.window_w + a.pad_left;
    std::int64_t at = r * a.width * a.channels;
    for (std::int64_t w = 0; w < a.width; ++w, at += a.channels) {
      columns.move_to(w);
      f(at, CoveringWindows{rows.begin, columns.begin, rows.end - rows.begin,
                            columns.end - columns.begin, (from + columns.begin) * a.channels,
                            place + w - columns.begin * a.stride_w});
    }
  }
}

/// The gradient of a maximum goes to its place.
template <class S, class P>
inline void max_pool_gradient_rows(const isa::Pool2DArgs& args) {
  const isa::Pool2DArgs a = args;  // what is stored does not change it
  S* dx = static_cast<S*>(a.out);
  for_covered(
      a, [&](std::int64_t to, const CoveringWindows& windows) __attribute__((always_inline)) {
        for_channels<S>(
            a.channels, [&]<int vectors>(Rows<vectors>, std::int64_t c)
                            __attribute__((always_inline)) {
                              using L = PoolLanes<S, vectors>;
                              using V = typename L::V;
                              V sum[L::count];
#pragma GCC unroll 4
                              for (int j = 0; j < L::count; ++j) sum[j] = V{};
                              windows.each(
                                  a, [&](std::int64_t, std::int64_t, std::int64_t from,
                                         std::int64_t place) __attribute__((always_inline)) {
                                    const S* dy = static_cast<const S*>(a.dy) + from + c;
                                    const P* places = static_cast<const P*>(a.places) + from + c;
                                    const auto k = static_cast<typename L::Lane::Index>(place);
#pragma GCC unroll 4
                                    for (int j = 0; j < L::count; ++j) {
                                      const auto hit = L::load_places(places + j * L::step) == k;
                                      sum[j] += hit ? L::load(dy + j * L::step) : V{};
                                    }
                                  });
#pragma GCC unroll 4
                              for (int j = 0; j < L::count; ++j)
                                L::store(dx + to + c + j * L::step, sum[j]);
                            });
      });
}

/// Of one row of windows side by side, of which each element of dx lies in one: values move as
/// bits, U, from the maxima's gradients to their places in the window's row that begins at k.
template <class U>
inline void move_to_places(const isa::Pool2DArgs& a, const U* dy, const std::uint8_t* places, U* dx,
                           std::int64_t k) {
  constexpr int lanes = vector_lanes<U>;
  using V = Vector<U>;
  for (std::int64_t ow = 0; ow < a.out_width; ++ow, dy += a.channels, places += a.channels) {
    const PoolSpan w(ow, a.window_w, a.stride_w, a.pad_left, a.width);
    U* to = dx + w.begin * a.channels;
    const auto first = static_cast<U>(k + w.skipped);
    const auto move = [&](std::int64_t c) __attribute__((always_inline)) {
      const V d = *reinterpret_cast<const V*>(dy + c);
      const auto from = widen_places<U, lanes>(places + c);
      auto place = first - decltype(from){};
      for (std::int64_t j = 0; j < w.count; ++j, place = place + U{1})
        *reinterpret_cast<V*>(to + j * a.channels + c) = from == place ? d : V{};
    };
    std::int64_t c = 0;
    for (; c + lanes <= a.channels; c += lanes) move(c);
    if (c == a.channels) continue;
    if (a.channels >= lanes) {
      move(a.channels - lanes);
      continue;
    }
    for (std::int64_t j = 0; j < w.count; ++j)
      for (c = 0; c < a.channels; ++c)
        to[j * a.channels + c] =
            static_cast<U>(places[c]) == static_cast<U>(first + j) ? dy[c] : U{};
  }
}

template <class U>
inline void max_pool_move_rows(const isa::Pool2DArgs& args) {
  const isa::Pool2DArgs a = args;
  const std::int64_t row = a.width * a.channels, out_row = a.out_width * a.channels;
  const std::int64_t covered = a.out_width * a.stride_w - a.pad_left;
  for (std::int64_t r = a.begin; r < a.end; ++r) {
    const std::int64_t n = r / a.height, h = r % a.height + a.pad_top, oh = h / a.stride_h;
    U* dx = static_cast<U*>(a.out) + r * row;
    const std::int64_t end = oh < a.out_height ? covered : 0, from = n * a.out_height + oh;
    if (end > 0)
      move_to_places(a, static_cast<const U*>(a.dy) + from * out_row,
                     static_cast<const std::uint8_t*>(a.places) + from * out_row, dx,
                     h % a.stride_h * a.window_w);
    if (end < a.width)
      std::memset(dx + end * a.channels, 0,
                  static_cast<std::size_t>((a.width - end) * a.channels) * sizeof(U));
  }
}

/// What each element of a window gets of its dy, by how many elements there are.
template <class T>
class AverageScale {
 public:
  T operator()(const isa::Pool2DArgs& a, std::int64_t oh, std::int64_t ow) {
    const PoolSpan h(oh, a.window_h, a.stride_h, a.pad_top, a.height);
    const PoolSpan w(ow, a.window_w, a.stride_w, a.pad_left, a.width);
    if (h.count * w.count != count_) {
      count_ = h.count * w.count;
      scale_ = T(1) / static_cast<T>(count_);
    }
    return scale_;
  }

 private:
  std::int64_t count_ = 0;
  T scale_ = 0;
};

template <class S>
inline void average_pool_gradient_rows(const isa::Pool2DArgs& args) {
  const isa::Pool2DArgs a = args;
  S* dx = static_cast<S*>(a.out);
  AverageScale<WidenedOf<S>> scale;
  for_covered(
      a, [&](std::int64_t to, const CoveringWindows& windows) __attribute__((always_inline)) {
        const bool one = windows.rows == 1 && windows.columns == 1;
        const auto only = one ? scale(a, windows.oh, windows.ow) : WidenedOf<S>(0);
        for_channels<S>(
            a.channels, [&]<int vectors>(Rows<vectors>, std::int64_t c)
                            __attribute__((always_inline)) {
                              using L = PoolLanes<S, vectors>;
                              typename L::V sum[L::count];
#pragma GCC unroll 4
                              for (int j = 0; j < L::count; ++j) sum[j] = typename L::V{};
                              windows.each(
                                  a, [&](std::int64_t oh, std::int64_t ow, std::int64_t from,
                                         std::int64_t) __attribute__((always_inline)) {
                                    const S* dy = static_cast<const S*>(a.dy) + from + c;
                                    const auto part = one ? only : scale(a, oh, ow);
#pragma GCC unroll 4
                                    for (int j = 0; j < L::count; ++j)
                                      sum[j] += L::load(dy + j * L::step) * part;
                                  });
#pragma GCC unroll 4
                              for (int j = 0; j < L::count; ++j)
                                L::store(dx + to + c + j * L::step, sum[j]);
                            });
      });
}

inline void pool2d_backward(const isa::Pool2DArgs& a) {
  const bool side_by_side = a.stride_h == a.window_h && a.stride_w == a.window_w;
  with_pool_type(a.dtype, [&]<class S>(S) {
    using U = std::conditional_t<sizeof(S) == 2, std::uint16_t,
                                 std::conditional_t<sizeof(S) == 4, std::uint32_t, std::uint64_t>>;
    if (a.average)
      average_pool_gradient_rows<S>(a);
    else if (a.wide_places)
      max_pool_gradient_rows<S, std::int32_t>(a);
    else if (side_by_side)
      max_pool_move_rows<U>(a);
    else
      max_pool_gradient_rows<S, std::uint8_t>(a);
  });
}

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
