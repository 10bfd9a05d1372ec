#include <pybind11/stl.h>

#include "common.hpp"

/// Ops on shapes, and tensors of given values.
namespace linnet_python {
namespace {

std::vector<int> int_list(py::handle value, const char* op) {
  std::vector<int> out;
  for (const std::int64_t d : parse_shape(value, op)) {
    if (d < std::numeric_limits<int>::min() || d > std::numeric_limits<int>::max())
      fail<linnet::ValueError>(op, d, " is out of range");
    out.push_back(static_cast<int>(d));
  }
  return out;
}

/// Tensors of one dtype: numbers and arrays take the first tensor's.
std::vector<Tensor> tensor_list(py::handle values, const char* op) {
  if (is_tensor(values.ptr())) return linnet::unstack(tensor_of(values.ptr()), 0);
  if (!py::isinstance<py::sequence>(values))
    fail<linnet::DTypeError>(op, "expected a list of tensors");
  std::optional<DType> first;
  const py::list list(py::reinterpret_borrow<py::object>(values));  // an array makes its items anew
  for (py::handle h : list)
    if (!first && (is_tensor(h.ptr()) || is_variable(h.ptr()))) first = as_tensor(h).dtype();
  std::vector<Tensor> out;
  for (py::handle h : list) out.push_back(first ? as_tensor_beside(h, *first) : as_tensor(h));
  return out;
}

Tensor pad(const Tensor& x, py::handle paddings, const std::string& mode, py::handle value,
           const py::object&) {
  if (mode != "CONSTANT" && mode != "constant")
    fail<linnet::NotSupportedError>("pad", "mode '", mode, "': only CONSTANT is there");
  const Tensor widths = as_tensor(paddings);
  if (widths.rank() != 2 || widths.dim(1) != 2 || !linnet::is_integer(widths.dtype()))
    fail<linnet::ShapeError>("pad", "paddings: expected integers [rank, 2], got shape ",
                             widths.shape());
  const std::vector<std::int64_t> w = widths.to_vector<std::int64_t>();
  std::vector<std::pair<int, int>> pairs;
  for (std::size_t i = 0; i + 1 < w.size(); i += 2) {
    for (const std::int64_t n : {w[i], w[i + 1]})
      if (n < 0 || n > std::numeric_limits<int>::max())
        fail<linnet::ValueError>("pad", "a padding of ", n, " is out of range");
    pairs.emplace_back(static_cast<int>(w[i]), static_cast<int>(w[i + 1]));
  }
  const auto s = as_scalar(value.ptr());
  if (!s) fail<linnet::DTypeError>("pad", "constant_values: expected a number");
  return linnet::pad(x, pairs, *s);
}

/// Any number of them: no Shape, which ends at a tensor's greatest rank.
std::vector<std::int64_t> piece_sizes(py::handle parts) {
  const bool list = py::isinstance<py::list>(parts) || py::isinstance<py::tuple>(parts);
  if (!list) return as_tensor(parts).to_vector<std::int64_t>();
  std::vector<std::int64_t> sizes;
  for (py::handle h : py::reinterpret_borrow<py::sequence>(parts))
    sizes.push_back(as_tensor(h).item<std::int64_t>());
  return sizes;
}

std::vector<Tensor> split(const Tensor& x, py::handle parts, int axis, const py::object&,
                          const py::object&) {
  if (PyLong_Check(parts.ptr())) return linnet::split(x, parts.cast<int>(), axis);
  const std::vector<std::int64_t> sizes = piece_sizes(parts);
  const int a = linnet::normalize_axis("split", axis, x.rank());
  std::int64_t at = 0, total = 0, unknown = 0;
  for (const std::int64_t n : sizes) {
    if (n < -1 || n > x.dim(a))
      fail<linnet::ShapeError>("split", "a part of ", n, " of an axis of extent ", x.dim(a));
    n < 0 ? ++unknown : total += n;
  }
  if (unknown > 1 || total > x.dim(a) || (unknown == 0 && total != x.dim(a)))
    fail<linnet::ShapeError>("split", sizes.size(), " sizes of ", total,
                             " together do not add up to ", x.dim(a));
  std::vector<Tensor> out;
  for (const std::int64_t n : sizes) {
    const std::int64_t length = n < 0 ? x.dim(a) - total : n;
    out.push_back(linnet::narrow(x, a, at, length));
    at += length;
  }
  return out;
}

Tensor squeeze(Tensor x, const py::object& axis, const py::object&) {
  if (axis.is_none()) return linnet::squeeze(x);
  std::vector<int> axes;
  for (const int a : int_list(axis, "squeeze"))
    axes.push_back(linnet::normalize_axis("squeeze", a, x.rank()));
  std::sort(axes.rbegin(), axes.rend());
  for (const int a : axes) x = linnet::squeeze(x, a);
  return x;
}

Tensor range(py::handle start, py::handle limit, py::handle delta, const py::object& dtype,
             const py::object&) {
  const auto number = [](py::handle h) {
    Scalar s;
    if (const auto direct = as_scalar(h.ptr())) {
      s = *direct;
    } else {
      const Tensor t = as_tensor(h);
      s = linnet::is_floating(t.dtype()) ? Scalar(t.item<double>())
                                         : Scalar(t.item<std::int64_t>());
    }
    return s;
  };
  const bool one = limit.is_none();
  const Scalar first = one ? Scalar(0) : number(start), last = number(one ? start : limit),
               step = number(delta);
  const bool floating = first.is_floating() || last.is_floating() || step.is_floating();
  const DType t = dtype.is_none() ? (floating ? DType::float32 : DType::int32) : parse_dtype(dtype);
  return linnet::arange(first, last, step, t);
}

Tensor fill(const Shape& dims, py::handle value, const py::object&) {
  if (const auto s = as_scalar(value.ptr())) {
    const DType t = s->is_floating()                     ? DType::float32
                    : s->kind() == Scalar::Kind::bool_ ? DType::boolean
                                                         : as_tensor(value).dtype();
    return linnet::full(dims, *s, t);
  }
  return linnet::broadcast_to(as_tensor(value), dims);
}

template <class F>
void like(py::module_& m, const char* name, F f) {
  m.def(
      name,
      [f](const Tensor& x, const py::object& dtype, const py::object&) {
        const Tensor y = f(x);
        return dtype.is_none() ? y : linnet::cast(y, parse_dtype(dtype));
      },
      py::arg("input"), py::arg("dtype") = py::none(), py::arg("name") = py::none(),
      docstring("full_like"));
}

void register_creation(py::module_& m) {
  const auto of_value = [&m](const char* name, Tensor (*f)(const Shape&, DType)) {
    m.def(
        name, [f](const Shape& s, DType t, const py::object&) { return f(s, t); }, py::arg("shape"),
        py::arg("dtype") = "float32", py::arg("name") = py::none(), docstring("full"));
  };
  of_value("zeros", linnet::zeros);
  of_value("ones", linnet::ones);
  like(m, "zeros_like", linnet::zeros_like);
  like(m, "ones_like", linnet::ones_like);
  m.def("fill", fill, py::arg("dims"), py::arg("value"), py::arg("name") = py::none(),
        docstring("full"));
  m.def("range", range, py::arg("start"), py::arg("limit") = py::none(), py::arg("delta") = 1,
        py::arg("dtype") = py::none(), py::arg("name") = py::none(), docstring("arange"));
  m.def(
      "linspace",
      [](py::handle start, py::handle stop, std::int64_t num, const py::object&) {
        const Tensor a = as_tensor(start), b = as_tensor(stop);
        const bool wide = a.dtype() == DType::float64 || !linnet::is_floating(a.dtype());
        return linnet::linspace(a.item<double>(), b.item<double>(), num,
                                wide ? DType::float64 : DType::float32);
      },
      py::arg("start"), py::arg("stop"), py::arg("num"), py::arg("name") = py::none(),
      docstring("linspace"));
  m.def(
      "eye",
      [](std::int64_t rows, const std::optional<std::int64_t>& columns, DType t,
         const py::object&) { return linnet::eye(rows, columns.value_or(-1), t); },
      py::arg("num_rows"), py::arg("num_columns") = py::none(), py::arg("dtype") = "float32",
      py::arg("name") = py::none(), docstring("eye"));
}

}  // namespace

void register_shape_ops(py::module_& m) {
  register_creation(m);
  const auto name = py::arg("name") = py::none();
  m.def(
      "reshape",
      [](const Tensor& x, const Shape& s, const py::object&) { return linnet::reshape(x, s); },
      py::arg("tensor"), py::arg("shape"), name, docstring("reshape"));
  m.def(
      "transpose",
      [](const Tensor& x, const py::object& perm, const py::object&) {
        return perm.is_none() ? linnet::transpose(x)
                              : linnet::transpose(x, int_list(perm, "transpose"));
      },
      py::arg("a"), py::arg("perm") = py::none(), name, docstring("transpose"));
  m.def(
      "expand_dims",
      [](const Tensor& x, int axis, const py::object&) { return linnet::expand_dims(x, axis); },
      py::arg("input"), py::arg("axis"), name, docstring("expand_dims"));
  m.def("squeeze", squeeze, py::arg("input"), py::arg("axis") = py::none(), name,
        docstring("squeeze"));
  m.def(
      "broadcast_to",
      [](const Tensor& x, const Shape& s, const py::object&) { return linnet::broadcast_to(x, s); },
      py::arg("input"), py::arg("shape"), name, docstring("broadcast_to"));
  m.def(
      "concat",
      [](py::handle values, int axis, const py::object&) {
        return linnet::concat(tensor_list(values, "concat"), axis);
      },
      py::arg("values"), py::arg("axis"), name, docstring("concat"));
  m.def(
      "stack",
      [](py::handle values, int axis, const py::object&) {
        return linnet::stack(tensor_list(values, "stack"), axis);
      },
      py::arg("values"), py::arg("axis") = 0, name, docstring("stack"));
  m.def(
      "unstack",
      [](const Tensor& x, const py::object& num, int axis, const py::object&) {
        const std::vector<Tensor> parts = linnet::unstack(x, axis);
        if (!num.is_none() && num.cast<std::size_t>() != parts.size())
          fail<linnet::ShapeError>("unstack", "num differs from the axis' extent ", parts.size());
        return parts;
      },
      py::arg("value"), py::arg("num") = py::none(), py::arg("axis") = 0, name,
      docstring("unstack"));
  m.def("split", split, py::arg("value"), py::arg("num_or_size_splits"), py::arg("axis") = 0,
        py::arg("num") = py::none(), name, docstring("split"));
  m.def("pad", pad, py::arg("tensor"), py::arg("paddings"), py::arg("mode") = "CONSTANT",
        py::arg("constant_values") = 0, name, docstring("pad"));
  m.def(
      "tile",
      [](const Tensor& x, py::handle multiples, const py::object&) {
        return linnet::tile(x, int_list(multiples, "tile"));
      },
      py::arg("input"), py::arg("multiples"), name, docstring("tile"));
  m.def(
      "reverse",
      [](Tensor x, py::handle axis, const py::object&) {
        for (const int a : int_list(axis, "reverse")) x = linnet::flip(x, a);
        return x;
      },
      py::arg("tensor"), py::arg("axis"), name, docstring("flip"));
}

}  // namespace linnet_python
