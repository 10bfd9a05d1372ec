#include <pybind11/stl.h>

#include <cstring>
#include <deque>
#include <exception>
#include <mutex>

#include "common.hpp"
#include "linnet/backend/kernel.hpp"

/// Python code inside of captured functions: linnet.py_function, linnet.numpy_function.
namespace linnet_python {
namespace {

/// (tensors) -> tensors by a Python function that takes and gives lists of them.
struct PythonCall {
  static constexpr std::string_view name = "python_call";
  static constexpr bool stateful = true, fallible = true;
  std::shared_ptr<const Shared> function;
  bool operator==(const PythonCall&) const = default;
  static linnet::KernelPtr cpu_kernel(const linnet::Call& call);
};

class PythonCallKernel final : public linnet::Kernel {
 public:
  PythonCallKernel(std::shared_ptr<const Shared> function, const linnet::Call& call)
      : function_(std::move(function)),
        in_(call.in.begin(), call.in.end()),
        out_(call.out.begin(), call.out.end()) {}
  linnet::KernelTraits traits() const override { return {.fallible = true}; }
  std::string description() const override { return "python"; }

  void run(const linnet::Run& run) const override {
    const py::gil_scoped_acquire gil;
    try {
      call(run);
    } catch (...) {
      const std::scoped_lock lock(mutex_);
      errors_.emplace_back(next_, std::current_exception());
      if (errors_.size() > 16) errors_.pop_front();  // of runs that reported another one
      run.status->record(run.node, 0, next_++);
    }
  }
  /// What the Python function raised goes on to the caller.
  [[noreturn]] void throw_error(int, std::int64_t ticket) const override {
    std::exception_ptr error;
    {
      const std::scoped_lock lock(mutex_);
      for (const auto& [number, e] : errors_)
        if (number == ticket) error = e;
    }
    if (error) std::rethrow_exception(error);
    fail<linnet::Error>("py_function", "the function raised an exception");
  }

 private:
  void call(const linnet::Run& run) const {
    py::list arguments;
    for (std::size_t i = 0; i < in_.size(); ++i) {
      Tensor t = linnet::detail::empty({in_[i].shape, in_[i].dtype, linnet::cpu});
      if (t.size() > 0) std::memcpy(t.impl()->data, run.in[i], bytes(in_[i]));
      arguments.append(wrapped(std::move(t)));
    }
    const auto results = function_->get()(arguments).cast<std::vector<Tensor>>();
    if (results.size() != out_.size())
      fail<linnet::ValueError>("py_function", "the function returned ", results.size(),
                               " tensors, expected ", out_.size());
    for (std::size_t i = 0; i < out_.size(); ++i) {
      if (!(results[i].shape() == out_[i].shape) || results[i].dtype() != out_[i].dtype)
        fail<linnet::ShapeError>("py_function", "result ", i, " is ", results[i].dtype(),
                                 results[i].shape(), ", expected ", out_[i].dtype, out_[i].shape);
      const Tensor dense = linnet::contiguous(results[i]);
      if (dense.size() > 0) std::memcpy(run.out[i], dense.raw_data(), bytes(out_[i]));
    }
  }
  static std::size_t bytes(const linnet::ValueSpec& spec) {
    return static_cast<std::size_t>(spec.shape.size()) * linnet::itemsize(spec.dtype);
  }

  std::shared_ptr<const Shared> function_;
  std::vector<linnet::ValueSpec> in_, out_;
  mutable std::mutex mutex_;
  mutable std::deque<std::pair<std::int64_t, std::exception_ptr>> errors_;
  mutable std::int64_t next_ = 0;
};

linnet::KernelPtr PythonCall::cpu_kernel(const linnet::Call& call) {
  return std::make_shared<PythonCallKernel>(call.primitive.get_if<PythonCall>()->function, call);
}

/// Records a call of `function` whose results have these dtypes and shapes.
std::vector<Tensor> record_python_call(py::object function, const std::vector<Tensor>& inputs,
                                       const std::vector<DType>& dtypes,
                                       const std::vector<Shape>& shapes) {
  std::vector<const Tensor*> in;
  for (const Tensor& t : inputs) {
    if (linnet::detail::is_watched(t))
      fail<linnet::NotSupportedError>("py_function",
                                      "a captured one has no gradient: stop it with "
                                      "stop_gradient(), or call it outside of linnet.function");
    in.push_back(&t);
  }
  std::vector<linnet::TensorSpec> out;
  for (std::size_t i = 0; i < dtypes.size(); ++i) out.push_back({shapes.at(i), dtypes[i]});
  std::vector<Tensor> results(out.size());
  linnet::apply(PythonCall{std::make_shared<const Shared>(std::move(function))}, in, out, results);
  return results;
}

/// `with linnet.init_scope():`.
class EagerBlock {
 public:
  void enter() { scopes_.push_back(std::make_unique<linnet::EagerScope>()); }
  void exit(const py::args&) {
    if (!scopes_.empty()) scopes_.pop_back();
  }

 private:
  std::vector<std::unique_ptr<linnet::EagerScope>> scopes_;
};

}  // namespace

void register_python_call(py::module_& m) {
  m.def("_record_python_call", &record_python_call);
  py::class_<EagerBlock>(m, "_EagerBlock")
      .def(py::init<>())
      .def("__enter__", &EagerBlock::enter)
      .def("__exit__", &EagerBlock::exit);
}

}  // namespace linnet_python
