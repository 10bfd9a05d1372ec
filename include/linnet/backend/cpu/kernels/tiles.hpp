#pragma once

#include <cstdint>

#include "linnet/backend/cpu/args/elementwise.hpp"
#include "linnet/backend/cpu/kernels/activations.hpp"
#include "linnet/backend/cpu/kernels/trigonometry.hpp"
#include "linnet/config.hpp"

/// The ops of elementwise_ops.def applied to tiles. Blocks of a fixed 16 elements vectorize at
/// plain -O2; results are kept until a block is read, so operands may be the destination.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

/// Rows whose formula does not hold for every argument specialize this: what is `far` is computed
/// again, by itself. Such arguments are rare.
template <class F>
struct FarOf {
  static constexpr bool any = false;
};
template <class T, class F>
inline void mend_far(const T* x, T* block) {
  bool far = false;
  for (int j = 0; j < 16; ++j) far |= k_is_far(x[j]);
  if (far)
    for (int j = 0; j < 16; ++j)
      if (k_is_far(x[j])) block[j] = FarOf<F>::apply(x[j]);
}

template <class T, class F>
inline void tile_loop(std::int64_t n, void* dst, const void* a, const void* b, const void* c) {
  auto* d = static_cast<T*>(dst);
  const auto *x = static_cast<const T*>(a), *y = static_cast<const T*>(b),
             *z = static_cast<const T*>(c);
  for (std::int64_t i = 0; i < n; i += 16) {
    T block[16];
    for (int j = 0; j < 16; ++j) {
      if constexpr (F::arity == 1) block[j] = F::template apply<T>(x[i + j]);
      if constexpr (F::arity == 2) block[j] = F::template apply<T>(x[i + j], y[i + j]);
      if constexpr (F::arity == 3) block[j] = F::template apply<T>(x[i + j], y[i + j], z[i + j]);
    }
    if constexpr (FarOf<F>::any) mend_far<T, F>(x + i, block);
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

#define LINNET_FAR(name)              \
  template <>                         \
  struct FarOf<Op_##name> {           \
    static constexpr bool any = true; \
    template <class T>                \
    static T apply(T x) {             \
      return k_##name##_far(x);       \
    }                                 \
  };
LINNET_FAR(sin)
LINNET_FAR(cos)
LINNET_FAR(tan)
#undef LINNET_FAR

/// The tiles of one row by compute type; null where the domain lacks it.
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
  static constexpr isa::Tile tiles[5] = {
      tile_of<float, F, D::floats>(), tile_of<double, F, D::floats>(),
      tile_of<std::int32_t, F, D::integers>(), tile_of<std::int64_t, F, D::integers>(),
      tile_of<std::uint64_t, F, D::integers>()};
};

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
