#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "backend/numbers.hpp"
#include "linnet/autograd/tape.hpp"
#include "linnet/graph/function.hpp"
#include "linnet/ops/conv.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/reduce.hpp"

using namespace linnet;
using numbers::Input;

namespace {

struct Case {
  std::int64_t n, h, w, c;
  Size2D window, strides;
  bool same;
};

struct Axis {
  std::int64_t out, before;
};
Axis axis(std::int64_t n, std::int64_t window, std::int64_t s, bool same) {
  if (!same) return {(n - window) / s + 1, 0};
  const std::int64_t out = (n + s - 1) / s;
  return {out, std::max<std::int64_t>((out - 1) * s + window - n, 0) / 2};
}

struct Reference {
  std::vector<double> y, dx;
};

/// Values and, for dy, gradients: a maximum's goes to its first place, a mean's to all alike.
Reference reference(const Case& c, bool average, const std::vector<double>& x,
                    const std::vector<double>& dy) {
  const Axis v = axis(c.h, c.window.h, c.strides.h, c.same);
  const Axis u = axis(c.w, c.window.w, c.strides.w, c.same);
  Reference r{std::vector<double>(dy.size()), std::vector<double>(x.size())};
  for (std::size_t o = 0; o < dy.size(); ++o) {
    const auto at = static_cast<std::int64_t>(o);
    const std::int64_t ch = at % c.c, j = at / c.c % u.out, i = at / c.c / u.out % v.out;
    const std::int64_t n = at / c.c / u.out / v.out;
    std::vector<std::size_t> places;
    for (std::int64_t p = 0; p < c.window.h; ++p)
      for (std::int64_t q = 0; q < c.window.w; ++q) {
        const std::int64_t a = i * c.strides.h + p - v.before, b = j * c.strides.w + q - u.before;
        if (a >= 0 && a < c.h && b >= 0 && b < c.w)
          places.push_back(static_cast<std::size_t>(((n * c.h + a) * c.w + b) * c.c + ch));
      }
    if (average) {
      double sum = 0;
      for (std::size_t k : places) sum += x[k];
      r.y[o] = sum / static_cast<double>(places.size());
      for (std::size_t k : places) r.dx[k] += dy[o] / static_cast<double>(places.size());
    } else {
      std::size_t best = places[0];
      for (std::size_t k : places)
        if (x[k] > x[best]) best = k;
      r.y[o] = x[best];
      r.dx[best] += dy[o];
    }
  }
  return r;
}

void check(const Case& c, DType t) {
  for (bool average : {false, true}) {
    const Input x({c.n, c.h, c.w, c.c}, 5, t);
    GradientTape tape;
    tape.watch(x.tensor);
    const Pool2DOptions o{.strides = c.strides, .padding = c.same ? "same" : "valid"};
    const Tensor y =
        average ? avg_pool2d(x.tensor, c.window, o) : max_pool2d(x.tensor, c.window, o);
    const Input dy(y.shape(), 6, t);
    const Tensor dx = tape.gradient(sum(y * dy.tensor), x.tensor);
    const Reference want = reference(c, average, x.values, dy.values);
    const std::string name = std::string(average ? "mean of " : "maximum of ") +
                             std::to_string(c.h) + " x " + std::to_string(c.w) + " x " +
                             std::to_string(c.c) + " by " + std::to_string(c.window.h) + " x " +
                             std::to_string(c.window.w);
    if (average)
      numbers::check_sums(y, want.y, c.window.h * c.window.w, name);
    else
      CHECK_MESSAGE(y.to_vector<double>() == want.y, name);
    numbers::check_sums(dx, want.dx, c.window.h * c.window.w, name + ", gradient");
  }
}

}  // namespace

TEST_CASE("pooling of windows, strides, paddings and every tail in channels") {
  for (std::int64_t channels : {1, 2, 7, 8, 15, 16, 17, 33, 64, 70})
    for (bool same : {false, true}) {
      check({2, 6, 7, channels, 2, 2, same}, float32);
      check({1, 7, 8, channels, 3, 2, same}, float32);
    }
  for (std::int64_t window : {1, 2, 3, 4})
    for (std::int64_t s : {1, 2, 3})
      for (bool same : {false, true}) {
        check({2, 9, 8, 3, Size2D(window, 2), Size2D(s, 1), same}, float32);
        check({1, 8, 9, 5, Size2D(2, window), Size2D(1, s), same}, float64);
      }
  for (bool same : {false, true}) {
    check({0, 6, 6, 3, 2, 2, same}, float32);
    check({1, 5, 5, 3, 5, 5, same}, float32);
    check({2, 20, 19, 17, 17, 17, same}, float32);  // more places than a byte has
    check({1, 20, 19, 35, 17, 2, same}, float64);
  }
}

TEST_CASE("pooling of bfloat16 is that of the same numbers in float32, rounded") {
  for (std::int64_t channels : {3, 8, 16, 32, 40, 70})
    for (std::int64_t strides : {1, 2}) {
      const Input x({2, 7, 6, channels}, 5, bfloat16);
      const Tensor wide = cast(x.tensor, float32);
      const auto pooled = [strides](const Tensor& v) {
        return max_pool2d(v, 2, {.strides = strides});
      };
      const Tensor y = pooled(x.tensor);
      CHECK(numbers::same_bits(y, pooled(wide)));
      const Input dy(y.shape(), 6, bfloat16);
      const auto gradient = [&](const Tensor& v, const Tensor& d) {
        GradientTape tape;
        tape.watch(v);
        return tape.gradient(pooled(v), v, {.output_gradients = {d}});
      };
      const Tensor dx = gradient(x.tensor, dy.tensor);
      const Tensor captured = linnet::function(gradient)(x.tensor, dy.tensor);  // by places
      CHECK(numbers::same_bits(dx, captured));
      if (strides == 2) CHECK(numbers::same_bits(dx, gradient(wide, cast(dy.tensor, float32))));
    }
}

TEST_CASE("the first NaN of a window wins, in every lane, and gets the gradient") {
  const double nan = std::nan(""), inf = std::numeric_limits<double>::infinity();
  for (DType t : {float32, float64, bfloat16})
    for (std::int64_t channels : {5, 16, 40, 70}) {
      Input image({2, 6, 6, channels}, 5, t);
      const double odd[] = {nan, inf, -inf, 0.0, -0.0};
      for (std::size_t i = 0; i < image.values.size(); ++i)
        if (i % 7 == 3 || i % 11 == 5) image.values[i] = odd[i / 7 % 5];
      const Tensor x = cast(from_vector(image.values, image.tensor.shape()), t);
      const auto gradient = [](const Tensor& v, const Tensor& d) {
        GradientTape tape;
        tape.watch(v);
        return tape.gradient(max_pool2d(v, 2), v, {.output_gradients = {d}});
      };
      const Tensor y = max_pool2d(x, 2);
      const Input dy(y.shape(), 6, t);
      std::vector<double> want_y(dy.values.size()), want_dx(image.values.size());
      for (std::int64_t o = 0; o < y.size(); ++o) {
        const std::int64_t c = o % channels, w = o / channels % 3, h = o / channels / 3 % 3;
        std::size_t best = 0;
        for (std::int64_t k = 0; k < 4; ++k) {
          const auto at = static_cast<std::size_t>(
              ((o / channels / 9 * 6 + 2 * h + k / 2) * 6 + 2 * w + k % 2) * channels + c);
          const double v = image.values[at], m = image.values[best];
          if (k == 0 || v > m || (v != v && m == m)) best = at;
        }
        want_y[static_cast<std::size_t>(o)] = image.values[best];
        want_dx[best] = dy.values[static_cast<std::size_t>(o)];
      }
      CHECK(numbers::same_bits(y, from_vector(want_y, y.shape())));
      const Tensor dx = gradient(x, dy.tensor);
      CHECK(dx.to_vector<double>() == want_dx);
      CHECK(numbers::same_bits(dx, linnet::function(gradient)(x, dy.tensor)));
    }
}

TEST_CASE("pooling: NaN wins a maximum, infinities are values") {
  const float inf = std::numeric_limits<float>::infinity(), nan = std::nanf("");
  const Tensor x =
      from_vector(std::vector<float>{-inf, -inf, nan, 1, -inf, -inf, 2, inf}, {1, 2, 4, 1});
  const auto y = max_pool2d(x, 2).to_vector<float>();
  CHECK(y[0] == -inf);
  CHECK(y[1] != y[1]);
  const auto m = avg_pool2d(x, 2).to_vector<float>();
  CHECK(m[0] == -inf);
  CHECK(m[1] != m[1]);
}
