#pragma once

#define LINNET_USES_AUTOGRAD_TAPE
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_AUTOGRAD_TAPE
#endif

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "linnet/autograd/variable.hpp"
#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {
class Tape;
}

struct GradientTapeOptions {
  bool persistent = false;               ///< gradient() may be called several times
  bool watch_accessed_variables = true;  ///< reading a trainable Variable watches it
};

/// What gradient() gives for a source that the target does not depend on.
enum class UnconnectedGradients { none, zero };

struct GradientOptions {
  /// One per target, the gradient to start from; default ones.
  std::vector<Tensor> output_gradients{};
  UnconnectedGradients unconnected_gradients = UnconnectedGradients::none;
};

/// Records the ops of this thread from construction until the first gradient() (or stop(), or the
/// end of scope), and computes gradients by running their VJPs backwards. Tapes nest: VJPs run
/// under an outer tape are recorded there, which gives higher derivatives.
///
///     GradientTape tape;
///     Tensor loss = mean(square(matmul(x, w) - y));     // w: a trainable Variable
///     Tensor dw = tape.gradient(loss, w);
///
/// The gradient with respect to an unconnected, non-float or unwatched source is an undefined
/// Tensor. Non-scalar targets are summed. TapeError for a second gradient() of a non-persistent
/// tape and for use on another thread.
class LINNET_EXPORT GradientTape {
 public:
  LINNET_DECL explicit GradientTape(GradientTapeOptions options = {});
  LINNET_DECL ~GradientTape();
  GradientTape(const GradientTape&) = delete;
  GradientTape& operator=(const GradientTape&) = delete;

  /// Follows a tensor (floating dtype, else ignored) or a variable, trainable or not.
  LINNET_DECL void watch(const Tensor& x);
  LINNET_DECL void watch(const Variable& v);
  LINNET_DECL std::vector<Variable> watched_variables() const;

  /// Pauses recording until the guard is destroyed.
  class LINNET_EXPORT Pause {
   public:
    LINNET_DECL explicit Pause(detail::Tape* tape);
    LINNET_DECL ~Pause();
    Pause(const Pause&) = delete;
    Pause& operator=(const Pause&) = delete;

   private:
    detail::Tape* tape_;
  };
  [[nodiscard]] LINNET_DECL Pause stop_recording();
  /// Ends recording; what was recorded stays until gradient().
  LINNET_DECL void stop();
  /// Forgets everything recorded and watched.
  LINNET_DECL void reset();
  /// Changes options.persistent for the gradients to come: several of one that was not, the last of
  /// one that was.
  LINNET_DECL void set_persistent(bool persistent);

  LINNET_DECL Tensor gradient(const Tensor& target, const Tensor& source,
                              const GradientOptions& options = {});
  LINNET_DECL Tensor gradient(const Tensor& target, const Variable& source,
                              const GradientOptions& options = {});
  LINNET_DECL std::vector<Tensor> gradient(const Tensor& target, const std::vector<Tensor>& sources,
                                           const GradientOptions& options = {});
  LINNET_DECL std::vector<Tensor> gradient(const Tensor& target,
                                           const std::vector<Variable>& sources,
                                           const GradientOptions& options = {});
  /// Several targets: the gradient of their sum.
  LINNET_DECL std::vector<Tensor> gradient(const std::vector<Tensor>& targets,
                                           const std::vector<Tensor>& sources,
                                           const GradientOptions& options = {});
  LINNET_DECL std::vector<Tensor> gradient(const std::vector<Tensor>& targets,
                                           const std::vector<Variable>& sources,
                                           const GradientOptions& options = {});

  /// Sources of both kinds: the gradients of `tensors`, then those of `variables`.
  LINNET_DECL std::vector<Tensor> gradient(const std::vector<Tensor>& targets,
                                           const std::vector<Tensor>& tensors,
                                           const std::vector<Variable>& variables,
                                           const GradientOptions& options = {});

  /// Called by the next gradient() with the source's index and its gradient as soon as the last
  /// contribution to it has arrived, while the rest of the backward pass is still to come.
  LINNET_DECL void on_ready(std::function<void(std::size_t, const Tensor&)> hook);

 private:
  std::unique_ptr<detail::Tape> tape_;
};

/// x without its history: gradients do not flow through the result.
LINNET_DECL Tensor stop_gradient(const Tensor& x);

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_AUTOGRAD_TAPE
#include "linnet/impl/src.hpp"
#endif
