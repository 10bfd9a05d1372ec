#include <doctest/doctest.h>

#include <functional>
#include <limits>

#include "linnet/autograd/custom_gradient.hpp"
#include "linnet/autograd/gradcheck.hpp"
#include "linnet/autograd/tape.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/ops/conv.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/random.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"

using namespace linnet;

namespace {

using Floats = std::vector<float>;

Floats gradient_at(const Tensor& x, const std::function<Tensor(const Tensor&)>& f) {
  GradientTape tape;
  tape.watch(x);
  return tape.gradient(f(x), x).to_vector<float>();
}

std::pair<float, float> gradients_at(float a, float b,
                                     Tensor (*f)(const Operand&, const Operand&)) {
  const Tensor x = tensor(a), y = tensor(b);
  GradientTape tape;
  tape.watch(x);
  tape.watch(y);
  const auto g = tape.gradient(f(x, y), std::vector<Tensor>{x, y});
  return {g[0].item<float>(), g[1].item<float>()};
}

}  // namespace

TEST_CASE("gradients where a function has a kink") {
  const Tensor zero = tensor({0.f});
  CHECK(gradient_at(zero, [](const Tensor& x) { return abs(x); }) == Floats{0});
  CHECK(gradient_at(zero, [](const Tensor& x) { return relu(x); }) == Floats{0});
  CHECK(gradient_at(tensor({0.f, 6.f, 3.f}), [](const Tensor& x) { return relu6(x); }) ==
        Floats{0, 0, 1});
  CHECK(gradient_at(zero, [](const Tensor& x) { return leaky_relu(x); })[0] ==
        doctest::Approx(0.2));
  CHECK(gradient_at(zero, [](const Tensor& x) { return sqrt(x); }) ==
        Floats{std::numeric_limits<float>::infinity()});
  CHECK(gradient_at(tensor({-2.f, -1.f, 0.f, 2.f, 3.f}),
                    [](const Tensor& x) { return clip(x, -1, 2); }) == Floats{0, 1, 1, 1, 0});
  CHECK(gradients_at(2, 2, maximum) == std::pair{1.f, 0.f});
  CHECK(gradients_at(2, 2, minimum) == std::pair{1.f, 0.f});
  CHECK(gradients_at(3, 0, divide_no_nan) == std::pair{0.f, 0.f});
  CHECK(gradient_at(tensor({0.f, 2.f}), [](const Tensor& x) { return pow(x, 2); }) == Floats{0, 4});
  CHECK(gradient_at(tensor({0.f, 2.f}), [](const Tensor& x) { return pow(x, 0); }) == Floats{0, 0});
}

TEST_CASE("ties: reductions share the gradient, pooling gives it to the first") {
  const Tensor x = tensor({{1.f, 3.f, 3.f}, {2.f, 0.f, 2.f}});
  CHECK(gradient_at(x, [](const Tensor& t) { return max(t, {.axis = 1}); }) ==
        Floats{0, 0.5f, 0.5f, 0.5f, 0, 0.5f});
  CHECK(gradient_at(x, [](const Tensor& t) { return min(t); }) == Floats{0, 0, 0, 0, 1, 0});
  CHECK(gradient_at(ones({1, 2, 2, 1}), [](const Tensor& t) { return max_pool2d(t, 2); }) ==
        Floats{1, 0, 0, 0});
}

TEST_CASE("the product's gradient where factors are zero") {
  CHECK(gradient_at(tensor({2.f, 0.f, 3.f}), [](const Tensor& t) { return prod(t); }) ==
        Floats{0, 6, 0});
  CHECK(gradient_at(tensor({2.f, 0.f, 0.f}), [](const Tensor& t) { return prod(t); }) ==
        Floats{0, 0, 0});
}

TEST_CASE("custom_gradient differentiates twice, through what the function computed") {
  const auto log1pexp = custom_gradient([](const Tensor& x) {
    Tensor e = exp(x);
    return std::pair{log(1 + e), [e](const Tensor& dy) { return dy * (1 - 1 / (1 + e)); }};
  });
  const auto f = [&](const std::vector<Tensor>& x) { return log1pexp(x[0]); };
  const std::vector<Tensor> at{tensor({-1.0, 0.3, 2.0})};
  CHECK(gradcheck(f, at).passed);
  const auto slope = [&](const std::vector<Tensor>& x) {
    GradientTape tape;
    tape.watch(x[0]);
    return tape.gradient(f(x), x[0]);
  };
  const auto second = gradcheck(slope, at);
  CHECK_MESSAGE(second.passed, second.message);
  CHECK(slope(at).to_vector<double>()[1] == doctest::Approx(0.574442516811659));
}

TEST_CASE("custom_gradient of several tensors and of variables") {
  const auto product = custom_gradient([](const Tensor& a, const Tensor& b) {
    return std::pair{a * b, [=](const Tensor& dy) {
                       return std::vector<Tensor>{dy * b * 10, Tensor()};
                     }};
  });
  const Variable a(tensor(2.f)), b(tensor(3.f));
  GradientTape tape;
  const Tensor y = product(a, b) * 2;
  CHECK(y.item<float>() == 12);
  const auto g = tape.gradient(y, std::vector<Variable>{a, b});
  CHECK(g[0].item<float>() == 60);
  CHECK(!g[1].defined());
  const auto wrong = custom_gradient([](const Tensor& p, const Tensor& q) {
    return std::pair{p + q, [](const Tensor& dy) { return std::vector<Tensor>{dy}; }};
  });
  GradientTape other;
  const Tensor z = wrong(a, b);
  CHECK_THROWS_WITH_AS(other.gradient(z, a), "[custom_gradient] expected 2 gradients, got 1",
                       ValueError);
}

TEST_CASE("gradcheck finds a wrong gradient and refuses float32") {
  const auto wrong = custom_gradient([](const Tensor& x) {
    return std::pair{square(x), [x](const Tensor& dy) { return dy * x; }};
  });
  const auto r = gradcheck([&](const auto& x) { return wrong(x[0]); }, {tensor({1.0, 2.0})});
  CHECK(!r.passed);
  CHECK(r.largest_error > 0.4);
  CHECK(r.message.starts_with("input 0, element 0: gradient"));
  CHECK_THROWS_AS(gradcheck([](const auto& x) { return square(x[0]); }, {tensor({1.f})}),
                  DTypeError);
}
