// Reads lines "WORKLOAD SECONDS" on standard input and answers each with one line of JSON;
// benchmarks/run.py interleaves it with other frameworks, whose sides speak the same protocol
// (benchmarks/peers/common.py).
#include "bench.hpp"
#include "ops.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <malloc.h>
#include <sys/resource.h>

using namespace linnet;
using bench::Workload;

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point t) {
  return std::chrono::duration<double>(Clock::now() - t).count();
}

Workload make(const std::string& name) {
  Workload w;
  if (bench::make_image(name, w) || bench::make_residual(name, w) || bench::make_gpt(name, w) ||
      bench::make_lstm(name, w) || bench::make_embedding(name, w) || bench::make_op(name, w))
    return w;
  fail<ValueError>("linnet_bench", "unknown workload ", name);
}

long page_faults() {
  rusage u{};
  getrusage(RUSAGE_SELF, &u);
  return u.ru_minflt;
}

/// Peak resident kilobytes since the last reset_peak().
long peak_kilobytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (word == "VmHWM:") {
      long kilobytes = 0;
      status >> kilobytes;
      return kilobytes;
    }
  return 0;
}
void reset_peak() {
  release_memory();
  malloc_trim(0);
  std::ofstream("/proc/self/clear_refs") << "5";
}

/// One workload with what its first steps gave. Steps too short for the clock are timed in blocks.
struct Running {
  std::string name;
  Workload workload;
  std::vector<double> losses;
  double first_step = 0;
  int block = 1;

  void start(const std::string& wanted) {
    *this = {};
    reset_peak();
    name = wanted;
    workload = make(name);
    const auto begin = Clock::now();
    losses.push_back(workload.step());
    first_step = seconds_since(begin);
    for (int i = 1; i < 10; ++i) losses.push_back(workload.step());
    if (workload.outputs) losses = workload.outputs();
    const auto again = Clock::now();
    for (int i = 0; i < 3; ++i) workload.step();
    block = std::clamp(static_cast<int>(2e-4 / (seconds_since(again) / 3)), 1, 1000);
  }

  std::vector<double> milliseconds(double limit) const {
    std::vector<double> times;
    const auto start = Clock::now();
    while (seconds_since(start) < limit || times.size() < 2) {
      const auto t = Clock::now();
      for (int i = 0; i < block; ++i) workload.step();
      times.push_back(seconds_since(t) * 1e3 / block);
    }
    return times;
  }
};

void measure(Running& r, double limit) {
  static_cast<void>(r.milliseconds(0.05));  // what the others' rounds pushed out of the caches
  const long faults = page_faults();
  std::vector<double> times = r.milliseconds(limit);
  const double steps = static_cast<double>(times.size()) * r.block;
  const double faults_per_step = static_cast<double>(page_faults() - faults) / steps;
  std::sort(times.begin(), times.end());
  std::printf(
      "{\"workload\": \"%s\", \"median_ms\": %.7f, \"min_ms\": %.7f, \"steps\": %.0f, "
      "\"first_step_ms\": %.3f, \"faults_per_step\": %.3f, \"peak_kb\": %ld, "
      "\"choice\": \"captured\", \"version\": \"Linnet %s\", \"losses\": [",
      r.name.c_str(), times[times.size() / 2], times[0], steps, r.first_step * 1e3, faults_per_step,
      peak_kilobytes(), linnet::version);
  for (std::size_t i = 0; i < r.losses.size(); ++i)
    std::printf("%s%.8g", i ? ", " : "", r.losses[i]);
  std::printf("]}\n");
}

}  // namespace

int main() try {
  Running running;
  std::string name;
  double limit = 1;
  while (std::cin >> name >> limit) {
    if (name == "limits") {
      std::printf("%s\n", bench::limits().c_str());
    } else if (name == "ops") {
      std::printf("%s\n", bench::ops().c_str());
    } else {
      if (running.name != name) running.start(name);
      measure(running, limit);
    }
    std::fflush(stdout);
  }
} catch (const Error& e) {
  std::fprintf(stderr, "%s\n", e.what());
  return 1;
}
