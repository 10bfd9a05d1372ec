#pragma once

#include <exception>

#include "common.hpp"

namespace linnet_python {

/// Ctrl-C was met in the middle of a call, which has ended with nothing changed. Python's handler
/// has not run yet: run_signal_handlers() does it.
struct Interrupted : std::exception {
  const char* what() const noexcept override { return "interrupted"; }
};

/// Runs Python's signal handlers, for SIGINT's as if it had just come, and throws what they raise.
void run_signal_handlers();

/// f(), without the GIL and again as often as it is interrupted by a signal whose handler returns.
template <class F>
void run_released(F&& f) {
  for (;;) {
    try {
      const py::gil_scoped_release release;
      return f();
    } catch (const Interrupted&) {
      run_signal_handlers();
    }
  }
}

/// Ctrl-C within fit(), evaluate() and predict(), while one lives in their thread: training ends
/// after the step, and fit() raises KeyboardInterrupt when all is in order. A second Ctrl-C within
/// a step ends that, too.
class InterruptHook : public linnet::Callback {
 public:
  InterruptHook();
  ~InterruptHook() override;
  InterruptHook(const InterruptHook&) = delete;
  InterruptHook& operator=(const InterruptHook&) = delete;

  void on_train_batch_end(int, const std::function<linnet::Logs()>&) override { look(true); }
  void on_test_batch_end(int, const std::function<linnet::Logs()>&) override { look(false); }
  void on_predict_batch_end(int, const Tensor&) override { look(false); }
  bool interrupted() const { return interrupted_; }
  [[noreturn]] static void throw_interrupt();

  /// Puts a Ctrl-C off until the step's end; false if one was put off already.
  bool put_off() { return !std::exchange(put_off_, true); }

 private:
  void look(bool training);
  InterruptHook* former_;
  bool interrupted_ = false, put_off_ = false;
  double last_ = 0;
};

}  // namespace linnet_python
