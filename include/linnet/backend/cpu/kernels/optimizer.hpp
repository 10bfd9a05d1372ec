#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

#include "linnet/backend/cpu/args/optimizer.hpp"
#include "linnet/backend/cpu/kernels/kernel_math.hpp"
#include "linnet/backend/cpu/kernels/micro_kernel.hpp"
#include "linnet/config.hpp"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// Fused optimizer updates: one pass over weights, slots and gradient, a vector at a time. What an
/// element becomes depends neither on its place nor on how its gradient is given.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

template <class T>
inline Vector<T> square_root(Vector<T> x) {
#if defined(__AVX512F__)  // masked: GCC 12 warns of the unmasked ones' undefined operand
  if constexpr (sizeof(T) == 4)
    return (Vector<T>)_mm512_maskz_sqrt_ps(0xFFFF, (__m512)x);
  else
    return (Vector<T>)_mm512_maskz_sqrt_pd(0xFF, (__m512d)x);
#elif defined(__AVX2__)
  if constexpr (sizeof(T) == 4)
    return (Vector<T>)_mm256_sqrt_ps((__m256)x);
  else
    return (Vector<T>)_mm256_sqrt_pd((__m256d)x);
#elif defined(__SSE2__)
  if constexpr (sizeof(T) == 4)
    return (Vector<T>)_mm_sqrt_ps((__m128)x);
  else
    return (Vector<T>)_mm_sqrt_pd((__m128d)x);
#else
  for (int j = 0; j < vector_lanes<T>; ++j) x[j] = std::sqrt(x[j]);
  return x;
#endif
}

/// Keeps a product from joining an addition: it is rounded as if it had been stored. In sums of two
/// products it also says which one may be contracted, so that every instance does the same.
template <class V>
inline V rounded(V x) {
#if defined(__AVX512F__)
  asm("" : "+v"(x));
#elif defined(__SSE2__)
  asm("" : "+x"(x));
#endif
  return x;
}

template <class T>
struct DenseGradient {
  const T* g;
  Vector<T> operator()(std::int64_t i) const { return *reinterpret_cast<const Vector<T>*>(g + i); }
  Vector<T> head(std::int64_t i, std::int64_t n) const {
    Vector<T> x{};
    std::memcpy(&x, g + i, static_cast<std::size_t>(n) * sizeof(T));
    return x;
  }
};

/// The gradient of the rows from the one that starts at element `start`, which all get the sum of
/// one list of updates; without a list it is zero.
template <class T>
struct RowGradient {
  const T* updates;
  const isa::GradientRows& rows;
  std::int64_t start;
  std::int32_t list;

  Vector<T> operator()(std::int64_t i) const {
    Vector<T> sum{};
    for (std::int32_t k = list; k >= 0; k = rows.next[k])
      sum += *reinterpret_cast<const Vector<T>*>(updates + k * rows.width + (i - start));
    return sum;
  }
  Vector<T> head(std::int64_t i, std::int64_t n) const {
    Vector<T> sum{};
    for (std::int32_t k = list; k >= 0; k = rows.next[k])
      sum += DenseGradient<T>{updates + k * rows.width}.head(i - start, n);
    return sum;
  }
};

/// A vector of each of a variable's arrays. Not a plain array: what deduces the type of one forgets
/// that these vectors are aligned like elements.
template <class T, int slots>
struct StateVectors {
  Vector<T> of[slots];
  Vector<T>& operator[](int slot) { return of[slot]; }
};

/// f on vectors of the states and the gradient, for elements [begin, end). Loads of a vector come
/// before its stores, so outputs may be the inputs.
template <class T, int slots, class G, class F>
inline void update_range(const isa::OptimizerArgs& a, std::int64_t begin, std::int64_t end,
                         const G& gradient, const F& f) {
  constexpr int lanes = vector_lanes<T>;
  const T keep = static_cast<T>(1 - a.decay), scale = static_cast<T>(a.gradient_scale);
  const T* in[slots];
  T* out[slots];
  for (int k = 0; k < slots; ++k)
    in[k] = static_cast<const T*>(a.state[k]), out[k] = static_cast<T*>(a.out[k]);
  StateVectors<T, slots> s;
  std::int64_t i = begin;
  for (; i + lanes <= end; i += lanes) {
#pragma GCC unroll 4
    for (int k = 0; k < slots; ++k) s[k] = *reinterpret_cast<const Vector<T>*>(in[k] + i);
    s[0] = rounded(s[0] * keep);
    f(s, rounded(gradient(i) * scale));
#pragma GCC unroll 4
    for (int k = 0; k < slots; ++k) *reinterpret_cast<Vector<T>*>(out[k] + i) = s[k];
  }
  if (i == end) return;
  // Apart from the vectors of the arithmetic, which then is contracted as in the loop above.
  Vector<T> edge[slots];
  const auto bytes = static_cast<std::size_t>(end - i) * sizeof(T);
  for (int k = 0; k < slots; ++k) {
    edge[k] = Vector<T>{};
    std::memcpy(&edge[k], in[k] + i, bytes);
  }
#pragma GCC unroll 4
  for (int k = 0; k < slots; ++k) s[k] = edge[k];
  s[0] = rounded(s[0] * keep);
  f(s, rounded(gradient.head(i, end - i) * scale));
#pragma GCC unroll 4
  for (int k = 0; k < slots; ++k) edge[k] = s[k];
  for (int k = 0; k < slots; ++k) std::memcpy(out[k] + i, &edge[k], bytes);
}

/// Rows one by one, but those without a gradient together.
template <class T, int slots, class F>
inline void update_rows(const isa::OptimizerArgs& a, const F& f) {
  const isa::GradientRows& rows = a.rows;
  const T* updates = static_cast<const T*>(a.gradient);
  for (std::int64_t r = a.begin; r < a.end;) {
    std::int64_t last = r + 1;
    const std::int32_t list = rows.heads[r];
    if (list < 0)
      while (last < a.end && rows.heads[last] < 0) ++last;
    const RowGradient<T> gradient{updates, rows, r * rows.width, list};
    update_range<T, slots>(a, r * rows.width, last * rows.width, gradient, f);
    r = last;
  }
}

template <class T, int slots, class F>
inline void update_with(const isa::OptimizerArgs& a, const F& f) {
  if (a.rows.heads) return update_rows<T, slots>(a, f);
  update_range<T, slots>(a, a.begin, a.end, DenseGradient<T>{static_cast<const T*>(a.gradient)}, f);
}

template <class T>
inline void update_sgd(const isa::OptimizerArgs& a) {
  const T lr = static_cast<T>(a.learning_rate), mu = static_cast<T>(a.momentum);
  if (!a.has_momentum)
    return update_with<T, 1>(a, [=](auto& s, const Vector<T>& g) { s[0] -= lr * g; });
  if (a.nesterov)
    return update_with<T, 2>(a, [=](auto& s, const Vector<T>& g) {
      const Vector<T> down = rounded(lr * g);
      s[1] = mu * s[1] - down;
      s[0] += mu * s[1] - down;
    });
  update_with<T, 2>(a, [=](auto& s, const Vector<T>& g) {
    s[1] = mu * s[1] - rounded(lr * g);
    s[0] += s[1];
  });
}

template <class T>
inline void update_adam(const isa::OptimizerArgs& a) {
  const T c1 = static_cast<T>(1 - a.beta_1), c2 = static_cast<T>(1 - a.beta_2);
  const T step = static_cast<T>(a.step_size), eps = static_cast<T>(a.epsilon);
  const auto moments = [=](auto& s, const Vector<T>& g) {
    s[1] += (g - s[1]) * c1;
    s[2] += (g * g - s[2]) * c2;
  };
  if (a.amsgrad)
    return update_with<T, 4>(a, [=](auto& s, const Vector<T>& g) {
      moments(s, g);
      s[3] = ((s[3] > s[2]) | (s[3] != s[3])) ? s[3] : s[2];
      s[0] -= s[1] * step / (square_root<T>(s[3]) + eps);
    });
  update_with<T, 3>(a, [=](auto& s, const Vector<T>& g) {
    moments(s, g);
    s[0] -= s[1] * step / (square_root<T>(s[2]) + eps);
  });
}

/// Slots: v, then the mean if centered, then the momentum if any.
template <class T, bool centered, bool has_momentum>
inline void update_rmsprop_as(const isa::OptimizerArgs& a) {
  const T lr = static_cast<T>(a.learning_rate), rho = static_cast<T>(a.rho);
  const T eps = static_cast<T>(a.epsilon), mu = static_cast<T>(a.momentum);
  constexpr int mean = 2, momentum = centered ? 3 : 2;
  update_with<T, 2 + centered + has_momentum>(a, [=](auto& s, const Vector<T>& g) {
    s[1] = rho * s[1] + rounded((1 - rho) * g * g);
    Vector<T> square = s[1] + eps;
    if constexpr (centered) {
      s[mean] = rho * s[mean] + rounded((1 - rho) * g);
      square = s[1] - s[mean] * s[mean] + eps;
    }
    Vector<T> change = lr * g / square_root<T>(square);
    if constexpr (has_momentum) change = s[momentum] = mu * s[momentum] + change;
    s[0] -= change;
  });
}

template <class T>
inline void update_rmsprop(const isa::OptimizerArgs& a) {
  if (a.centered)
    a.has_momentum ? update_rmsprop_as<T, true, true>(a) : update_rmsprop_as<T, true, false>(a);
  else
    a.has_momentum ? update_rmsprop_as<T, false, true>(a) : update_rmsprop_as<T, false, false>(a);
}

inline void sgd_update(const isa::OptimizerArgs& a) {
  a.is_double ? update_sgd<double>(a) : update_sgd<float>(a);
}
inline void adam_update(const isa::OptimizerArgs& a) {
  a.is_double ? update_adam<double>(a) : update_adam<float>(a);
}
inline void rmsprop_update(const isa::OptimizerArgs& a) {
  a.is_double ? update_rmsprop<double>(a) : update_rmsprop<float>(a);
}

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
