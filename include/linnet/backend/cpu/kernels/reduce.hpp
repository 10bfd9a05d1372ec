#pragma once

#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

#include "linnet/backend/cpu/args/reduce.hpp"
#include "linnet/backend/cpu/kernels/bfloat.hpp"
#include "linnet/backend/cpu/kernels/convert.hpp"
#include "linnet/backend/cpu/kernels/fold.hpp"
#include "linnet/backend/cpu/kernels/fold_lines.hpp"
#include "linnet/backend/cpu/kernels/micro_kernel.hpp"
#include "linnet/backend/cpu/kernels/transpose.hpp"
#include "linnet/config.hpp"

/// Reductions over one axis of [outer, length, inner], and blocked transposes. Partial results are
/// combined in an order that only the shape decides.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

/// What elements are folded in within a block (a lane, L), and across blocks.
template <class L>
struct TotalOf {
  using type = L;
};
template <>
struct TotalOf<float> {
  using type = double;
};

/// n elements of a dtype from p as lanes: where they are, or converted into `buffer`.
template <class L>
inline const L* lanes_at(const void* p, std::uint8_t dtype, std::int64_t n, L* buffer) {
  if (dtype == dtype_of<L>) return static_cast<const L*>(p);
  load_dense(buffer, p, dtype, n);
  return buffer;
}

template <class F, class L>
inline typename TotalOf<L>::type reduce_line(const isa::ReduceArgs& a, const unsigned char* p) {
  using A = typename TotalOf<L>::type;
  constexpr std::int64_t block_length = 4096;
  A total = F::template start<A>();
  L buffer[block_length];
  for (std::int64_t at = 0; at < a.length; at += block_length) {
    const std::int64_t block = a.length - at < block_length ? a.length - at : block_length;
    const L* x = lanes_at<L>(p + at * dtype_sizes[a.dtype], a.dtype, block, buffer);
    total = F::template fold<A>(total, static_cast<A>(fold_line<F, L>(x, block)));
  }
  return total;
}

/// The totals of n short lines, one after the other from p.
template <class F, class L>
inline void reduce_short_lines(const isa::ReduceArgs& a, const unsigned char* p, std::int64_t n,
                               typename TotalOf<L>::type* totals) {
  using A = typename TotalOf<L>::type;
  constexpr std::int64_t lanes = vector_lanes<L>;
  L buffer[lanes * short_line];
  const std::int64_t item = dtype_sizes[a.dtype];
  std::int64_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const L* x = lanes_at<L>(p + i * a.length * item, a.dtype, lanes * a.length, buffer);
    const Vector<L> lines = fold_lines<F, L>(x, a.length);
    for (int j = 0; j < lanes; ++j)
      totals[i + j] = F::template fold<A>(F::template start<A>(), static_cast<A>(lines[j]));
  }
  for (; i < n; ++i) totals[i] = reduce_line<F, L>(a, p + i * a.length * item);
}

template <class F, class L>
inline void add_lanes(typename TotalOf<L>::type* total, const L* lanes, std::int64_t columns) {
  using A = typename TotalOf<L>::type;
  for (std::int64_t j = 0; j < columns; ++j)
    total[j] = F::template fold<A>(total[j], static_cast<A>(lanes[j]));
}

/// Rows [begin, end) of `columns` floats each folded into lanes that stay in registers.
template <class F, int columns, class S, class L>
inline void fold_rows(L* lanes, const unsigned char* p, std::int64_t stride, std::int64_t begin,
                      std::int64_t end) {
  constexpr int step = vector_lanes<L>;
  Vector<L> v[columns / step];
  std::memcpy(&v, lanes, sizeof v);
  for (std::int64_t i = begin; i < end; ++i) {
    const auto* row = reinterpret_cast<const S*>(p + i * stride);
#pragma GCC unroll 32
    for (int j = 0; j < columns / step; ++j) v[j] = F::fold(v[j], load_vector(row + j * step));
  }
  std::memcpy(lanes, &v, sizeof v);
}

/// Up to 64 columns at once, rows folded in lanes for blocks of 64 rows.
template <class F, class L>
inline void reduce_columns(const isa::ReduceArgs& a, const unsigned char* p, std::int64_t columns,
                           typename TotalOf<L>::type* total) {
  using A = typename TotalOf<L>::type;
  const std::int64_t stride = a.inner * dtype_sizes[a.dtype];
  for (std::int64_t j = 0; j < columns; ++j) total[j] = F::template start<A>();
  for (std::int64_t r = 0; r < a.length; r += 64) {
    L lanes[64], buffer[64];
    for (int j = 0; j < 64; ++j) lanes[j] = F::template start<L>();
    const std::int64_t last = r + 64 < a.length ? r + 64 : a.length;
    if constexpr (is_float<L>) {
      if (a.dtype == dtype_of<L> && (columns == 64 || columns == 32)) {
        columns == 64 ? fold_rows<F, 64, L>(lanes, p, stride, r, last)
                      : fold_rows<F, 32, L>(lanes, p, stride, r, last);
        add_lanes<F>(total, lanes, columns);
        continue;
      }
    }
    if constexpr (std::is_same_v<F, SumFold> && std::is_same_v<L, float>) {
      if (a.dtype == bfloat_dtype && columns % 32 == 0) {
        for (std::int64_t j = 0; j < columns; j += 32)
          fold_rows<F, 32, BFloat>(lanes + j, p + 2 * j, stride, r, last);
        add_lanes<F>(total, lanes, columns);
        continue;
      }
    }
    for (std::int64_t i = r; i < last; ++i) {
      const L* row = lanes_at<L>(p + i * stride, a.dtype, columns, buffer);
      for (int j = 0; j < columns; ++j) lanes[j] = F::template fold<L>(lanes[j], row[j]);
    }
    add_lanes<F>(total, lanes, columns);
  }
}

/// Totals to their place from element `at`, divided first.
template <class A>
LINNET_NOINLINE void store_totals(const isa::ReduceArgs& a, std::int64_t at, const A* totals,
                                  std::int64_t n) {
  void* out = static_cast<unsigned char*>(a.out) + at * dtype_sizes[a.out_dtype];
  if (a.divisor == 1) return store_dense(out, a.out_dtype, totals, n);
  double means[64];
  for (std::int64_t j = 0; j < n; ++j)
    means[j] = static_cast<double>(totals[j]) / static_cast<double>(a.divisor);
  store_dense(out, a.out_dtype, means, n);
}

template <class F, class L>
inline void reduce_lanes(const isa::ReduceArgs& a) {
  typename TotalOf<L>::type totals[64];
  const auto* in = static_cast<const unsigned char*>(a.in);
  const std::int64_t item = dtype_sizes[a.dtype], plane = a.length * a.inner * item;
  if (a.inner == 1) {
    for (std::int64_t o = a.begin; o < a.end; o += 64) {
      const std::int64_t n = a.end - o < 64 ? a.end - o : 64;
      if constexpr (is_float<L>) {
        if (a.length <= (F::extreme ? short_line / 4 : short_line)) {
          reduce_short_lines<F, L>(a, in + o * plane, n, totals);
          store_totals(a, o, totals, n);
          continue;
        }
      }
      for (std::int64_t j = 0; j < n; ++j) totals[j] = reduce_line<F, L>(a, in + (o + j) * plane);
      store_totals(a, o, totals, n);
    }
    return;
  }
  for (std::int64_t o = a.begin; o < a.end; ++o)
    for (std::int64_t c = a.inner_begin; c < a.inner_end; c += 64) {
      const std::int64_t columns = a.inner_end - c < 64 ? a.inner_end - c : 64;
      reduce_columns<F, L>(a, in + o * plane + c * item, columns, totals);
      store_totals(a, o * a.inner + c, totals, columns);
    }
}

/// Calls f with a value of the type that a dtype is folded in.
template <class F>
inline void with_lanes(std::uint8_t dtype, F&& f) {
  switch (wide_of[dtype]) {
    case wide_f32:
      return f(float{});
    case wide_f64:
      return f(double{});
    case wide_u64:
      return f(std::uint64_t{});
    default:
      return f(std::int64_t{});
  }
}

template <class F>
inline void reduce_with(const isa::ReduceArgs& a) {
  with_lanes(a.dtype, [&]<class L>(L) { reduce_lanes<F, L>(a); });
}

inline void reduce_sum(const isa::ReduceArgs& a) { reduce_with<SumFold>(a); }
inline void reduce_prod(const isa::ReduceArgs& a) { reduce_with<ProdFold>(a); }
inline void reduce_max(const isa::ReduceArgs& a) { reduce_with<MaxFold>(a); }
inline void reduce_min(const isa::ReduceArgs& a) { reduce_with<MinFold>(a); }

template <class L>
inline std::int64_t arg_reduce_line(const isa::ArgReduceArgs& a, const unsigned char* p) {
  L buffer[convert_block], best = L(0);
  std::int64_t index = 0;
  for (std::int64_t at = 0; at < a.length; at += convert_block) {
    const std::int64_t n = a.length - at < convert_block ? a.length - at : convert_block;
    load_strided(buffer, p + at * a.inner * dtype_sizes[a.dtype], a.dtype, a.inner, n);
    if (at == 0) best = buffer[0];
    for (std::int64_t i = 0; i < n; ++i) {
      if (best != best) return index;
      const L x = buffer[i];
      if ((a.min ? x < best : x > best) || x != x) best = x, index = at + i;
    }
  }
  return index;
}

/// The first element of a dense line of floats that equals x, or is NaN if x is.
template <class L>
inline std::int64_t find_value(const L* p, std::int64_t n, L x) {
  const bool nan = x != x;
  std::int64_t i = 0;
  for (; i + 16 <= n; i += 16) {
    int hits = 0;
    for (int j = 0; j < 16; ++j) hits |= ((p[i + j] == x) | (nan & (p[i + j] != p[i + j]))) ? 1 : 0;
    if (hits) break;
  }
  while (i + 1 < n && !(p[i] == x || (nan && p[i] != p[i]))) ++i;
  return i;
}

inline void arg_reduce(const isa::ArgReduceArgs& a) {
  with_lanes(a.dtype, [&]<class L>(L) {
    const auto* in = static_cast<const unsigned char*>(a.in);
    if constexpr (is_float<L>) {
      if (a.inner == 1 && a.dtype == dtype_of<L>) {
        for (std::int64_t o = a.begin; o < a.end; ++o) {
          const L* p = static_cast<const L*>(a.in) + o * a.length;
          a.out[o] =
              find_value(p, a.length,
                         a.min ? fold_line<MinFold>(p, a.length) : fold_line<MaxFold>(p, a.length));
        }
        return;
      }
    }
    for (std::int64_t o = a.begin; o < a.end; ++o)
      for (std::int64_t c = 0; c < a.inner; ++c)
        a.out[o * a.inner + c] =
            arg_reduce_line<L>(a, in + (o * a.length * a.inner + c) * dtype_sizes[a.dtype]);
  });
}

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
