#pragma once

#define LINNET_USES_NN_SCHEDULES
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_NN_SCHEDULES
#endif

#include <optional>
#include <vector>

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"

/// Learning rates as functions of the number of steps done, computed by ops inside the step, so a
/// captured step follows them without being traced again.
namespace linnet::inline LINNET_ABI {

class LINNET_EXPORT LearningRateSchedule {
 public:
  virtual ~LearningRateSchedule() = default;
  /// The rate at `step` (0-d, float64).
  virtual Tensor operator()(const Tensor& step) const = 0;
};

/// rate * decay_rate^(t / steps); whole powers if staircase.
struct LINNET_EXPORT ExponentialDecay : LearningRateSchedule {
  ExponentialDecay(double rate_, double steps_, double decay_rate_, bool staircase_ = false)
      : rate(rate_), steps(steps_), decay_rate(decay_rate_), staircase(staircase_) {}
  LINNET_DECL Tensor operator()(const Tensor& step) const override;
  double rate, steps, decay_rate;
  bool staircase;
};
/// rate / (1 + decay_rate t / steps)
struct LINNET_EXPORT InverseTimeDecay : LearningRateSchedule {
  InverseTimeDecay(double rate_, double steps_, double decay_rate_, bool staircase_ = false)
      : rate(rate_), steps(steps_), decay_rate(decay_rate_), staircase(staircase_) {}
  LINNET_DECL Tensor operator()(const Tensor& step) const override;
  double rate, steps, decay_rate;
  bool staircase;
};
/// (rate - end) (1 - min(t, steps) / steps)^power + end; with cycle, steps is first multiplied by
/// ceil(t / steps), so the rate rises again each time it has reached its end.
struct LINNET_EXPORT PolynomialDecay : LearningRateSchedule {
  PolynomialDecay(double rate_, double steps_, double end_ = 1e-4, double power_ = 1,
                  bool cycle_ = false)
      : rate(rate_), steps(steps_), end(end_), power(power_), cycle(cycle_) {}
  LINNET_DECL Tensor operator()(const Tensor& step) const override;
  double rate, steps, end, power;
  bool cycle;
};
struct CosineDecayOptions {
  double alpha = 0;
  /// Reached linearly over warmup_steps; then the decay starts from it. Without one: no warmup.
  std::optional<double> warmup_target{};
  double warmup_steps = 0;
};
/// rate ((1 - alpha) (1 + cos(pi t / steps)) / 2 + alpha)
struct LINNET_EXPORT CosineDecay : LearningRateSchedule {
  CosineDecay(double rate_, double steps_, CosineDecayOptions o = {})
      : rate(rate_), steps(steps_), options(o) {}
  LINNET_DECL Tensor operator()(const Tensor& step) const override;
  double rate, steps;
  CosineDecayOptions options;
};
struct CosineDecayRestartsOptions {
  double t_mul = 2, m_mul = 1;  ///< of a period's length and height, from one to the next
  double alpha = 0;
};
/// A CosineDecay that begins anew after each period, the first of `steps` steps.
struct LINNET_EXPORT CosineDecayRestarts : LearningRateSchedule {
  CosineDecayRestarts(double rate_, double steps_, CosineDecayRestartsOptions o = {})
      : rate(rate_), steps(steps_), options(o) {}
  LINNET_DECL Tensor operator()(const Tensor& step) const override;
  double rate, steps;
  CosineDecayRestartsOptions options;
};
/// values[i] up to and including boundaries[i], then values.back().
struct LINNET_EXPORT PiecewiseConstantDecay : LearningRateSchedule {
  LINNET_DECL PiecewiseConstantDecay(std::vector<double> boundaries, std::vector<double> values);
  LINNET_DECL Tensor operator()(const Tensor& step) const override;
  std::vector<double> boundaries, values;
};

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_NN_SCHEDULES
#include "linnet/impl/src.hpp"
#endif
