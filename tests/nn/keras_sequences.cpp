#include <doctest/doctest.h>

#include "linnet/autograd/tape.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/nn/layers/attention.hpp"
#include "linnet/nn/layers/core.hpp"
#include "linnet/nn/layers/dense.hpp"
#include "linnet/nn/layers/embedding.hpp"
#include "linnet/nn/layers/normalization.hpp"
#include "linnet/nn/layers/recurrent.hpp"
#include "linnet/nn/layers/sequence.hpp"
#include "linnet/nn/model.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/random.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"
#include "nn/check_layer.hpp"
#include "nn/models.hpp"

using namespace linnet;
using figures::check_layer;

namespace {

void check_attention(const std::string& name, layers::MultiHeadAttention&& layer,
                     layers::AttentionCallOptions options = {}) {
  CAPTURE(name);
  const std::string key = "attention/" + name + "/";
  const Tensor query = figures::get(key + "query"), value = figures::get(key + "value");
  options.key = figures::get(key + "key");
  layer.build(query.shape(), value.shape(), options.key.shape());
  layer.set_weights(figures::list(key + "w"));
  GradientTape tape({.persistent = true});
  for (const Tensor& t : {query, value, options.key}) tape.watch(t);
  const auto [y, scores] = layer.with_scores(query, value, options);
  figures::check(y, key + "y", 5e-6);
  figures::check(layer(query, value, options), key + "y", 5e-6);
  if (figures::has(key + "plain_y")) figures::check(y, key + "plain_y", 5e-6);
  figures::check(scores, key + "scores", 5e-6);
  const Tensor total = sum(y * figures::get(key + "r"));
  figures::check(tape.gradient(total, query), key + "dquery", 2e-5);
  figures::check(tape.gradient(total, value), key + "dvalue", 2e-5);
  figures::check(tape.gradient(total, options.key), key + "dkey", 2e-5);
  const auto variables = layer.trainable_variables();
  CHECK(figures::list(key + "dw").size() == variables.size());
  for (std::size_t i = 0; i < variables.size(); ++i)
    figures::check(tape.gradient(total, variables[i]), key + "dw" + std::to_string(i), 2e-5);
}

/// One step of training on sequences padded with 0, captured and eager.
void check_masked(const std::string& name, const std::function<Sequential()>& make) {
  CAPTURE(name);
  const std::string key = "masked/" + name + "/";
  const Tensor ids = figures::get(key + "ids"), y = figures::get(key + "y");
  for (bool eager : {false, true}) {
    Sequential model = make();
    model.build_once(ids.shape());
    model.set_weights(figures::list(key + "w"));
    figures::check(model(ids), key + "predicted", 5e-6);
    model.compile({.optimizer = SGD(0.5), .loss = "mse", .metrics = {"mae"}, .run_eagerly = eager});
    figures::check(model.predict(ids), key + "predicted", 5e-6);
    const Logs logs = model.train_on_batch(ids, y);
    figures::check(from_vector(std::vector<double>{logs["loss"], logs["mae"]}, {2}), key + "logs",
                   5e-6);
    const auto after = model.get_weights();
    for (std::size_t i = 0; i < after.size(); ++i)
      figures::check(after[i], key + "after" + std::to_string(i), 2e-5);
  }
}

}  // namespace

TEST_CASE("recurrent layers and their gradients are Keras's") {
  using namespace layers;
  check_layer("simple_rnn", SimpleRNN(4));
  check_layer("simple_rnn_relu",
              SimpleRNN(4, {.activation = relu, .use_bias = false, .return_sequences = true}));
  check_layer("lstm", LSTM(4));
  check_layer("lstm_sequences", LSTM(3, {.return_sequences = true}));
  check_layer("lstm_backwards",
              LSTM(3, {.use_bias = false, .return_sequences = true, .go_backwards = true}));
  check_layer("lstm_hard",
              LSTM(3, {.activation = "softsign", .recurrent_activation = "hard_sigmoid"}));
  check_layer("gru", GRU(4));
  check_layer("gru_sequences", GRU(3, {.return_sequences = true}));
  check_layer("gru_before", GRU(3, {.reset_after = false, .return_sequences = true}));
  check_layer("gru_plain", GRU(3, {.use_bias = false, .go_backwards = true}));
  check_layer("bidirectional", Bidirectional(LSTM(3, {.return_sequences = true})));
  check_layer("bidirectional_last", Bidirectional(GRU(3)));
  for (const char* mode : {"sum", "mul", "ave"})
    check_layer(std::string("bidirectional_") + mode,
                Bidirectional(SimpleRNN(3, {.return_sequences = true}), {.merge_mode = mode}));
}

TEST_CASE("states go in and come out; masked steps leave them, as in Keras") {
  layers::LSTM lstm(3, {.return_sequences = true});
  const Tensor x = figures::get("lstm_state/x");
  lstm.build_once(x.shape());
  lstm.set_weights(figures::list("lstm_state/w"));
  layers::RunOptions options{
      .initial_state = {figures::get("lstm_state/h"), figures::get("lstm_state/c")}};
  for (const char* name : {"plain", "masked"}) {
    const std::string key = std::string("lstm_state/") + name;
    const auto [y, state] = lstm.run(x, options);
    figures::check(y, key + "_y", 5e-6);
    figures::check(state[0], key + "_h", 5e-6);
    figures::check(state[1], key + "_c", 5e-6);
    options.mask = figures::get("lstm_state/mask") != 0;
  }
}

TEST_CASE("attention and its gradients are Keras's") {
  using Heads = layers::MultiHeadAttention;
  check_attention("plain", Heads(2, 3));
  check_attention("dims", Heads(3, 2, {.value_dim = 4, .use_bias = false, .output_dim = 7}));
  check_attention("causal", Heads(2, 3), {.use_causal_mask = true});
  check_attention("masked", Heads(2, 3),
                  {.attention_mask = figures::get("attention/masked/allowed") != 0});
  check_attention("padded", Heads(1, 4),
                  {.query_mask = figures::get("attention/padded/query_mask") != 0,
                   .value_mask = figures::get("attention/padded/value_mask") != 0});
}

TEST_CASE("masks of embeddings travel to recurrences, poolings, losses and metrics as in Keras") {
  using namespace layers;
  const auto embedding = [] { return Embedding(6, 3, {.mask_zero = true}); };
  check_masked("lstm_sequences", [&] {
    return Sequential{embedding(), LSTM(2, {.return_sequences = true}), Dense(2)};
  });
  check_masked("gru_last", [&] { return Sequential{embedding(), GRU(2), Dense(1)}; });
  check_masked("pooled", [&] {
    return Sequential{embedding(), Dense(3, {.activation = tanh}), GlobalAveragePooling1D(),
                      Dense(2)};
  });
  check_masked("bidirectional", [&] {
    return Sequential{embedding(), Dropout(0.0),
                      Bidirectional(SimpleRNN(2, {.return_sequences = true})), LayerNormalization(),
                      Dense(1)};
  });
  check_masked("distributed", [&] {
    return Sequential{embedding(), TimeDistributed(Dense(2, {.activation = tanh})), SimpleRNN(2)};
  });
  check_masked("lost", [&] { return Sequential{embedding(), Flatten(), Dense(2)}; });
}

TEST_CASE("layers on each step, masks of values") {
  check_layer("time_distributed", layers::TimeDistributed(layers::Dense(3)));
  check_layer("masking", layers::Masking());
  const Tensor x = tensor({{{1.f, 2.f}, {0.f, 0.f}, {0.f, 3.f}}});
  CHECK(layers::Masking().compute_mask(x, {}).to_vector<int>() == std::vector<int>{1, 0, 1});
  Sequential with{layers::Masking(), layers::GlobalAveragePooling1D()};
  CHECK(with(x).to_vector<float>() == std::vector<float>{0.5f, 2.5f});
  CHECK_THROWS_AS(layers::Masking()(zeros({2, 3})), ShapeError);
  CHECK_THROWS_AS(layers::TimeDistributed(layers::Dense(3))(zeros({2, 3})), ShapeError);
}

TEST_CASE("a mask given by hand is that of an embedding") {
  set_random_seed(5);
  layers::Embedding embedding(6, 3, {.mask_zero = true});
  layers::LSTM lstm(2);
  const Tensor ids = tensor({{1, 2, 0}, {3, 0, 0}});
  const Tensor mask = embedding.compute_mask(ids, {});
  CHECK(mask.to_vector<int>() == std::vector<int>{1, 1, 0, 1, 0, 0});
  const Tensor h = embedding(ids);
  Sequential both{embedding, lstm};
  CHECK(lstm(h, {.mask = mask}).to_vector<float>() == both(ids).to_vector<float>());
  CHECK(lstm(h).to_vector<float>() != both(ids).to_vector<float>());
  // Padding changes nothing: one step alone gives what it gives before two masked ones.
  const Tensor alone = both(narrow(narrow(ids, 0, 1, 1), 1, 0, 1));
  CHECK(alone.to_vector<float>() == narrow(both(ids), 0, 1, 1).to_vector<float>());
  CHECK_THROWS_AS(lstm(h, {.mask = ones({2, 2})}), ShapeError);
}

TEST_CASE("an LSTM's weights begin as Keras's do; directions differ; seeds repeat") {
  layers::LSTM lstm(2);
  lstm.build_once({1, 3, 4});
  CHECK(lstm.get_weights()[2].to_vector<float>() == std::vector<float>{0, 0, 1, 1, 0, 0, 0, 0});
  layers::LSTM flat(2, {.unit_forget_bias = false});
  flat.build_once({1, 3, 4});
  CHECK(max(flat.get_weights()[2]).item<double>() == 0);
  layers::Bidirectional two(layers::LSTM(2));
  two.build_once({1, 3, 4});
  const auto weights = models::values(two);
  CHECK(weights.size() == 6);
  CHECK(weights[0] != weights[3]);
  layers::Bidirectional fixed(
      layers::GRU(2, {.kernel_initializer = initializers::GlorotUniform(3)}));
  fixed.build_once({1, 3, 4});
  CHECK(models::values(fixed)[0] == models::values(fixed)[3]);
  const auto dropped = [] {
    layers::GRU gru(3, {.kernel_initializer = "ones",
                        .recurrent_initializer = "ones",
                        .dropout = 0.5,
                        .recurrent_dropout = 0.5,
                        .seed = 4});
    const Tensor x = ones({2, 4, 3});
    CHECK(gru(x).to_vector<float>() != gru(x, {.training = true}).to_vector<float>());
    return gru(x, {.training = true}).to_vector<float>();
  };
  CHECK(dropped() == dropped());
}

namespace {
/// Not an LSTM itself, so that its step() is what runs.
struct StepwiseLSTM : layers::LSTM {
  using LSTM::LSTM;
  States step(const Tensor& projected, const States& states) const override {
    ++steps;
    return LSTM::step(projected, states);
  }
  mutable int steps = 0;
};
}  // namespace

TEST_CASE("a whole sequence at once is what the steps give; a step of one's own runs") {
  const Tensor x = uniform({5, 6, 3}, {.generator = Generator(1)});
  for (bool sequences : {false, true})
    for (bool backwards : {false, true}) {
      layers::LSTM whole(7, {.return_sequences = sequences, .go_backwards = backwards});
      StepwiseLSTM steps(7, {.return_sequences = sequences, .go_backwards = backwards});
      whole.build_once(x.shape());
      steps.build_once(x.shape());
      steps.set_weights(whole.get_weights());
      const auto run = [&](layers::LSTM& l) {
        GradientTape tape;
        const auto [y, state] = l.run(x);
        const Tensor loss = sum(square(y)) + sum(state[0] * state[1]);
        std::vector<Tensor> all = tape.gradient(loss, l.trainable_variables());
        all.insert(all.end(), {y, state[0], state[1]});
        return all;
      };
      const auto a = run(whole), b = run(steps);
      CHECK(steps.steps == 6);
      REQUIRE(a.size() == b.size());
      for (std::size_t i = 0; i < a.size(); ++i) {
        REQUIRE(a[i].shape() == b[i].shape());
        CHECK(max(abs(a[i] - b[i])).item<double>() <= 1e-5 * (1 + max(abs(b[i])).item<double>()));
      }
    }
}

TEST_CASE("recurrent layers and attention refuse what does not fit") {
  using namespace layers;
  CHECK_THROWS_AS(LSTM(0), ValueError);
  CHECK_THROWS_AS(GRU(2, {.dropout = 1.5}), ValueError);
  CHECK_THROWS_AS(LSTM(2)(zeros({2, 3})), ShapeError);
  CHECK_THROWS_AS(LSTM(2)(zeros({2, 0, 3})), ShapeError);
  LSTM lstm(2);
  lstm(zeros({1, 2, 3}));
  CHECK_THROWS_AS(lstm(zeros({1, 2, 4})), ShapeError);
  CHECK_THROWS_AS(lstm.run(zeros({1, 2, 3}), {.initial_state = {zeros({1, 2})}}), ValueError);
  CHECK_THROWS_AS(lstm.run(zeros({1, 2, 3}), {.initial_state = {zeros({1, 2}), zeros({1, 3})}}),
                  ShapeError);
  CHECK_THROWS_AS(Bidirectional(LSTM(2), {.merge_mode = "add"}), ValueError);
  CHECK_THROWS_AS(MultiHeadAttention(0, 2), ValueError);
  CHECK_THROWS_AS(MultiHeadAttention(2, 2)(zeros({2, 3}), zeros({2, 3})), ShapeError);
  CHECK_THROWS_AS(MultiHeadAttention(2, 2)(zeros({2, 3, 4}), zeros({1, 3, 4})), ShapeError);
  CHECK_THROWS_AS(
      MultiHeadAttention(2, 2)(zeros({2, 3, 4}), zeros({2, 3, 4}), {.key = zeros({2, 5, 4})}),
      ShapeError);
}

TEST_CASE("an LSTM learns which of two tokens came first; capture and eager agree") {
  for (bool eager : {false, true}) {
    set_random_seed(3);
    Sequential m{layers::Embedding(3, 4), layers::LSTM(8), layers::Dense(1)};
    m.compile({.optimizer = Adam(0.05),
               .loss = BinaryCrossentropy({.from_logits = true}),
               .metrics = {metrics::BinaryAccuracy(0.0)},
               .run_eagerly = eager});
    // Zeros with a 1 and a 2 among them.
    std::vector<int> ids, first;
    for (int a = 0; a < 6; ++a)
      for (int b = 0; b < 6; ++b)
        if (a != b) {
          for (int t = 0; t < 6; ++t) ids.push_back(t == a ? 1 : t == b ? 2 : 0);
          first.push_back(a < b);
        }
    const auto n = static_cast<std::int64_t>(first.size());
    const History h = m.fit(from_vector(ids, {n, 6}), from_vector(first, {n}),
                            {.epochs = eager ? 2 : 40, .batch_size = 10, .verbose = 0});
    static double after_two = 0;
    if (!eager) CHECK(h["binary_accuracy"].back() == 1);
    if (!eager) after_two = h["loss"][1];
    if (eager) CHECK(h["loss"][1] == doctest::Approx(after_two).epsilon(1e-5));
  }
}
