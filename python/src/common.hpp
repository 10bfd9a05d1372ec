#pragma once

#include <pybind11/pybind11.h>

#include <linnet/autograd/tape_state.hpp>
#include <linnet/backend/apply.hpp>
#include <linnet/core/warning.hpp>
#include <linnet/linnet.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// What all translation units of the extension module share: Tensor objects, conversions.
namespace linnet_python {

namespace py = pybind11;
using linnet::DType;
using linnet::fail;
using linnet::Operand;
using linnet::Scalar;
using linnet::Shape;
using linnet::Tensor;
using linnet::Variable;

/// A Python object that holds a Tensor inline: allocating one costs less than an op.
struct PyTensor {
  PyObject_HEAD PyObject* weakrefs;
  Tensor value;
};
extern PyTypeObject* tensor_type;
extern PyTypeObject* variable_type;

inline bool is_tensor(PyObject* o) { return Py_TYPE(o) == tensor_type; }
inline bool is_variable(PyObject* o) {
  return Py_TYPE(o) == variable_type || PyType_IsSubtype(Py_TYPE(o), variable_type);
}
inline const Tensor& tensor_of(PyObject* o) { return reinterpret_cast<PyTensor*>(o)->value; }
/// A new reference; None for an undefined tensor.
PyObject* wrap(Tensor t);
inline py::object wrapped(Tensor t) {
  return py::reinterpret_steal<py::object>(wrap(std::move(t)));
}

/// Any Python value as a tensor: Tensor, Variable, number, anything with a buffer or `__array__`,
/// nested lists of these. Copies memory that Python could still write. Without `dtype` Python
/// floats become float32, ints int32 (int64 if they need it), arrays keep theirs. DTypeError for
/// what is none of these, ShapeError for ragged lists.
Tensor as_tensor(py::handle value, std::optional<DType> dtype = {});
/// The same, but an array's memory is used where it lies: for data that is read while a call lasts.
Tensor as_tensor_in_place(py::handle value, std::optional<DType> dtype = {});
/// A float tensor's neighbour takes its dtype unless it is a tensor itself.
Tensor as_tensor_beside(py::handle value, DType neighbour);
/// Whether as_tensor would look into it (not: whether it succeeds).
bool is_convertible(PyObject* o);
inline bool is_list(PyObject* o) { return PyList_Check(o) || PyTuple_Check(o); }
/// A Python int; ValueError if it does not fit 64 bits.
Scalar integer_scalar(PyObject* o);
/// A Python or NumPy number; nothing if it is none.
std::optional<Scalar> as_scalar(PyObject* o);
DType parse_dtype(py::handle value);
py::object dtype_object(DType t);
Shape parse_shape(py::handle value, const char* op, bool allow_unknown = false);
py::object shape_object(const Shape& s);
/// module.name as an object that lives as long as the process, for static variables.
PyObject* immortal(const char* module, const char* name);
/// Axes given as None, an integer or a sequence.
linnet::Axes parse_axes(py::handle value);
/// x[key] by NumPy's basic rules, and with boolean masks.
Tensor index_tensor(const Tensor& x, py::handle key);
/// The tensor's values as a NumPy array: a copy, or a read-only view of its memory.
py::object to_numpy(const Tensor& x, bool copy);
/// Drops a reference from any thread; without the GIL the drop is put off to the main thread.
void release_reference(PyObject* o) noexcept;
/// A Python object that C++ closures may copy and destroy on any thread.
class Shared {
 public:
  explicit Shared(py::object o)
      : object_(o.release().ptr(), [](PyObject* p) { release_reference(p); }) {}
  py::handle get() const { return object_.get(); }

 private:
  std::shared_ptr<PyObject> object_;
};

/// The comment of a public header's function; "" if there is none.
const char* docstring(const char* name);

/// Lets other Python threads run while an op works on many elements.
class ReleaseIfLarge {
 public:
  explicit ReleaseIfLarge(std::int64_t elements) {
    if (elements > 16384) release_.emplace();
  }

 private:
  std::optional<py::gil_scoped_release> release_;
};

/// Within its life a capture computes at once, if all operands are small concrete integers: shapes
/// and what is made of them stay known, to give them to reshape(), zeros() and range().
class FoldIntegers {
 public:
  explicit FoldIntegers(std::initializer_list<const Tensor*> operands) {
    if (!linnet::is_tracing()) return;
    for (const Tensor* t : operands)
      if (t->defined() &&
          (t->is_traced() || linnet::is_floating(t->dtype()) || t->size() > Shape::max_rank))
        return;
    scope_.emplace();
  }

 private:
  std::optional<linnet::EagerScope> scope_;
};

/// One operand of an elementwise op: a tensor or a number.
struct Arg {
  Tensor tensor;
  Scalar scalar;
  bool is_scalar = false;
  Operand operand() const { return is_scalar ? Operand(scalar) : Operand(tensor); }
  std::int64_t size() const { return is_scalar ? 0 : tensor.size(); }
};
/// False if `o` is not something to compute with. `neighbour`: the other operand, or null.
bool load_arg(PyObject* o, const Tensor* neighbour, Arg& out);
using Binary = Tensor (*)(const Operand&, const Operand&);
/// f of two Python values; undefined if one of them is not convertible.
Tensor call_binary(Binary f, PyObject* a, PyObject* b);

void register_errors(py::module_& m);
void register_interrupts(py::module_& m);
void register_dtypes(py::module_& m);
void register_tensor(py::module_& m);
void register_dlpack(py::module_& m);
void register_variable(py::module_& m);
void register_elementwise(py::module_& m);
void register_ops(py::module_& m);
void register_shape_ops(py::module_& m);
void register_structured_ops(py::module_& m);
void register_quantization(py::module_& m);
void register_random(py::module_& m);
void register_tape(py::module_& m);
void register_function(py::module_& m);
void register_control_flow(py::module_& m);
void register_python_call(py::module_& m);
void register_initializers_and_activations(py::module_& m);
void register_losses_and_metrics(py::module_& m);
void register_optimizers_and_schedules(py::module_& m);
void register_scores_and_constraints(py::module_& m);
void register_layers(py::module_& m);
void register_more_layers(py::module_& m);
void register_callbacks(py::module_& m);
void register_model(py::module_& m);
void register_data(py::module_& m);

/// The type slots that make arithmetic, comparison and indexing work on a type.
void set_number_slots(PyHeapTypeObject* type);
PyObject* rich_compare(PyObject* a, PyObject* b, int op);
PyObject* iterate(PyObject* a);

}  // namespace linnet_python

namespace pybind11::detail {

template <>
struct type_caster<linnet::Tensor> {
  PYBIND11_TYPE_CASTER(linnet::Tensor, const_name("linnet.Tensor"));
  bool load(handle src, bool convert) {
    if (linnet_python::is_tensor(src.ptr())) {
      value = linnet_python::tensor_of(src.ptr());
      return true;
    }
    if (!convert || src.is_none()) return false;
    value = linnet_python::as_tensor(src);
    return true;
  }
  static handle cast(const linnet::Tensor& t, return_value_policy, handle) {
    return linnet_python::wrap(t);
  }
};

template <>
struct type_caster<linnet::DType> {
  PYBIND11_TYPE_CASTER(linnet::DType, const_name("linnet.DType"));
  bool load(handle src, bool) {
    if (src.is_none()) return false;
    value = linnet_python::parse_dtype(src);
    return true;
  }
  static handle cast(linnet::DType t, return_value_policy, handle) {
    return linnet_python::dtype_object(t).release();
  }
};

template <>
struct type_caster<linnet::Shape> {
  PYBIND11_TYPE_CASTER(linnet::Shape, const_name("Sequence[int]"));
  bool load(handle src, bool) {
    if (src.is_none()) return false;
    value = linnet_python::parse_shape(src, "shape");
    return true;
  }
  static handle cast(const linnet::Shape& s, return_value_policy, handle) {
    return linnet_python::shape_object(s).release();
  }
};

template <>
struct type_caster<linnet::Axes> {
  PYBIND11_TYPE_CASTER(linnet::Axes, const_name("int | Sequence[int] | None"));
  bool load(handle src, bool) {
    value = linnet_python::parse_axes(src);
    return true;
  }
};

}  // namespace pybind11::detail
