#pragma once

#include <cmath>

#include "linnet/backend/cpu/isa.hpp"
#include "linnet/core/threads.hpp"
#include "linnet/ops/primitives/optimizer.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

/// The kernel around one OptimizerArgs: states, gradient, learning rate, iterations.
inline KernelPtr optimizer_kernel(const Call& call, const isa::OptimizerArgs& args,
                                  double weight_decay) {
  const DType t = call.in[0].dtype;
  if (t != DType::float32 && t != DType::float64) return nullptr;
  const std::size_t states = call.out.size();
  const std::int64_t n = call.in[0].shape.size();
  KernelOptions options{.description = "optimizer"};
  for (int s = 0; s < static_cast<int>(states); ++s) options.in_place.push_back({s, s});
  return make_kernel(
      [=](const Run& run) {
        isa::OptimizerArgs a = args;
        a.is_double = t == DType::float64;
        for (std::size_t s = 0; s < states; ++s) a.state[s] = run.in[s], a.out[s] = run.out[s];
        a.gradient = run.in[states];
        a.learning_rate = *run.input<float>(states + 1);
        const double step = static_cast<double>(*run.input<std::int64_t>(states + 2) + 1);
        a.step_size = a.learning_rate * std::sqrt(1 - std::pow(a.beta_2, step)) /
                      (1 - std::pow(a.beta_1, step));
        a.decay = a.learning_rate * weight_decay;
        parallel_for((n + 15) / 16, 2048, [&](std::int64_t begin, std::int64_t end) {
          isa::OptimizerArgs piece = a;
          piece.begin = begin * 16;
          piece.end = end * 16 < n ? end * 16 : n;
          isa::optimizer_update(piece);
        });
      },
      options);
}

}  // namespace detail

KernelPtr SgdUpdate::cpu_kernel(const Call& call) {
  const auto& p = *call.primitive.get_if<SgdUpdate>();
  isa::OptimizerArgs a{};
  a.kind = isa::Optimizer::sgd;
  a.momentum = p.momentum;
  a.nesterov = p.nesterov;
  a.has_momentum = call.out.size() > 1;
  return detail::optimizer_kernel(call, a, p.weight_decay);
}

KernelPtr AdamUpdate::cpu_kernel(const Call& call) {
  const auto& p = *call.primitive.get_if<AdamUpdate>();
  isa::OptimizerArgs a{};
  a.kind = isa::Optimizer::adam;
  a.beta_1 = p.beta_1, a.beta_2 = p.beta_2, a.epsilon = p.epsilon;
  a.amsgrad = p.amsgrad;
  return detail::optimizer_kernel(call, a, p.weight_decay);
}

KernelPtr RmspropUpdate::cpu_kernel(const Call& call) {
  const auto& p = *call.primitive.get_if<RmspropUpdate>();
  isa::OptimizerArgs a{};
  a.kind = isa::Optimizer::rmsprop;
  a.rho = p.rho, a.momentum = p.momentum, a.epsilon = p.epsilon;
  a.centered = p.centered;
  a.has_momentum = p.momentum > 0;
  return detail::optimizer_kernel(call, a, p.weight_decay);
}

}  // namespace linnet::inline LINNET_ABI
