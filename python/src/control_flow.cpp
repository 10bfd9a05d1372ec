#include "linnet/graph/control_flow.hpp"

#include <pybind11/stl.h>

#include "common.hpp"
#include "linnet/backend/apply.hpp"
#include "linnet/backend/kernel.hpp"

/// linnet.cond and linnet.while_loop while a function is being captured. Nests of values, and what
/// Python values in them become, are Python's business: linnet/_flow.py.
namespace linnet_python {
namespace {

/// Each function runs in its branch; merge(a, b) turns what they returned into two lists of
/// tensors.
std::vector<Tensor> record_cond(const Tensor& pred, const py::function& true_fn,
                                const py::function& false_fn, const py::function& merge) {
  linnet::detail::CondRecorder recorder(pred);
  py::object a, b;
  recorder.branch(true, [&] { a = true_fn(); });
  recorder.branch(false, [&] { b = false_fn(); });
  const auto results = merge(a, b).cast<std::pair<std::vector<Tensor>, std::vector<Tensor>>>();
  return recorder.finish(results.first, results.second);
}

/// body(loop variables) gives the condition for the next iteration and the next loop variables.
std::vector<Tensor> record_while_loop(const Tensor& proceed, const std::vector<Tensor>& loop_vars,
                                      const py::function& body, std::int64_t maximum_iterations) {
  linnet::detail::WhileLoopRecorder recorder(proceed, loop_vars,
                                             {.maximum_iterations = maximum_iterations});
  std::pair<Tensor, std::vector<Tensor>> next;
  recorder.body([&](std::span<const Tensor> vars) {
    const std::vector<Tensor> list(vars.begin(), vars.end());
    next = body(list).cast<std::pair<Tensor, std::vector<Tensor>>>();
  });
  return recorder.finish(next.first, next.second);
}

/// An `assert` on a traced value: an error when the graph runs, before anything is written.
struct Assert {
  static constexpr std::string_view name = "assert";
  static constexpr bool stateful = true, fallible = true;
  std::string message;
  bool operator==(const Assert&) const = default;
  void visit(auto&& field) const { field("message", message); }
  static linnet::KernelPtr cpu_kernel(const linnet::Call& call);
};

class AssertKernel final : public linnet::Kernel {
 public:
  explicit AssertKernel(std::string message) : message_(std::move(message)) {}
  linnet::KernelTraits traits() const override { return {.fallible = true}; }
  void run(const linnet::Run& run) const override {
    if (*run.input<std::uint8_t>(0) == 0) run.status->record(run.node, 0, 0);
  }
  [[noreturn]] void throw_error(int, std::int64_t) const override {
    fail<linnet::ValueError>("assert", message_);
  }

 private:
  std::string message_;
};

linnet::KernelPtr Assert::cpu_kernel(const linnet::Call& call) {
  return std::make_shared<AssertKernel>(call.primitive.get_if<Assert>()->message);
}

void record_assert(const Tensor& condition, std::string message) {
  const Tensor* in[] = {&condition};
  linnet::apply(Assert{std::move(message)}, in, {}, {});
}

}  // namespace

void register_control_flow(py::module_& m) {
  m.def("_record_cond", &record_cond);
  m.def("_record_assert", &record_assert);
  m.def("_record_while_loop", &record_while_loop);
}

}  // namespace linnet_python
