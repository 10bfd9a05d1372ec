#include <pybind11/stl.h>

#include "common.hpp"

/// Inference with 8-bit integers; operands in ONNX's order.
namespace linnet_python {
namespace {

using Optional = std::optional<Tensor>;

linnet::Activation activation_of(const char* op, const py::object& name) {
  if (name.is_none()) return linnet::Activation::none;
  const auto text = name.cast<std::string>();
  for (auto a : {linnet::Activation::none, linnet::Activation::relu, linnet::Activation::tanh,
                 linnet::Activation::sigmoid})
    if (text == linnet::to_string(a)) return a;
  fail<linnet::ValueError>(op, "activation: expected none, relu, tanh or sigmoid, got ", text);
}

/// One number or two.
linnet::Size2D size_of(const py::object& value) {
  if (PyLong_Check(value.ptr())) return value.cast<int>();
  const auto [h, w] = value.cast<std::pair<int, int>>();
  return {h, w};
}

Tensor quantized_matmul(const Tensor& a, const Tensor& a_scale, const Optional& a_zero_point,
                        const Tensor& b, const Tensor& b_scale, const Optional& bias,
                        const py::object& activation, const Optional& output_scale,
                        const Optional& output_zero_point) {
  const linnet::Activation f = activation_of("quantized_matmul", activation);
  const ReleaseIfLarge release(a.size() + b.size());
  return linnet::quantized_matmul({a, a_scale, a_zero_point.value_or(Tensor())}, {b, b_scale},
                                  {.bias = bias.value_or(Tensor()),
                                   .activation = f,
                                   .output_scale = output_scale.value_or(Tensor()),
                                   .output_zero_point = output_zero_point.value_or(Tensor())});
}

Tensor quantized_conv2d(const Tensor& x, const Tensor& x_scale, const Optional& x_zero_point,
                        const Tensor& kernel, const Tensor& kernel_scale, const py::object& strides,
                        const std::string& padding, const py::object& dilations, int groups,
                        const Optional& bias, const py::object& activation,
                        const Optional& output_scale, const Optional& output_zero_point) {
  const linnet::Activation f = activation_of("quantized_conv2d", activation);
  const linnet::Size2D s = size_of(strides), d = size_of(dilations);
  std::string kind = padding;
  for (char& c : kind) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const ReleaseIfLarge release(x.size() + kernel.size());
  return linnet::quantized_conv2d({x, x_scale, x_zero_point.value_or(Tensor())},
                                  {kernel, kernel_scale},
                                  {.strides = s,
                                   .padding = kind,
                                   .dilations = d,
                                   .groups = groups,
                                   .bias = bias.value_or(Tensor()),
                                   .activation = f,
                                   .output_scale = output_scale.value_or(Tensor()),
                                   .output_zero_point = output_zero_point.value_or(Tensor())});
}

}  // namespace

void register_quantization(py::module_& m) {
  const auto none = py::none();
  m.def(
      "quantize",
      [](const Tensor& x, const Tensor& scale, const Optional& zero_point, int axis, DType dtype) {
        const ReleaseIfLarge release(x.size());
        return linnet::quantize(
            x, scale, {.zero_point = zero_point.value_or(Tensor()), .axis = axis, .dtype = dtype});
      },
      py::arg("x"), py::arg("scale"), py::arg("zero_point") = none, py::arg("axis") = -1,
      py::arg("dtype") = "uint8", docstring("quantize"));
  m.def(
      "dequantize",
      [](const Tensor& x, const Tensor& scale, const Optional& zero_point, int axis) {
        const ReleaseIfLarge release(x.size());
        return linnet::dequantize(x, scale,
                                  {.zero_point = zero_point.value_or(Tensor()), .axis = axis});
      },
      py::arg("x"), py::arg("scale"), py::arg("zero_point") = none, py::arg("axis") = -1,
      docstring("dequantize"));
  m.def("quantized_matmul", quantized_matmul, py::arg("a"), py::arg("a_scale"),
        py::arg("a_zero_point"), py::arg("b"), py::arg("b_scale"), py::arg("bias") = none,
        py::arg("activation") = none, py::arg("output_scale") = none,
        py::arg("output_zero_point") = none, docstring("quantized_matmul"));
  m.def("quantized_conv2d", quantized_conv2d, py::arg("x"), py::arg("x_scale"),
        py::arg("x_zero_point"), py::arg("kernel"), py::arg("kernel_scale"), py::arg("strides") = 1,
        py::arg("padding") = "VALID", py::arg("dilations") = 1, py::arg("groups") = 1,
        py::arg("bias") = none, py::arg("activation") = none, py::arg("output_scale") = none,
        py::arg("output_zero_point") = none, docstring("quantized_conv2d"));
}

}  // namespace linnet_python
