#include <doctest/doctest.h>

#include <functional>

#include "backend/numbers.hpp"
#include "backend/ulp.hpp"
#include "backend/unary_rows.hpp"
#include "linnet/autograd/tape.hpp"
#include "linnet/core/threads.hpp"
#include "linnet/ops/conv.hpp"
#include "linnet/ops/matmul.hpp"
#include "linnet/ops/norm.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"
#include "linnet/ops/softmax.hpp"

using namespace linnet;
using numbers::same_bits;

namespace {

/// 70 numbers, ordinary and special.
Tensor seventy(DType t) {
  std::vector<double> v = numbers::some(56, 7);
  for (double& x : v) x *= 6;
  const double inf = std::numeric_limits<double>::infinity();
  for (double x : {0.0, -0.0, inf, -inf, std::nan(""), 1e-40, -1e-40, 1e30, -1e30, 3e8, -89.0, 88.0,
                   1.0, -3.0})
    v.push_back(x);
  return cast(from_vector(v, {70}), t);
}

struct Threads {
  explicit Threads(int n) { set_num_threads(n); }
  ~Threads() { set_num_threads(0); }
};

template <class F>
Tensor with_threads(int n, F&& f) {
  const Threads threads(n);
  return f();
}

template <class F>
void check_threads(const std::string& name, F&& f) {
  const Tensor one = with_threads(1, f), two = with_threads(2, f), three = with_threads(3, f);
  CHECK_MESSAGE(same_bits(one, two), name);
  CHECK_MESSAGE(same_bits(one, three), name);
}

}  // namespace

TEST_CASE("rows give the same bits for every length and every place in memory") {
  for (DType t : {float32, float64}) {
    const Tensor x = seventy(t);
    for (const auto& row : unary_rows::all()) {
      const Tensor y = row.op(x);
      for (std::int64_t n = 1; n <= 70; ++n) {
        CHECK_MESSAGE(same_bits(row.op(contiguous(narrow(x, 0, 0, n))), narrow(y, 0, 0, n)),
                      std::string(row.name) << " of " << n);
        CHECK_MESSAGE(same_bits(row.op(narrow(x, 0, 70 - n, n)), narrow(y, 0, 70 - n, n)),
                      std::string(row.name) << " of the last " << n);
      }
    }
  }
}

TEST_CASE("rows give the same bits for strided inputs") {
  for (DType t : {float32, float64}) {
    const Tensor x = seventy(t);
    const std::vector<std::function<Tensor(const Tensor&)>> views{
        [](const Tensor& v) { return v(Slice(0, end, 2)); },
        [](const Tensor& v) { return v(Slice(1, end, 3)); },
        [](const Tensor& v) { return flip(v, 0); },
        [](const Tensor& v) {
          return transpose(reshape(v, {7, 10}));
        },
        [](const Tensor& v) {
          return transpose(reshape(v, {5, 2, 7}), {2, 0, 1});
        },
        [](const Tensor& v) {
          return broadcast_to(reshape(v, {70, 1}), {70, 3});
        },
        [](const Tensor& v) {
          return broadcast_to(v, {3, 70});
        }};
    for (const auto& row : unary_rows::all()) {
      const Tensor y = row.op(x);
      for (std::size_t i = 0; i < views.size(); ++i)
        CHECK_MESSAGE(same_bits(row.op(views[i](x)), views[i](y)), std::string(row.name)
                                                                       << ", view " << i);
    }
  }
}

TEST_CASE("copies of many short rows: exchanged axes, slices, repeated elements") {
  for (std::int64_t length : {1, 3, 16, 33, 100, 600}) {
    const Shape shape{5, 7, 4, length};
    const Tensor x = numbers::Input(shape, 3).tensor;
    const auto v = x.to_vector<float>();
    const auto at = [&](std::int64_t n, std::int64_t i, std::int64_t j, std::int64_t k) {
      return v[static_cast<std::size_t>(((n * 7 + i) * 4 + j) * length + k)];
    };
    std::vector<float> exchanged, sliced, repeated;
    for (std::int64_t n = 0; n < 5; ++n)
      for (std::int64_t j = 0; j < 4; ++j)
        for (std::int64_t i = 0; i < 7; ++i)
          for (std::int64_t k = 0; k < length; ++k) {
            exchanged.push_back(at(n, i, j, k));
            repeated.push_back(at(n, i, j, 0));
            if (i % 2 == 1 && j > 0) sliced.push_back(at(n, i, j, k));
          }
    const Tensor y = transpose(x, {0, 2, 1, 3});
    CHECK(contiguous(y).to_vector<float>() == exchanged);
    CHECK(contiguous(y(all, Slice(1, end), Slice(1, end, 2))).to_vector<float>() == sliced);
    CHECK(contiguous(broadcast_to(narrow(y, 3, 0, 1), y.shape())).to_vector<float>() == repeated);
    for (float& e : repeated) e += 1;
    CHECK((ones(y.shape()) + narrow(y, 3, 0, 1)).to_vector<float>() == repeated);
  }
}

TEST_CASE("16-bit inputs are the float32 row, rounded once") {
  for (DType t : {float16, bfloat16}) {
    const Tensor x = seventy(t);
    for (const auto& row : unary_rows::all())
      CHECK_MESSAGE(same_bits(row.op(x), cast(row.op(cast(x, float32)), t)), std::string(row.name));
  }
}

TEST_CASE("any number of threads gives the same bits") {
  const auto tensor = [](const Shape& s, std::uint32_t seed, DType t = float32) {
    return numbers::Input(s, seed, t).tensor;
  };
  const Tensor flat = tensor({400003}, 1), wide = tensor({3, 400003}, 2);
  for (const auto& row : unary_rows::all()) check_threads(row.name, [&] { return row.op(flat); });
  const Tensor columns = transpose(reshape(narrow(flat, 0, 0, 400000), {400, 1000}));
  check_threads("strided", [&] { return exp(columns); });
  check_threads("broadcast", [&] { return wide * flat; });
  for (int axis : {0, 1}) {
    check_threads("sum", [&] { return sum(wide, {.axis = axis}); });
    check_threads("mean", [&] { return mean(wide, {.axis = axis}); });
    check_threads("prod", [&] { return prod(wide, {.axis = axis}); });
    check_threads("max", [&] { return max(wide, {.axis = axis}); });
  }
  check_threads("sum of all", [&] { return sum(wide); });
  check_threads("sum of columns", [&] {
    return sum(reshape(narrow(flat, 0, 0, 400000), {4000, 100}), {.axis = 0});
  });
  check_threads("softmax", [&] {
    return softmax(reshape(narrow(flat, 0, 0, 400000), {4000, 100}));
  });
  for (std::int64_t length : {37, 128, 1100}) {
    const Tensor rows = tensor({1001, length}, 9), gamma = tensor({length}, 10);
    check_threads("layer_norm", [&] { return layer_norm(rows, gamma, gamma); });
    check_threads("short softmax", [&] { return log_softmax(narrow(rows, 1, 0, 37)); });
  }
  for (DType t : {float32, float64}) {
    const Tensor a = tensor({257, 401}, 3, t), b = tensor({401, 263}, 4, t);
    check_threads("matmul", [&] { return matmul(a, b); });
    const Tensor stack = tensor({9, 65, 66}, 5, t), other = tensor({9, 66, 67}, 6, t);
    check_threads("matmul of batches", [&] { return matmul(stack, other); });
    const Tensor image = tensor({5, 32, 33, 17}, 7, t), kernel = tensor({3, 3, 17, 35}, 8, t);
    check_threads("conv2d", [&] { return conv2d(image, kernel, {.padding = "same"}); });
    const auto gradient = [](const Tensor& of, const Tensor& y, GradientTape& tape) {
      return tape.gradient(sum(y * y), of);
    };
    for (const Tensor& of : {image, kernel})
      check_threads("gradient of conv2d", [&] {
        GradientTape tape;
        tape.watch(of);
        return gradient(of, conv2d(image, kernel, {.strides = 2}), tape);
      });
    check_threads("gradient of max_pool2d", [&] {
      GradientTape tape;
      tape.watch(image);
      return gradient(image, max_pool2d(image, 3, {.strides = 2}), tape);
    });
    check_threads("max_pool2d", [&] { return max_pool2d(image, 2); });
    check_threads("avg_pool2d",
                  [&] { return avg_pool2d(image, 3, {.strides = 2, .padding = "same"}); });
  }
}
