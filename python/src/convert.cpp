#include <cstring>

#include "common.hpp"

/// Python values to tensors and back.
namespace linnet_python {
namespace {

/// A buffer that a tensor lives in.
struct HeldBuffer {
  Py_buffer view{};
  ~HeldBuffer() { PyBuffer_Release(&view); }
};

std::optional<DType> dtype_of_format(const char* format, Py_ssize_t itemsize) {
  if (!format) return DType::uint8;
  if (*format == '<' || *format == '=' || *format == '@') ++format;
  if (format[0] == '\0' || format[1] != '\0') return {};
  const auto integer = [&](bool is_signed) -> std::optional<DType> {
    switch (itemsize) {
      case 1:
        return is_signed ? DType::int8 : DType::uint8;
      case 2:
        return is_signed ? DType::int16 : DType::uint16;
      case 4:
        return is_signed ? DType::int32 : DType::uint32;
      case 8:
        return is_signed ? DType::int64 : DType::uint64;
      default:
        return {};
    }
  };
  switch (*format) {
    case '?':
      return DType::boolean;
    case 'b':
    case 'h':
    case 'i':
    case 'l':
    case 'q':
    case 'n':
      return integer(true);
    case 'B':
    case 'H':
    case 'I':
    case 'L':
    case 'Q':
    case 'N':
      return integer(false);
    case 'e':
      return DType::float16;
    case 'f':
      return DType::float32;
    case 'd':
      return DType::float64;
    default:
      return {};
  }
}

/// The buffer's elements as a tensor; undefined if its format has no dtype here.
Tensor from_buffer(PyObject* o, bool copy) {
  auto held = std::make_unique<HeldBuffer>();
  if (PyObject_GetBuffer(o, &held->view, PyBUF_STRIDED_RO | PyBUF_FORMAT) != 0) {
    PyErr_Clear();
    held->view.obj = nullptr;  // nothing was acquired
    return {};
  }
  const Py_buffer& view = held->view;
  const auto dtype = dtype_of_format(view.format, view.itemsize);
  if (!dtype) return {};
  if (view.ndim > Shape::max_rank)
    fail<linnet::ShapeError>("convert_to_tensor", "rank ", view.ndim, " is more than ",
                             Shape::max_rank);
  Shape shape, strides;
  bool whole = true;  // strides are multiples of the item size
  for (int i = 0; i < view.ndim; ++i) {
    shape.push_back(view.shape[i]);
    whole = whole && view.strides[i] % view.itemsize == 0;
    strides.push_back(view.strides[i] / view.itemsize);
  }
  whole =
      whole &&
      reinterpret_cast<std::uintptr_t>(view.buf) % static_cast<std::uintptr_t>(view.itemsize) == 0;
  if (copy && whole && linnet::is_dense(shape, strides)) {
    Tensor t = linnet::detail::empty({shape, *dtype, linnet::cpu});
    const ReleaseIfLarge release(static_cast<std::int64_t>(view.len) / 4);
    if (view.len > 0) std::memcpy(t.impl()->data, view.buf, static_cast<std::size_t>(view.len));
    return t;
  }
  if (!whole) {
    Tensor t = linnet::detail::empty({shape, *dtype, linnet::cpu});
    if (PyBuffer_ToContiguous(t.impl()->data, &held->view, view.len, 'C') != 0)
      throw py::error_already_set();
    return t;
  }
  // The buffer lives as long as the tensor's storage.
  py::capsule owner(held.get(), [](void* p) { delete static_cast<HeldBuffer*>(p); });
  void* data = view.buf;
  held.release();
  PyObject* raw = owner.release().ptr();
  const Tensor t =
      linnet::adopt_strided(data, shape, strides, *dtype, [raw] { release_reference(raw); });
  return copy ? linnet::detail::dense(t) : t;
}

std::optional<DType> number_dtype(PyObject* o) {
  if (PyBool_Check(o)) return DType::boolean;
  if (PyFloat_CheckExact(o)) return DType::float32;
  if (PyLong_CheckExact(o)) return DType::int32;
  return {};
}

/// The dtype of a number that stands alone.
DType natural_dtype(const Scalar& s) {
  switch (s.kind()) {
    case Scalar::Kind::bool_:
      return DType::boolean;
    case Scalar::Kind::floating:
      return DType::float32;
    case Scalar::Kind::unsigned_integer:
      return DType::uint64;
    default: {
      const auto v = s.as<std::int64_t>();
      return v == static_cast<std::int32_t>(v) ? DType::int32 : DType::int64;
    }
  }
}

void require_fits(const Scalar& s, DType t) {
  if (s.is_floating() && !linnet::is_floating(t))
    fail<linnet::DTypeError>("convert_to_tensor", "a float where ", linnet::to_string(t),
                             " is expected");
}

/// What a nested list holds: numbers are counted apart, since many of them are the usual case.
struct ListShape {
  Shape shape;
  bool has_tensors = false;
};

void measure(PyObject* o, ListShape& out, int depth) {
  if (!is_list(o)) {
    if (!number_dtype(o) && !PyLong_Check(o) && !PyFloat_Check(o)) out.has_tensors = true;
    return;
  }
  if (depth == Shape::max_rank)
    fail<linnet::ShapeError>("convert_to_tensor", "a list is nested more than ", Shape::max_rank,
                             " deep");
  const Py_ssize_t n = PySequence_Fast_GET_SIZE(o);
  out.shape.push_back(n);
  if (n > 0) measure(PySequence_Fast_GET_ITEM(o, 0), out, depth + 1);
}

[[noreturn]] void ragged() {
  fail<linnet::ShapeError>("convert_to_tensor",
                           "a list's parts differ in shape: expected a rectangular list");
}

bool collect(PyObject* o, const Shape& shape, int depth, std::vector<Scalar>& out) {
  if (depth == shape.rank()) {
    if (PyFloat_Check(o)) {
      out.emplace_back(PyFloat_AS_DOUBLE(o));
    } else if (PyBool_Check(o)) {
      out.emplace_back(o == Py_True);
    } else if (PyLong_Check(o)) {
      out.push_back(integer_scalar(o));
    } else if (is_list(o)) {
      ragged();
    } else {
      return false;  // a tensor or array further on
    }
    return true;
  }
  if (!is_list(o)) {
    if (number_dtype(o)) ragged();
    return false;
  }
  if (PySequence_Fast_GET_SIZE(o) != shape[depth]) ragged();
  for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(o); ++i)
    if (!collect(PySequence_Fast_GET_ITEM(o, i), shape, depth + 1, out)) return false;
  return true;
}

template <class T>
void store(const std::vector<Scalar>& values, void* out) {
  T* p = static_cast<T*>(out);
  for (const Scalar& s : values) *p++ = s.as<T>();
}

Tensor from_scalars(const std::vector<Scalar>& values, const Shape& shape,
                    std::optional<DType> dtype) {
  DType natural = values.empty() ? DType::float32 : DType::boolean;
  for (const Scalar& s : values) {
    const DType d = natural_dtype(s);
    natural = linnet::is_floating(d) || linnet::is_floating(natural)
                  ? DType::float32
                  : linnet::promote_types(natural, d);
    if (dtype) require_fits(s, *dtype);
  }
  const DType t = dtype.value_or(natural);
  const bool wide = linnet::is_floating(t) ? t == DType::float64 : true;
  if (linnet::is_floating(t)) {
    Tensor x = linnet::detail::empty({shape, wide ? DType::float64 : DType::float32, linnet::cpu});
    wide ? store<double>(values, x.impl()->data) : store<float>(values, x.impl()->data);
    return linnet::cast(x, t);
  }
  const DType held = t == DType::uint64 ? t : DType::int64;
  Tensor x = linnet::detail::empty({shape, held, linnet::cpu});
  held == DType::uint64 ? store<std::uint64_t>(values, x.impl()->data)
                        : store<std::int64_t>(values, x.impl()->data);
  return linnet::cast(x, t);
}

Tensor convert(py::handle value, std::optional<DType> dtype, bool copy);

Tensor from_list(PyObject* o, std::optional<DType> dtype) {
  ListShape list;
  measure(o, list, 0);
  if (!list.has_tensors) {
    std::vector<Scalar> values;
    if (collect(o, list.shape, 0, values)) {
      const linnet::EagerScope eager;
      return from_scalars(values, list.shape, dtype);
    }
  }
  std::vector<Tensor> parts;
  for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(o); ++i) {
    parts.push_back(convert(PySequence_Fast_GET_ITEM(o, i), dtype, true));
    if (parts.size() > 1 && !(parts.back().shape() == parts.front().shape())) ragged();
  }
  DType common = parts.front().dtype();
  for (const Tensor& p : parts) common = linnet::promote_types(common, p.dtype());
  for (Tensor& p : parts) p = linnet::cast(p, common);
  return linnet::stack(parts, 0);
}

Tensor from_array_method(py::handle value, bool copy) {
  if (!py::hasattr(value, "__array__") || PyType_Check(value.ptr())) return {};
  const py::object array = value.attr("__array__")();
  if (Tensor t = from_buffer(array.ptr(), copy); t.defined()) return t;
  const auto name = py::str(array.attr("dtype")).cast<std::string>();
  if (name == "bfloat16") {
    const Tensor bits = from_buffer(array.attr("view")("uint16").ptr(), true);
    return linnet::adopt(bits.impl()->data, bits.shape(), DType::bfloat16, [bits] {});
  }
  if (name == "object") {  // a column of lists or numbers, as in a DataFrame
    return convert(array.attr("tolist")(), {}, true);
  }
  fail<linnet::DTypeError>("convert_to_tensor", "an array of dtype ", name, " has no tensor dtype");
}

Tensor number_tensor(const Scalar& s, std::optional<DType> dtype) {
  if (dtype) require_fits(s, *dtype);
  const linnet::EagerScope eager;
  return linnet::full({}, s, dtype.value_or(natural_dtype(s)));
}

Tensor convert(py::handle value, std::optional<DType> dtype, bool copy) {
  PyObject* o = value.ptr();
  const auto with_dtype = [&](const Tensor& t) { return dtype ? linnet::cast(t, *dtype) : t; };
  if (is_tensor(o)) return with_dtype(tensor_of(o));
  if (is_variable(o)) return with_dtype(value.cast<Variable&>().value());
  if (PyFloat_CheckExact(o)) return number_tensor(Scalar(PyFloat_AS_DOUBLE(o)), dtype);
  if (PyBool_Check(o)) return number_tensor(Scalar(o == Py_True), dtype);
  if (PyLong_CheckExact(o)) return number_tensor(integer_scalar(o), dtype);
  if (is_list(o)) return from_list(o, dtype);
  if (PyObject_CheckBuffer(o) && !PyBytes_Check(o) && !PyByteArray_Check(o))
    if (Tensor t = from_buffer(o, copy); t.defined()) return with_dtype(t);
  if (Tensor t = from_array_method(value, copy); t.defined()) return with_dtype(t);
  if (PyObject_TypeCheck(o, &PyRange_Type))
    return convert(py::module_::import("builtins").attr("list")(value), dtype, copy);
  fail<linnet::DTypeError>("convert_to_tensor", "cannot make a tensor of a value of type '",
                           Py_TYPE(o)->tp_name, "'");
}

}  // namespace

Scalar integer_scalar(PyObject* o) {
  int overflow = 0;
  const long long v = PyLong_AsLongLongAndOverflow(o, &overflow);
  if (overflow == 0) {
    if (v == -1 && PyErr_Occurred()) throw py::error_already_set();
    return Scalar(static_cast<std::int64_t>(v));
  }
  if (overflow > 0) {
    const unsigned long long u = PyLong_AsUnsignedLongLong(o);
    if (!PyErr_Occurred()) return Scalar(static_cast<std::uint64_t>(u));
    PyErr_Clear();
  }
  fail<linnet::ValueError>("convert_to_tensor", "the integer does not fit 64 bits");
}

Tensor as_tensor(py::handle value, std::optional<DType> dtype) {
  return convert(value, dtype, true);
}
Tensor as_tensor_in_place(py::handle value, std::optional<DType> dtype) {
  return convert(value, dtype, false);
}

Tensor as_tensor_beside(py::handle value, DType neighbour) {
  if (is_tensor(value.ptr()) || is_variable(value.ptr())) return as_tensor(value);
  const Tensor t = convert(value, {}, true);
  return linnet::is_floating(neighbour) ? linnet::cast(t, neighbour) : t;
}

bool is_convertible(PyObject* o) {
  if (is_tensor(o) || is_variable(o) || number_dtype(o) || is_list(o)) return true;
  if (PyUnicode_Check(o) || PyBytes_Check(o) || PyByteArray_Check(o) || PyType_Check(o))
    return false;
  return PyObject_CheckBuffer(o) || PyObject_HasAttrString(o, "__array__");
}

std::optional<Scalar> as_scalar(PyObject* o) {
  if (PyFloat_Check(o)) return Scalar(PyFloat_AS_DOUBLE(o));
  if (PyBool_Check(o)) return Scalar(o == Py_True);
  if (PyLong_Check(o)) return integer_scalar(o);
  return {};
}

bool load_arg(PyObject* o, const Tensor* neighbour, Arg& out) {
  if (is_tensor(o)) {
    out.tensor = tensor_of(o);
    return true;
  }
  if (is_variable(o)) {
    out.tensor = py::handle(o).cast<Variable&>().value();
    return true;
  }
  if (const auto s = as_scalar(o)) {
    if (neighbour) {
      out.scalar = *s;
      out.is_scalar = true;
    } else {
      out.tensor = number_tensor(*s, {});
    }
    return true;
  }
  if (!is_convertible(o)) return false;
  out.tensor = neighbour ? as_tensor_beside(o, neighbour->dtype()) : as_tensor(o);
  return true;
}

Tensor call_binary(Binary f, PyObject* a, PyObject* b) {
  Arg x, y;
  if (is_tensor(b) || is_variable(b)) {
    if (!load_arg(b, nullptr, y) || !load_arg(a, &y.tensor, x)) return {};
  } else {
    if (!load_arg(a, nullptr, x) || !load_arg(b, &x.tensor, y)) return {};
  }
  const FoldIntegers fold{&x.tensor, &y.tensor};
  const ReleaseIfLarge release(std::max(x.size(), y.size()));
  return f(x.operand(), y.operand());
}

py::object to_numpy(const Tensor& x, bool copy) {
  const py::module_ numpy = py::module_::import("numpy");
  if (x.dtype() == DType::bfloat16) return to_numpy(linnet::cast(x, DType::float32), copy);
  const py::object view = numpy.attr("asarray")(
      py::reinterpret_steal<py::object>(PyMemoryView_FromObject(wrapped(x).ptr())));
  return copy ? py::object(view.attr("copy")()) : view;
}

}  // namespace linnet_python
