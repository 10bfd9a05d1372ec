#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "linnet/core/creation.hpp"
#include "linnet/ops/conv.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/indexing.hpp"
#include "linnet/ops/loss.hpp"
#include "linnet/ops/matmul.hpp"
#include "linnet/ops/random.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"
#include "linnet/ops/softmax.hpp"

using namespace linnet;

#define CHECK_FAILS(expression, Type, text)                                         \
  try {                                                                             \
    static_cast<void>(expression);                                                  \
    FAIL_CHECK("no error");                                                         \
  } catch (const Type& e) {                                                         \
    CHECK_MESSAGE(std::string(e.what()).find(text) != std::string::npos, e.what()); \
  }

TEST_CASE("bad input gets a typed error that names op, expectation and what came") {
  const Tensor a = zeros({2, 3}), b = zeros({4, 5});
  CHECK_FAILS(a + b, ShapeError, "[add] shapes do not broadcast: (2, 3) and (4, 5)");
  CHECK_FAILS(matmul(a, b), ShapeError, "[matmul] inner dimensions differ: lhs (2, 3), rhs (4, 5)");
  CHECK_FAILS(add(1, 2), ValueError, "[add]");
  CHECK_FAILS(reshape(a, {4, 2}), ShapeError, "[reshape] cannot reshape (2, 3)");
  CHECK_FAILS(reshape(a, {-1, -1}), ShapeError, "[reshape]");
  CHECK_FAILS(transpose(a, {0, 0}), ValueError, "given twice");
  CHECK_FAILS(sum(a, {.axis = 2}), IndexError, "[sum] axis 2 is out of range for rank 2");
  CHECK_FAILS(concat({a, b}, 0), ShapeError, "[concat]");
  CHECK_FAILS(a(2), IndexError, "index 2 is out of bounds for axis of size 2");
  CHECK_FAILS(a(0, 0, 0), IndexError, "too many indices");
  CHECK_FAILS(squeeze(a, 0), ShapeError, "[squeeze]");
  CHECK_FAILS(split(a, 2, 1), ShapeError, "[split]");
  CHECK_FAILS(gather(a, tensor({0, 7})), IndexError,
              "[gather] index 7 is out of bounds for axis of size 2");
  CHECK_FAILS(gather(a, tensor({-1})), IndexError, "[gather] index -1");
  CHECK_FAILS(gather(a, tensor({0.5f})), DTypeError, "[gather]");
  CHECK_FAILS(bitwise_and(a, a), DTypeError, "[bitwise_and]");
  CHECK_FAILS(conv2d(zeros({1, 4, 4, 3}), zeros({3, 3, 2, 5})), ShapeError, "[conv2d]");
  CHECK_FAILS(conv2d(zeros({1, 2, 2, 3}), zeros({3, 3, 3, 5})), ShapeError, "[conv2d]");
  CHECK_FAILS(conv2d(zeros({1, 4, 4, 3}), zeros({3, 3, 3, 5}), {.padding = "full"}), ValueError,
              "\"full\"");
  CHECK_FAILS(max_pool2d(zeros({4, 4}), 2), ShapeError, "[max_pool2d]");
  CHECK_FAILS(
      sparse_categorical_crossentropy(tensor({0, 12}), zeros({2, 10}), {.from_logits = true}),
      IndexError, "label 12 is outside [0, 10)");
  CHECK_FAILS(sparse_categorical_crossentropy(tensor({0}), zeros({2, 10})), ShapeError, "[sparse");
  CHECK_FAILS(dropout(a, 1.5), ValueError, "[dropout] rate 1.5");
  CHECK_FAILS(random_integers({2}, 3, 3), ValueError, "low < high");
  CHECK_FAILS(argmax(zeros({2, 0})), ValueError, "is empty");
  CHECK_FAILS(Tensor() + a, ValueError, "undefined tensor");
  CHECK_FAILS(zeros({-1}), ShapeError, "negative extent");
  CHECK_FAILS(zeros({1LL << 40, 1LL << 40}), OutOfMemoryError, "too large");
  CHECK_FAILS(Shape({1, 1, 1, 1, 1, 1, 1, 1, 1}), ShapeError, "at most 8");
}

TEST_CASE("integers wrap and never trap") {
  const auto low = std::numeric_limits<std::int32_t>::min();
  CHECK(floor_divide(tensor({7, -7, low, 5}), tensor({2, 2, -1, 0})).to_vector<int>() ==
        std::vector<int>{3, -4, low, 0});
  CHECK(mod(tensor({7, -7, low, 5}), tensor({2, 2, -1, 0})).to_vector<int>() ==
        std::vector<int>{1, 1, 0, 0});
  CHECK((tensor({low}) - 1).to_vector<int>() ==
        std::vector<int>{std::numeric_limits<std::int32_t>::max()});
  CHECK(left_shift(tensor({1, 1}), tensor({40, -1})).to_vector<int>() == std::vector<int>{0, 0});
  CHECK(cast(tensor({1e20f, -1e20f, std::nanf(""), -1.7f}), int32).to_vector<int>() ==
        std::vector<int>{std::numeric_limits<std::int32_t>::max(), low, 0, -1});
}

TEST_CASE("NaN and infinity keep their meaning") {
  const float nan = std::nanf(""), inf = std::numeric_limits<float>::infinity();
  CHECK(std::isnan(maximum(tensor({nan}), 1.f).item<float>()));
  CHECK(std::isnan(minimum(tensor({1.f}), tensor({nan})).item<float>()));
  CHECK(std::isnan(max(tensor({1.f, nan, 2.f})).item<float>()));
  CHECK(std::isnan(relu(tensor({nan})).item<float>()));
  CHECK(exp(tensor({inf, -inf, 100.f, -110.f})).to_vector<float>() ==
        std::vector<float>{inf, 0, inf, 0});
  CHECK(log(tensor({0.f, inf})).to_vector<float>() == std::vector<float>{-inf, inf});
  CHECK(std::isnan(log(tensor({-1.f})).item<float>()));
  CHECK(tanh(tensor({inf, -inf})).to_vector<float>() == std::vector<float>{1, -1});
  CHECK(std::isnan(mean(zeros({0})).item<float>()));
  CHECK(max(zeros({0})).item<float>() == -inf);
  CHECK(logsumexp(tensor({-inf, -inf})).item<float>() == -inf);
}

TEST_CASE("empty rows and labels at the ends of int64") {
  CHECK(softmax(zeros({2, 0})).shape() == Shape({2, 0}));
  CHECK(log_softmax(zeros({0, 3})).shape() == Shape({0, 3}));
  const auto lowest = std::numeric_limits<std::int64_t>::min();
  CHECK_FAILS(
      sparse_categorical_crossentropy(tensor({lowest}), zeros({1, 3}), {.from_logits = true}),
      IndexError, "is outside [0, 3)");
  CHECK_FAILS(
      sparse_categorical_crossentropy(tensor({-1e30f}), zeros({1, 3}), {.from_logits = true}),
      IndexError, "is outside [0, 3)");
}

TEST_CASE("dtypes promote as documented") {
  CHECK((tensor({1}) + tensor({1.f})).dtype() == float32);
  CHECK((tensor({1}) + 1.5).dtype() == float32);
  CHECK((tensor({1}) + 1).dtype() == int32);
  CHECK((cast(tensor({1}), uint8) + cast(tensor({1}), int8)).dtype() == int16);
  CHECK((cast(tensor({1.f}), float16) + cast(tensor({1.f}), bfloat16)).dtype() == float32);
  CHECK((tensor({1.f}) + tensor({1.0})).dtype() == float64);
  CHECK((tensor({7}) / tensor({2})).dtype() == float32);
  CHECK((tensor({true}) + tensor({true})).dtype() == int32);
}
