#include "common.hpp"

PYBIND11_MODULE(_core, m) {
  using namespace linnet_python;
  m.doc() = "The C++ side of the package linnet.";
  m.attr("__version__") = linnet::version;
  register_errors(m);
  register_dtypes(m);
  register_tensor(m);
  register_dlpack(m);
  register_variable(m);
  register_elementwise(m);
  register_ops(m);
  register_shape_ops(m);
  register_random(m);
  register_tape(m);
  register_function(m);
  register_nn(m);
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
}
