#include "interrupt.hpp"

#include <chrono>

#include "linnet/core/interrupt.hpp"

/// Signals reach Python's handlers although no Python code runs, and other Python threads run while
/// one waits for a variable.
namespace linnet_python {
namespace {

thread_local InterruptHook* current_hook = nullptr;

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Linnet's interrupt check. The function's variables are locked here, so the handler, which may
/// want to read them, runs when the call has ended.
void look_for_interrupt() {
  static thread_local double last = 0;
  if (now() - last < 0.05 || !Py_IsInitialized()) return;
  last = now();
  const py::gil_scoped_acquire gil;
  if (!PyOS_InterruptOccurred()) return;  // takes note of it, and runs no handler
  if (current_hook && current_hook->put_off()) return;
  throw Interrupted();
}

void* before_wait() {
  return Py_IsInitialized() && PyGILState_Check() ? PyEval_SaveThread() : nullptr;
}
void after_wait(void* state) {
  if (state) PyEval_RestoreThread(static_cast<PyThreadState*>(state));
}

}  // namespace

void run_signal_handlers() {
  PyErr_SetInterrupt();
  if (PyErr_CheckSignals() != 0) throw py::error_already_set();
}

InterruptHook::InterruptHook() : former_(std::exchange(current_hook, this)) {}
InterruptHook::~InterruptHook() { current_hook = former_; }

void InterruptHook::look(bool training) {
  if (interrupted_ && !training) throw_interrupt();
  if (!put_off_ && now() - last_ < 0.02) return;
  last_ = now();
  const py::gil_scoped_acquire gil;
  if (std::exchange(put_off_, false)) PyErr_SetInterrupt();
  if (PyErr_CheckSignals() == 0) return;
  if (!training || !PyErr_ExceptionMatches(PyExc_KeyboardInterrupt)) throw py::error_already_set();
  PyErr_Clear();
  interrupted_ = true;
  model().stop_training(true);
}
void InterruptHook::throw_interrupt() {
  const py::gil_scoped_acquire gil;
  PyErr_SetNone(PyExc_KeyboardInterrupt);
  throw py::error_already_set();
}

void register_interrupts(py::module_&) {
  py::register_exception_translator([](std::exception_ptr p) {
    try {
      if (p) std::rethrow_exception(p);
    } catch (const Interrupted&) {
      PyErr_SetInterrupt();
      if (PyErr_CheckSignals() == 0) PyErr_SetNone(PyExc_KeyboardInterrupt);
    }
  });
  linnet::set_interrupt_check(&look_for_interrupt);
  linnet::set_wait_hooks({&before_wait, &after_wait});
}

}  // namespace linnet_python
