// Writes one line of JSON for each comparison: microseconds of both sides, on one thread, medians
// of rounds in which they take turns. Arguments: rounds, seconds of a turn, and which ops: those whose
// table and name ("layers: max pooling") contain it.
#include "compare.hpp"

#include <omp.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point t) {
  return std::chrono::duration<double>(Clock::now() - t).count();
}

/// Microseconds of a call: the median of one turn.
double turn(const std::function<void()>& f, double seconds) {
  f();  // what the other side pushed out of the caches
  std::vector<double> times;
  const auto start = Clock::now();
  while (seconds_since(start) < seconds || times.size() < 3) {
    const auto t = Clock::now();
    f();
    times.push_back(seconds_since(t) * 1e6);
  }
  std::nth_element(times.begin(), times.begin() + static_cast<long>(times.size() / 2), times.end());
  return times[times.size() / 2];
}

double median(std::vector<double> v) {
  if (v.empty()) return 0;
  std::sort(v.begin(), v.end());
  return v[v.size() / 2];
}

void measure(const compare::Row& row, int rounds, double seconds) {
  std::vector<double> linnet, onednn, float32;
  for (int r = 0; r < rounds; ++r) {
    linnet.push_back(turn(row.linnet, seconds));
    onednn.push_back(turn(row.onednn, seconds));
    if (row.float32) float32.push_back(turn(row.float32, seconds));
  }
  std::printf(
      "{\"table\": \"%s\", \"op\": \"%s\", \"shape\": \"%s\", \"implementation\": \"%s\", "
      "\"linnet_us\": %.3f, \"onednn_us\": %.3f, \"float32_us\": %.3f}\n",
      row.table.c_str(), row.op.c_str(), row.shape.c_str(), row.implementation.c_str(),
      median(linnet), median(onednn), median(float32));
  std::fflush(stdout);
}

}  // namespace

int main(int count, char** arguments) {
  const int rounds = count > 1 ? std::atoi(arguments[1]) : 5;
  const double seconds = count > 2 ? std::atof(arguments[2]) : 0.02;
  const std::string wanted = count > 3 ? arguments[3] : "";
  linnet::set_num_threads(1);
  omp_set_num_threads(1);
  for (const auto& rows :
       {compare::rows_of_layers, compare::rows_of_products, compare::rows_of_integers})
    for (const compare::Row& row : rows())
      if ((row.table + ": " + row.op).find(wanted) != std::string::npos)
        measure(row, rounds, seconds);
}
