#include <pybind11/stl.h>

#include "common.hpp"

namespace linnet_python {
namespace {

/// A guard that cannot move, made in place from a call that returns it.
struct PauseHolder {
  explicit PauseHolder(linnet::GradientTape& tape) : guard(tape.stop_recording()) {}
  linnet::GradientTape::Pause guard;
};

class Tape {
 public:
  Tape(bool persistent, bool watch_variables)
      : persistent_(persistent), watch_variables_(watch_variables) {}

  void enter() {
    if (tape_) fail<linnet::TapeError>("GradientTape", "the tape is recording already");
    tape_.emplace(linnet::GradientTapeOptions{.persistent = persistent_,
                                              .watch_accessed_variables = watch_variables_});
  }
  void exit() {
    if (tape_) tape_->stop();
  }
  linnet::GradientTape& tape(const char* op) {
    if (!tape_) fail<linnet::TapeError>(op, "the tape was not entered: use `with GradientTape()`");
    return *tape_;
  }
  void reset() {
    tape_.reset();
    enter();
  }
  void pause() { pause_.emplace(tape("stop_recording")); }
  void resume() { pause_.reset(); }

 private:
  bool persistent_, watch_variables_;
  std::optional<linnet::GradientTape> tape_;
  std::optional<PauseHolder> pause_;
};

std::vector<Tensor> gradient(Tape& self, const std::vector<Tensor>& targets, py::list sources,
                             const std::optional<std::vector<Tensor>>& output_gradients,
                             bool zero) {
  linnet::GradientTape& tape = self.tape("gradient");
  linnet::GradientOptions options;
  if (output_gradients) options.output_gradients = *output_gradients;
  if (zero) options.unconnected_gradients = linnet::UnconnectedGradients::zero;
  std::vector<Tensor> tensors;
  std::vector<Variable> variables;
  std::vector<bool> is_tensor_source;
  for (py::handle h : sources) {
    const bool t = is_tensor(h.ptr());
    is_tensor_source.push_back(t);
    if (t)
      tensors.push_back(tensor_of(h.ptr()));
    else if (is_variable(h.ptr()))
      variables.push_back(h.cast<Variable&>());
    else
      fail<linnet::DTypeError>("gradient", "a source must be a Tensor or a Variable, got ",
                               Py_TYPE(h.ptr())->tp_name);
  }
  std::vector<Tensor> found;
  {
    const py::gil_scoped_release release;
    found = tape.gradient(targets, tensors, variables, options);
  }
  std::vector<Tensor> ordered;  // as the sources were given
  std::size_t t = 0, v = tensors.size();
  for (const bool is_tensor_here : is_tensor_source)
    ordered.push_back(std::move(found[is_tensor_here ? t++ : v++]));
  return ordered;
}

/// A Python function with a gradient of its own: f(*x) returns y and grad(dy).
Tensor custom_vjp(const Tensor& y, const std::vector<Tensor>& inputs, py::object backward) {
  const Shared shared(std::move(backward));
  linnet::detail::JointVjpTerm<linnet::JointVjpFunction> term;
  for (const Tensor& x : inputs) term.inputs.push_back(&x);
  const std::size_t n = inputs.size();
  term.f = [shared, n](const Tensor& dy, const std::vector<bool>&) {
    const py::gil_scoped_acquire gil;
    const py::object result = py::reinterpret_borrow<py::object>(shared.get())(dy);
    std::vector<Tensor> out;
    if (n == 1 && !py::isinstance<py::list>(result) && !py::isinstance<py::tuple>(result)) {
      out.push_back(result.is_none() ? Tensor() : as_tensor(result));
    } else {
      for (py::handle h : result) out.push_back(h.is_none() ? Tensor() : as_tensor(h));
    }
    if (out.size() != n)
      fail<linnet::ValueError>("custom_gradient", "expected ", n, " gradients, got ", out.size());
    return out;
  };
  return linnet::with_vjp(linnet::stop_gradient(y), std::move(term));
}

}  // namespace

void register_tape(py::module_& m) {
  py::class_<Tape>(m, "_Tape")
      .def(py::init<bool, bool>())
      .def("enter", &Tape::enter)
      .def("exit", &Tape::exit)
      .def("reset", &Tape::reset)
      .def("pause", &Tape::pause)
      .def("resume", &Tape::resume)
      .def("set_persistent",
           [](Tape& t, bool persistent) { t.tape("set_persistent").set_persistent(persistent); })
      .def("watch",
           [](Tape& t, py::handle x) {
             if (is_variable(x.ptr()))
               t.tape("watch").watch(x.cast<Variable&>());
             else if (is_tensor(x.ptr()))
               t.tape("watch").watch(tensor_of(x.ptr()));
             else
               fail<linnet::DTypeError>("watch", "expected a Tensor or a Variable, got ",
                                        Py_TYPE(x.ptr())->tp_name);
           })
      .def("watched_variables",
           [](Tape& t) { return t.tape("watched_variables").watched_variables(); })
      .def("gradient", &gradient);
  m.def("_custom_vjp", &custom_vjp);
  m.def("_is_recording", [] { return linnet::detail::is_recording(); });
  m.def("_is_tracing", [] { return linnet::is_tracing(); });
}

}  // namespace linnet_python
