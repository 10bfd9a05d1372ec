#pragma once

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

#include "linnet/backend/cpu/isa.hpp"
#include "linnet/core/impl/elements.ipp"
#include "linnet/core/philox.hpp"
#include "linnet/core/threads.hpp"
#include "linnet/ops/primitives/random.hpp"
#ifdef LINNET_HEADER_ONLY
#include "linnet/backend/cpu/kernels/random.hpp"
#endif

namespace linnet::inline LINNET_ABI {

const char* to_string(Distribution d) {
  constexpr const char* names[] = {"uniform", "normal", "truncated_normal", "integers",
                                   "permutation"};
  return names[static_cast<int>(d)];
}

namespace detail {

struct RandomStream {
  std::uint64_t seed, position;
  RandomStream(const std::uint64_t* state, Scalar offset)
      : seed(state[0]), position(state[1] + offset.as<std::uint64_t>()) {}
  std::array<std::uint32_t, 4> block(std::uint64_t i) const {
    return random_block(seed, position, i);
  }
};

/// Four normals from a block, by Box and Muller; the uniforms are never 0.
inline std::array<double, 4> normal_block(const std::array<std::uint32_t, 4>& bits) {
  std::array<double, 4> z;
  for (std::size_t p = 0; p < 4; p += 2) {
    const double u = (static_cast<double>(bits[p]) + 0.5) * 0x1p-32;
    const double angle = 6.283185307179586 * (static_cast<double>(bits[p + 1]) * 0x1p-32);
    const double radius = std::sqrt(-2 * std::log(u));
    z[p] = radius * std::cos(angle);
    z[p + 1] = radius * std::sin(angle);
  }
  return z;
}

/// A normal cut at two standard deviations: the first of the element's own draws that is inside.
inline double truncated_normal(const RandomStream& s, std::uint64_t i) {
  for (std::uint64_t attempt = 0;; ++attempt)
    for (double z : normal_block(s.block(i | attempt << 48)))
      if (std::abs(z) < 2) return z;
}

/// Blocks that are drawn at once: their words stay in the nearest cache.
inline constexpr std::int64_t drawn_blocks = 128;
using DrawnWords = std::array<std::uint32_t, 4 * drawn_blocks>;

/// Calls f(element, count, words) for runs of elements; `per_block` share a block of four words.
template <class F>
void for_runs(const RandomStream& s, std::int64_t n, std::int64_t per_block, F&& f) {
  const std::int64_t blocks = (n + per_block - 1) / per_block;
  parallel_for(blocks, 16384, [&](std::int64_t begin, std::int64_t end) {
    alignas(64) DrawnWords words;
    for (std::int64_t b = begin; b < end; b += drawn_blocks) {
      const std::int64_t count = std::min(end - b, drawn_blocks);
      isa::random_words(
          {.seed = s.seed,
           .position = s.position,
           .first = static_cast<std::uint64_t>(b),
           .blocks = (count + isa::random_step - 1) / isa::random_step * isa::random_step,
           .words = words.data()});
      const std::int64_t at = b * per_block;
      f(at, std::min(n - at, count * per_block), words.data());
    }
  });
}
/// Calls f(element, count, words) for each block.
template <class F>
void for_blocks(const RandomStream& s, std::int64_t n, std::int64_t per_block, F&& f) {
  for_runs(s, n, per_block, [&](std::int64_t at, std::int64_t count, const std::uint32_t* words) {
    for (std::int64_t i = 0; i < count; i += per_block, words += 4)
      f(at + i, std::min(count - i, per_block),
        std::array<std::uint32_t, 4>{words[0], words[1], words[2], words[3]});
  });
}

/// The greatest value of dtype t below `high`, from which a number just below `high` would round
/// up.
inline double last_below(DType t, double high) {
  std::byte bits[8];
  store_scalar(bits, t, high);
  const double rounded = load_scalar(bits, t).as<double>();
  if (rounded < high || rounded != rounded) return rounded;
  if (t == DType::float64) return std::nextafter(high, -std::numeric_limits<double>::infinity());
  if (t == DType::float32)
    return std::nextafter(static_cast<float>(rounded), -std::numeric_limits<float>::infinity());
  // Neighbours of a 16-bit float are those of its bits, counted away from 0.
  std::uint16_t k;
  std::memcpy(&k, bits, sizeof k);
  k = static_cast<std::uint16_t>((k & 0x7FFF) == 0 ? 0x8001 : k & 0x8000 ? k + 1 : k - 1);
  std::memcpy(bits, &k, sizeof k);
  return load_scalar(bits, t).as<double>();
}

/// Values in [low, high): what rounds up to high is the value below it.
inline void fill_uniform(const RandomStream& s, const Run& run, std::int64_t n, DType t) {
  const double low = run.immediates[1].as<double>(), high = run.immediates[2].as<double>();
  const double range = high - low;
  const double last = low < high ? std::max(last_below(t, high), low) : std::max(low, high);
  auto* out = run.output<std::byte>();
  const auto item = static_cast<std::int64_t>(itemsize(t));
  if (t == DType::float64) {
    for_blocks(s, n, 2, [&](std::int64_t at, std::int64_t count, const auto& w) {
      for (std::int64_t j = 0; j < count; ++j) {
        const auto k = static_cast<std::size_t>(2 * j);
        reinterpret_cast<double*>(out)[at + j] =
            std::min(low + range * uniform_double(w[k], w[k + 1]), last);
      }
    });
    return;
  }
  const auto low_f = static_cast<float>(low), range_f = static_cast<float>(range);
  const auto last_f = static_cast<float>(last);
  for_runs(s, n, 4, [&](std::int64_t at, std::int64_t count, const std::uint32_t* w) {
    for (std::int64_t j = 0; j < count; ++j) {
      const float u = std::min(low_f + range_f * uniform_float(w[j]), last_f);
      if (t == DType::float32)
        reinterpret_cast<float*>(out)[at + j] = u;
      else
        store_scalar(out + (at + j) * item, t, u);
    }
  });
}

/// The normals of a run of words, float32 as a whole; `z` has room for all of them.
inline void normals_of(const std::uint32_t* words, std::int64_t n, float mean, float stddev,
                       float* z) {
  isa::random_normals(
      {.words = words, .n = (n + 31) / 32 * 32, .mean = mean, .stddev = stddev, .out = z});
}
/// n floats to their place as another dtype.
inline void store_floats(const float* z, std::int64_t n, DType t, std::int64_t at, void* out) {
  if (t == DType::float32) {
    std::memcpy(static_cast<float*>(out) + at, z, static_cast<std::size_t>(n) * sizeof(float));
    return;
  }
  const auto item = static_cast<std::int64_t>(itemsize(t));
  for (std::int64_t j = 0; j < n; ++j)
    store_scalar(static_cast<std::byte*>(out) + (at + j) * item, t, static_cast<double>(z[j]));
}

/// Normals of float32 and less.
inline void fill_normal_floats(const RandomStream& s, const Run& run, std::int64_t n, DType t) {
  const auto mean = run.immediates[1].as<float>(), stddev = run.immediates[2].as<float>();
  for_runs(s, n, 4, [&](std::int64_t at, std::int64_t count, const std::uint32_t* words) {
    alignas(64) std::array<float, 4 * drawn_blocks> z;
    normals_of(words, count, mean, stddev, z.data());
    store_floats(z.data(), count, t, at, run.out[0]);
  });
}
/// An element has a block of its own, and further ones should all four be outside.
inline void fill_truncated_floats(const RandomStream& s, const Run& run, std::int64_t n, DType t) {
  const auto mean = run.immediates[1].as<float>(), stddev = run.immediates[2].as<float>();
  for_runs(s, n, 1, [&](std::int64_t at, std::int64_t count, const std::uint32_t* words) {
    alignas(64) std::array<float, 4 * drawn_blocks> z;
    normals_of(words, 4 * count, 0, 1, z.data());
    for (std::int64_t i = 0; i < count; ++i) {
      const float* four = z.data() + 4 * i;
      const float* inside = std::find_if(four, four + 4, [](float x) { return std::abs(x) < 2; });
      const float x =
          inside != four + 4
              ? *inside
              : static_cast<float>(truncated_normal(s, static_cast<std::uint64_t>(at + i)));
      z[static_cast<std::size_t>(i)] = mean + stddev * x;
    }
    store_floats(z.data(), count, t, at, run.out[0]);
  });
}

inline void fill_normal(const RandomStream& s, const Run& run, std::int64_t n, DType t,
                        bool truncated) {
  if (t != DType::float64)
    return truncated ? fill_truncated_floats(s, run, n, t) : fill_normal_floats(s, run, n, t);
  const double mean = run.immediates[1].as<double>(), stddev = run.immediates[2].as<double>();
  auto* out = run.output<std::byte>();
  const auto item = static_cast<std::int64_t>(itemsize(t));
  if (truncated) {
    parallel_for(n, 1024, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i)
        store_scalar(out + i * item, t,
                     mean + stddev * truncated_normal(s, static_cast<std::uint64_t>(i)));
    });
    return;
  }
  for_blocks(s, n, 4, [&](std::int64_t at, std::int64_t count, const auto& w) {
    const auto z = normal_block(w);
    for (std::int64_t j = 0; j < count; ++j)
      store_scalar(out + (at + j) * item, t, mean + stddev * z[static_cast<std::size_t>(j)]);
  });
}

/// Uniform integers in [low, high), by multiplication (bias below 2^-32 of the range's share).
inline void fill_integers(const RandomStream& s, const Run& run, std::int64_t n, DType t) {
  // Unsigned: the range may be wider than int64.
  const auto low = static_cast<std::uint64_t>(run.immediates[1].as<std::int64_t>());
  const std::uint64_t range =
      static_cast<std::uint64_t>(run.immediates[2].as<std::int64_t>()) - low;
  auto* out = run.output<std::byte>();
  const auto item = static_cast<std::int64_t>(itemsize(t));
  for_blocks(s, n, 2, [&](std::int64_t at, std::int64_t count, const auto& w) {
    for (std::int64_t j = 0; j < count; ++j) {
      const auto k = static_cast<std::size_t>(2 * j);
      const std::uint64_t bits = std::uint64_t{w[k]} << 32 | w[k + 1];
      const auto pick =
          static_cast<std::uint64_t>((static_cast<unsigned __int128>(bits) * range) >> 64);
      store_scalar(out + (at + j) * item, t, static_cast<std::int64_t>(low + pick));
    }
  });
}

/// Fisher and Yates on int64 values 0..n-1.
inline void fill_permutation(const RandomStream& s, std::int64_t* out, std::int64_t n) {
  std::iota(out, out + n, std::int64_t{0});
  for (std::int64_t i = n - 1; i > 0; --i) {
    const auto w = s.block(static_cast<std::uint64_t>(i));
    const std::uint64_t bits = std::uint64_t{w[0]} << 32 | w[1];
    const auto j = static_cast<std::int64_t>(
        (static_cast<unsigned __int128>(bits) * static_cast<std::uint64_t>(i + 1)) >> 64);
    std::swap(out[i], out[j]);
  }
}

template <class T>
void dropout(const RandomStream& s, const T* x, T* y, std::int64_t n, double rate) {
  const T scale = rate < 1 ? static_cast<T>(1 / (1 - rate)) : T(0);
  const double limit = rate * 0x1p32;
  for_runs(s, n, 4, [&](std::int64_t at, std::int64_t count, const std::uint32_t* w) {
    for (std::int64_t j = 0; j < count; ++j)
      y[at + j] = static_cast<double>(w[j]) >= limit ? x[at + j] * scale : T(0);
  });
}

}  // namespace detail

KernelPtr RandomFill::cpu_kernel(const Call& call) {
  const Distribution d = call.primitive.get_if<RandomFill>()->distribution;
  const DType t = call.out[0].dtype;
  const std::int64_t n = call.out[0].shape.size();
  return make_kernel(
      [=](const Run& run) {
        const detail::RandomStream s(run.input<std::uint64_t>(0), run.immediates[0]);
        switch (d) {
          case Distribution::uniform:
            return detail::fill_uniform(s, run, n, t);
          case Distribution::integers:
            return detail::fill_integers(s, run, n, t);
          case Distribution::permutation:
            return detail::fill_permutation(s, run.output<std::int64_t>(), n);
          default:
            return detail::fill_normal(s, run, n, t, d == Distribution::truncated_normal);
        }
      },
      {.description = "philox"});
}

KernelPtr DropoutMask::cpu_kernel(const Call& call) {
  const DType t = call.in[0].dtype;
  if (t != DType::float32 && t != DType::float64) return nullptr;
  const std::int64_t n = call.in[0].shape.size();
  return make_kernel(
      [=](const Run& run) {
        const detail::RandomStream s(run.input<std::uint64_t>(1), run.immediates[0]);
        const double rate = run.immediates[1].as<double>();
        if (t == DType::float64)
          detail::dropout(s, run.input<double>(0), run.output<double>(), n, rate);
        else
          detail::dropout(s, run.input<float>(0), run.output<float>(), n, rate);
      },
      {.in_place = {{0, 0}}, .description = "philox"});
}

}  // namespace linnet::inline LINNET_ABI
