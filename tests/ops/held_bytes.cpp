#include <doctest/doctest.h>

#include <functional>

#include "linnet/autograd/tape.hpp"
#include "linnet/core/allocator.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/random.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/softmax.hpp"

using namespace linnet;

// What a tape keeps alive decides the memory of training: counted here in tensors of x's size.
namespace {

using Unary = Tensor (*)(const Tensor&);

std::size_t bytes_in_use() { return memory_stats().bytes_in_use; }

const Shape shape{64, 1024};

/// Bytes of one tensor of `shape`, with what the allocator adds.
std::size_t unit() {
  const std::size_t before = bytes_in_use();
  const Tensor t = zeros(shape);
  return bytes_in_use() - before;
}

/// Tensors held by tape and result after y = f(x), x dropped by the caller; then without y as well.
struct Held {
  double with_y = 0, without_y = 0;
};

Held held_after(const std::function<Tensor(const Tensor&)>& f) {
  const auto one = static_cast<double>(unit());
  const std::size_t before = bytes_in_use();
  GradientTape tape;
  Tensor x = uniform(shape, {.minval = 0.2, .maxval = 0.8, .generator = Generator(1)});
  const std::size_t generator = bytes_in_use() - before - static_cast<std::size_t>(one);
  tape.watch(x);
  Tensor y = f(x);
  x = Tensor();
  Held h;
  const auto count = [&] { return static_cast<double>(bytes_in_use() - before - generator) / one; };
  h.with_y = count();
  y = Tensor();
  h.without_y = count();
  return h;
}

}  // namespace

TEST_CASE("ops whose gradient needs y alone hold nothing else") {
  for (Unary f : {Unary(relu), Unary(relu6), Unary(tanh), Unary(sigmoid), Unary(exp), Unary(expm1),
                  Unary(exp2), Unary(sqrt), Unary(rsqrt), Unary(reciprocal), Unary(tan)}) {
    const Held h = held_after(f);
    CHECK(h.with_y == doctest::Approx(1).epsilon(0.05));
    CHECK(h.without_y == doctest::Approx(1).epsilon(0.05));
  }
  CHECK(held_after([](const Tensor& x) { return softmax(x); }).with_y ==
        doctest::Approx(1).epsilon(0.05));
  CHECK(held_after([](const Tensor& x) { return log_softmax(x); }).with_y ==
        doctest::Approx(1).epsilon(0.05));
}

TEST_CASE("ops whose gradient needs x hold x, and y only while its owner does") {
  for (Unary f : {Unary(square), Unary(log), Unary(sin), Unary(cos), Unary(silu), Unary(softplus),
                  Unary(erf), Unary(atan), Unary(abs)}) {
    const Held h = held_after(f);
    CHECK(h.with_y == doctest::Approx(2).epsilon(0.05));
    CHECK(h.without_y == doctest::Approx(1).epsilon(0.05));
  }
}

TEST_CASE("linear ops hold nothing") {
  CHECK(held_after([](const Tensor& x) { return x + 1; }).without_y < 0.05);
  CHECK(held_after([](const Tensor& x) { return 2 * x; }).without_y < 0.05);
  CHECK(held_after([](const Tensor& x) { return negative(x); }).without_y < 0.05);
  CHECK(held_after([](const Tensor& x) { return sum(x); }).without_y < 0.05);
  CHECK(held_after([](const Tensor& x) { return mean(x, {.axis = 0}); }).without_y < 0.05);
  CHECK(held_after([](const Tensor& x) { return cast(x, float16); }).without_y < 0.05);
}

TEST_CASE("gradient() gives back what the tape held") {
  const Tensor x = uniform(shape, {.generator = Generator(1)});
  const std::size_t before = bytes_in_use(), one = unit();
  GradientTape tape;
  tape.watch(x);
  Tensor y = x;
  for (int i = 0; i < 6; ++i) y = tanh(y * 1.1);
  y = sum(y);
  CHECK(bytes_in_use() - before > 5 * one);
  const Tensor g = tape.gradient(y, x);
  CHECK(bytes_in_use() - before < one + one / 2);
}
