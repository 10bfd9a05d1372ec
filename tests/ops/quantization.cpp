#include "linnet/ops/quantization.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "linnet/autograd/tape.hpp"
#include "linnet/autograd/variable.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/core/threads.hpp"
#include "linnet/graph/function.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/matmul.hpp"
#include "linnet/ops/random.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"
#include "op_cases/quantized_reference.hpp"

using namespace linnet;

namespace {

using Integers = std::vector<int>;

#define CHECK_FAILS(expression, Type, text)                                         \
  try {                                                                             \
    static_cast<void>(expression);                                                  \
    FAIL_CHECK("no error");                                                         \
  } catch (const Type& e) {                                                         \
    CHECK_MESSAGE(std::string(e.what()).find(text) != std::string::npos, e.what()); \
  }

Tensor bytes(const Shape& shape, DType t, std::uint64_t seed) {
  const int low = t == int8 ? -128 : 0;
  return cast(random_integers(shape, low, low + 256, {.generator = Generator(seed)}), t);
}
Tensor integer(int value, DType t) { return cast(tensor(value), t); }

const Tensor one = tensor(1.f);

}  // namespace

TEST_CASE("quantize rounds ties to even, adds the zero point and saturates") {
  const float inf = std::numeric_limits<float>::infinity();
  const Tensor x = tensor({0.5f, 1.5f, 2.5f, -0.5f, -1.5f, -2.5f, 3.49f, 1e30f, -inf, inf});
  CHECK(quantize(x, one, {.dtype = int8}).to_vector<int>() ==
        Integers{0, 2, 2, 0, -2, -2, 3, 127, -128, 127});
  CHECK(quantize(x, one).to_vector<int>() == Integers{0, 2, 2, 0, 0, 0, 3, 255, 0, 255});
  CHECK(quantize(x, tensor(0.5f), {.zero_point = integer(-128, int8)}).to_vector<int>() ==
        Integers{-127, -125, -123, -128, -128, -128, -121, 127, -128, 127});
  CHECK(quantize(x, one, {.zero_point = integer(200, uint8)}).to_vector<int>() ==
        Integers{200, 202, 202, 200, 198, 198, 203, 255, 0, 255});
  CHECK(quantize(tensor({std::nanf("")}), one, {.zero_point = integer(7, int8)}).item<int>() == 7);
  CHECK(quantize(tensor({1e38f}), tensor(1e-30f)).item<int>() == 255);  // the quotient overflows
}

TEST_CASE("quantize and dequantize by channels along any axis") {
  const Tensor x = uniform({3, 4, 5}, {.minval = -30, .maxval = 30, .generator = Generator(1)});
  for (int axis : {0, 1, -1}) {
    const auto n = static_cast<int>(x.dim(axis));
    const Tensor scale = linspace(0.1, 0.7, n), zero = cast(arange(-2, n - 2), int8);
    const Tensor q = quantize(x, scale, {.zero_point = zero, .axis = axis});
    const Tensor back = dequantize(q, scale, {.zero_point = zero, .axis = axis});
    for (int c = 0; c < n; ++c) {
      const Tensor s = narrow(scale, 0, c, 1), z = narrow(zero, 0, c, 1);
      CHECK(narrow(q, axis, c, 1).to_vector<int>() ==
            quantize(narrow(x, axis, c, 1), s, {.zero_point = z}).to_vector<int>());
      const Tensor part = narrow(q, axis, c, 1);
      CHECK(narrow(back, axis, c, 1).to_vector<float>() ==
            dequantize(part, s, {.zero_point = z}).to_vector<float>());
      CHECK(narrow(back, axis, c, 1).to_vector<float>() ==
            ((cast(part, float32) - cast(z, float32)) * s).to_vector<float>());
    }
  }
  const Tensor bias = tensor({2147483647, -2147483647 - 1, 5});
  CHECK(dequantize(bias, tensor(0.5f)).to_vector<double>() ==
        std::vector<double>{1073741824, -1073741824, 2.5});  // the first rounds to float32
  CHECK(quantize(zeros({0, 3}), one).shape() == Shape({0, 3}));
  CHECK(quantize(zeros({3, 0}), ones({3}), {.axis = 0}).size() == 0);
  CHECK(quantize(tensor(2.f), tensor(0.5f)).item<int>() == 4);
  CHECK(quantize(cast(tensor({2.f}), float16), one).item<int>() == 2);
}

TEST_CASE("sums of quantized products are exact for every tail, type and zero point") {
  for (std::int64_t m : {1, 2, 5, 8, 9, 33})
    for (std::int64_t k : {1, 2, 3, 4, 5, 31, 130})
      for (std::int64_t n : {1, 7, 16, 31, 32, 33, 65})
        for (DType t : {int8, uint8})
          for (int zero : t == int8 ? Integers{-128, 127} : Integers{0, 255}) {
            const Tensor a = bytes({m, k}, t, 1), b = bytes({k, n}, int8, 2);
            const Tensor y = quantized_matmul({a, one, integer(zero, t)}, {b, one});
            const auto want = quantized::product(a, zero, b);
            REQUIRE_MESSAGE(quantized::integers(y) == want, m << " x " << k << " x " << n << " "
                                                              << std::string(to_string(t))
                                                              << " zero point " << zero);
          }
}

TEST_CASE("the longest sums do not overflow, and empty ones are the bias") {
  const Tensor a = full({1, 65793}, 255, uint8), b = full({65793, 1}, -128, int8);
  CHECK(quantized_matmul({a, one}, {b, one}).item<double>() == -255.0 * 128 * 65793);
  const Tensor bias = tensor({1.f, -2.f, 3.f});
  CHECK(quantized_matmul({zeros({2, 0}, int8), one}, {zeros({0, 3}, int8), one}, {.bias = bias})
            .to_vector<float>() == std::vector<float>{1, -2, 3, 1, -2, 3});
  CHECK(quantized_matmul({zeros({0, 4}, int8), one}, {zeros({4, 3}, int8), one}).shape() ==
        Shape({0, 3}));
  CHECK(quantized_matmul({zeros({2, 4}, int8), one}, {zeros({4, 0}, int8), one}).shape() ==
        Shape({2, 0}));
  CHECK(quantized_matmul({ones({4}, uint8), one}, {ones({4, 3}, int8), one}).to_vector<int>() ==
        Integers{4, 4, 4});
}

TEST_CASE("scales, bias, activation and quantized outputs are rounded once each") {
  const Tensor a = bytes({37, 70}, uint8, 3), b = bytes({70, 130}, int8, 4);
  const Tensor s = tensor(0.0173f), zero = integer(97, uint8);
  const Tensor scale = uniform({130}, {.minval = 0.001, .maxval = 0.02, .generator = Generator(5)});
  const Tensor bias = normal({130}, {.generator = Generator(6)});
  const QuantizedTensor x{a, s, zero}, w{b, scale};
  const auto want = quantized::finished(quantized::product(a, 97, b), s, scale, bias, 130);
  const Tensor y = quantized_matmul(x, w, {.bias = bias});
  CHECK(y.to_vector<double>() == want);
  const auto with = [&](Activation activation) {
    return quantized_matmul(x, w, {.bias = bias, .activation = activation});
  };
  CHECK(with(Activation::relu).to_vector<float>() == relu(y).to_vector<float>());
  CHECK(max(abs(with(Activation::tanh) - tanh(y))).item<double>() < 1e-6);
  CHECK(max(abs(with(Activation::sigmoid) - sigmoid(y))).item<double>() < 1e-6);
  for (const Tensor& z : {integer(-11, int8), integer(30, uint8)}) {
    const Tensor q = quantized_matmul(
        x, w, {.bias = bias, .output_scale = tensor(0.03f), .output_zero_point = z});
    CHECK(q.dtype() == z.dtype());
    CHECK(q.to_vector<int>() == quantize(y, tensor(0.03f), {.zero_point = z}).to_vector<int>());
  }
  CHECK(quantized_matmul(x, w, {.output_scale = one}).dtype() == uint8);
}

TEST_CASE("quantized convolutions are exact with strides, padding, dilations and groups") {
  struct Case {
    Shape x, kernel;
    int stride = 1, dilation = 1, groups = 1;
    bool same = false;
  };
  for (const Case& c :
       {Case{{2, 9, 8, 3}, {3, 3, 3, 8}}, Case{{1, 7, 9, 5}, {2, 3, 5, 33}, 2},
        Case{{3, 6, 6, 16}, {3, 3, 16, 40}, 1, 1, 1, true},
        Case{{2, 11, 10, 4}, {3, 3, 4, 7}, 1, 2}, Case{{2, 8, 7, 6}, {3, 2, 3, 10}, 2, 1, 2, true},
        Case{{2, 5, 5, 12}, {3, 3, 1, 12}, 1, 1, 12, true}, Case{{0, 5, 5, 2}, {3, 3, 2, 4}},
        Case{{4, 3, 3, 8}, {1, 1, 8, 5}}})
    for (DType t : {int8, uint8}) {
      const Tensor x = bytes(c.x, t, 7), k = bytes(c.kernel, int8, 8), zero = integer(90, t);
      const Tensor y = quantized_conv2d({x, one, zero}, {k, one},
                                        {.strides = c.stride,
                                         .padding = c.same ? "same" : "valid",
                                         .dilations = c.dilation,
                                         .groups = c.groups});
      const auto before = [&](int axis) {
        const std::int64_t reach = (c.kernel[axis] - 1) * c.dilation + 1;
        const std::int64_t all = (y.dim(axis + 1) - 1) * c.stride + reach - c.x[axis + 1];
        return c.same ? std::max<std::int64_t>(all, 0) / 2 : 0;
      };
      const auto want = quantized::convolution(
          x, 90, k, y.shape(), {c.stride, c.dilation, before(0), before(1), c.groups});
      CHECK_MESSAGE(quantized::integers(y) == want, to_string(c.x) << to_string(c.kernel));
    }
}

TEST_CASE("quantized products have the same bits for any number of threads") {
  const Tensor x = bytes({3, 40, 40, 24}, uint8, 9), k = bytes({3, 3, 24, 50}, int8, 10);
  const Tensor row = bytes({2, 3000}, int8, 11), wide = bytes({3000, 700}, int8, 12);
  const auto all = [&] {
    const Tensor y = quantized_conv2d({x, tensor(0.1f)}, {k, tensor(0.2f)}, {.padding = "same"});
    const Tensor z = quantized_matmul({row, tensor(0.3f)}, {wide, tensor(0.7f)});
    return concat({flatten(y), flatten(z)}).to_vector<float>();
  };
  set_num_threads(1);
  const auto alone = all();
  set_num_threads(3);
  CHECK(all() == alone);
  set_num_threads(0);
}

TEST_CASE(
    "captured products of variables' weights equal eager ones, before and after an assignment") {
  const Tensor x = bytes({3, 9, 9, 5}, uint8, 13), scale = tensor(0.1f);
  Variable kernel(bytes({3, 3, 5, 40}, int8, 14)), weights(bytes({40, 17}, int8, 15));
  const auto product = [&](const Tensor& images) {
    const Tensor y = quantized_conv2d({images, scale, integer(100, uint8)}, {kernel.value(), scale},
                                      {.output_scale = tensor(9.f)});
    return quantized_matmul({y, scale}, {weights.value(), scale});
  };
  const auto captured = linnet::function(product);
  for (std::uint64_t seed : {16u, 17u}) {
    const auto want = product(x).to_vector<float>();
    CHECK(captured(x).to_vector<float>() == want);
    CHECK(captured(x).to_vector<float>() == want);  // with weights packed at the call before
    kernel.assign(bytes({3, 3, 5, 40}, int8, seed));
    weights.assign(bytes({40, 17}, int8, seed + 10));
  }
}

TEST_CASE("operands of quantized ops that do not fit") {
  const Tensor x = ones({2, 3}), q = ones({2, 3}, int8), w = ones({3, 4}, int8);
  CHECK_FAILS(quantize(q, one), DTypeError, "[quantize] expected floats, got int8");
  CHECK_FAILS(quantize(x, tensor(1)), DTypeError, "[quantize] scale: expected floats, got int32");
  CHECK_FAILS(quantize(x, Tensor()), ValueError, "[quantize] scale");
  CHECK_FAILS(quantize(x, ones({2})), ShapeError, "expected one number or (3), got shape (2,)");
  CHECK_FAILS(quantize(x, ones({3}), {.axis = 5}), IndexError, "[quantize] axis 5");
  CHECK_FAILS(quantize(x, one, {.dtype = int32}), DTypeError, "expected int8 or uint8, got int32");
  CHECK_FAILS(quantize(x, one, {.zero_point = ones({3}, int8)}), ShapeError,
              "the scale's shape ()");
  CHECK_FAILS(dequantize(x, one), DTypeError, "[dequantize] expected int8, uint8 or int32");
  CHECK_FAILS(dequantize(q, one, {.zero_point = integer(1, uint8)}), DTypeError, "got uint8");
  CHECK_FAILS(dequantize(tensor({1}), one, {.zero_point = tensor(1)}), ValueError, "no zero_point");
  CHECK_FAILS(quantized_matmul({x, one}, {w, one}), DTypeError,
              "a: expected int8 or uint8, got flo");
  CHECK_FAILS(quantized_matmul({q, one}, {ones({3, 4}, uint8), one}), DTypeError,
              "b: expected int8");
  CHECK_FAILS(quantized_matmul({q, one}, {q, one}), ShapeError, "got (2, 3) and (2, 3)");
  CHECK_FAILS(quantized_matmul({q, ones({3})}, {w, one}), ShapeError,
              "a.scale: expected one number");
  CHECK_FAILS(quantized_matmul({q, one}, {w, ones({3})}), ShapeError,
              "b.scale: expected one number");
  CHECK_FAILS(quantized_matmul({q, one}, {w, one, integer(0, int8)}), ValueError, "no zero_point");
  CHECK_FAILS(quantized_matmul({q, one}, {w, one}, {.bias = one}), ShapeError, "bias: expected");
  CHECK_FAILS(quantized_matmul({q, one}, {w, one}, {.output_zero_point = integer(0, int8)}),
              ValueError, "output_scale");
  const Tensor image = ones({1, 4, 4, 2}, uint8), kernel = ones({3, 3, 2, 4}, int8);
  CHECK_FAILS(quantized_conv2d({image, one}, {w, one}), ShapeError, "expected a kernel");
  CHECK_FAILS(quantized_conv2d({image, one}, {kernel, one}, {.groups = 2}), ShapeError,
              "2 channels");
  CHECK_FAILS(quantized_conv2d({image, one}, {kernel, one}, {.padding = "full"}), ValueError,
              "full");
}

TEST_CASE("scales that are not positive and finite are told, in captured functions, too") {
  const Tensor x = ones({2, 3}), q = ones({2, 3}, int8), w = ones({3, 2}, int8);
  CHECK_FAILS(quantize(x, tensor({1.f, -2.f, 0.f})), ValueError,
              "[quantize] scale: expected a positive finite number, got -2 at index 1");
  CHECK_FAILS(dequantize(q, tensor(0.f)), ValueError, "[dequantize] scale: expected");
  const float nan = std::nanf(""), inf = std::numeric_limits<float>::infinity();
  CHECK_FAILS(quantized_matmul({q, tensor(nan)}, {w, one}), ValueError, "a.scale: expected");
  CHECK_FAILS(quantized_matmul({q, one}, {w, tensor({1.f, inf})}), ValueError, "inf at index 1");
  CHECK_FAILS(quantized_matmul({q, one}, {w, one}, {.output_scale = tensor(-1.f)}), ValueError,
              "output_scale: expected");
  Variable calls(tensor(0.f));
  const auto f = linnet::function([&](const Tensor& scale) {
    calls.assign_add(one);
    return quantize(x, scale);
  });
  f(one);
  CHECK_FAILS(f(tensor(-1.f)), ValueError, "got -1 at index 0");
  CHECK(calls.value().item<float>() == 1);  // nothing was written
}

TEST_CASE("quantized ops say that they have no gradient") {
  const Tensor x = ones({2, 3}), scale = tensor(0.5f);
  GradientTape tape({.persistent = true});
  tape.watch(x), tape.watch(scale);
  const Tensor q = quantize(x, scale), back = dequantize(q, scale);
  const Tensor y = quantized_matmul({q, scale}, {ones({3, 2}, int8), one});
  CHECK_FAILS(tape.gradient(back, scale), NotSupportedError, "[dequantize] has no gradient");
  CHECK_FAILS(tape.gradient(y, scale), NotSupportedError, "[quantized_matmul] has no gradient");
  // As through every integer, no gradient passes.
  CHECK_FALSE(tape.gradient(back, x).defined());
}
