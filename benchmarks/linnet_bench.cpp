// Linnet's side of the benchmarks. Reads lines "WORKLOAD SECONDS" on standard input and answers
// each with one line of JSON; benchmarks/run.py interleaves it with other frameworks.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>
#include <iostream>
#include <linnet/linnet.hpp>
#include <map>
#include <string>
#include <sys/resource.h>
#include <vector>

using namespace linnet;

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point t) {
  return std::chrono::duration<double>(Clock::now() - t).count();
}

/// The data rule that both sides share: element i is ((i * 2654435761 + seed) mod 2^32) / 2^32 -
/// 0.5.
Tensor rule(const Shape& shape, std::uint32_t seed, double scale) {
  std::vector<float> v(static_cast<std::size_t>(shape.size()));
  for (std::size_t i = 0; i < v.size(); ++i) {
    const auto x = static_cast<std::uint32_t>(i) * 2654435761u + seed * 40503u;
    v[i] = static_cast<float>((static_cast<double>(x ^ (x >> 15)) / 4294967296.0 - 0.5) * scale);
  }
  return from_vector(v, shape);
}

Tensor labels(std::int64_t n) {
  std::vector<std::int32_t> v;
  for (std::int64_t i = 0; i < n; ++i) v.push_back(static_cast<std::int32_t>(i * 7 % 10));
  return from_vector(v, {n});
}

struct Workload {
  std::function<double()> step;  // returns the loss, or 0
};

Workload training(Sequential model, const Shape& input) {
  auto shared = std::make_shared<Sequential>(std::move(model));
  shared->build_once(input);
  std::uint32_t seed = 1;
  for (const Variable& v : shared->variables()) {
    const double fan = v.shape().rank() > 1 ? static_cast<double>(v.size() / v.shape()[-1]) : 0;
    v.assign(fan > 0 ? rule(v.shape(), seed, 2 * std::sqrt(3 / fan)) : zeros(v.shape()));
    ++seed;
  }
  auto optimizer = std::make_shared<Adam>(1e-4);
  optimizer->build(shared->trainable_variables());
  const Tensor x = rule(input, 99, 2), y = labels(input[0]);
  auto step = std::make_shared<Function<std::function<Tensor(const Tensor&, const Tensor&)>>>(
      [shared, optimizer](const Tensor& a, const Tensor& b) {
        GradientTape tape;
        const Tensor loss = mean(sparse_categorical_crossentropy(
            b, (*shared)(a, {.training = true}), {.from_logits = true}));
        const auto variables = shared->trainable_variables();
        optimizer->apply_gradients(tape.gradient(loss, variables), variables);
        return loss;
      });
  return {[step, x, y] { return static_cast<double>((*step)(x, y).item<float>()); }};
}

Workload make(const std::string& name) {
  using namespace layers;
  const ActivationFunction r = relu;
  if (name == "add8") {
    const Tensor a = rule({8}, 1, 1), b = rule({8}, 2, 1);
    return {[a, b] {
      for (int i = 0; i < 1000; ++i) static_cast<void>(a + b);
      return 0.0;
    }};
  }
  if (name == "mlp") return training({Dense(256, {.activation = r}), Dense(10)}, {32, 100});
  if (name == "lenet")
    return training(
        {layers::Conv2D(32, 3, {.activation = r}), MaxPooling2D(2),
         layers::Conv2D(64, 3, {.activation = r}), MaxPooling2D(2), Flatten(), Dense(10)},
        {128, 28, 28, 1});
  if (name == "cnn100")
    return training({layers::Conv2D(32, 3, {.activation = r}), MaxPooling2D(2),
                     layers::Conv2D(64, 3, {.activation = r}), MaxPooling2D(2),
                     layers::Conv2D(128, 3, {.activation = r}), MaxPooling2D(2), Flatten(),
                     Dense(128, {.activation = r}), Dense(10)},
                    {32, 100, 100, 3});
  fail<ValueError>("linnet_bench", "unknown workload ", name);
}

long page_faults() {
  rusage u{};
  getrusage(RUSAGE_SELF, &u);
  return u.ru_minflt;
}
long peak_kilobytes() {
  rusage u{};
  getrusage(RUSAGE_SELF, &u);
  return u.ru_maxrss;
}

void measure(Workload& w, const std::string& name, double limit, bool first) {
  std::vector<double> losses, times;
  double first_step = 0;
  if (first) {
    const auto t = Clock::now();
    losses.push_back(w.step());
    first_step = seconds_since(t);
    for (int i = 0; i < 9; ++i) losses.push_back(w.step());
  }
  const long faults = page_faults();
  const auto start = Clock::now();
  while (seconds_since(start) < limit || times.size() < 3) {
    const auto t = Clock::now();
    w.step();
    times.push_back(seconds_since(t) * 1e3);
  }
  const double steps = static_cast<double>(times.size());
  std::sort(times.begin(), times.end());
  std::printf(
      "{\"workload\": \"%s\", \"median_ms\": %.6f, \"min_ms\": %.6f, \"steps\": %zu, "
      "\"first_step_ms\": %.3f, \"faults_per_step\": %.2f, \"peak_kb\": %ld, \"losses\": [",
      name.c_str(), times[times.size() / 2], times[0], times.size(), first_step * 1e3,
      static_cast<double>(page_faults() - faults) / steps, peak_kilobytes());
  for (std::size_t i = 0; i < losses.size(); ++i) std::printf("%s%.7g", i ? ", " : "", losses[i]);
  std::printf("]}\n");
  std::fflush(stdout);
}

}  // namespace

int main() try {
  std::map<std::string, Workload> workloads;
  std::string name;
  double limit = 1;
  while (std::cin >> name >> limit) {
    const bool first = !workloads.contains(name);
    if (first) workloads[name] = make(name);
    measure(workloads[name], name, limit, first);
  }
} catch (const Error& e) {
  std::fprintf(stderr, "%s\n", e.what());
  return 1;
}
