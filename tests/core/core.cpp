#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <stdexcept>
#include <thread>

#include "linnet/core/allocator.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/core/philox.hpp"
#include "linnet/core/print.hpp"
#include "linnet/core/tensor.hpp"
#include "linnet/core/threads.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/random.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"

using namespace linnet;

TEST_CASE("Philox gives Random123's known answers") {
  using Block = std::array<std::uint32_t, 4>;
  CHECK(philox4x32({0, 0, 0, 0}, {0, 0}) == Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  const std::uint32_t f = 0xffffffff;
  CHECK(philox4x32({f, f, f, f}, {f, f}) == Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("random numbers: distribution, seeds, threads") {
  const auto draw = [](int threads) {
    set_num_threads(threads);
    const Tensor t = normal({100001}, {.generator = Generator(4)});
    set_num_threads(0);
    return t;
  };
  const Tensor z = draw(1);
  CHECK(z.to_vector<float>() == draw(2).to_vector<float>());
  CHECK(std::abs(mean(z).item<double>()) < 0.01);
  CHECK(stddev(z).item<double>() == doctest::Approx(1).epsilon(0.01));
  const Tensor u = uniform({100000}, {.minval = 2, .maxval = 4, .generator = Generator(1)});
  CHECK(min(u).item<double>() >= 2);
  CHECK(max(u).item<double>() < 4);
  CHECK(mean(u).item<double>() == doctest::Approx(3).epsilon(0.01));
  const Tensor t = truncated_normal({50000}, {.generator = Generator(2)});
  CHECK(max(abs(t)).item<double>() <= 2);
  CHECK(stddev(t).item<double>() == doctest::Approx(0.8796).epsilon(0.02));
  auto p = permutation(1000, Generator(3)).to_vector<int>();
  std::sort(p.begin(), p.end());
  for (int i = 0; i < 1000; ++i) CHECK(p[static_cast<std::size_t>(i)] == i);
  const auto ints = random_integers({10000}, -2, 3, {.generator = Generator(5)});
  CHECK(min(ints).item<int>() == -2);
  CHECK(max(ints).item<int>() == 2);
  const Generator g(8);
  CHECK(uniform({4}, {.generator = g}).to_vector<float>() !=
        uniform({4}, {.generator = g}).to_vector<float>());
}

TEST_CASE("printing follows NumPy") {
  CHECK(values_to_string(tensor({1.f, 2.5f, -3.f})) == "[ 1.   2.5 -3. ]");
  CHECK(values_to_string(tensor({{1, 20}, {300, 4}})) == "[[  1  20]\n [300   4]]");
  CHECK(values_to_string(tensor({0.1f, 1e-5f})) == "[1.e-01 1.e-05]");
  CHECK(values_to_string(tensor({true, false})) == "[ True False]");
  CHECK(values_to_string(tensor(3.5f)) == "3.5");
  CHECK(values_to_string(tensor({NAN, INFINITY, 1.f})) == "[nan inf  1.]");
  CHECK(values_to_string(zeros({0})) == "[]");
  CHECK(values_to_string(arange(2000)) == "[   0    1    2 ... 1997 1998 1999]");
  CHECK(to_string(tensor({1.f})) == "tensor([1.], shape=(1,), dtype=float32)");
  CHECK(to_string(Tensor()) == "tensor(undefined)");
}

TEST_CASE("16-bit floats round to nearest even and keep NaN") {
  for (std::uint32_t b = 0; b < 65536; ++b) {
    const float16_t h{static_cast<std::uint16_t>(b)};
    const bfloat16_t f{static_cast<std::uint16_t>(b)};
    if (to_float(h) == to_float(h)) CHECK(to_float16(to_float(h)).bits == b);
    if (to_float(f) == to_float(f)) CHECK(to_bfloat16(to_float(f)).bits == b);
  }
  CHECK(to_float16(65520.f).bits == 0x7C00);
  CHECK(to_float16(65519.f).bits == 0x7BFF);
  CHECK(to_float16(2049.f).bits == to_float16(2048.f).bits);
  CHECK(to_float16(std::ldexp(1.f, -25)).bits == 0);
  CHECK(std::isnan(to_float(to_bfloat16(NAN))));
  // The kernels convert as the scalar functions do.
  std::vector<float> values;
  for (std::uint64_t i = 0; i < 5000; ++i)
    values.push_back(
        std::ldexp(uniform_float(random_block(1, 0, i)[0]) - 0.5f, static_cast<int>(i % 50) - 30));
  const Tensor kept = cast(from_vector(values, {5000}), float16);
  for (std::size_t i = 0; i < values.size(); ++i)
    CHECK(kept.data<float16_t>()[i] == to_float16(values[i]));
}

TEST_CASE("adopted memory: no copy, never written, deleter once") {
  std::vector<float> mine{1, 2, 3, 4, 5, 6};
  int deleted = 0;
  {
    Tensor view;
    {
      const Tensor t = adopt(mine.data(), {2, 3}, float32, [&] { ++deleted; });
      view = t(1);
      CHECK(t.raw_data() == mine.data());
    }
    CHECK(deleted == 0);
    Variable v(view);
    v.assign_add(ones({3}));
    CHECK(v.value().to_vector<float>() == std::vector<float>{5, 6, 7});
    CHECK(mine[3] == 4);
  }
  CHECK(deleted == 1);
  CHECK_THROWS_AS(adopt(nullptr, {2}, float32), ValueError);
  CHECK_THROWS_AS(adopt_strided(mine.data(), {2}, {1, 1}, float32), ShapeError);
}

TEST_CASE("the host's allocator is asked, and its failure is an OutOfMemoryError") {
  struct Counting : HostAllocator {
    long live = 0, limit = 1 << 24;
    void* allocate(std::size_t bytes) override {
      if (static_cast<long>(bytes) > limit) return nullptr;
      ++live;
      return std::aligned_alloc(64, (bytes + 63) / 64 * 64);
    }
    void deallocate(void* p, std::size_t) noexcept override {
      --live;
      std::free(p);
    }
  };
  static Counting counting;
  set_host_allocator(&counting);
  {
    const Tensor t = ones({1000, 1000});
    CHECK(counting.live > 0);
    CHECK_THROWS_AS(ones({100000, 1000}), OutOfMemoryError);
    CHECK(t(0, 0).item<float>() == 1);
  }
  set_host_allocator(nullptr);
  release_memory();
  CHECK(counting.live == 0);
}

TEST_CASE("memory is counted and reused") {
  release_memory();
  const MemoryStats before = memory_stats();
  { const Tensor t = zeros({3000, 1000}); }
  const MemoryStats after = memory_stats();
  CHECK(after.bytes_in_use == before.bytes_in_use);
  { const Tensor t = zeros({3000, 1000}); }
  CHECK(memory_stats().system_allocations == after.system_allocations);
  for (std::size_t n : {1, 63, 64, 65, 4096, 1 << 20, (1 << 20) + 1}) {
    const Tensor t = zeros({static_cast<std::int64_t>(n)}, uint8);
    CHECK(reinterpret_cast<std::uintptr_t>(t.raw_data()) % 64 == 0);
  }
}

TEST_CASE("parallel_for covers everything once and carries exceptions") {
  for (int threads : {1, 2, 5}) {
    set_num_threads(threads);
    for (std::int64_t n : {0, 1, 7, 1000, 100003}) {
      std::vector<std::atomic<int>> hits(static_cast<std::size_t>(n));
      detail::parallel_for(n, 10, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) ++hits[static_cast<std::size_t>(i)];
      });
      for (const auto& h : hits) CHECK(h == 1);
    }
    CHECK_THROWS_AS(detail::parallel_for(
                        1000, 1, [](std::int64_t, std::int64_t) { throw std::runtime_error("x"); }),
                    std::runtime_error);
  }
  set_num_threads(0);
  CHECK_THROWS_AS(set_num_threads(-1), ValueError);
}

TEST_CASE("ops on many threads at once") {
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int t = 0; t < 6; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i)
        if (sum(ones({50000}) * 2).item<double>() != 100000) ++wrong;
    });
  for (auto& t : threads) t.join();
  CHECK(wrong == 0);
}

TEST_CASE("what asks too much of a tensor") {
  const Tensor m = ones({2, 3});
  CHECK_THROWS_AS(m.item<float>(), ShapeError);
  CHECK_THROWS_AS(m.data<double>(), DTypeError);
  CHECK_THROWS_AS(transpose(m).data<float>(), ShapeError);
  CHECK_THROWS_AS(Tensor().shape(), ValueError);
  CHECK_THROWS_AS(tensor({{1, 2}, {3}}), ShapeError);
  CHECK_THROWS_AS(from_vector(std::vector<float>{1, 2}, {3}), ShapeError);
  CHECK_THROWS_AS(static_cast<void>(bool(m)), ShapeError);
  CHECK_THROWS_AS(dtype_from_string("float33"), DTypeError);
  CHECK_THROWS_AS(arange(0, 1, 0), ValueError);
}
