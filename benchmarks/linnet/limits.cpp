// What the machine can do at most, so that each workload shows its share of it.
#include "bench.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <thread>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace bench {

namespace {

using Clock = std::chrono::steady_clock;

#if defined(__x86_64__)
// Sixteen chains of fused multiply-adds hide their latency; the sum keeps them alive.
__attribute__((target("avx512f"))) double fma_avx512(std::int64_t rounds) {
  __m512 chain[16];
  for (int i = 0; i < 16; ++i) chain[i] = _mm512_set1_ps(static_cast<float>(i));
  const __m512 factor = _mm512_set1_ps(0.999f), term = _mm512_set1_ps(1e-3f);
  for (std::int64_t r = 0; r < rounds; ++r)
    for (__m512& c : chain) c = _mm512_fmadd_ps(c, factor, term);
  float lanes[16], sum = 0;
  for (const __m512& c : chain) {
    _mm512_storeu_ps(lanes, c);
    sum += lanes[0];
  }
  return static_cast<double>(sum);
}
__attribute__((target("avx2,fma"))) double fma_avx2(std::int64_t rounds) {
  __m256 chain[12];
  for (int i = 0; i < 12; ++i) chain[i] = _mm256_set1_ps(static_cast<float>(i));
  const __m256 factor = _mm256_set1_ps(0.999f), term = _mm256_set1_ps(1e-3f);
  for (std::int64_t r = 0; r < rounds; ++r)
    for (__m256& c : chain) c = _mm256_fmadd_ps(c, factor, term);
  float lanes[8], sum = 0;
  for (const __m256& c : chain) {
    _mm256_storeu_ps(lanes, c);
    sum += lanes[0];
  }
  return static_cast<double>(sum);
}
#endif
/// Whatever the compiler makes of it, for processors without the above.
double fma_plain(std::int64_t rounds) {
  float chain[32];
  for (int i = 0; i < 32; ++i) chain[i] = static_cast<float>(i);
  for (std::int64_t r = 0; r < rounds; ++r)
    for (float& c : chain) c = c * 0.999f + 1e-3f;
  double sum = 0;
  for (float c : chain) sum += static_cast<double>(c);
  return sum;
}

struct Multiplier {
  double (*run)(std::int64_t rounds);
  double flops;  // of one round
};

Multiplier multiplier() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return {fma_avx512, 2 * 16 * 16};
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    return {fma_avx2, 2 * 8 * 12};
#endif
  return {fma_plain, 2 * 32};
}

/// The shortest of `repeats` runs of work(thread) on all threads at once, in seconds.
template <class F>
double shortest(int repeats, int threads, F work) {
  double best = 1e9;
  for (int repeat = 0; repeat < repeats; ++repeat) {
    const auto start = Clock::now();
    std::vector<std::thread> others;
    for (int t = 1; t < threads; ++t) others.emplace_back([&work, t] { work(t); });
    work(0);
    for (std::thread& t : others) t.join();
    best = std::min(best, std::chrono::duration<double>(Clock::now() - start).count());
  }
  return best;
}

volatile double sink;

double gigaflops(int threads) {
  const Multiplier m = multiplier();
  constexpr std::int64_t rounds = 1'000'000;
  const double seconds = shortest(50, threads, [&](int) { sink = m.run(rounds); });
  return m.flops * static_cast<double>(rounds) * threads / seconds / 1e9;
}

/// Copying a block of so many bytes again and again: read and written bytes, in GB/s.
double copy_rate(int threads, std::size_t bytes, int passes) {
  const std::vector<char> from(bytes, 1);
  std::vector<char> to(bytes, 2);
  const std::size_t each = bytes / static_cast<std::size_t>(threads);
  const double seconds = shortest(20, threads, [&](int t) {
    const std::size_t at = each * static_cast<std::size_t>(t);
    for (int i = 0; i < passes; ++i) {
      std::memcpy(to.data() + at, from.data() + at, each);
      asm volatile("" ::: "memory");  // every pass counts
    }
  });
  sink = static_cast<double>(to[bytes / 2]);
  return 2 * static_cast<double>(each) * passes * threads / seconds / 1e9;
}

}  // namespace

std::string limits() {
  const int threads = linnet::num_threads();
  char text[256];
  std::snprintf(text, sizeof text,
                "{\"workload\": \"limits\", \"threads\": %d, \"gflops_core\": %.2f, "
                "\"gflops_all\": %.2f, \"copy_gbs\": %.2f, \"cached_copy_gbs\": %.2f}",
                threads, gigaflops(1), gigaflops(threads),
                copy_rate(threads, std::size_t{128} << 20, 1),
                copy_rate(threads, std::size_t{4} << 20, 50));
  return text;
}

}  // namespace bench
