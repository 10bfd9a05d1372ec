#include <pybind11/stl.h>

#include "common.hpp"

/// Ops that sort, scan, scatter and contract.
namespace linnet_python {
namespace {

const py::arg_v no_name = py::arg("name") = py::none();

std::vector<std::int64_t> integers(py::handle value) {
  const Tensor t = as_tensor(value);
  if (!linnet::is_integer(t.dtype()))
    fail<linnet::DTypeError>("integers", "expected integers, got ", t.dtype());
  return t.to_vector<std::int64_t>();
}

std::vector<int> axis_list(py::handle value) {
  const std::vector<std::int64_t> wide = integers(value);
  return {wide.begin(), wide.end()};
}

bool is_descending(const std::string& direction) {
  if (direction != "ASCENDING" && direction != "DESCENDING")
    fail<linnet::ValueError>("sort", "direction '", direction,
                             "', expected 'ASCENDING' or 'DESCENDING'");
  return direction == "DESCENDING";
}

template <class F>
void scan(py::module_& m, const char* name, F f) {
  m.def(
      name,
      [f](const Tensor& x, int axis, bool exclusive, bool reverse, const py::object&) {
        const ReleaseIfLarge release(x.size());
        return f(x, {.axis = axis, .exclusive = exclusive, .reverse = reverse});
      },
      py::arg("x"), py::arg("axis") = 0, py::arg("exclusive") = false, py::arg("reverse") = false,
      no_name, docstring(name));
}

void register_order(py::module_& m) {
  scan(m, "cumsum", linnet::cumsum);
  scan(m, "cumprod", linnet::cumprod);
  m.def(
      "sort",
      [](const Tensor& x, int axis, const std::string& direction, const py::object&) {
        const bool down = is_descending(direction);
        const ReleaseIfLarge release(x.size());
        return linnet::sort(x, {.axis = axis, .descending = down});
      },
      py::arg("values"), py::arg("axis") = -1, py::arg("direction") = "ASCENDING", no_name,
      docstring("sort"));
  m.def(
      "argsort",
      [](const Tensor& x, int axis, const std::string& direction, bool, const py::object&) {
        const bool down = is_descending(direction);
        const ReleaseIfLarge release(x.size());
        return linnet::argsort(x, {.axis = axis, .descending = down});
      },
      py::arg("values"), py::arg("axis") = -1, py::arg("direction") = "ASCENDING",
      py::arg("stable") = false, no_name, docstring("argsort"));
  m.def("_top_k", [](const Tensor& x, std::int64_t k) {
    const ReleaseIfLarge release(x.size());
    linnet::TopK top = linnet::top_k(x, k);
    return std::pair(std::move(top.values), std::move(top.indices));
  });
  m.def("_unique", [](const Tensor& x) {
    linnet::Unique u = linnet::unique(x);
    return std::tuple(std::move(u.values), std::move(u.indices), std::move(u.counts));
  });
}

using Scatter = Tensor (*)(const Tensor&, const Tensor&, const Tensor&);

void scatter(py::module_& m, const char* name, Scatter f) {
  m.def(
      name,
      [f](const Tensor& x, const Tensor& indices, py::handle updates, const py::object&) {
        const Tensor u = as_tensor_beside(updates, x.dtype());
        const ReleaseIfLarge release(x.size());
        return f(x, indices, u);
      },
      py::arg("tensor"), py::arg("indices"), py::arg("updates"), no_name,
      docstring("tensor_scatter_nd_update"));
}

void register_places(py::module_& m) {
  m.def(
      "gather_nd",
      [](const Tensor& x, const Tensor& indices, int batch_dims, const py::object&) {
        const ReleaseIfLarge release(x.size());
        return linnet::gather_nd(x, indices, batch_dims);
      },
      py::arg("params"), py::arg("indices"), py::arg("batch_dims") = 0, no_name,
      docstring("gather_nd"));
  m.def(
      "scatter_nd",
      [](const Tensor& indices, const Tensor& updates, const Shape& shape, const py::object&) {
        return linnet::scatter_nd(indices, updates, shape);
      },
      py::arg("indices"), py::arg("updates"), py::arg("shape"), no_name, docstring("scatter_nd"));
  scatter(m, "tensor_scatter_nd_update", linnet::tensor_scatter_nd_update);
  scatter(m, "tensor_scatter_nd_add", linnet::tensor_scatter_nd_add);
  scatter(m, "tensor_scatter_nd_sub", linnet::tensor_scatter_nd_sub);
  scatter(m, "tensor_scatter_nd_min", linnet::tensor_scatter_nd_min);
  scatter(m, "tensor_scatter_nd_max", linnet::tensor_scatter_nd_max);
  m.def("take_along_axis", linnet::take_along_axis, py::arg("x"), py::arg("indices"),
        py::arg("axis") = -1, docstring("take_along_axis"));
  m.def(
      "roll",
      [](const Tensor& x, py::handle shift, py::handle axis, const py::object&) {
        return linnet::roll(x, integers(shift), axis_list(axis));
      },
      py::arg("input"), py::arg("shift"), py::arg("axis"), no_name, docstring("roll"));
  m.def(
      "repeat",
      [](const Tensor& x, py::handle repeats, const std::optional<int>& axis, const py::object&) {
        return linnet::repeat(axis ? x : linnet::flatten(x), integers(repeats), axis.value_or(0));
      },
      py::arg("input"), py::arg("repeats"), py::arg("axis") = py::none(), no_name,
      docstring("repeat"));
  m.def("_meshgrid", linnet::meshgrid);
}

Tensor tensordot(const Tensor& a, py::handle right, py::handle axes, const py::object&) {
  const Tensor b = as_tensor_beside(right, a.dtype());
  if (!is_list(axes.ptr()) && as_tensor(axes).rank() == 0)
    return linnet::tensordot(a, b, as_tensor(axes).item<int>());
  const auto both = py::reinterpret_borrow<py::sequence>(axes);
  if (both.size() != 2)
    fail<linnet::ValueError>("tensordot", "axes: expected a number or two lists");
  return linnet::tensordot(a, b, axis_list(py::object(both[0])), axis_list(py::object(both[1])));
}

void register_products(py::module_& m) {
  m.def("_einsum", [](const std::string& equation, const std::vector<Tensor>& tensors) {
    const ReleaseIfLarge release(tensors.empty() ? 0 : tensors[0].size());
    return linnet::einsum(equation, tensors);
  });
  m.def("tensordot", tensordot, py::arg("a"), py::arg("b"), py::arg("axes"), no_name,
        docstring("tensordot"));
  m.def(
      "matrix_solve",
      [](const Tensor& a, py::handle rhs, bool adjoint, const py::object&) {
        const Tensor b = as_tensor_beside(rhs, a.dtype());
        const ReleaseIfLarge release(a.size() * 16);
        return linnet::solve(a, b, adjoint);
      },
      py::arg("matrix"), py::arg("rhs"), py::arg("adjoint") = false, no_name, docstring("solve"));
  m.def(
      "matrix_inverse",
      [](const Tensor& a, bool adjoint, const py::object&) {
        const ReleaseIfLarge release(a.size() * 16);
        return linnet::inverse(adjoint ? linnet::swapaxes(a, -1, -2) : a);
      },
      py::arg("input"), py::arg("adjoint") = false, no_name, docstring("inverse"));
}

}  // namespace

void register_structured_ops(py::module_& m) {
  register_order(m);
  register_places(m);
  register_products(m);
}

}  // namespace linnet_python
