#include "common.hpp"

/// x[key].
namespace linnet_python {
namespace {

std::optional<std::int64_t> bound(PyObject* o) {
  if (o == Py_None) return {};
  const py::object index = py::reinterpret_steal<py::object>(PyNumber_Index(o));
  if (!index) throw py::error_already_set();
  int overflow = 0;
  const long long v = PyLong_AsLongLongAndOverflow(index.ptr(), &overflow);
  if (overflow) return overflow > 0 ? linnet::end : -linnet::end;
  return v;
}

/// Every linnet::Index an item can stand for; nothing for masks and lists.
std::optional<linnet::Index> basic_index(PyObject* o) {
  if (o == Py_None) return linnet::newaxis;
  if (o == Py_Ellipsis) return linnet::ellipsis;
  if (PySlice_Check(o)) {
    const auto* s = reinterpret_cast<PySliceObject*>(o);
    linnet::Slice slice;
    slice.start = bound(s->start);
    slice.stop = bound(s->stop);
    if (s->step != Py_None) slice.step = bound(s->step).value_or(1);
    return slice;
  }
  if (PyBool_Check(o)) return {};
  if (is_tensor(o) || is_variable(o) || PyObject_CheckBuffer(o)) {
    if (PyBytes_Check(o) || PyByteArray_Check(o)) return {};
    const Tensor t = as_tensor(o);
    if (t.rank() != 0 || !linnet::is_integer(t.dtype()) || t.is_traced()) return {};
    return linnet::Index(t.item<std::int64_t>());
  }
  if (!PyIndex_Check(o)) return {};
  const auto i = bound(o);
  if (!i) return {};
  return linnet::Index(*i);
}

Tensor mask_rows(const Tensor& x, const Tensor& mask) {
  if (mask.rank() == 0 || mask.rank() > x.rank())
    fail<linnet::ShapeError>("getitem", "a mask of shape ", mask.shape(),
                             " does not fit a tensor of shape ", x.shape());
  Shape rest;
  for (int i = 0; i < x.rank(); ++i) {
    if (i >= mask.rank())
      rest.push_back(x.dim(i));
    else if (x.dim(i) != mask.dim(i))
      fail<linnet::ShapeError>("getitem", "a mask of shape ", mask.shape(),
                               " does not fit a tensor of shape ", x.shape());
  }
  if (mask.is_traced())
    fail<linnet::CaptureError>("getitem",
                               "the shape of x[mask] depends on values, which a traced "
                               "function does not have: use where()");
  std::vector<std::int64_t> places;
  const std::vector<bool> keep = mask.to_vector<bool>();
  for (std::size_t i = 0; i < keep.size(); ++i)
    if (keep[i]) places.push_back(static_cast<std::int64_t>(i));
  Shape flat{mask.size()};
  for (const std::int64_t d : rest) flat.push_back(d);
  const auto n = static_cast<std::int64_t>(places.size());
  return linnet::gather(linnet::reshape(x, flat), linnet::from_vector(places, {n}), 0);
}

Tensor traced_index(const Tensor& x, const Tensor& i) {
  if (x.rank() == 0) fail<linnet::IndexError>("getitem", "a scalar tensor cannot be indexed");
  const Tensor n = linnet::full({}, x.dim(0), DType::int64);
  const Tensor wide = linnet::cast(i, DType::int64);
  return linnet::gather(x, linnet::where(wide < 0, wide + n, wide), 0);
}

}  // namespace

Tensor index_tensor(const Tensor& x, py::handle key) {
  const FoldIntegers fold{&x};
  std::vector<PyObject*> items;
  if (PyTuple_Check(key.ptr())) {
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(key.ptr()); ++i)
      items.push_back(PyTuple_GET_ITEM(key.ptr(), i));
  } else {
    items.push_back(key.ptr());
  }
  std::vector<linnet::Index> list;
  for (PyObject* o : items) {
    if (const auto index = basic_index(o)) {
      list.push_back(*index);
      continue;
    }
    if (items.size() == 1 && is_convertible(o) && !PyList_Check(o)) {
      const Tensor t = as_tensor(o);
      if (t.dtype() == DType::boolean) return mask_rows(x, t);
      if (t.rank() == 0 && linnet::is_integer(t.dtype())) return traced_index(x, t);
    }
    fail<linnet::DTypeError>("getitem",
                             "expected integers, slices, ..., newaxis or one boolean mask, got ",
                             Py_TYPE(o)->tp_name, " (use gather() for lists of indices)");
  }
  return x.at(list);
}

}  // namespace linnet_python
