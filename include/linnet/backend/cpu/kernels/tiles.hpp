#pragma once

#include <cstdint>

#include "linnet/backend/cpu/args/elementwise.hpp"
#include "linnet/backend/cpu/kernels/activations.hpp"
#include "linnet/backend/cpu/kernels/inverse.hpp"
#include "linnet/backend/cpu/kernels/trigonometry.hpp"
#include "linnet/config.hpp"

#ifdef __AVX512F__
#include <immintrin.h>
#endif

/// The ops of elementwise_ops.def applied to tiles. Blocks of a fixed 16 elements vectorize at
/// plain -O2; results are kept until a block is read, so operands may be the destination.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

/// Rows whose formula of float does not hold for every argument specialize this: what is `far` is
/// computed again, by itself. Such arguments are rare.
template <class F>
struct FarOf {
  static constexpr bool any = false;
};
template <class F>
inline void mend_far(const float* x, const float* y, float* block) {
  int far = 0;
  for (int j = 0; j < 16; ++j) far |= FarOf<F>::is_far(x[j], y[j]) ? 1 : 0;
  if (far)
    for (int j = 0; j < 16; ++j)
      if (FarOf<F>::is_far(x[j], y[j])) block[j] = FarOf<F>::apply(x[j], y[j]);
}

/// Rows that are linear above 0 and costly below give their slope: 64 elements above 0 are only
/// scaled.
template <class F>
struct SlopeOf {
  static constexpr double above = 0;
};
/// Whether 64 elements are above 0.
template <class T>
inline bool all_above_zero(const T* x) {
  int counts[16] = {}, count = 0;
  for (int i = 0; i < 64; i += 16)
    for (int j = 0; j < 16; ++j) counts[j] += x[i + j] > T(0) ? 1 : 0;
  for (int j = 0; j < 16; ++j) count += counts[j];
  return count == 64;
}
template <class T, class F>
inline void scale_by_slope(T* d, const T* x) {
  for (int i = 0; i < 64; i += 16) {
    T block[16];
    for (int j = 0; j < 16; ++j) block[j] = T(SlopeOf<F>::above) * x[i + j];
    for (int j = 0; j < 16; ++j) d[i + j] = block[j];
  }
}

template <class T, class F>
inline void apply_block(T* block, const T* x, const T* y, const T* z) {
  for (int j = 0; j < 16; ++j) {
    if constexpr (F::arity == 1) block[j] = F::template apply<T>(x[j]);
    if constexpr (F::arity == 2) block[j] = F::template apply<T>(x[j], y[j]);
    if constexpr (F::arity == 3) block[j] = F::template apply<T>(x[j], y[j], z[j]);
  }
}

/// Rows that have instructions of their own specialize this: 16 floats at once.
template <class F>
struct BlockOf {
  static constexpr bool any = false;
};

template <class T, class F>
inline void tile_loop(std::int64_t n, void* dst, const void* a, const void* b, const void* c) {
  auto* d = static_cast<T*>(dst);
  const auto *x = static_cast<const T*>(a), *y = static_cast<const T*>(b),
             *z = static_cast<const T*>(c);
  for (std::int64_t i = 0; i < n; i += 16) {
    T block[16];
    if constexpr (SlopeOf<F>::above != 0) {
      if (i % 64 == 0 && n - i >= 64 && all_above_zero(x + i)) {
        scale_by_slope<T, F>(d + i, x + i);
        i += 48;
        continue;
      }
    }
    if constexpr (BlockOf<F>::any && std::is_same_v<T, float>)
      BlockOf<F>::apply(block, x + i, y + i, z + i);
    else
      apply_block<T, F>(block, x + i, y + i, z + i);
    if constexpr (FarOf<F>::any && std::is_same_v<T, float>) mend_far<F>(x + i, y + i, block);
    for (int j = 0; j < 16; ++j) d[i + j] = block[j];
  }
}

#define LINNET_UNARY(name, domain, formula) \
  struct Op_##name {                        \
    static constexpr int arity = 1;         \
    template <class T>                      \
    static T apply(T x) {                   \
      return T(formula);                    \
    }                                       \
  };
#define LINNET_BINARY(name, domain, formula) \
  struct Op_##name {                         \
    static constexpr int arity = 2;          \
    template <class T>                       \
    static T apply(T x, T y) {               \
      return T(formula);                     \
    }                                        \
  };
#define LINNET_TERNARY(name, domain, formula) \
  struct Op_##name {                          \
    static constexpr int arity = 3;           \
    template <class T>                        \
    static T apply(T x, T y, T z) {           \
      return T(formula);                      \
    }                                         \
  };
#define LINNET_PREDICATE1 LINNET_UNARY
#define LINNET_PREDICATE2 LINNET_BINARY
#include "linnet/backend/cpu/elementwise_ops.def"

#define LINNET_FAR(name, is_far_, far)     \
  template <>                              \
  struct FarOf<Op_##name> {                \
    static constexpr bool any = true;      \
    static bool is_far(float x, float y) { \
      static_cast<void>(y);                \
      return is_far_;                      \
    }                                      \
    static float apply(float x, float y) { \
      static_cast<void>(y);                \
      return far;                          \
    }                                      \
  };
LINNET_FAR(sin, k_is_far(x), k_sin_far(x))
LINNET_FAR(cos, k_is_far(x), k_cos_far(x))
LINNET_FAR(tan, k_is_far(x), k_tan_far(x))
LINNET_FAR(lgamma, k_lgamma_is_far(x), k_lgamma_far(x))
LINNET_FAR(digamma, k_digamma_is_far(x), k_digamma_far(x))
LINNET_FAR(polygamma, k_polygamma_is_far(x, y), k_polygamma_far(x, y))
LINNET_FAR(mod, k_mod_is_far(x, y), k_mod_far(x, y))
#undef LINNET_FAR

#ifdef __AVX512F__
/// k_clip; the instructions give their second operand where one is NaN.
template <>
struct BlockOf<Op_clip> {
  static constexpr bool any = true;
  static void apply(float* block, const float* x, const float* low, const float* high) {
    const __m512 l = _mm512_loadu_ps(low), h = _mm512_loadu_ps(high);
    constexpr __mmask16 all = 0xFFFF;  // GCC 12 takes the forms without a mask for uninitialized
    const __m512 y = _mm512_maskz_min_ps(all, h, _mm512_maskz_max_ps(all, l, _mm512_loadu_ps(x)));
    const __mmask16 nan = _mm512_cmp_ps_mask(l, h, _CMP_UNORD_Q);
    _mm512_storeu_ps(block, _mm512_mask_add_ps(y, nan, l, h));
  }
};
#endif

template <>
struct SlopeOf<Op_elu> {
  static constexpr double above = 1;
};
template <>
struct SlopeOf<Op_selu> {
  static constexpr double above = 1.0507009873554805;
};

struct Domain_floating {
  static constexpr bool floats = true, integers = false;
};
struct Domain_numeric {
  static constexpr bool floats = true, integers = true;
};
struct Domain_integral {
  static constexpr bool floats = false, integers = true;
};

template <class T, class F, bool available>
constexpr isa::Tile tile_of() {
  if constexpr (available)
    return &tile_loop<T, F>;
  else
    return nullptr;
}

template <class F, class D>
struct TilesOf {
  static constexpr isa::Tiles tiles{
      {tile_of<float, F, D::floats>(), tile_of<double, F, D::floats>(),
       tile_of<std::int32_t, F, D::integers>(), tile_of<std::int64_t, F, D::integers>(),
       tile_of<std::uint64_t, F, D::integers>()}};
  static constexpr const isa::Tiles* builds[] = {&tiles};  ///< as of the builds of src/isa
};

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
