#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>

#include "linnet/backend/cpu/kernels/convert.hpp"
#include "linnet/backend/cpu/kernels/micro_kernel.hpp"
#include "linnet/config.hpp"

/// Vectors of what kernels compute in, from and to memory: as they are, or float32 for bfloat16.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

/// Types whose elements load as vectors, and what of.
template <class S>
inline constexpr bool loads_as_vector = is_float<S> || std::is_same_v<S, BFloat>;
template <class S>
using WidenedOf = std::conditional_t<is_float<S>, S, float>;

typedef std::uint32_t FloatBits __attribute__((vector_size(vector_bytes), may_alias));
typedef std::uint16_t BFloatBits
    __attribute__((vector_size(vector_bytes / 2), aligned(2), may_alias));

template <class S>
__attribute__((always_inline)) inline Vector<WidenedOf<S>> load_vector(const S* p) {
  if constexpr (is_float<S>) {
    return *reinterpret_cast<const Vector<S>*>(p);
  } else {
#if defined(__AVX512F__)  // one instruction, where GCC 12 makes five of __builtin_convertvector
    const auto bits = (FloatBits)_mm512_maskz_cvtepu16_epi32(
        0xFFFF, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
#else
    const auto bits = __builtin_convertvector(*reinterpret_cast<const BFloatBits*>(p), FloatBits);
#endif
    return (Vector<float>)(bits << 16);
  }
}

/// Rounds to even; NaN stays, quiet.
template <class S>
__attribute__((always_inline)) inline void store_vector(S* p, Vector<WidenedOf<S>> x) {
  if constexpr (is_float<S>) {
    *reinterpret_cast<Vector<S>*>(p) = x;
  } else {
    const auto bits = (FloatBits)x;
    const FloatBits high = bits >> 16, rounded = (bits + 0x7FFFu + (high & 1u)) >> 16;
    const FloatBits y = x != x ? high | 0x40u : rounded;
    *reinterpret_cast<BFloatBits*>(p) = __builtin_convertvector(y, BFloatBits);
  }
}

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
