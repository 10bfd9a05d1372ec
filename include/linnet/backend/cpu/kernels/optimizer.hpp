#pragma once

#include <cmath>
#include <cstdint>

#include "linnet/backend/cpu/args/optimizer.hpp"
#include "linnet/backend/cpu/kernels/kernel_math.hpp"
#include "linnet/config.hpp"

/// Fused optimizer updates: one pass over weights, slots and gradient.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

/// Blocks of 16 elements in local arrays: loads of a block come before its stores, so outputs may
/// be the inputs, and the inner loops vectorize.
template <class T, int slots, class F>
inline void update_blocks(const isa::OptimizerArgs& a, F&& f) {
  const T* g = static_cast<const T*>(a.gradient);
  const T keep = static_cast<T>(1 - a.decay);
  for (std::int64_t i = a.begin; i < a.end; i += 16) {
    const int n = a.end - i < 16 ? static_cast<int>(a.end - i) : 16;
    T s[slots][16] = {}, gradient[16] = {};
    for (int k = 0; k < slots; ++k) {
      const T* from = static_cast<const T*>(a.state[k]) + i;
      if (n == 16)
        for (int j = 0; j < 16; ++j) s[k][j] = from[j];
      else
        for (int j = 0; j < n; ++j) s[k][j] = from[j];
    }
    if (n == 16)
      for (int j = 0; j < 16; ++j) gradient[j] = g[i + j];
    else
      for (int j = 0; j < n; ++j) gradient[j] = g[i + j];
    for (int j = 0; j < 16; ++j) s[0][j] *= keep;
    f(s, gradient);
    for (int k = 0; k < slots; ++k) {
      T* to = static_cast<T*>(a.out[k]) + i;
      if (n == 16)
        for (int j = 0; j < 16; ++j) to[j] = s[k][j];
      else
        for (int j = 0; j < n; ++j) to[j] = s[k][j];
    }
  }
}

template <class T>
inline void sgd_update(const isa::OptimizerArgs& a) {
  const T lr = static_cast<T>(a.learning_rate), mu = static_cast<T>(a.momentum);
  if (!a.has_momentum)
    return update_blocks<T, 1>(a, [=](auto& s, const T* g) {
      for (int j = 0; j < 16; ++j) s[0][j] -= lr * g[j];
    });
  const bool nesterov = a.nesterov;
  update_blocks<T, 2>(a, [=](auto& s, const T* g) {
    for (int j = 0; j < 16; ++j) {
      s[1][j] = mu * s[1][j] - lr * g[j];
      s[0][j] += nesterov ? mu * s[1][j] - lr * g[j] : s[1][j];
    }
  });
}

template <class T>
inline void adam_update(const isa::OptimizerArgs& a) {
  const T c1 = static_cast<T>(1 - a.beta_1), c2 = static_cast<T>(1 - a.beta_2);
  const T step = static_cast<T>(a.step_size), eps = static_cast<T>(a.epsilon);
  const auto moments = [=](auto& s, const T* g) {
    for (int j = 0; j < 16; ++j) {
      s[1][j] += (g[j] - s[1][j]) * c1;
      s[2][j] += (g[j] * g[j] - s[2][j]) * c2;
    }
  };
  if (a.amsgrad)
    return update_blocks<T, 4>(a, [=](auto& s, const T* g) {
      moments(s, g);
      for (int j = 0; j < 16; ++j) {
        s[3][j] = k_max(s[3][j], s[2][j]);
        s[0][j] -= s[1][j] * step / (std::sqrt(s[3][j]) + eps);
      }
    });
  update_blocks<T, 3>(a, [=](auto& s, const T* g) {
    moments(s, g);
    for (int j = 0; j < 16; ++j) s[0][j] -= s[1][j] * step / (std::sqrt(s[2][j]) + eps);
  });
}

/// Slots: v, then the mean if centered, then the momentum if any.
template <class T, bool centered, bool has_momentum>
inline void rmsprop_blocks(const isa::OptimizerArgs& a) {
  const T lr = static_cast<T>(a.learning_rate), rho = static_cast<T>(a.rho);
  const T eps = static_cast<T>(a.epsilon), mu = static_cast<T>(a.momentum);
  constexpr int mean = 2, momentum = centered ? 3 : 2;
  update_blocks<T, 2 + centered + has_momentum>(a, [=](auto& s, const T* g) {
    for (int j = 0; j < 16; ++j) {
      s[1][j] = rho * s[1][j] + (1 - rho) * g[j] * g[j];
      T square = s[1][j] + eps;
      if constexpr (centered) {
        s[mean][j] = rho * s[mean][j] + (1 - rho) * g[j];
        square = s[1][j] - s[mean][j] * s[mean][j] + eps;
      }
      T change = lr * g[j] / std::sqrt(square);
      if constexpr (has_momentum) change = s[momentum][j] = mu * s[momentum][j] + change;
      s[0][j] -= change;
    }
  });
}

template <class T>
inline void update_elements(const isa::OptimizerArgs& a) {
  switch (a.kind) {
    case isa::Optimizer::sgd:
      return sgd_update<T>(a);
    case isa::Optimizer::adam:
      return adam_update<T>(a);
    default:
      break;
  }
  if (a.centered)
    a.has_momentum ? rmsprop_blocks<T, true, true>(a) : rmsprop_blocks<T, true, false>(a);
  else
    a.has_momentum ? rmsprop_blocks<T, false, true>(a) : rmsprop_blocks<T, false, false>(a);
}

inline void optimizer_update(const isa::OptimizerArgs& a) {
  a.is_double ? update_elements<double>(a) : update_elements<float>(a);
}

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
