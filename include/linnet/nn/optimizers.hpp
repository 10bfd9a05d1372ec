#pragma once

#define LINNET_USES_NN_OPTIMIZERS
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_NN_OPTIMIZERS
#endif

#include <concepts>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "linnet/autograd/variable.hpp"
#include "linnet/config.hpp"
#include "linnet/nn/handle.hpp"
#include "linnet/nn/schedules.hpp"

namespace linnet::inline LINNET_ABI {

/// The learning rate option: a number or a schedule.
class LearningRate {
 public:
  LearningRate(double rate) : rate_(rate) {}  // NOLINT: implicit on purpose
  template <class S>
  requires std::derived_from<S, LearningRateSchedule> LearningRate(S schedule)
      : schedule_(detail::make_owned<LearningRateSchedule, S>(std::move(schedule))) {}  // NOLINT
  double rate() const { return rate_; }
  const std::shared_ptr<LearningRateSchedule>& schedule() const { return schedule_; }

 private:
  double rate_ = 0;
  std::shared_ptr<LearningRateSchedule> schedule_;
};

/// What all optimizers take. At most one of the clips may be set (ValueError).
struct OptimizerOptions {
  double weight_decay = 0;     ///< w -= lr * wd * w before each step
  double clipnorm = 0;         ///< each gradient's norm is cut to this
  double clipvalue = 0;        ///< each element is cut to +- this
  double global_clipnorm = 0;  ///< the norm of all gradients together is cut to this
  /// Keep a moving average of each variable: a = m a + (1 - m) w after each step (a = w after the
  /// first). fit() ends by assigning the averages; finalize_variable_values() does it by hand.
  bool use_ema = false;
  double ema_momentum = 0.99;
  int ema_overwrite_frequency =
      0;  ///< each so many steps variables become their averages; 0: never
  int gradient_accumulation_steps =
      0;  ///< variables change each so many steps, by the mean gradient
  double loss_scale_factor =
      0;  ///< gradients are divided by it; fit() multiplies the loss; 0: none
};

/// Base of optimizers. State (iterations, learning rate, slots) is Variables. Copies share it.
class LINNET_EXPORT Optimizer {
 public:
  LINNET_DECL Optimizer(const LearningRate& learning_rate, const OptimizerOptions& options);
  virtual ~Optimizer() = default;
  Optimizer(const Optimizer&) = default;
  Optimizer& operator=(const Optimizer&) = default;

  /// Makes the slots for these variables; called by the first apply_gradients.
  LINNET_DECL void build(const std::vector<Variable>& variables);
  bool built() const { return state_->built; }
  /// One step. An undefined gradient leaves its variable as it is (with a warning); ValueError if
  /// all are undefined, if the lists differ in length or if a variable is new after build().
  LINNET_DECL void apply_gradients(const std::vector<Tensor>& gradients,
                                   const std::vector<Variable>& variables);
  LINNET_DECL void apply_gradients(
      const std::vector<std::pair<Tensor, Variable>>& gradients_and_variables);
  /// One step down the gradient of loss(), which it calls under a tape.
  LINNET_DECL void minimize(const std::function<Tensor()>& loss,
                            const std::vector<Variable>& variables);

  /// With use_ema, assigns each variable its moving average; fit() does this when it ends.
  LINNET_DECL void finalize_variable_values(const std::vector<Variable>& variables);
  /// The loss times loss_scale_factor, if there is one: what to take the gradient of.
  LINNET_DECL Tensor scale_loss(const Tensor& loss) const;

  /// Assignable between steps: `opt.learning_rate().assign(0.1)`. With a schedule, the rate of the
  /// last step.
  const Variable& learning_rate() const { return state_->learning_rate; }
  bool has_schedule() const { return schedule_ != nullptr; }
  /// The number of calls of apply_gradients, int64.
  const Variable& iterations() const { return state_->iterations; }
  /// Iterations, learning rate, averages and sums of gradients if there are, then the slots in the
  /// order of the variables.
  LINNET_DECL std::vector<Variable> variables() const;
  /// "sgd", "adam", "adamw", "rmsprop", "adagrad", "adadelta", "adamax", "nadam" or "lion" with
  /// default options; ValueError for an unknown name.
  LINNET_DECL static std::shared_ptr<Optimizer> from_name(const std::string& name);

 protected:
  virtual std::vector<std::string> slot_names() const = 0;
  /// What a slot of a variable begins with: zeros.
  LINNET_DECL virtual Tensor initial_slot(const std::string& slot, const Variable& variable) const;
  /// Updates `states` = {variable, slots...}; `others` = {gradient, learning rate, iterations}.
  virtual void update(std::span<const Variable> states, std::span<const Tensor> others) const = 0;
  const OptimizerOptions& options() const { return options_; }

 private:
  struct State {
    Variable learning_rate, iterations;
    std::vector<Variable> variables, slots;  // slots: slot_names() per variable
    std::vector<Variable> averages, sums;    // with use_ema, with gradient_accumulation_steps
    bool built = false;
  };
  LINNET_DECL void step(std::vector<Tensor> gradients, const std::vector<std::size_t>& places,
                        const std::vector<Variable>& variables);
  LINNET_DECL void accumulate(std::vector<Tensor>& gradients,
                              const std::vector<std::size_t>& places,
                              const std::vector<Variable>& variables, const Tensor& counts);
  LINNET_DECL void update_averages();
  LINNET_DECL std::vector<Tensor> clip_gradients(std::vector<Tensor> gradients) const;
  LINNET_DECL std::vector<std::size_t> find_places(const std::vector<Variable>& variables,
                                                   const std::vector<Tensor>& gradients) const;
  OptimizerOptions options_;
  std::shared_ptr<LearningRateSchedule> schedule_;
  std::shared_ptr<State> state_;
};

struct SGDOptions {
  double momentum = 0;
  bool nesterov = false;
  double weight_decay = 0, clipnorm = 0, clipvalue = 0, global_clipnorm = 0;
  bool use_ema = false;
  double ema_momentum = 0.99;
  int ema_overwrite_frequency = 0, gradient_accumulation_steps = 0;
  double loss_scale_factor = 0;
};
/// m = momentum m - lr g; w += m (nesterov: w += momentum m - lr g). Without momentum w -= lr g.
class LINNET_EXPORT SGD : public Optimizer {
 public:
  LINNET_DECL explicit SGD(const LearningRate& learning_rate = 0.01, SGDOptions options = {});

 protected:
  LINNET_DECL std::vector<std::string> slot_names() const override;
  LINNET_DECL void update(std::span<const Variable> states,
                          std::span<const Tensor> others) const override;

 private:
  SGDOptions own_;
};

struct AdamOptions {
  double beta_1 = 0.9, beta_2 = 0.999, epsilon = 1e-7;
  bool amsgrad = false;
  double weight_decay = 0, clipnorm = 0, clipvalue = 0, global_clipnorm = 0;
  bool use_ema = false;
  double ema_momentum = 0.99;
  int ema_overwrite_frequency = 0, gradient_accumulation_steps = 0;
  double loss_scale_factor = 0;
};
/// m += (1 - b1)(g - m); v += (1 - b2)(g^2 - v); w -= lr sqrt(1 - b2^t) / (1 - b1^t) m / (sqrt(v) +
/// eps).
class LINNET_EXPORT Adam : public Optimizer {
 public:
  LINNET_DECL explicit Adam(const LearningRate& learning_rate = 0.001, AdamOptions options = {});

 protected:
  LINNET_DECL std::vector<std::string> slot_names() const override;
  LINNET_DECL void update(std::span<const Variable> states,
                          std::span<const Tensor> others) const override;

 private:
  AdamOptions own_;
};

struct AdamWOptions {
  double beta_1 = 0.9, beta_2 = 0.999, epsilon = 1e-7;
  bool amsgrad = false;
  double weight_decay = 0.004, clipnorm = 0, clipvalue = 0, global_clipnorm = 0;
  bool use_ema = false;
  double ema_momentum = 0.99;
  int ema_overwrite_frequency = 0, gradient_accumulation_steps = 0;
  double loss_scale_factor = 0;
};
/// Adam with decoupled weight decay: w -= lr wd w before each step.
class LINNET_EXPORT AdamW : public Adam {
 public:
  LINNET_DECL explicit AdamW(const LearningRate& learning_rate = 0.001, AdamWOptions options = {});
};

struct RMSpropOptions {
  double rho = 0.9, momentum = 0, epsilon = 1e-7;
  bool centered = false;
  double weight_decay = 0, clipnorm = 0, clipvalue = 0, global_clipnorm = 0;
  bool use_ema = false;
  double ema_momentum = 0.99;
  int ema_overwrite_frequency = 0, gradient_accumulation_steps = 0;
  double loss_scale_factor = 0;
};
/// v = rho v + (1 - rho) g^2; w -= lr g / sqrt(v [- mean^2] + eps), through a momentum if given.
class LINNET_EXPORT RMSprop : public Optimizer {
 public:
  LINNET_DECL explicit RMSprop(const LearningRate& learning_rate = 0.001,
                               RMSpropOptions options = {});

 protected:
  LINNET_DECL std::vector<std::string> slot_names() const override;
  LINNET_DECL void update(std::span<const Variable> states,
                          std::span<const Tensor> others) const override;

 private:
  RMSpropOptions own_;
};

struct AdagradOptions {
  double initial_accumulator_value = 0.1, epsilon = 1e-7;
  double weight_decay = 0, clipnorm = 0, clipvalue = 0, global_clipnorm = 0;
  bool use_ema = false;
  double ema_momentum = 0.99;
  int ema_overwrite_frequency = 0, gradient_accumulation_steps = 0;
  double loss_scale_factor = 0;
};
/// a += g^2; w -= lr g / sqrt(a + eps), a beginning at initial_accumulator_value.
class LINNET_EXPORT Adagrad : public Optimizer {
 public:
  LINNET_DECL explicit Adagrad(const LearningRate& learning_rate = 0.001,
                               AdagradOptions options = {});

 protected:
  LINNET_DECL std::vector<std::string> slot_names() const override;
  LINNET_DECL Tensor initial_slot(const std::string& slot, const Variable& variable) const override;
  LINNET_DECL void update(std::span<const Variable> states,
                          std::span<const Tensor> others) const override;

 private:
  AdagradOptions own_;
};

struct AdadeltaOptions {
  double rho = 0.95, epsilon = 1e-7;
  double weight_decay = 0, clipnorm = 0, clipvalue = 0, global_clipnorm = 0;
  bool use_ema = false;
  double ema_momentum = 0.99;
  int ema_overwrite_frequency = 0, gradient_accumulation_steps = 0;
  double loss_scale_factor = 0;
};
/// a = rho a + (1 - rho) g^2; u = g sqrt(d + eps) / sqrt(a + eps); d = rho d + (1 - rho) u^2;
/// w -= lr u.
class LINNET_EXPORT Adadelta : public Optimizer {
 public:
  LINNET_DECL explicit Adadelta(const LearningRate& learning_rate = 0.001,
                                AdadeltaOptions options = {});

 protected:
  LINNET_DECL std::vector<std::string> slot_names() const override;
  LINNET_DECL void update(std::span<const Variable> states,
                          std::span<const Tensor> others) const override;

 private:
  AdadeltaOptions own_;
};

struct AdamaxOptions {
  double beta_1 = 0.9, beta_2 = 0.999, epsilon = 1e-7;
  double weight_decay = 0, clipnorm = 0, clipvalue = 0, global_clipnorm = 0;
  bool use_ema = false;
  double ema_momentum = 0.99;
  int ema_overwrite_frequency = 0, gradient_accumulation_steps = 0;
  double loss_scale_factor = 0;
};
/// m += (1 - b1)(g - m); u = max(b2 u, |g|); w -= lr m / ((1 - b1^t)(u + eps)).
class LINNET_EXPORT Adamax : public Optimizer {
 public:
  LINNET_DECL explicit Adamax(const LearningRate& learning_rate = 0.001,
                              AdamaxOptions options = {});

 protected:
  LINNET_DECL std::vector<std::string> slot_names() const override;
  LINNET_DECL void update(std::span<const Variable> states,
                          std::span<const Tensor> others) const override;

 private:
  AdamaxOptions own_;
};

struct NadamOptions {
  double beta_1 = 0.9, beta_2 = 0.999, epsilon = 1e-7;
  double weight_decay = 0, clipnorm = 0, clipvalue = 0, global_clipnorm = 0;
  bool use_ema = false;
  double ema_momentum = 0.99;
  int ema_overwrite_frequency = 0, gradient_accumulation_steps = 0;
  double loss_scale_factor = 0;
};
/// Adam with Nesterov momentum: with mu_t = b1 (1 - 0.96^t / 2) and P_t = mu_1 ... mu_t,
/// w -= lr (mu_(t+1) m / (1 - P_(t+1)) + (1 - mu_t) g / (1 - P_t)) / (sqrt(v / (1 - b2^t)) + eps).
class LINNET_EXPORT Nadam : public Optimizer {
 public:
  LINNET_DECL explicit Nadam(const LearningRate& learning_rate = 0.001, NadamOptions options = {});

 protected:
  LINNET_DECL std::vector<std::string> slot_names() const override;
  LINNET_DECL Tensor initial_slot(const std::string& slot, const Variable& variable) const override;
  LINNET_DECL void update(std::span<const Variable> states,
                          std::span<const Tensor> others) const override;

 private:
  NadamOptions own_;
};

struct LionOptions {
  double beta_1 = 0.9, beta_2 = 0.99;
  double weight_decay = 0, clipnorm = 0, clipvalue = 0, global_clipnorm = 0;
  bool use_ema = false;
  double ema_momentum = 0.99;
  int ema_overwrite_frequency = 0, gradient_accumulation_steps = 0;
  double loss_scale_factor = 0;
};
/// w -= lr sign(b1 m + (1 - b1) g); m = b2 m + (1 - b2) g.
class LINNET_EXPORT Lion : public Optimizer {
 public:
  LINNET_DECL explicit Lion(const LearningRate& learning_rate = 0.001, LionOptions options = {});

 protected:
  LINNET_DECL std::vector<std::string> slot_names() const override;
  LINNET_DECL void update(std::span<const Variable> states,
                          std::span<const Tensor> others) const override;

 private:
  LionOptions own_;
};

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_NN_OPTIMIZERS
#include "linnet/impl/src.hpp"
#endif
