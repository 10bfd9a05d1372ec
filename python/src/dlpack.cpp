#include <cstring>

#include "common.hpp"

/// The DLPack protocol, both ways. The structures are its binary interface (version 1.0).
namespace linnet_python {
namespace {

struct DLDevice {
  std::int32_t type, id;
};
struct DLDataType {
  std::uint8_t code, bits;
  std::uint16_t lanes;
};
struct DLTensor {
  void* data;
  DLDevice device;
  std::int32_t ndim;
  DLDataType dtype;
  std::int64_t* shape;
  std::int64_t* strides;
  std::uint64_t byte_offset;
};
struct DLManagedTensor {
  DLTensor tensor;
  void* context;
  void (*deleter)(DLManagedTensor*);
};
struct DLManagedTensorVersioned {
  std::uint32_t major, minor;
  void* context;
  void (*deleter)(DLManagedTensorVersioned*);
  std::uint64_t flags;
  DLTensor tensor;
};
constexpr std::int32_t cpu_device = 1;
constexpr std::uint64_t read_only = 1, is_copied = 2;
enum : std::uint8_t { code_int = 0, code_uint = 1, code_float = 2, code_bfloat = 4, code_bool = 6 };

DLDataType to_dl(DType t) {
  const auto bits = static_cast<std::uint8_t>(linnet::itemsize(t) * 8);
  std::uint8_t code = code_uint;
  if (t == DType::boolean)
    code = code_bool;
  else if (t == DType::bfloat16)
    code = code_bfloat;
  else if (linnet::is_floating(t))
    code = code_float;
  else if (linnet::is_signed_integer(t))
    code = code_int;
  return {code, bits, 1};
}

DType from_dl(DLDataType d) {
  for (int i = 0; i < linnet::dtype_count; ++i) {
    const auto t = static_cast<DType>(i);
    const DLDataType mine = to_dl(t);
    if (mine.code == d.code && mine.bits == d.bits && d.lanes == 1) return t;
  }
  fail<linnet::DTypeError>("from_dlpack", "no dtype for DLPack's code ", static_cast<int>(d.code),
                           " of ", static_cast<int>(d.bits), " bits");
}

/// What a capsule keeps: the tensor and its shape.
template <class Managed>
struct Exported {
  Tensor tensor;
  std::int64_t shape[Shape::max_rank], strides[Shape::max_rank];
  Managed managed;
};

template <class Managed>
Managed* export_tensor(const Tensor& x) {
  auto* e = new Exported<Managed>{};
  e->tensor = x;
  for (int i = 0; i < x.rank(); ++i) e->shape[i] = x.shape()[i], e->strides[i] = x.strides()[i];
  e->managed.context = e;
  e->managed.deleter = [](Managed* m) { delete static_cast<Exported<Managed>*>(m->context); };
  e->managed.tensor = {x.impl()->data, {cpu_device, 0}, x.rank(), to_dl(x.dtype()),
                       e->shape,       e->strides,      0};
  return &e->managed;
}

template <class Managed>
py::object capsule(Managed* m, const char* name) {
  PyObject* c = PyCapsule_New(m, name, [](PyObject* o) {
    for (const char* unused : {"dltensor", "dltensor_versioned"})
      if (PyCapsule_IsValid(o, unused)) {
        auto* mine = static_cast<Managed*>(PyCapsule_GetPointer(o, unused));
        if (mine->deleter) mine->deleter(mine);
      }
  });
  if (!c) {
    m->deleter(m);
    throw py::error_already_set();
  }
  return py::reinterpret_steal<py::object>(c);
}

Tensor copied(const Tensor& x) {
  Tensor y = linnet::detail::empty(x.spec());
  linnet::detail::copy_elements(x, y.impl()->data, x.dtype());
  return y;
}

/// PyTorch takes memory marked read-only and writes to it all the same: it gets a copy.
bool is_careless(PyObject* globals) {
  PyObject* name = globals ? PyDict_GetItemString(globals, "__name__") : nullptr;
  return name && PyUnicode_Check(name) && py::handle(name).cast<std::string>().starts_with("torch");
}

/// Consumers that know of read-only memory get the tensor's own; others a copy they may write.
py::object dlpack(const Tensor& x, const py::object&, const py::object& max_version,
                  const py::object& device, const py::object& copy) {
  if (x.is_traced()) fail<linnet::CaptureError>("dlpack", "a traced tensor has no values to share");
  if (!device.is_none() && device.cast<std::pair<int, int>>().first != cpu_device) {
    PyErr_SetString(PyExc_BufferError, "the tensor lies on the CPU");
    throw py::error_already_set();
  }
  const bool versioned =
      !max_version.is_none() && max_version.cast<std::pair<int, int>>().first >= 1;
  const bool asked = !copy.is_none() && copy.cast<bool>();
  const bool may_share = versioned && !asked && !is_careless(PyEval_GetGlobals());
  if (!may_share && !copy.is_none() && !copy.cast<bool>()) {
    PyErr_SetString(PyExc_BufferError, "a Tensor is read-only: sharing it needs DLPack 1.0");
    throw py::error_already_set();
  }
  const Tensor shared = may_share ? x : copied(x);
  if (!versioned) return capsule(export_tensor<DLManagedTensor>(shared), "dltensor");
  auto* m = export_tensor<DLManagedTensorVersioned>(shared);
  m->major = 1;
  m->minor = 0;
  m->flags = may_share ? read_only : is_copied;
  return capsule(m, "dltensor_versioned");
}

template <class Managed>
Tensor import_tensor(py::capsule c, const char* used) {
  auto* m = c.get_pointer<Managed>();
  const DLTensor& t = m->tensor;
  if (t.device.type != cpu_device)
    fail<linnet::DeviceError>("from_dlpack", "the memory is not the CPU's");
  if (t.ndim > Shape::max_rank)
    fail<linnet::ShapeError>("from_dlpack", "rank ", t.ndim, " is more than ", Shape::max_rank);
  const DType dtype = from_dl(t.dtype);
  Shape shape, strides;
  for (int i = 0; i < t.ndim; ++i) {
    shape.push_back(t.shape[i]);
    if (t.strides) strides.push_back(t.strides[i]);
  }
  if (!t.strides) strides = linnet::dense_strides(shape);
  void* data = static_cast<char*>(t.data) + t.byte_offset;
  c.set_name(used);  // from here on the memory is ours to give back
  return linnet::adopt_strided(data, shape, strides, dtype, [m] {
    if (m->deleter) m->deleter(m);
  });
}

/// The producer's memory where it lies; later writes of others to it show.
Tensor from_dlpack(const py::object& x) {
  py::object c = x;
  if (!PyCapsule_CheckExact(x.ptr())) {
    if (!py::hasattr(x, "__dlpack__"))
      fail<linnet::DTypeError>("from_dlpack", "expected an object with __dlpack__, got ",
                               Py_TYPE(x.ptr())->tp_name);
    const py::object produce = x.attr("__dlpack__");
    try {
      c = produce(py::arg("max_version") = py::make_tuple(1, 0));
    } catch (py::error_already_set& e) {
      if (!e.matches(PyExc_TypeError)) throw;
      c = produce();  // a producer of before 1.0
    }
  }
  if (PyCapsule_IsValid(c.ptr(), "dltensor_versioned"))
    return import_tensor<DLManagedTensorVersioned>(c, "used_dltensor_versioned");
  if (PyCapsule_IsValid(c.ptr(), "dltensor"))
    return import_tensor<DLManagedTensor>(c, "used_dltensor");
  fail<linnet::ValueError>("from_dlpack", "the capsule was used already or is no DLPack capsule");
}

}  // namespace

void register_dlpack(py::module_& m) {
  const py::handle type(reinterpret_cast<PyObject*>(tensor_type));
  py::setattr(type, "__dlpack__",
              py::cpp_function(&dlpack, py::name("__dlpack__"), py::is_method(type), py::kw_only(),
                               py::arg("stream") = py::none(), py::arg("max_version") = py::none(),
                               py::arg("dl_device") = py::none(), py::arg("copy") = py::none()));
  py::setattr(type, "__dlpack_device__",
              py::cpp_function([](const Tensor&) { return py::make_tuple(cpu_device, 0); },
                               py::name("__dlpack_device__"), py::is_method(type)));
  m.def("from_dlpack", &from_dlpack, py::arg("x"),
        "A tensor over the memory of another library's array, without a copy.");
}

}  // namespace linnet_python
