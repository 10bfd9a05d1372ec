#include <cstddef>
#include <mutex>
#include <stdexcept>

#include "common.hpp"

namespace linnet_python {
namespace {

/// References dropped by threads that do not hold the GIL.
struct Deferred {
  std::mutex mutex;
  std::vector<PyObject*> objects;
};
Deferred& deferred() {
  static Deferred* const d = new Deferred;  // never destroyed: threads may outlive main
  return *d;
}
int drop_deferred(void*) {
  std::vector<PyObject*> mine;
  {
    const std::scoped_lock lock(deferred().mutex);
    mine.swap(deferred().objects);
  }
  for (PyObject* o : mine) Py_DECREF(o);
  return 0;
}

}  // namespace

void release_reference(PyObject* o) noexcept {
  if (!o || !Py_IsInitialized()) return;
  if (PyGILState_Check()) {
    Py_DECREF(o);
    return;
  }
  const std::scoped_lock lock(deferred().mutex);
  deferred().objects.push_back(o);
  if (deferred().objects.size() == 1) Py_AddPendingCall(&drop_deferred, nullptr);
}

PyObject* immortal(const char* module, const char* name) {
  return py::object(py::module_::import(module).attr(name)).release().ptr();
}

namespace {

void* refuse_to_allocate(std::size_t) {
  throw std::runtime_error(
      "this object is not initialized: call super().__init__() first in its __init__()");
}

/// For an argument whose __init__() has not run - a subclass of Layer that sets attributes before
/// super().__init__() - pybind11 would allocate an object and pass it without constructing it.
void require_init(const py::module_& m) {
  for (const auto& [name, value] : m.attr("__dict__").cast<py::dict>())
    if (PyType_Check(value.ptr()))
      if (auto* info = py::detail::get_type_info(reinterpret_cast<PyTypeObject*>(value.ptr())))
        info->operator_new = refuse_to_allocate;
}

}  // namespace
}  // namespace linnet_python

PYBIND11_MODULE(_core, m) {
  using namespace linnet_python;
  m.doc() = "The C++ side of the package linnet.";
  m.attr("__version__") = linnet::version;
  register_errors(m);
  register_interrupts(m);
  register_dtypes(m);
  register_tensor(m);
  register_dlpack(m);
  register_variable(m);
  register_elementwise(m);
  register_ops(m);
  register_shape_ops(m);
  register_structured_ops(m);
  register_quantization(m);
  register_random(m);
  register_tape(m);
  register_function(m);
  register_control_flow(m);
  register_python_call(m);
  register_initializers_and_activations(m);
  register_optimizers_and_schedules(m);
  register_losses_and_metrics(m);
  register_scores_and_constraints(m);
  register_layers(m);
  register_more_layers(m);
  register_callbacks(m);
  register_model(m);
  register_data(m);
  m.def("set_num_threads", &linnet::set_num_threads);
  m.def("num_threads", &linnet::num_threads);
  m.def("release_memory", &linnet::release_memory);
  m.def("memory_stats", [] {
    const linnet::MemoryStats s = linnet::memory_stats();
    py::dict d;
    d["bytes_in_use"] = s.bytes_in_use;
    d["peak_bytes"] = s.peak_bytes;
    d["bytes_cached"] = s.bytes_cached;
    return d;
  });
  require_init(m);
}
