#include "linnet/ops/quantization.hpp"

#include "linnet/core/creation.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/random.hpp"
#include "op_cases/op_case.hpp"
#include "op_cases/quantized_reference.hpp"

using namespace linnet;

namespace {

using Values = std::vector<double>;
using Tensors = std::vector<Tensor>;

Tensor bytes(const Shape& shape, DType t, std::uint64_t seed) {
  const int low = t == int8 ? -128 : 0;
  return cast(random_integers(shape, low, low + 256, {.generator = Generator(seed)}), t);
}

/// Scales are powers of two: the table's float64 reference is then exact in float32.
Tensor scales(std::initializer_list<double> values) { return tensor(values); }

OpCase row(const char* name, Tensors inputs, OpCase::Function f,
           std::function<Values(const Tensors&)> reference) {
  OpCase c{name, std::move(inputs), std::move(f)};
  c.reference_all = std::move(reference);
  c.gradient = c.second_order = false;
  return c;
}

Values quantized_channels(const Tensors& t, DType type) {
  const Values x = t[0].to_vector<double>(), s = t[1].to_vector<double>(),
               z = t[2].to_vector<double>();
  Values y;
  for (std::size_t i = 0; i < x.size(); ++i)
    y.push_back(quantized::quantize(x[i], s[i % s.size()], z[i % z.size()], type));
  return y;
}

Values dequantized_channels(const Tensors& t) {
  const Values x = t[0].to_vector<double>(), s = t[1].to_vector<double>(),
               z = t[2].to_vector<double>();
  Values y;
  for (std::size_t i = 0; i < x.size(); ++i) y.push_back((x[i] - z[i % 3]) * s[i % 3]);
  return y;
}

Values product_reference(const Tensors& t) {
  return quantized::finished(quantized::product(t[0], quantized::zero_point(t[2]), t[3]), t[1],
                             t[4], t[5], t[3].dim(1));
}

const Tensor x_scale = tensor(0.25);

const AddCases quantization{{
    row(
        "quantize",
        {uniform({5, 3},
                 {.minval = -40, .maxval = 40, .dtype = float64, .generator = Generator(2)}),
         scales({0.25, 0.5, 2}), cast(tensor({-3, 0, 100}), int8)},
        [](const Tensors& t) { return quantize(t[0], t[1], {.zero_point = t[2]}); },
        [](const Tensors& t) { return quantized_channels(t, int8); }),
    row(
        "dequantize",
        {bytes({5, 3}, uint8, 3), scales({0.25, 0.5, 2}), cast(tensor({3, 0, 255}), uint8)},
        [](const Tensors& t) { return dequantize(t[0], t[1], {.zero_point = t[2]}); },
        dequantized_channels),
    row(
        "quantized_matmul",
        {bytes({6, 19}, uint8, 4), x_scale, cast(tensor(131), uint8), bytes({19, 5}, int8, 5),
         scales({0.5, 1, 2, 0.125, 0.25}), tensor({1.0, -2.5, 0.0, 8.0, 0.5})},
        [](const Tensors& t) {
          return quantized_matmul({t[0], t[1], t[2]}, {t[3], t[4]}, {.bias = t[5]});
        },
        product_reference),
    row(
        "quantized_matmul",
        {bytes({3, 41, 33}, int8, 6), x_scale, cast(tensor(-7), int8), bytes({33, 70}, int8, 7),
         tensor(0.0078125), zeros({70}, float64)},
        [](const Tensors& t) {
          return quantized_matmul({t[0], t[1], t[2]}, {t[3], t[4]},
                                  {.bias = t[5],
                                   .activation = Activation::relu,
                                   .output_scale = tensor(4.f),
                                   .output_zero_point = cast(tensor(-20), int8)});
        },
        [](const Tensors& t) {
          Values y = product_reference(t);
          for (double& v : y) v = quantized::quantize(std::max(v, 0.0), 4, -20, int8);
          return y;
        }),
    row(
        "quantized_conv2d",
        {bytes({2, 7, 6, 5}, uint8, 8), x_scale, cast(tensor(40), uint8),
         bytes({3, 2, 5, 9}, int8, 9), tensor(0.5), zeros({9}, float64)},
        [](const Tensors& t) {
          return quantized_conv2d({t[0], t[1], t[2]}, {t[3], t[4]},
                                  {.strides = 2, .padding = "same", .bias = t[5]});
        },
        [](const Tensors& t) {
          // Rows 7 -> 4 with one of padding before and after, columns 6 -> 3 with none.
          return quantized::finished(
              quantized::convolution(t[0], 40, t[3], {2, 4, 3, 9}, {.stride = 2, .top = 1}), t[1],
              t[4], t[5], 9);
        }),
}};

}  // namespace
