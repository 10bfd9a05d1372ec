#include <doctest/doctest.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "linnet/autograd/variable.hpp"
#include "linnet/core/allocator.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/graph/arena_pool.hpp"
#include "linnet/graph/control_flow.hpp"
#include "linnet/graph/function.hpp"
#include "linnet/graph/subgraph.hpp"
#include "linnet/nn/layers/activation.hpp"
#include "linnet/nn/layers/conv2d.hpp"
#include "linnet/nn/layers/core.hpp"
#include "linnet/nn/layers/dense.hpp"
#include "linnet/nn/layers/normalization.hpp"
#include "linnet/nn/losses.hpp"
#include "linnet/nn/optimizers.hpp"
#include "linnet/nn/model.hpp"
#include "linnet/ops/conv.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/matmul.hpp"
#include "linnet/ops/norm.hpp"
#include "linnet/ops/random.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"

using namespace linnet;

namespace {

PassOptions without(bool PassOptions::*pass) {
  PassOptions p;
  p.*pass = false;
  return p;
}

std::size_t count(const Graph& g, std::string_view name) {
  std::size_t n = 0;
  for (const Node& node : g.nodes) n += node.primitive.name() == name;
  return n;
}

}  // namespace

TEST_CASE("prologue: what depends on variables follows every way of changing them") {
  const Variable w(uniform({3, 4})), b(uniform({4}));
  const auto f = [&](const Tensor& x) { return matmul(x, exp(w.value()) * 2) + sqrt(b.value()); };
  auto captured = linnet::function(f);
  auto train = linnet::function([&] { w.assign_add(ones({3, 4})); });
  const Tensor x = uniform({2, 3});
  const auto check = [&] { CHECK(captured(x).to_vector<float>() == f(x).to_vector<float>()); };
  check();
  CHECK(captured.graph().prologue == 2);
  check();
  w.assign(ones({3, 4}));
  check();
  b.assign_add(ones({4}));
  check();
  train();
  check();
  train();
  check();
  const Tensor snapshot = w.value();
  train();
  check();
  CHECK(captured.tracing_count() == 1);
}

TEST_CASE("prologue: nothing that an assigned variable, an input or chance decides is in it") {
  const Variable w(ones({3})), written(ones({3}));
  const Generator generator(1);
  auto f = linnet::function([&](const Tensor& x) {
    written.assign(written.value() * 2 + max(exp(w.value())));
    return std::vector<Tensor>{exp(x), uniform({3}, {.generator = generator}), tanh(w.value())};
  });
  const auto first = f(zeros({3})), second = f(ones({3}));
  CHECK(f.graph().prologue == 3);  // exp, max and tanh
  CHECK(first[0].to_vector<float>() != second[0].to_vector<float>());
  CHECK(first[1].to_vector<float>() != second[1].to_vector<float>());
  CHECK(first[2].to_vector<float>() == second[2].to_vector<float>());
  CHECK(first[2].raw_data() != second[2].raw_data());  // outputs are the caller's
  CHECK(written.value()(0).item<float>() == doctest::Approx(4 + 3 * 2.7182818).epsilon(1e-6));
}

TEST_CASE("prologue: a variable's new value may come from it") {
  const Variable a(full({5}, 2.f)), b(zeros({5}));
  auto f = linnet::function([&] { b.assign(square(a.value())); });
  for (float x : {2.f, 3.f, 3.f, 4.f}) {
    a.assign(full({5}, x));
    b.assign(zeros({5}));
    f();
    CHECK(b.value().to_vector<float>() == std::vector<float>(5, x * x));
  }
}

TEST_CASE("prologue: transposed and cast weights, and their views, are made once") {
  const Variable w(uniform({40, 50}, {.dtype = float64}));
  const auto f = [&](const Tensor& x) {
    const Tensor t = transpose(cast(w.value(), float32));
    return std::vector<Tensor>{matmul(x, t), narrow(t, 0, 1, 2), w.value()};
  };
  auto captured = linnet::function(f);
  const Tensor x = uniform({8, 50});
  for (int i = 0; i < 3; ++i) {
    const auto got = captured(x), want = f(x);
    for (std::size_t k = 0; k < 3; ++k)
      CHECK(got[k].to_vector<double>() == want[k].to_vector<double>());
    w.assign(w.value() * 2);
  }
}

TEST_CASE("prologue: prepared weights of convolutions give the same bits") {
  const Variable w(uniform({3, 3, 5, 7})), late(uniform({3, 3, 7, 7}));
  const auto f = [&](const Tensor& x) { return conv2d(conv2d(x, w), late); };
  auto captured = linnet::function(f),
       plain = linnet::function(f, {.passes = without(&PassOptions::prologue)});
  const Tensor x = uniform({1, 9, 9, 5});
  for (int i = 0; i < 3; ++i) {
    CHECK(captured(x).to_vector<float>() == plain(x).to_vector<float>());
    CHECK(captured(x).to_vector<float>() == plain(x).to_vector<float>());
    (i ? w : late).assign_add(ones((i ? w : late).shape()));
  }
}

TEST_CASE("prologue: readers never see half a change") {
  const Variable v(zeros({1000}));
  auto add = linnet::function([&](const Tensor& x) { v.assign_add(x); });
  auto read = linnet::function([&](const Tensor& x) {
    const Tensor y = v.value() * 2 + 1;
    return std::pair{max(y + x), min(y + x)};
  });
  std::vector<std::thread> threads;
  std::atomic<int> torn{0};
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 200; ++i) {
        if (t == 0) {
          add(ones({1000}));
        } else {
          const auto [high, low] = read(zeros({1000}));
          if (high.item<float>() != low.item<float>()) ++torn;
        }
      }
    });
  for (auto& t : threads) t.join();
  CHECK(torn == 0);
  CHECK(read(zeros({1000})).first.item<float>() == 401);
}

TEST_CASE("affine: a batch normalization outside training joins the weights") {
  const Variable w(uniform({3, 3, 4, 6})), d(uniform({24, 6}));
  const Variable gamma(uniform({6}) + 0.5), beta(uniform({6})), mean(uniform({6})),
      variance(uniform({6}) + 0.1), bias(uniform({6}));
  const auto normalized = [&](const Tensor& x) {
    return batch_norm_inference(x, gamma, beta, mean, variance, 1e-3);
  };
  const auto convolution = [&](const Tensor& x) { return relu(normalized(conv2d(x, w) + bias)); };
  const auto product = [&](const Tensor& x) {
    return normalized(matmul(reshape(x, {-1, 24}), d)) * gamma.value();
  };
  const auto check = [&](const auto& f, const Tensor& x, const char* anchor) {
    auto on = linnet::function(f),
         off = linnet::function(f, {.passes = without(&PassOptions::affine)});
    for (int i = 0; i < 2; ++i) {
      const auto a = on(x).template to_vector<float>(), b = off(x).template to_vector<float>();
      for (std::size_t k = 0; k < a.size(); ++k) CHECK(a[k] == doctest::Approx(b[k]).epsilon(1e-4));
      variance.assign(variance.value() * 3);
    }
    const Graph g = on.graph();
    std::size_t each_call = 0;
    for (std::size_t n = static_cast<std::size_t>(g.prologue); n < g.nodes.size(); ++n)
      each_call += !g.nodes[n].primitive.ref().is_view();
    CHECK(each_call == 1);
    CHECK(count(g, anchor) == 1);
  };
  check(convolution, uniform({2, 6, 6, 4}), "conv2d");
  check(product, uniform({2, 6, 8, 4}), "matmul");
}

TEST_CASE("affine: what the graph writes, other uses see or only shifts stays") {
  const Variable w(uniform({4, 6})), s(uniform({6}));
  const Tensor x = uniform({3, 4});
  auto writes = linnet::function([&](const Tensor& a) {
    const Tensor y = matmul(a, w) * s;
    w.assign_add(ones({4, 6}));
    return y;
  });
  auto shared = linnet::function([&](const Tensor& a) {
    const Tensor y = matmul(a, w);
    return y * s + exp(y);
  });
  auto shifts = linnet::function([&](const Tensor& a) { return matmul(a, w) - s; });
  static_cast<void>(writes(x)), static_cast<void>(shared(x)), static_cast<void>(shifts(x));
  for (const Graph& g : {writes.graph(), shared.graph(), shifts.graph()}) CHECK(g.prologue == 0);
}

TEST_CASE("prologue: executables of several shapes share variables") {
  const Variable w(uniform({3, 3, 4, 8})), scale(uniform({8}));
  const auto f = [&](const Tensor& x) { return conv2d(x, w) * scale.value(); };
  auto captured = linnet::function(f);
  const Tensor small = uniform({1, 6, 6, 4}), large = uniform({3, 9, 9, 4});
  const auto check = [&](const Tensor& x) {
    const auto a = captured(x).to_vector<float>(), b = f(x).to_vector<float>();
    for (std::size_t i = 0; i < a.size(); ++i) CHECK(a[i] == doctest::Approx(b[i]).epsilon(1e-5));
  };
  check(small), check(large);
  scale.assign(scale.value() * 3);
  check(large), check(small);
  w.assign_sub(ones(w.shape()));
  check(small), check(large), check(small);
}

TEST_CASE("prologue: branches and loops read what the graph around them keeps") {
  const Variable w(full({4}, 2.f)), steps(full({}, 3, int32));
  const auto f = [&](const Tensor& x) {
    const Tensor e = exp(w.value());
    const Tensor y = cond(
        max(x) > 0, [&] { return x + e * sqrt(w.value()); }, [&] { return x - e; });
    return std::get<1>(
        while_loop([&](const Tensor& i, const Tensor&) { return i < steps.value(); },
                   [&](const Tensor& i, const Tensor& a) { return std::tuple(i + 1, a + e); },
                   std::tuple(full({}, 0, int32), y)));
  };
  auto captured = linnet::function(f);
  for (float value : {1.f, 4.f, 4.f, 2.f}) {
    w.assign(full({4}, value));
    for (float x : {-1.f, 1.f})
      CHECK(captured(full({4}, x)).to_vector<float>() == f(full({4}, x)).to_vector<float>());
    steps.assign_add(ones({}, int32));
  }
  for (const Node& n : captured.graph().nodes)
    for (const Graph* g : detail::subgraphs(n.primitive.ref())) CHECK_FALSE(g->has_prologue);
}

TEST_CASE("prologue: predictions follow training and loaded weights") {
  Sequential model{layers::Conv2D(8, 3, {.use_bias = false}), layers::BatchNormalization(),
                   layers::Activation(relu), layers::Flatten(), layers::Dense(2)};
  model.compile({.optimizer = SGD(0.1), .loss = MeanSquaredError()});
  const Tensor x = uniform({4, 6, 6, 3}), y = uniform({4, 2});
  const auto check = [&] {
    const auto got = model.predict(x, {.batch_size = 4}).to_vector<float>(),
               want = model(x, {.training = false}).to_vector<float>();
    for (std::size_t i = 0; i < got.size(); ++i)
      CHECK(got[i] == doctest::Approx(want[i]).epsilon(1e-4));
  };
  check();
  const std::string path =
      (std::filesystem::temp_directory_path() / "prologue.safetensors").string();
  model.save_weights(path);
  const auto before = model.predict(x, {.batch_size = 4}).to_vector<float>();
  for (int i = 0; i < 2; ++i) {
    model.fit(x, y, {.epochs = 1, .batch_size = 4, .verbose = 0});
    check();
  }
  CHECK(model.predict(x, {.batch_size = 4}).to_vector<float>() != before);
  model.load_weights(path);
  CHECK(model.predict(x, {.batch_size = 4}).to_vector<float>() == before);
  std::filesystem::remove(path);
}

TEST_CASE("prologue: what it makes is counted, and goes with the function") {
  const Variable w(uniform({3, 3, 32, 64})), scale(uniform({64}));
  const Tensor x = uniform({1, 20, 20, 32});
  detail::release_arenas();
  const std::size_t before = memory_stats().bytes_in_use;
  {
    auto f = linnet::function([&](const Tensor& a) { return conv2d(a, w) * scale.value(); });
    static_cast<void>(f(x));
    // The transformed weights and nothing else: the scaled ones were only needed to make them.
    CHECK(f.stats().kept_bytes >= w.size() * sizeof(float));
    CHECK(f.stats().kept_bytes < 2 * w.size() * sizeof(float));
    CHECK(memory_stats().bytes_in_use >= before + f.stats().kept_bytes);
    const std::uint64_t allocations = memory_stats().allocations;
    w.assign(w.value());
    static_cast<void>(f(x));
    CHECK(memory_stats().allocations == allocations + 1);  // the output
  }
  detail::release_arenas();
  CHECK(memory_stats().bytes_in_use == before);
}
