#include "linnet/ops/conv.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "backend/numbers.hpp"
#include "linnet/autograd/tape.hpp"
#include "linnet/graph/function.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/reduce.hpp"

using namespace linnet;
using numbers::Input;

namespace {

struct Case {
  std::int64_t n, h, w, in, out;
  std::int64_t kh, kw;
  Size2D strides = 1;
  bool same = false;
  Size2D dilations = 1;
  int groups = 1;
};

std::string describe(const Case& c, DType t) {
  std::string s = "conv";
  for (std::int64_t i : {c.n, c.h, c.w, c.in, c.out, c.kh, c.kw, c.strides.h, c.strides.w,
                         c.dilations.h, c.dilations.w, std::int64_t{c.groups}}) {
    s += ' ';
    s += std::to_string(i);
  }
  return s + (c.same ? " same " : " valid ") + std::string(to_string(t));
}

/// One axis: output extent and the padding before.
std::pair<std::int64_t, std::int64_t> axis(std::int64_t n, std::int64_t k, std::int64_t s,
                                           std::int64_t d, bool same) {
  const std::int64_t reach = (k - 1) * d + 1;
  if (!same) return {(n - reach) / s + 1, 0};
  const std::int64_t out = (n + s - 1) / s;
  return {out, std::max<std::int64_t>((out - 1) * s + reach - n, 0) / 2};
}

/// Every product of a convolution: f(index of x, index of the kernel, index of y).
template <class F>
void for_products(const Case& c, F&& f) {
  const auto [oh, top] = axis(c.h, c.kh, c.strides.h, c.dilations.h, c.same);
  const auto [ow, left] = axis(c.w, c.kw, c.strides.w, c.dilations.w, c.same);
  const std::int64_t in = c.in / c.groups, out = c.out / c.groups;
  for (std::int64_t n = 0; n < c.n; ++n)
    for (std::int64_t i = 0; i < oh; ++i)
      for (std::int64_t j = 0; j < ow; ++j)
        for (std::int64_t p = 0; p < c.kh; ++p)
          for (std::int64_t q = 0; q < c.kw; ++q) {
            const std::int64_t y = i * c.strides.h + p * c.dilations.h - top;
            const std::int64_t x = j * c.strides.w + q * c.dilations.w - left;
            if (y < 0 || y >= c.h || x < 0 || x >= c.w) continue;
            for (std::int64_t o = 0; o < c.out; ++o)
              for (std::int64_t l = 0; l < in; ++l)
                f(((n * c.h + y) * c.w + x) * c.in + o / out * in + l,
                  ((p * c.kw + q) * in + l) * c.out + o, ((n * oh + i) * ow + j) * c.out + o);
          }
}

void check(const Case& c, DType t = float32) {
  const Input x({c.n, c.h, c.w, c.in}, 1, t);
  const Input k({c.kh, c.kw, c.in / c.groups, c.out}, 2, t);
  GradientTape tape;
  tape.watch(x.tensor);
  tape.watch(k.tensor);
  const Tensor y = conv2d(x.tensor, k.tensor,
                          {.strides = c.strides,
                           .padding = c.same ? "same" : "valid",
                           .dilations = c.dilations,
                           .groups = c.groups});
  const Input dy(y.shape(), 3, t);
  const auto g = tape.gradient(sum(y * dy.tensor), std::vector<Tensor>{x.tensor, k.tensor});
  std::vector<double> want(dy.values.size()), dx(x.values.size()), dk(k.values.size());
  for_products(c, [&](std::int64_t a, std::int64_t b, std::int64_t o) {
    const auto i = static_cast<std::size_t>(a), j = static_cast<std::size_t>(b),
               m = static_cast<std::size_t>(o);
    want[m] += x.values[i] * k.values[j];
    dx[i] += dy.values[m] * k.values[j];
    dk[j] += dy.values[m] * x.values[i];
  });
  const std::string name = describe(c, t);
  numbers::check_sums(y, want, c.kh * c.kw * c.in, name);
  numbers::check_sums(g[0], dx, c.kh * c.kw * c.out, name + " gradient of x");
  numbers::check_sums(g[1], dk, y.size() / c.out, name + " gradient of the kernel");
}

}  // namespace

TEST_CASE("conv2d of every tail in channels") {
  for (std::int64_t in : {1, 3, 4, 8, 15, 17})
    for (std::int64_t out : {1, 2, 7, 8, 15, 16, 17, 31, 33, 49}) check({2, 5, 6, in, out, 3, 3});
  for (std::int64_t w : {3, 4, 9, 13, 14, 15, 16, 17, 28, 29}) check({1, 4, w, 3, 16, 3, 3});
}

TEST_CASE("conv2d of strides, dilations and paddings") {
  for (std::int64_t s : {1, 2, 3})
    for (std::int64_t d : {1, 2})
      for (bool same : {false, true})
        for (std::int64_t k : {1, 2, 3, 4}) {
          check({2, 9, 11, 3, 5, k, k, Size2D(s, s), same, Size2D(d, d)});
          check({1, 10, 8, 4, 16, k, 2, Size2D(s, 1), same, Size2D(1, d)});
        }
  check({1, 7, 7, 2, 3, 7, 7, 1, true});  // a kernel as large as the image
  check({1, 3, 3, 2, 3, 5, 5, 2, true});  // and larger
  check({3, 8, 8, 16, 32, 1, 1});         // a matrix product
  check({2, 8, 8, 5, 6, 1, 1, Size2D(2, 2)});
  check({1, 6, 1, 3, 4, 3, 1});
}

TEST_CASE("conv2d in groups") {
  check({2, 6, 7, 4, 8, 3, 3, 1, true, 1, 2});
  check({2, 6, 7, 6, 6, 3, 3, 1, false, 1, 6});  // depthwise
  check({1, 9, 9, 6, 12, 3, 3, Size2D(2, 2), true, 1, 3});
  check({1, 9, 9, 32, 64, 3, 3, 1, true, Size2D(2, 2), 4});
}

TEST_CASE("conv2d in float64, of one image and of none") {
  check({2, 6, 7, 3, 9, 3, 3, 1, true}, float64);
  check({1, 12, 12, 16, 17, 5, 5, Size2D(2, 2), true}, float64);
  check({0, 6, 7, 3, 9, 3, 3, 1, true});
  check({0, 6, 7, 3, 9, 3, 3}, float64);
}

TEST_CASE("conv2d deep and large enough for blocks of everything") {
  check({2, 14, 14, 70, 66, 3, 3, 1, true});
  check({5, 28, 28, 1, 32, 3, 3});
  check({1, 40, 41, 3, 32, 3, 3, Size2D(2, 2), true});
}

TEST_CASE("conv2d of few pixels and many channels") {
  check({16, 4, 4, 64, 96, 3, 3, 1, true});
  check({9, 2, 2, 65, 70, 3, 3, 1, true});
  check({33, 7, 5, 200, 64, 3, 3, Size2D(2, 2), true});
  check({17, 4, 4, 64, 64, 1, 1, Size2D(2, 2)});
  check({8, 3, 3, 64, 65, 3, 3, 1, true, Size2D(2, 2)});
  check({750, 1, 2, 64, 64, 1, 3, 1, true});
  check({10, 2, 3, 67, 66, 3, 3, 1, true}, float64);
}

TEST_CASE("conv2d of 3x3 windows by Winograd's tiles") {
  check({2, 14, 13, 32, 48, 3, 3, 1, true});
  check({7, 6, 7, 48, 32, 3, 3});
  check({4, 9, 10, 80, 64, 3, 3, 1, true});
  check({1, 17, 18, 32, 32, 3, 3});
}

namespace {

Tensor kernel_gradient(const Case& c, const Tensor& x, const Tensor& dy) {
  const Tensor k = zeros({c.kh, c.kw, c.in, c.out}, x.dtype());
  GradientTape tape;
  tape.watch(k);
  const Tensor y = conv2d(
      x, k, {.strides = c.strides, .padding = c.same ? "same" : "valid", .dilations = c.dilations});
  return tape.gradient(y, k, {.output_gradients = {dy}});
}

Shape output(const Case& c) {
  return {c.n, axis(c.h, c.kh, c.strides.h, c.dilations.h, c.same).first,
          axis(c.w, c.kw, c.strides.w, c.dilations.w, c.same).first, c.out};
}

}  // namespace

TEST_CASE("the gradient of a bfloat16 kernel is the rounded one of float32") {
  for (const Case& c : {Case{3, 35, 36, 16, 48, 3, 3},
                        {9, 34, 35, 32, 32, 3, 3, 1, true},
                        {2, 40, 37, 16, 16, 5, 2, 1, false, 2},
                        {1, 70, 69, 48, 64, 3, 3},
                        {2, 70, 69, 16, 32, 3, 3, 2, true},
                        {2, 21, 20, 17, 33, 3, 3}}) {
    const Input x({c.n, c.h, c.w, c.in}, 1, bfloat16), dy(output(c), 2, bfloat16);
    const Tensor got = kernel_gradient(c, x.tensor, dy.tensor);
    CHECK(got.dtype() == bfloat16);
    const Tensor want = kernel_gradient(c, cast(x.tensor, float32), cast(dy.tensor, float32));
    const auto pixels = static_cast<double>(dy.tensor.size() / c.out);
    const Tensor over =
        abs(cast(got, float32) - want) - abs(want) * 0x1p-8 - 0x1p-24 * (4 + pixels);
    CHECK_MESSAGE(max(over).item<float>() <= 0, describe(c, bfloat16));
  }
}

TEST_CASE("a pixel that a tap does not see stays out of its bfloat16 gradient") {
  const Case c{1, 60, 21, 16, 16, 3, 3};  // an odd width of outputs: the last one has no neighbour
  const Input x({c.n, c.h, c.w, c.in}, 1, bfloat16), dy(output(c), 2, bfloat16);
  for (std::int64_t column : {19, 20}) {  // seen by the taps from 1, and by the last
    std::vector<double> values = x.values;
    for (std::size_t i = 0; i < values.size(); ++i)
      if (static_cast<std::int64_t>(i) / c.in % c.w == column) values[i] = INFINITY;
    const Tensor infinite = cast(from_vector(values, x.tensor.shape()), bfloat16);
    const auto g = kernel_gradient(c, infinite, dy.tensor).to_vector<double>();
    for (std::size_t i = 0; i < g.size(); ++i) {
      const std::int64_t tap = static_cast<std::int64_t>(i) / (c.in * c.out) % c.kw;
      CHECK(std::isfinite(g[i]) == (tap + 18 < column));
    }
  }
}

TEST_CASE("bias and activation within a convolution change no bit") {
  const Shape shapes[][2] = {{{2, 14, 13, 32}, {3, 3, 32, 48}},  // Winograd's tiles
                             {{16, 2, 2, 64}, {3, 3, 64, 96}},   // tap by tap
                             {{1, 9, 9, 3}, {3, 3, 3, 32}}};     // direct
  for (const auto& shape : shapes) {
    const Shape &image = shape[0], &kernel = shape[1];
    const Input x(image, 1, float32), k(kernel, 2, float32), b({kernel[3]}, 3, float32);
    for (const auto& activation : {relu, tanh, sigmoid}) {
      const auto f = [&](const Tensor& v) {
        return activation(conv2d(v, k.tensor, {.padding = "same"}) + b.tensor);
      };
      const auto captured = linnet::function(f);
      INFO(image[1]);
      CHECK(max(abs(captured(x.tensor) - f(x.tensor))).item<float>() == 0);
      CHECK(captured.graph().nodes.size() == 1);
    }
  }
}
