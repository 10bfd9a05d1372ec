#pragma once

#include <algorithm>
#include <cmath>

#include "linnet/backend/cpu/impl/integers.ipp"
#include "linnet/backend/cpu/isa.hpp"
#include "linnet/core/threads.hpp"
#include "linnet/ops/primitives/optimizer.hpp"
#ifdef LINNET_HEADER_ONLY
#include "linnet/backend/cpu/kernels/optimizer.hpp"
#endif

namespace linnet::inline LINNET_ABI {

namespace detail {

/// The kernel of a rule, and what it is told of it: `decay` is the weight decay.
struct UpdateKernel {
  void (*run)(const isa::OptimizerArgs&);
  isa::OptimizerArgs rule;
};

inline UpdateKernel update_kernel(const SgdUpdate& p, std::size_t states) {
  isa::OptimizerArgs a{};
  a.momentum = p.momentum, a.decay = p.weight_decay;
  a.nesterov = p.nesterov;
  a.has_momentum = states > 1;
  return {isa::sgd_update, a};
}

inline UpdateKernel update_kernel(const AdamUpdate& p, std::size_t) {
  isa::OptimizerArgs a{};
  a.beta_1 = p.beta_1, a.beta_2 = p.beta_2, a.epsilon = p.epsilon, a.decay = p.weight_decay;
  a.amsgrad = p.amsgrad;
  return {isa::adam_update, a};
}

inline UpdateKernel update_kernel(const RmspropUpdate& p, std::size_t) {
  isa::OptimizerArgs a{};
  a.rho = p.rho, a.momentum = p.momentum, a.epsilon = p.epsilon, a.decay = p.weight_decay;
  a.centered = p.centered;
  a.has_momentum = p.momentum > 0;
  return {isa::rmsprop_update, a};
}

/// One variable of an update: where its operands are, and how its work is cut.
struct UpdatePart {
  bool is_double = false, by_rows = false, scaled = false;
  std::size_t in = 0, out = 0;  // its first operands
  std::int64_t length = 0;      // elements, or rows
  std::int64_t width = 0, count = 0;
  DType index_dtype = DType::int32;
  std::size_t lists = 0;  // int32 values before this part's lists in the workspace
  std::int64_t first_unit = 0, units = 0;
};

/// Updates of one or more variables by one rule.
class OptimizerKernel final : public Kernel {
 public:
  OptimizerKernel(const UpdateKernel& kernel, std::size_t states)
      : kernel_(kernel), states_(states) {}

  /// The next variable; false if there is no kernel for its dtype.
  bool add(std::span<const ValueSpec> in, std::uint8_t gradient) {
    UpdatePart p;
    p.in = inputs_, p.out = parts_.size() * states_;
    p.by_rows = gradient & MultiUpdate::rows, p.scaled = gradient & MultiUpdate::scaled;
    const Shape& shape = in[p.in].shape;
    const DType t = in[p.in].dtype;
    if (t != DType::float32 && t != DType::float64) return false;
    p.is_double = t == DType::float64;
    p.length = shape.size();
    p.units = (p.length + unit - 1) / unit;
    if (p.by_rows) {
      const ValueSpec& indices = in[p.in + states_ + 1];
      p.width = shape[0] ? shape.size() / shape[0] : 0;
      p.length = p.width ? shape[0] : 0;
      p.count = indices.shape.size();
      p.index_dtype = indices.dtype;
      p.lists = lists_;
      lists_ += static_cast<std::size_t>(p.length + p.count);
    }
    p.first_unit = units_;
    units_ += p.units;
    for (std::size_t s = 0; s < states_; ++s)
      in_place_.push_back({static_cast<int>(p.in + s), static_cast<int>(p.out + s)});
    inputs_ += states_ + 1 + p.by_rows + p.scaled;
    parts_.push_back(p);
    return true;
  }

  std::size_t workspace_bytes() const override { return lists_ * sizeof(std::int32_t); }
  std::span<const InPlace> in_place() const override { return in_place_; }
  std::string description() const override { return "optimizer"; }

  void run(const Run& run) const override {
    isa::OptimizerArgs rule = kernel_.rule;
    rule.learning_rate = *run.input<float>(inputs_);
    const double step = static_cast<double>(*run.input<std::int64_t>(inputs_ + 1) + 1);
    rule.step_size = rule.learning_rate * std::sqrt(1 - std::pow(rule.beta_2, step)) /
                     (1 - std::pow(rule.beta_1, step));
    rule.decay = rule.learning_rate * kernel_.rule.decay;
    for (const UpdatePart& p : parts_)
      if (p.by_rows) make_lists(run, p);
    parallel_for(units_, 2048, [&](std::int64_t begin, std::int64_t end) {
      const auto after = [](std::int64_t u, const UpdatePart& p) { return u < p.first_unit; };
      auto p = std::upper_bound(parts_.begin(), parts_.end(), begin, after) - 1;
      for (; p != parts_.end() && p->first_unit < end; ++p)
        run_part(run, rule, *p, std::max(begin - p->first_unit, std::int64_t{0}),
                 std::min(end - p->first_unit, p->units));
    });
  }

 private:
  static constexpr std::int64_t unit = 16;  // elements

  std::int32_t* heads(const Run& run, const UpdatePart& p) const {
    return static_cast<std::int32_t*>(run.workspace) + p.lists;
  }

  /// For each row the list of its updates, in their order.
  void make_lists(const Run& run, const UpdatePart& p) const {
    std::int32_t *first = heads(run, p), *next = first + p.length;
    std::fill_n(first, p.length, -1);
    for (std::int64_t i = p.count; i-- > 0;) {
      const std::int64_t row = load_integer(run.in[p.in + states_ + 1], p.index_dtype, i);
      if (row < 0 || row >= p.length) continue;
      next[i] = first[row];
      first[row] = static_cast<std::int32_t>(i);
    }
  }

  void run_part(const Run& run, const isa::OptimizerArgs& rule, const UpdatePart& p,
                std::int64_t first, std::int64_t last) const {
    if (first >= last) return;
    isa::OptimizerArgs a = rule;
    a.is_double = p.is_double;
    for (std::size_t s = 0; s < states_; ++s)
      a.state[s] = run.in[p.in + s], a.out[s] = run.out[p.out + s];
    a.gradient = run.in[p.in + states_];
    a.gradient_scale = 1;
    if (const std::size_t at = p.in + states_ + 1 + p.by_rows; p.scaled)
      a.gradient_scale = p.is_double ? *run.input<double>(at) : *run.input<float>(at);
    if (p.by_rows) {
      a.rows = {heads(run, p), heads(run, p) + p.length, p.width};
      a.begin = first * p.length / p.units, a.end = last * p.length / p.units;
    } else {
      a.begin = first * unit, a.end = std::min(last * unit, p.length);
    }
    kernel_.run(a);
  }

  UpdateKernel kernel_;
  std::size_t states_, inputs_ = 0, lists_ = 0;
  std::int64_t units_ = 0;
  std::vector<UpdatePart> parts_;
  std::vector<InPlace> in_place_;
};

inline KernelPtr optimizer_kernel(const Call& call, const UpdateKernel& update,
                                  std::span<const std::uint8_t> gradients) {
  auto kernel = std::make_unique<OptimizerKernel>(update, call.out.size() / gradients.size());
  for (std::uint8_t g : gradients)
    if (!kernel->add(call.in, g)) return nullptr;
  return own_kernel(kernel.release());
}

inline constexpr std::uint8_t one_dense_gradient[] = {MultiUpdate::dense};

}  // namespace detail

KernelPtr SgdUpdate::cpu_kernel(const Call& call) {
  return detail::optimizer_kernel(
      call, detail::update_kernel(*call.primitive.get_if<SgdUpdate>(), call.out.size()),
      detail::one_dense_gradient);
}

KernelPtr AdamUpdate::cpu_kernel(const Call& call) {
  return detail::optimizer_kernel(
      call, detail::update_kernel(*call.primitive.get_if<AdamUpdate>(), call.out.size()),
      detail::one_dense_gradient);
}

KernelPtr RmspropUpdate::cpu_kernel(const Call& call) {
  return detail::optimizer_kernel(
      call, detail::update_kernel(*call.primitive.get_if<RmspropUpdate>(), call.out.size()),
      detail::one_dense_gradient);
}

KernelPtr MultiUpdate::cpu_kernel(const Call& call) {
  const auto& p = *call.primitive.get_if<MultiUpdate>();
  const PrimitiveRef rule = p.rule.primitive.ref();
  const std::size_t states = call.out.size() / p.gradients.size();
  if (const auto* sgd = rule.get_if<SgdUpdate>())
    return detail::optimizer_kernel(call, detail::update_kernel(*sgd, states), p.gradients);
  if (const auto* adam = rule.get_if<AdamUpdate>())
    return detail::optimizer_kernel(call, detail::update_kernel(*adam, states), p.gradients);
  if (const auto* rmsprop = rule.get_if<RmspropUpdate>())
    return detail::optimizer_kernel(call, detail::update_kernel(*rmsprop, states), p.gradients);
  return nullptr;
}

}  // namespace linnet::inline LINNET_ABI
