#include <doctest/doctest.h>

#include <functional>

#include "linnet/autograd/tape.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/core/threads.hpp"
#include "linnet/graph/function.hpp"
#include "linnet/nn/optimizers.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/indexing.hpp"
#include "linnet/ops/matmul.hpp"
#include "linnet/ops/primitives/optimizer.hpp"
#include "linnet/ops/random.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"

using namespace linnet;

namespace {

using Make = std::function<std::shared_ptr<Optimizer>()>;

std::size_t count(const Graph& g, std::string_view name) {
  std::size_t n = 0;
  for (const Node& node : g.nodes) n += node.primitive.name() == name;
  return n;
}

/// An embedding with rows met more than once, a matrix and an odd vector.
struct Model {
  explicit Model(DType t)
      : table(cast(uniform({700, 37}, {.generator = Generator(1)}), t)),
        matrix(cast(uniform({37, 130}, {.generator = Generator(2)}), t)),
        offset(cast(uniform({130}, {.generator = Generator(3)}), t)),
        wide(cast(uniform({129, 500}, {.generator = Generator(4)}), t)) {}
  Tensor loss(const Tensor& ids) const {
    const Tensor y = matmul(gather(table, ids), matrix) + offset;
    return mean(square(y)) + mean(square(wide.value()));
  }
  std::vector<Variable> variables() const { return {table, matrix, offset, wide}; }
  Variable table, matrix, offset, wide;
};

struct Trained {
  std::vector<std::vector<double>> values;
  Graph graph;
};

Trained train(const Make& make, DType t, const PassOptions& passes, int threads) {
  set_num_threads(threads);
  const Model model(t);
  const auto optimizer = make();
  auto step = linnet::function(
      [&](const Tensor& ids) {
        GradientTape tape;
        const Tensor loss = model.loss(ids);
        optimizer->apply_gradients(tape.gradient(loss, model.variables()), model.variables());
        return loss;
      },
      {.passes = passes});
  for (int i = 0; i < 3; ++i) step(random_integers({64}, 0, 700, {.generator = Generator(i)}));
  Trained out;
  for (const Variable& v : model.variables()) out.values.push_back(v.value().to_vector<double>());
  for (const Variable& v : optimizer->variables())
    out.values.push_back(v.value().to_vector<double>());
  out.graph = step.graph();
  set_num_threads(0);
  return out;
}

template <class O, class Options>
Make with(Options options) {
  return [options] { return std::make_shared<O>(0.01, options); };
}

}  // namespace

TEST_CASE("updates: one node for all variables gives what one each gives, bit for bit") {
  const std::vector<Make> rules{
      with<SGD>(SGDOptions{}),
      with<SGD>(SGDOptions{.momentum = 0.9, .clipvalue = 1e-4}),
      with<SGD>(SGDOptions{.momentum = 0.9, .nesterov = true, .weight_decay = 0.01}),
      with<Adam>(AdamOptions{}),
      with<Adam>(AdamOptions{.amsgrad = true, .clipnorm = 1e-3}),
      with<Adam>(AdamOptions{.global_clipnorm = 1e-3}),
      with<AdamW>(AdamWOptions{.weight_decay = 0.01}),
      with<RMSprop>(RMSpropOptions{}),
      with<RMSprop>(RMSpropOptions{.momentum = 0.9, .global_clipnorm = 1e-3}),
      with<RMSprop>(RMSpropOptions{.centered = true}),
      with<RMSprop>(RMSpropOptions{.momentum = 0.9, .centered = true, .weight_decay = 0.01})};
  PassOptions apart;
  apart.updates = false;
  for (std::size_t r = 0; r < rules.size(); ++r)
    for (DType t : {float32, float64}) {
      CAPTURE(r);
      const Make& rule = rules[r];
      const Trained one = train(rule, t, {}, 2), each = train(rule, t, apart, 1);
      CHECK(count(one.graph, "multi_update") == 1);
      CHECK(count(each.graph, "multi_update") == 0);
      CHECK(one.values == each.values);
    }
}

TEST_CASE("updates: no dense gradient is made of an embedding's rows") {
  const Trained t = train(with<Adam>(AdamOptions{}), float32, {}, 1);
  CHECK(count(t.graph, "gather_backward") == 0);
  // The clip's norm needs it.
  const Trained clipped = train(with<Adam>(AdamOptions{.clipnorm = 1}), float32, {}, 1);
  CHECK(count(clipped.graph, "gather_backward") == 1);
}

TEST_CASE("updates: the product of a clip by norm joins the update") {
  PassOptions apart;
  apart.updates = apart.fusion = false;
  const Make rule = with<SGD>(SGDOptions{.global_clipnorm = 1e-3});
  const auto products = [](const Graph& g) { return count(g, "elementwise"); };
  PassOptions joined = apart;
  joined.updates = true;
  CHECK(products(train(rule, float32, joined, 1).graph) + 4 ==
        products(train(rule, float32, apart, 1).graph));
}

TEST_CASE("updates: a new value that is read ends the group") {
  const Variable a(ones({4})), b(ones({4}));
  const Tensor rate = ones({}), step = zeros({}, int64);
  auto f = linnet::function([&] {
    const Tensor first[] = {ones({4}), rate, step};
    apply_update(SgdUpdate{}, {&a, 1}, first);
    const Tensor second[] = {a.value() * 3, rate, step};  // of the updated a
    apply_update(SgdUpdate{}, {&b, 1}, second);
  });
  a.assign(full({4}, 3.f));
  f();
  CHECK(count(f.graph(), "sgd_update") == 2);
  CHECK(a.value().to_vector<float>() == std::vector<float>(4, 2));
  CHECK(b.value().to_vector<float>() == std::vector<float>(4, -5));
}

TEST_CASE("updates: a variable updated twice in one step") {
  const Variable a(full({3}, 8.f));
  const Tensor rate = ones({}), step = zeros({}, int64);
  auto f = linnet::function([&] {
    for (int i = 0; i < 2; ++i) {
      const Tensor others[] = {ones({3}), rate, step};
      apply_update(SgdUpdate{}, {&a, 1}, others);
    }
  });
  f();
  CHECK(a.value().to_vector<float>() == std::vector<float>(3, 6));
}
