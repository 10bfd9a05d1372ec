#pragma once

#include <cstdint>
#include <cstring>

#include "linnet/backend/cpu/args/winograd.hpp"
#include "linnet/backend/cpu/kernels/gemm.hpp"
#include "linnet/backend/cpu/kernels/micro_kernel.hpp"
#include "linnet/config.hpp"

/// Winograd's F(2x2, 3x3): y = A'[(G g G') . (B' d B)]A for 4x4 patches d of the image, with
/// B' = [1 0 -1 0; 0 1 1 0; 0 -1 1 0; 0 1 0 -1], G = [1 0 0; .5 .5 .5; .5 -.5 .5; 0 0 1] and
/// A' = [1 1 1 0; 0 1 -1 -1]. The products of the 16 places are sums over channels: 16 matrix
/// products of tiles x in by in x out.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

/// Patches of the images, transformed, and room for what they are multiplied with or give.
class WinogradTiles {
 public:
  explicit WinogradTiles(const isa::WinogradArgs& a)
      : a_(a), patches_(a.scratch), products_(a.scratch + 16 * tiles * a.in_channels) {}

 protected:
  using V = Vector<float>;
  static constexpr std::int64_t tiles = isa::winograd_tiles, lanes = vector_lanes<float>,
                                columns = tile_columns<float>;
  static const V& at(const float* p) { return *reinterpret_cast<const V*>(p); }
  static V& at(float* p) { return *reinterpret_cast<V*>(p); }

  struct Place {
    std::int64_t image, row, column;  // of a tile
  };
  Place place_of(std::int64_t t) const {
    const std::int64_t image = a_.tiles_high * a_.tiles_wide, in_image = t % image;
    return {t / image, in_image / a_.tiles_wide, in_image % a_.tiles_wide};
  }

  /// patches[place][i][channel] = (B' d B)[place].
  void read_patch(std::int64_t t, std::int64_t i) {
    const Place p = place_of(t);
    const std::int64_t top = p.row * 2 - a_.pad_top, left = p.column * 2 - a_.pad_left;
    alignas(64) static constexpr float zeros[16] = {};
    const float* pixel[16];
    std::int64_t step[16];
    for (std::int64_t k = 0; k < 16; ++k) {
      const std::int64_t h = top + k / 4, w = left + k % 4;
      const bool inside = h >= 0 && w >= 0 && h < a_.height && w < a_.width;
      const std::int64_t index = (p.image * a_.height + h) * a_.width + w;
      pixel[k] = inside ? a_.x + index * a_.in_channels : zeros;
      step[k] = inside ? 1 : 0;
    }
    const std::int64_t place = tiles * a_.in_channels;
    float* to = patches_ + i * a_.in_channels;
    for (std::int64_t c = 0; c < a_.in_channels; c += lanes) {
      V d[16];
#pragma GCC unroll 16
      for (int k = 0; k < 16; ++k) d[k] = at(pixel[k] + c * step[k]);
#pragma GCC unroll 4
      for (int w = 0; w < 4; ++w) {
        const V d0 = d[w], d1 = d[4 + w], d2 = d[8 + w], d3 = d[12 + w];
        d[w] = d0 - d2, d[4 + w] = d1 + d2, d[8 + w] = d2 - d1, d[12 + w] = d1 - d3;
      }
#pragma GCC unroll 4
      for (int h = 0; h < 16; h += 4) {
        at(to + (h + 0) * place + c) = d[h] - d[h + 2];
        at(to + (h + 1) * place + c) = d[h + 1] + d[h + 2];
        at(to + (h + 2) * place + c) = d[h + 2] - d[h + 1];
        at(to + (h + 3) * place + c) = d[h + 1] - d[h + 3];
      }
    }
  }

  const isa::WinogradArgs& a_;
  float* patches_;   // [16][tiles][in]
  float* products_;  // [16][tiles][columns]
};

class WinogradRun : WinogradTiles {
 public:
  using WinogradTiles::WinogradTiles;

  void run() {
    for (std::int64_t t = a_.begin; t < a_.end; t += tiles) {
      const std::int64_t n = a_.end - t < tiles ? a_.end - t : tiles;
      for (std::int64_t i = 0; i < n; ++i) read_patch(t + i, i);
      const std::int64_t panel = 16 * a_.in_channels * columns;
      const float* weights = a_.weights;
      for (std::int64_t o = 0; o < a_.out_channels; o += columns, weights += panel) {
        for (std::int64_t place = 0; place < 16; ++place)
          multiply(weights + place * a_.in_channels * columns, place, n);
        for (std::int64_t i = 0; i < n; ++i) write_tile(t + i, i, o);
      }
    }
  }

 private:
  /// products[place][i][column] of n tiles.
  void multiply(const float* weights, std::int64_t place, std::int64_t n) {
    std::int64_t offsets[max_tile_rows];
    for (int r = 0; r < max_tile_rows; ++r) offsets[r] = r * a_.in_channels;
    const float* patches = patches_ + place * tiles * a_.in_channels;
    float* to = products_ + place * tiles * columns;
    for (std::int64_t i = 0; i < n;) {
      const int rows = next_rows(n - i);
      const TileInput<float> in{
          patches + i * a_.in_channels, offsets, 1, weights, columns, a_.in_channels};
      with_rows(rows, [&]<int r>(Rows<r>) {
        TileRegisters<float, r, 2> t;
        t.clear();
        t.accumulate(in);
        t.store(to + i * columns, columns);
      });
      i += rows;
    }
  }

  void write_tile(std::int64_t t, std::int64_t i, std::int64_t o) const {
    const Place p = place_of(t);
    const std::int64_t h = p.row * 2, w = p.column * 2;
    const std::int64_t high = a_.out_height - h < 2 ? 1 : 2, wide = a_.out_width - w < 2 ? 1 : 2;
    const std::int64_t last = a_.out_channels - o < columns ? a_.out_channels - o : columns;
    float* y = a_.y + ((p.image * a_.out_height + h) * a_.out_width + w) * a_.out_channels + o;
    for (std::int64_t c = 0; c < last; c += lanes) {
      const float* from = products_ + i * columns + c;
      constexpr std::int64_t place = tiles * columns;
      V m[2][4];
#pragma GCC unroll 4
      for (int k = 0; k < 4; ++k) {
        const V m0 = at(from + k * place), m1 = at(from + (4 + k) * place),
                m2 = at(from + (8 + k) * place), m3 = at(from + (12 + k) * place);
        m[0][k] = m0 + m1 + m2;
        m[1][k] = m1 - m2 - m3;
      }
      const V bias = a_.bias ? at(a_.bias + o + c) : V{};
#pragma GCC unroll 2
      for (int r = 0; r < 2; ++r) {
        V pair[2] = {m[r][0] + m[r][1] + m[r][2] + bias, m[r][1] - m[r][2] - m[r][3] + bias};
        if (r < high)
          for (int q = 0; q < wide; ++q)
            at(y + (r * a_.out_width + q) * a_.out_channels + c) = activated(pair[q]);
      }
    }
    if (a_.epilogue == isa::Epilogue::none || a_.epilogue == isa::Epilogue::relu) return;
    for (std::int64_t r = 0; r < high; ++r)
      for (std::int64_t q = 0; q < wide; ++q)
        finish_row(y + (r * a_.out_width + q) * a_.out_channels, static_cast<const float*>(nullptr),
                   last, a_.epilogue);
  }

  /// relu, which keeps NaN; the other activations follow.
  V activated(V v) const { return a_.epilogue == isa::Epilogue::relu ? ((v < V{}) ? V{} : v) : v; }
};

/// G g G' of each pair of channels, as many output channels at once as a tile has columns.
inline void winograd_weights(const isa::WinogradWeightsArgs& a) {
  constexpr std::int64_t columns = tile_columns<float>;
  for (std::int64_t o = 0; o < a.out_channels; o += columns) {
    const std::int64_t n = a.out_channels - o < columns ? a.out_channels - o : columns;
    float* panel = a.weights + o * 16 * a.in_channels;
    for (std::int64_t i = a.begin; i < a.end; ++i) {
      float g[9][columns] = {}, half[4][3][columns];
      for (std::int64_t k = 0; k < 9; ++k) {
        const float* from = a.kernel + k / 3 * a.s_h + k % 3 * a.s_w + i * a.s_in + o * a.s_out;
        if (a.s_out == 1)
          std::memcpy(g[k], from, static_cast<std::size_t>(n) * sizeof(float));
        else
          for (std::int64_t j = 0; j < n; ++j) g[k][j] = from[j * a.s_out];
      }
      for (int w = 0; w < 3; ++w)
        for (std::int64_t j = 0; j < columns; ++j) {
          const float sum = g[w][j] + g[6 + w][j];
          half[0][w][j] = g[w][j];
          half[1][w][j] = 0.5f * (sum + g[3 + w][j]);
          half[2][w][j] = 0.5f * (sum - g[3 + w][j]);
          half[3][w][j] = g[6 + w][j];
        }
      for (int h = 0; h < 4; ++h) {
        float* to = panel + (h * 4 * a.in_channels + i) * columns;
        const std::int64_t place = a.in_channels * columns;
        for (std::int64_t j = 0; j < columns; ++j) {
          const float sum = half[h][0][j] + half[h][2][j];
          to[j] = half[h][0][j];
          to[place + j] = 0.5f * (sum + half[h][1][j]);
          to[2 * place + j] = 0.5f * (sum - half[h][1][j]);
          to[3 * place + j] = half[h][2][j];
        }
      }
    }
  }
}

inline void winograd(const isa::WinogradArgs& a) {
  WinogradRun run(a);
  run.run();
}

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
