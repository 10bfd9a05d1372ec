#pragma once

#include <cstdint>
#include <cstring>

#include "linnet/backend/cpu/args/reduce.hpp"
#include "linnet/backend/cpu/kernels/convert.hpp"
#include "linnet/config.hpp"

/// Reductions over one axis of [outer, length, inner], and blocked transposes. Partial results are
/// combined in an order that only the shape decides.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

/// The least and the greatest value of an integer dtype.
template <class S>
struct Ends {
  static constexpr S lowest = std::numeric_limits<S>::lowest();
  static constexpr S highest = std::numeric_limits<S>::max();
};
template <>
struct Ends<Bool> {
  static constexpr int lowest = 0, highest = 1;
};

/// What folds begin with, in T, for elements of type S.
struct SumFold {
  template <class S, class T>
  static T start() {
    return T(0);
  }
  template <class T>
  static T fold(T a, T x) {
    return k_add(a, x);
  }
};
struct ProdFold {
  template <class S, class T>
  static T start() {
    return T(1);
  }
  template <class T>
  static T fold(T a, T x) {
    return k_mul(a, x);
  }
};
struct MaxFold {
  template <class S, class T>
  static T start() {
    if constexpr (is_float<T>)
      return -std::numeric_limits<T>::infinity();
    else
      return static_cast<T>(Ends<S>::lowest);
  }
  template <class T>
  static T fold(T a, T x) {
    return x > a || x != x ? x : a;
  }
};
struct MinFold {
  template <class S, class T>
  static T start() {
    if constexpr (is_float<T>)
      return std::numeric_limits<T>::infinity();
    else
      return static_cast<T>(Ends<S>::highest);
  }
  template <class T>
  static T fold(T a, T x) {
    return x < a || x != x ? x : a;
  }
};

/// What a dtype is folded in within a block, and across blocks.
template <class S>
struct LaneOf {
  using lane = std::int64_t;
  using total = std::int64_t;
};
template <>
struct LaneOf<std::uint64_t> {
  using lane = std::uint64_t;
  using total = std::uint64_t;
};
template <>
struct LaneOf<Half> {
  using lane = float;
  using total = double;
};
template <>
struct LaneOf<BFloat> {
  using lane = float;
  using total = double;
};
template <>
struct LaneOf<float> {
  using lane = float;
  using total = double;
};
template <>
struct LaneOf<double> {
  using lane = double;
  using total = double;
};

template <class F, class S>
inline typename LaneOf<S>::total reduce_line(const S* p, std::int64_t n) {
  using L = typename LaneOf<S>::lane;
  using A = typename LaneOf<S>::total;
  A total = F::template start<S, A>();
  while (n > 0) {
    const std::int64_t block = n < 4096 ? n : 4096;
    L lanes[64];
    for (int j = 0; j < 64; ++j) lanes[j] = F::template start<S, L>();
    std::int64_t i = 0;
    for (; i + 64 <= block; i += 64)
      for (int j = 0; j < 64; ++j) lanes[j] = F::template fold<L>(lanes[j], load_as<L>(p[i + j]));
    for (int j = 0; i < block; ++i, ++j) lanes[j] = F::template fold<L>(lanes[j], load_as<L>(p[i]));
    for (int w = 32; w > 0; w /= 2)
      for (int j = 0; j < w; ++j) lanes[j] = F::template fold<L>(lanes[j], lanes[j + w]);
    total = F::template fold<A>(total, static_cast<A>(lanes[0]));
    p += block;
    n -= block;
  }
  return total;
}

/// Up to 64 columns at once, rows folded in lanes for blocks of 64 rows.
template <class F, class S, class A>
inline void reduce_columns(const S* p, std::int64_t rows, std::int64_t stride, std::int64_t columns,
                           A* total) {
  using L = typename LaneOf<S>::lane;
  for (std::int64_t j = 0; j < columns; ++j) total[j] = F::template start<S, A>();
  for (std::int64_t r = 0; r < rows; r += 64) {
    L lanes[64];
    for (int j = 0; j < 64; ++j) lanes[j] = F::template start<S, L>();
    const std::int64_t last = r + 64 < rows ? r + 64 : rows;
    for (std::int64_t i = r; i < last; ++i) {
      const S* row = p + i * stride;
      if (columns == 64)
        for (int j = 0; j < 64; ++j) lanes[j] = F::template fold<L>(lanes[j], load_as<L>(row[j]));
      else if (columns == 32)
        for (int j = 0; j < 32; ++j) lanes[j] = F::template fold<L>(lanes[j], load_as<L>(row[j]));
      else
        for (int j = 0; j < columns; ++j)
          lanes[j] = F::template fold<L>(lanes[j], load_as<L>(row[j]));
    }
    for (std::int64_t j = 0; j < columns; ++j)
      total[j] = F::template fold<A>(total[j], static_cast<A>(lanes[j]));
  }
}

template <class A>
inline void store_total(const isa::ReduceArgs& a, std::int64_t at, A value) {
  with_dtype(a.out_dtype, [&]<class D>(D) {
    D* out = static_cast<D*>(a.out) + at;
    if (a.divisor != 1) {
      if constexpr (is_float<A>)
        *out = store_as<D>(value / static_cast<A>(a.divisor));
      else
        *out = store_as<D>(static_cast<double>(value) / static_cast<double>(a.divisor));
    } else {
      *out = store_as<D>(value);
    }
  });
}

template <class F>
inline void reduce_with(const isa::ReduceArgs& a) {
  with_dtype(a.dtype, [&]<class S>(S) {
    using A = typename LaneOf<S>::total;
    const auto* in = static_cast<const S*>(a.in);
    for (std::int64_t o = a.begin; o < a.end; ++o) {
      const S* plane = in + o * a.length * a.inner;
      if (a.inner == 1) {
        store_total<A>(a, o, reduce_line<F>(plane, a.length));
        continue;
      }
      for (std::int64_t c = a.inner_begin; c < a.inner_end; c += 64) {
        const std::int64_t columns = a.inner_end - c < 64 ? a.inner_end - c : 64;
        A total[64];
        reduce_columns<F>(plane + c, a.length, a.inner, columns, total);
        for (std::int64_t j = 0; j < columns; ++j) store_total<A>(a, o * a.inner + c + j, total[j]);
      }
    }
  });
}

inline void reduce(const isa::ReduceArgs& a) {
  switch (a.op) {
    case isa::Reduction::prod:
      return reduce_with<ProdFold>(a);
    case isa::Reduction::max:
      return reduce_with<MaxFold>(a);
    case isa::Reduction::min:
      return reduce_with<MinFold>(a);
    default:
      return reduce_with<SumFold>(a);
  }
}

inline void arg_reduce(const isa::ArgReduceArgs& a) {
  with_dtype(a.dtype, [&]<class S>(S) {
    using L = typename LaneOf<S>::lane;
    const auto* in = static_cast<const S*>(a.in);
    for (std::int64_t o = a.begin; o < a.end; ++o)
      for (std::int64_t c = 0; c < a.inner; ++c) {
        const S* p = in + o * a.length * a.inner + c;
        L best = load_as<L>(p[0]);
        std::int64_t at = 0;
        for (std::int64_t i = 1; i < a.length && !(best != best); ++i) {
          const L x = load_as<L>(p[i * a.inner]);
          if ((a.min ? x < best : x > best) || x != x) best = x, at = i;
        }
        a.out[o * a.inner + c] = at;
      }
  });
}

template <class T>
inline void transpose_blocks(const isa::TransposeArgs& a) {
  const auto* in = static_cast<const T*>(a.in);
  auto* out = static_cast<T*>(a.out);
  for (std::int64_t c0 = 0; c0 < a.columns; c0 += 32) {
    const std::int64_t c1 = c0 + 32 < a.columns ? c0 + 32 : a.columns;
    for (std::int64_t r0 = a.begin; r0 < a.end; r0 += 16) {
      const std::int64_t r1 = r0 + 16 < a.end ? r0 + 16 : a.end;
      for (std::int64_t c = c0; c < c1; ++c)
        for (std::int64_t r = r0; r < r1; ++r) out[r * a.columns + c] = in[r + c * a.column_stride];
    }
  }
}

inline void transpose(const isa::TransposeArgs& a) {
  switch (a.item) {
    case 1:
      return transpose_blocks<std::uint8_t>(a);
    case 2:
      return transpose_blocks<std::uint16_t>(a);
    case 4:
      return transpose_blocks<std::uint32_t>(a);
    default:
      return transpose_blocks<std::uint64_t>(a);
  }
}

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
