#include <doctest/doctest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

#include "linnet/core/creation.hpp"
#include "linnet/nn/layers/dense.hpp"
#include "linnet/nn/model.hpp"
#include "linnet/ops/elementwise.hpp"

using namespace linnet;

namespace {

/// What f prints to standard output, which is a file meanwhile.
template <class F>
std::string printed(F&& f) {
  const std::string path =
      (std::filesystem::temp_directory_path() / (std::to_string(::getpid()) + "stdout.txt"))
          .string();
  std::fflush(stdout);
  const int former = ::dup(STDOUT_FILENO);
  std::FILE* file = std::fopen(path.c_str(), "w");
  REQUIRE(file);
  ::dup2(::fileno(file), STDOUT_FILENO);
  f();
  std::fflush(stdout);
  ::dup2(former, STDOUT_FILENO);
  ::close(former);
  std::fclose(file);
  std::ifstream in(path);
  std::string text((std::istreambuf_iterator<char>(in)), {});
  std::filesystem::remove(path);
  return text;
}

Sequential model() {
  Sequential m{layers::Dense(1, {.use_bias = false, .kernel_initializer = "ones"})};
  m.compile({.optimizer = SGD(0.0), .loss = "mse", .metrics = {"mae"}});
  return m;
}

/// Times differ from run to run: digits before s, ms and us become #.
std::string without_times(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool after_dash = out.ends_with(" - ");
    std::size_t end = i;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
    if (after_dash && end > i && (text[end] == 's' || text[end] == 'm' || text[end] == 'u')) {
      out += '#';
      i = end - 1;
    } else {
      out += text[i];
    }
  }
  for (const char* unit : {"#ms/step", "#us/step"})
    for (std::size_t at; (at = out.find(unit)) != std::string::npos;) out.replace(at, 8, "#/step");
  return out;
}

}  // namespace

TEST_CASE("fit and evaluate print plain lines where there is no terminal") {
  Sequential m = model();
  const Tensor x = ones({5, 1}) * 2, y = zeros({5, 1});
  const data::LabeledData validation{ones({2, 1}) * 0.02, zeros({2, 1})};
  for (int verbose : {1, 2}) {
    const std::string text = printed([&] {
      m.fit(x, y,
            {.epochs = 2, .batch_size = 2, .verbose = verbose, .validation_data = validation});
    });
    const std::string line =
        "3/3 - # - #/step - loss: 4.0000 - mae: 2.0000 - val_loss: 4.0000e-04 - val_mae: 0.0200\n";
    std::string plain = without_times(text);
    for (std::size_t at; (at = plain.find(" - #s - ")) != std::string::npos;)
      plain.replace(at, 8, " - # - ");
    CHECK(plain == "Epoch 1/2\n" + line + "Epoch 2/2\n" + line);
  }
  CHECK(printed([&] { m.fit(x, y, {.verbose = 0}); }).empty());
  CHECK(printed([&] { m.evaluate(x, y, {.verbose = 0}); }).empty());
  CHECK(printed([&] { m.evaluate(x, y); }).find(" - loss: 4.0000 - mae: 2.0000\n") !=
        std::string::npos);
}

TEST_CASE("the summary shows what is printed") {
  Sequential m = model();
  m.build_once({1, 3});
  CHECK(printed([&] { m.summary(); }) == m.summary_text());
  CHECK(m.summary_text().find(
            " Trainable params: 3 (12.00 B)\n Non-trainable params: 0 (0.00 B)\n") !=
        std::string::npos);
}

TEST_CASE("the summary counts the optimizer's state once it is there") {
  Sequential m{layers::Dense(8, {.input_shape = Shape{4}}), layers::Dense(3)};
  m.compile({.optimizer = Adam(), .loss = "mse"});
  CHECK(m.summary_text().find("Optimizer") == std::string::npos);
  CHECK(m.summary_text().find(" Total params: 67 (268.00 B)\n") != std::string::npos);
  m.train_on_batch(ones({2, 4}), ones({2, 3}));
  // As Keras prints it: twice the weights, an int64 and a float32.
  CHECK(
      m.summary_text().ends_with(" Total params: 203 (816.00 B)\n"
                                 " Trainable params: 67 (268.00 B)\n"
                                 " Non-trainable params: 0 (0.00 B)\n"
                                 " Optimizer params: 136 (548.00 B)\n"));
}

TEST_CASE("ModelCheckpoint says what it does") {
  Sequential m = model();
  const std::string path =
      (std::filesystem::temp_directory_path() / (std::to_string(::getpid()) + "said")).string();
  const auto said = printed([&] {
    m.fit(ones({2, 1}), zeros({2, 1}),
          {.epochs = 2,
           .verbose = 0,
           .callbacks = {callbacks::ModelCheckpoint(
               path, {.monitor = "loss", .verbose = 1, .save_best_only = true})}});
  });
  std::filesystem::remove(path);
  std::string expected = "\nEpoch 1: loss improved from None to 1.00000, saving model to ";
  expected += path;
  expected += "\n\nEpoch 1: finished saving model to ";
  expected += path;
  expected += "\n\nEpoch 2: loss did not improve from 1.00000\n";
  CHECK(said == expected);
}

TEST_CASE("logs and histories name what they have") {
  Sequential m = model();
  const History h = m.fit(ones({4, 1}), zeros({4, 1}), {.epochs = 2, .verbose = 0});
  CHECK(h.epoch() == std::vector<int>{0, 1});
  CHECK(h.contains("mae"));
  CHECK_THROWS_WITH_AS(h["acc"], doctest::Contains("loss, mae"), ValueError);
  const Logs logs = m.evaluate(ones({4, 1}), zeros({4, 1}), {.verbose = 0});
  CHECK_THROWS_WITH_AS(logs["acc"], doctest::Contains("loss, mae"), ValueError);
  CHECK(logs.size() == 2);
}
