#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

#include "linnet/backend/cpu/args/random.hpp"
#include "linnet/backend/cpu/kernels/exponentials.hpp"
#include "linnet/config.hpp"

/// Random words and normal numbers, many at a time: philox.hpp's functions in loops that vectorize.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

/// Philox4x32-10 (see core/philox.hpp) of sixteen counters.
struct PhiloxBlocks {
  std::uint32_t c[4][isa::random_step];

  void round(std::uint32_t key0, std::uint32_t key1) {
    for (int j = 0; j < isa::random_step; ++j) {
      const std::uint64_t a = std::uint64_t{0xD2511F53u} * c[0][j];
      const std::uint64_t b = std::uint64_t{0xCD9E8D57u} * c[2][j];
      c[0][j] = static_cast<std::uint32_t>(b >> 32) ^ c[1][j] ^ key0;
      c[1][j] = static_cast<std::uint32_t>(b);
      c[2][j] = static_cast<std::uint32_t>(a >> 32) ^ c[3][j] ^ key1;
      c[3][j] = static_cast<std::uint32_t>(a);
    }
  }
};

inline void random_words(const isa::RandomWordsArgs& a) {
  for (std::int64_t at = 0; at < a.blocks; at += isa::random_step) {
    PhiloxBlocks p;
    for (int j = 0; j < isa::random_step; ++j) {
      const std::uint64_t index = a.first + static_cast<std::uint64_t>(at + j);
      p.c[0][j] = static_cast<std::uint32_t>(index);
      p.c[1][j] = static_cast<std::uint32_t>(index >> 32);
      p.c[2][j] = static_cast<std::uint32_t>(a.position);
      p.c[3][j] = static_cast<std::uint32_t>(a.position >> 32);
    }
    auto key0 = static_cast<std::uint32_t>(a.seed), key1 = static_cast<std::uint32_t>(a.seed >> 32);
    for (int r = 0; r < 10; ++r, key0 += 0x9E3779B9u, key1 += 0xBB67AE85u) p.round(key0, key1);
    std::uint32_t* out = a.words + 4 * at;
    for (int j = 0; j < isa::random_step; ++j) {
      out[4 * j] = p.c[0][j];
      out[4 * j + 1] = p.c[1][j];
      out[4 * j + 2] = p.c[2][j];
      out[4 * j + 3] = p.c[3][j];
    }
  }
}

/// sqrt(-2 ln u), u = (bits + 1/2) 2^-32: from t = min(u, 1 - u), so that u near 1 is not rounded.
inline float k_normal_radius(std::uint32_t bits) {
  const bool upper = bits >> 31 != 0;
  const auto small = static_cast<std::int32_t>(upper ? ~bits : bits);
  const float t = (static_cast<float>(small) + 0.5f) * 0x1p-32f;
  const LogParts l = k_log_parts(t);
  const bool near = t < 0.29289322f;  // 1 - t as it is, else its double
  const float f = upper ? (near ? -t : 1.f - 2.f * t) : l.f;
  const float k = upper ? (near ? 0.f : -1.f) : l.k;
  return std::sqrt(-2.f * k_log_sum(f, k, 0.f));
}
/// The cosine and the sine of a turn's 2^-32th part times `bits`: within an eighth of a turn about
/// the nearest quarter by minimax polynomials, the rest by exchange and signs.
struct UnitVector {
  float x, y;
};
inline UnitVector k_unit_vector(std::uint32_t bits) {
  const std::uint32_t quarter = (bits + 0x20000000u) >> 30;
  const float r = static_cast<float>(static_cast<std::int32_t>(bits - (quarter << 30))) *
                  1.4629180792671596e-09f;
  const float z = r * r;
  float s = -0.0001951726702f, c = 2.443312009e-05f;
  s = s * z + 0.008332177918f, c = c * z - 0.001388731594f;
  s = s * z - 0.1666665494f, c = c * z + 0.04166664568f;
  const float sine = s * z * r + r, cosine = c * z * z + (1.f - 0.5f * z);
  const bool swap = (quarter & 1u) != 0;
  const std::uint32_t x = std::bit_cast<std::uint32_t>(swap ? sine : cosine);
  const std::uint32_t y = std::bit_cast<std::uint32_t>(swap ? cosine : sine);
  return {k_bits(x ^ (((quarter + 1u) & 2u) << 30)), k_bits(y ^ ((quarter & 2u) << 30))};
}

/// Sixteen pairs; apart from their words and places, so that neither loop has a gap.
inline void random_normals(const isa::RandomNormalsArgs& a) {
  for (std::int64_t at = 0; at < a.n; at += 32) {
    std::uint32_t first[16], second[16];
    for (int j = 0; j < 16; ++j) {
      first[j] = a.words[at + 2 * j];
      second[j] = a.words[at + 2 * j + 1];
    }
    float x[16], y[16];
    for (int j = 0; j < 16; ++j) {
      const float radius = a.stddev * k_normal_radius(first[j]);
      const UnitVector v = k_unit_vector(second[j]);
      x[j] = a.mean + radius * v.x;
      y[j] = a.mean + radius * v.y;
    }
    for (int j = 0; j < 16; ++j) {
      a.out[at + 2 * j] = x[j];
      a.out[at + 2 * j + 1] = y[j];
    }
  }
}

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
