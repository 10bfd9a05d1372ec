#include <array>

#include "common.hpp"

/// Dtypes, shapes and axes as Python gives and gets them.
namespace linnet_python {
namespace {

struct DTypeObject {
  DType value;
};

std::array<PyObject*, linnet::dtype_count> objects{};

std::string name_of(DType t) { return std::string(linnet::to_string(t)); }

DType from_name(const std::string& name) {
  if (name == "bool_") return DType::boolean;
  if (name == "half") return DType::float16;
  if (name == "double") return DType::float64;
  if (name == "int") return DType::int32;
  if (name == "float") return DType::float32;
  return linnet::dtype_from_string(name);
}

bool equals(const DTypeObject& a, py::handle other) {
  try {
    return a.value == parse_dtype(other);
  } catch (const linnet::Error&) {
    return false;
  }
}

py::object numpy_type(const DTypeObject& d) {
  if (d.value == DType::bfloat16)
    fail<linnet::NotSupportedError>("as_numpy_dtype", "NumPy has no bfloat16");
  return py::module_::import("numpy").attr("dtype")(name_of(d.value)).attr("type");
}

double limit(const DTypeObject& d, bool highest) {
  switch (d.value) {
    case DType::boolean:
      return highest ? 1 : 0;
    case DType::float16:
      return highest ? 65504.0 : -65504.0;
    case DType::bfloat16:
      return highest ? 3.3895313892515355e38 : -3.3895313892515355e38;
    case DType::float32:
      return (highest ? 1 : -1) * static_cast<double>(std::numeric_limits<float>::max());
    default:
      return (highest ? 1 : -1) * std::numeric_limits<double>::max();
  }
}

py::object limit_object(const DTypeObject& d, bool highest) {
  if (!linnet::is_integer(d.value)) return py::float_(limit(d, highest));
  const int bits = static_cast<int>(linnet::itemsize(d.value)) * 8;
  const bool is_signed = linnet::is_signed_integer(d.value);
  if (!highest)
    return is_signed ? py::int_(std::numeric_limits<std::int64_t>::min() >> (64 - bits))
                     : py::int_(0);
  if (is_signed) return py::int_(std::numeric_limits<std::int64_t>::max() >> (64 - bits));
  return py::int_(std::numeric_limits<std::uint64_t>::max() >> (64 - bits));
}

}  // namespace

py::object dtype_object(DType t) {
  return py::reinterpret_borrow<py::object>(objects[static_cast<std::size_t>(t)]);
}

DType parse_dtype(py::handle value) {
  if (py::isinstance<DTypeObject>(value)) return value.cast<const DTypeObject&>().value;
  if (py::isinstance<py::str>(value)) return from_name(value.cast<std::string>());
  PyObject* o = value.ptr();
  if (o == reinterpret_cast<PyObject*>(&PyFloat_Type)) return DType::float32;
  if (o == reinterpret_cast<PyObject*>(&PyLong_Type)) return DType::int32;
  if (o == reinterpret_cast<PyObject*>(&PyBool_Type)) return DType::boolean;
  // numpy.dtype has .name, numpy.float32 is a type.
  for (const char* attribute : {"name", "__name__"}) {
    if (!py::hasattr(value, attribute)) continue;
    const py::object name = value.attr(attribute);
    if (py::isinstance<py::str>(name)) return from_name(name.cast<std::string>());
  }
  fail<linnet::DTypeError>("dtype", "cannot read a dtype from ",
                           py::repr(value).cast<std::string>());
}

Shape parse_shape(py::handle value, const char* op, bool allow_unknown) {
  const auto extent = [&](py::handle h) -> std::int64_t {
    if (allow_unknown && h.is_none()) return -1;
    PyObject* index = PyNumber_Index(h.ptr());
    if (!index) {
      PyErr_Clear();
      fail<linnet::DTypeError>(op, "a shape is integers, got ", py::repr(h).cast<std::string>());
    }
    const py::object owner = py::reinterpret_steal<py::object>(index);
    return integer_scalar(index).as<std::int64_t>();
  };
  Shape s;
  if (is_tensor(value.ptr()) || is_variable(value.ptr()) ||
      (!is_list(value.ptr()) && PyObject_CheckBuffer(value.ptr()))) {
    const Tensor t = as_tensor(value);
    if (!linnet::is_integer(t.dtype()))
      fail<linnet::DTypeError>(op, "a shape is integers, got dtype ", t.dtype());
    if (t.rank() > 1) fail<linnet::ShapeError>(op, "a shape has rank 1, got rank ", t.rank());
    for (const std::int64_t d : t.to_vector<std::int64_t>()) s.push_back(d);
    return s;
  }
  if (is_list(value.ptr())) {
    for (py::handle h : py::reinterpret_borrow<py::sequence>(value)) s.push_back(extent(h));
    return s;
  }
  s.push_back(extent(value));
  return s;
}

py::object shape_object(const Shape& s) {
  static PyObject* const type = immortal("linnet._shape", "TensorShape");
  py::tuple dims(static_cast<py::size_t>(s.rank()));
  for (int i = 0; i < s.rank(); ++i)
    dims[static_cast<py::size_t>(i)] = s[i] < 0 ? py::object(py::none()) : py::int_(s[i]);
  return py::reinterpret_steal<py::object>(PyObject_CallOneArg(type, dims.ptr()));
}

linnet::Axes parse_axes(py::handle value) {
  if (value.is_none()) return {};
  const Shape s = parse_shape(value, "axis");
  const auto to_int = [](std::int64_t a) {
    if (a < -Shape::max_rank || a >= Shape::max_rank)
      fail<linnet::IndexError>("axis", "axis ", a, " is out of range");
    return static_cast<int>(a);
  };
  std::vector<int> axes;
  for (const std::int64_t a : s) axes.push_back(to_int(a));
  return linnet::Axes(axes);
}

void register_dtypes(py::module_& m) {
  py::class_<DTypeObject>(m, "DType", "The type of a tensor's elements.")
      .def(py::init([](DType t) { return DTypeObject{t}; }), py::arg("name"))
      .def_property_readonly("name", [](const DTypeObject& d) { return name_of(d.value); })
      .def_property_readonly("size", [](const DTypeObject& d) { return linnet::itemsize(d.value); })
      .def_property_readonly("itemsize",
                             [](const DTypeObject& d) { return linnet::itemsize(d.value); })
      .def_property_readonly("is_floating",
                             [](const DTypeObject& d) { return linnet::is_floating(d.value); })
      .def_property_readonly("is_integer",
                             [](const DTypeObject& d) { return linnet::is_integer(d.value); })
      .def_property_readonly(
          "is_unsigned", [](const DTypeObject& d) { return linnet::is_unsigned_integer(d.value); })
      .def_property_readonly("is_bool",
                             [](const DTypeObject& d) { return d.value == DType::boolean; })
      .def_property_readonly("is_complex", [](const DTypeObject&) { return false; })
      .def_property_readonly("base_dtype", [](const DTypeObject& d) { return d.value; })
      .def_property_readonly("as_numpy_dtype", numpy_type)
      .def_property_readonly("min", [](const DTypeObject& d) { return limit_object(d, false); })
      .def_property_readonly("max", [](const DTypeObject& d) { return limit_object(d, true); })
      .def("__eq__", equals)
      .def("__ne__", [](const DTypeObject& a, py::handle other) { return !equals(a, other); })
      .def("__hash__", [](const DTypeObject& d) { return py::hash(py::str(name_of(d.value))); })
      .def("__str__", [](const DTypeObject& d) { return "<dtype: '" + name_of(d.value) + "'>"; })
      .def("__repr__", [](const DTypeObject& d) { return "linnet." + name_of(d.value); })
      .def("__reduce__", [](const DTypeObject& d) {
        return py::make_tuple(py::module_::import("linnet").attr("as_dtype"),
                              py::make_tuple(name_of(d.value)));
      });
  py::dict all;
  for (int i = 0; i < linnet::dtype_count; ++i) {
    const auto t = static_cast<DType>(i);
    py::object o = py::cast(DTypeObject{t});
    objects[static_cast<std::size_t>(i)] = o.inc_ref().ptr();
    all[py::str(name_of(t))] = o;
  }
  m.attr("dtypes") = all;
  m.def(
      "as_dtype", [](DType t) { return t; }, py::arg("type_value"),
      "The DType of a name, a NumPy dtype or a Python type.");
}

}  // namespace linnet_python
