#include <pybind11/stl.h>

#include "common.hpp"

/// Ops that are no elementwise rows: one line each.
namespace linnet_python {
namespace {

using linnet::Axes;
using Reduce = Tensor (*)(const Tensor&, const linnet::ReduceOptions&);

void reduction(py::module_& m, const char* name, const char* cpp_name, Reduce f) {
  m.def(
      name,
      [f](const Tensor& x, const Axes& axis, bool keepdims, const py::object&) {
        const ReleaseIfLarge release(x.size());
        return f(x, {.axis = axis, .keepdims = keepdims});
      },
      py::arg("input_tensor"), py::arg("axis") = py::none(), py::arg("keepdims") = false,
      py::arg("name") = py::none(), docstring(cpp_name));
}

template <class F>
void index_of(py::module_& m, const char* name, F f) {
  m.def(
      name,
      [f](const Tensor& x, const py::object& axis, const py::object& type, const py::object&) {
        const ReleaseIfLarge release(x.size());
        const Tensor i = f(x, axis.is_none() ? 0 : axis.cast<int>());
        return type.is_none() ? i : linnet::cast(i, parse_dtype(type));
      },
      py::arg("input"), py::arg("axis") = py::none(), py::arg("output_type") = py::none(),
      py::arg("name") = py::none(), docstring(name));
}

Tensor matmul(py::handle left, py::handle right, bool transpose_a, bool transpose_b,
              const py::object&) {
  Tensor a, b;
  if (is_tensor(right.ptr()) || is_variable(right.ptr())) {
    b = as_tensor(right);
    a = as_tensor_beside(left, b.dtype());
  } else {
    a = as_tensor(left);
    b = as_tensor_beside(right, a.dtype());
  }
  const ReleaseIfLarge release(a.size() + b.size());
  return linnet::matmul(a, b, {.transpose_a = transpose_a, .transpose_b = transpose_b});
}

linnet::Size2D size_2d(const py::object& value, const char* what) {
  if (PyLong_Check(value.ptr())) return value.cast<int>();
  const auto list = value.cast<std::vector<int>>();
  if (list.size() == 1) return list[0];
  if (list.size() == 2) return {list[0], list[1]};
  if (list.size() == 4 && list[0] == 1 && list[3] == 1) return {list[1], list[2]};
  fail<linnet::ValueError>(what, "expected one number or two, got ", list.size());
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

template <class F>
void pooling(py::module_& m, const char* name, const char* cpp_name, F f) {
  m.def(
      name,
      [f](const Tensor& x, const py::object& window, const py::object& strides,
          const std::string& padding, const py::object&) {
        const linnet::Size2D w = size_2d(window, "pool"), s = size_2d(strides, "pool");
        const std::string kind = lower(padding);
        const ReleaseIfLarge release(x.size());
        return f(x, w, linnet::Pool2DOptions{.strides = s, .padding = kind});
      },
      py::arg("input"), py::arg("ksize"), py::arg("strides"), py::arg("padding"),
      py::arg("name") = py::none(), docstring(cpp_name));
}

void register_losses(py::module_& m) {
  m.def("_mean_squared_error", linnet::mean_squared_error, docstring("mean_squared_error"));
  m.def("_sparse_crossentropy", [](const Tensor& labels, const Tensor& logits) {
    return linnet::sparse_categorical_crossentropy(labels, logits, {.from_logits = true});
  });
  m.def("_categorical_crossentropy", [](const Tensor& labels, const Tensor& logits) {
    return linnet::categorical_crossentropy(labels, logits, {.from_logits = true});
  });
}

}  // namespace

void register_ops(py::module_& m) {
  reduction(m, "reduce_sum", "sum", linnet::sum);
  reduction(m, "reduce_mean", "mean", linnet::mean);
  reduction(m, "reduce_prod", "prod", linnet::prod);
  reduction(m, "reduce_max", "max", linnet::max);
  reduction(m, "reduce_min", "min", linnet::min);
  reduction(m, "reduce_variance", "variance", linnet::variance);
  reduction(m, "reduce_std", "stddev", linnet::stddev);
  reduction(m, "reduce_logsumexp", "logsumexp", linnet::logsumexp);
  reduction(m, "reduce_euclidean_norm", "norm", linnet::norm);
  reduction(m, "reduce_any", "reduce_any", linnet::reduce_any);
  reduction(m, "reduce_all", "reduce_all", linnet::reduce_all);
  index_of(m, "argmax", linnet::argmax);
  index_of(m, "argmin", linnet::argmin);
  m.def("matmul", matmul, py::arg("a"), py::arg("b"), py::arg("transpose_a") = false,
        py::arg("transpose_b") = false, py::arg("name") = py::none(), docstring("matmul"));
  m.def(
      "softmax",
      [](const Tensor& x, int axis, const py::object&) {
        const ReleaseIfLarge release(x.size());
        return linnet::softmax(x, axis);
      },
      py::arg("logits"), py::arg("axis") = -1, py::arg("name") = py::none(), docstring("softmax"));
  m.def(
      "log_softmax",
      [](const Tensor& x, int axis, const py::object&) {
        const ReleaseIfLarge release(x.size());
        return linnet::log_softmax(x, axis);
      },
      py::arg("logits"), py::arg("axis") = -1, py::arg("name") = py::none(),
      docstring("log_softmax"));
  m.def(
      "scaled_dot_product_attention",
      [](const Tensor& q, const Tensor& k, const Tensor& v, const std::optional<Tensor>& mask,
         double dropout, bool causal, const std::optional<double>& scale) {
        const ReleaseIfLarge release(q.size() + k.size());
        return linnet::scaled_dot_product_attention(q, k, v,
                                                    {.mask = mask.value_or(Tensor()),
                                                     .is_causal = causal,
                                                     .dropout = dropout,
                                                     .scale = scale});
      },
      py::arg("query"), py::arg("key"), py::arg("value"), py::arg("attn_mask") = py::none(),
      py::arg("dropout_p") = 0.0, py::arg("is_causal") = false, py::arg("scale") = py::none(),
      docstring("scaled_dot_product_attention"));
  m.def(
      "gather",
      [](const Tensor& x, const Tensor& indices, int axis, const py::object&) {
        const ReleaseIfLarge release(x.size());
        return linnet::gather(x, indices, axis);
      },
      py::arg("params"), py::arg("indices"), py::arg("axis") = 0, py::arg("name") = py::none(),
      docstring("gather"));
  m.def(
      "one_hot",
      [](const Tensor& indices, std::int64_t depth, double on, double off, DType dtype,
         const py::object&) {
        return linnet::one_hot(indices, depth, {.on_value = on, .off_value = off, .dtype = dtype});
      },
      py::arg("indices"), py::arg("depth"), py::arg("on_value") = 1, py::arg("off_value") = 0,
      py::arg("dtype") = "float32", py::arg("name") = py::none(), docstring("one_hot"));
  m.def(
      "conv2d",
      [](const Tensor& x, const Tensor& kernel, const py::object& strides,
         const std::string& padding, const py::object& dilations, int groups, const py::object&) {
        const linnet::Size2D s = size_2d(strides, "conv2d"), d = size_2d(dilations, "conv2d");
        const std::string kind = lower(padding);
        const ReleaseIfLarge release(x.size());
        return linnet::conv2d(x, kernel,
                              {.strides = s, .padding = kind, .dilations = d, .groups = groups});
      },
      py::arg("input"), py::arg("filters"), py::arg("strides") = 1, py::arg("padding") = "VALID",
      py::arg("dilations") = 1, py::arg("groups") = 1, py::arg("name") = py::none(),
      docstring("conv2d"));
  pooling(m, "max_pool2d", "max_pool2d", linnet::max_pool2d);
  pooling(m, "avg_pool2d", "avg_pool2d", linnet::avg_pool2d);
  register_losses(m);
  m.def(
      "stop_gradient", [](const Tensor& x, const py::object&) { return linnet::stop_gradient(x); },
      py::arg("input"), py::arg("name") = py::none(), docstring("stop_gradient"));
}

}  // namespace linnet_python
