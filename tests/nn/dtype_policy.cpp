// Mixed precision: 16-bit layers over float32 weights.
#include <doctest/doctest.h>

#include "linnet/linnet.hpp"

using namespace linnet;

namespace {
/// Sets a policy for a test and puts the old one back.
struct With {
  explicit With(const DTypePolicy& p) : before(dtype_policy()) { set_dtype_policy(p); }
  ~With() { set_dtype_policy(before); }
  DTypePolicy before;
};
}  // namespace

TEST_CASE("policies by name") {
  CHECK(DTypePolicy("mixed_bfloat16").compute_dtype() == bfloat16);
  CHECK(DTypePolicy("mixed_bfloat16").variable_dtype() == float32);
  CHECK(DTypePolicy("float64").compute_dtype() == float64);
  CHECK(DTypePolicy("float64").variable_dtype() == float64);
  for (const char* bad : {"", "mixed_", "mixed_float32", "int32", "mixed"})
    CHECK_THROWS_AS(DTypePolicy{bad}, ValueError);
}

TEST_CASE("layers compute in the policy's dtype over float32 weights") {
  const With policy("mixed_bfloat16");
  layers::Dense dense(4, {.activation = relu});
  const Tensor y = dense(normal({3, 5}));
  CHECK(y.dtype() == bfloat16);
  for (const Variable& v : dense.variables()) {
    CHECK(v.dtype() == float32);
    CHECK(v.value().dtype() == float32);  // outside of a call
  }
  GradientTape tape;
  const Tensor loss = mean(cast(dense(normal({3, 5})), float32));
  for (const Tensor& g : tape.gradient(loss, dense.trainable_variables()))
    CHECK(g.dtype() == float32);
}

TEST_CASE("a layer may keep a policy of its own") {
  layers::Dense hidden(4), head(2);
  hidden.set_policy("mixed_bfloat16");
  const Tensor h = hidden(normal({3, 5}));
  CHECK(h.dtype() == bfloat16);
  CHECK(head(h).dtype() == float32);
  CHECK_THROWS_AS(head.set_policy("float64"), ValueError);  // it is built
}

TEST_CASE("normalizations compute their moments in float32") {
  const With policy("mixed_bfloat16");
  // With 8 bits of mantissa the variance of 1000 + small numbers would be nothing.
  const Tensor x = normal({64, 8}, {.mean = 100, .stddev = 4});
  layers::BatchNormalization batch;
  const Tensor y = batch(x, {.training = true});
  CHECK(y.dtype() == bfloat16);
  CHECK(std::abs(mean(square(cast(y, float32))).item<double>() - 1) < 0.05);
  for (const Variable& v : batch.non_trainable_variables()) CHECK(v.dtype() == float32);
  const double moving = mean(batch.non_trainable_variables()[0].value()).item<double>();
  CHECK(std::abs(moving - 1) < 0.05);  // 0.01 of 100, which bfloat16 would round
  layers::LayerNormalization layer;
  CHECK(layer(x).dtype() == bfloat16);
}

TEST_CASE("a mixed model learns what the float32 model learns") {
  const auto train = [](const char* name) {
    const With policy(name);
    set_random_seed(7);
    const Tensor x = normal({256, 8, 8, 4});
    const Tensor y = cast(sum(x(all, all, all, 0), {.axis = {1, 2}}) > 0.0, int32);
    Sequential model{layers::Conv2D(8, 3, {.activation = relu}), layers::MaxPooling2D(2),
                     layers::Flatten(), layers::Dense(2)};
    model.compile({.optimizer = Adam(0.01),
                   .loss = SparseCategoricalCrossentropy({.from_logits = true}),
                   .metrics = {"accuracy"}});
    const History h = model.fit(x, y, {.epochs = 12, .batch_size = 32, .verbose = 0});
    for (const Variable& v : model.trainable_variables()) CHECK(v.dtype() == float32);
    return h["loss"].back();
  };
  const double full = train("float32"), half = train("mixed_bfloat16");
  CHECK(full < 0.2);
  CHECK(std::abs(half - full) < 0.1);
}
