#pragma once

#include <cstdint>

#include "linnet/backend/cpu/kernels/winograd.hpp"
#include "linnet/config.hpp"

/// The gradient of a 3x3 kernel by the transposed transforms: G'[sum of (B' d B) . (A dy A')]G over
/// the tiles, 16 matrix products of in x tiles by tiles x out.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

class WinogradGradient : WinogradTiles {
 public:
  using WinogradTiles::WinogradTiles;

  void run() {
    for (std::int64_t t = a_.begin; t < a_.end; t += tiles) {
      const std::int64_t n = a_.end - t < tiles ? a_.end - t : tiles;
      for (std::int64_t i = 0; i < n; ++i) read_patch(t + i, i);
      float* sums = a_.weights;
      for (std::int64_t o = 0; o < a_.out_channels; o += columns) {
        for (std::int64_t i = 0; i < n; ++i) read_gradient(t + i, i, o);
        for (std::int64_t place = 0; place < 16; ++place, sums += a_.in_channels * columns)
          multiply(sums, place, n, t == a_.begin);
      }
    }
  }

 private:
  /// products[place][i][column] = (A dy A')[place].
  void read_gradient(std::int64_t t, std::int64_t i, std::int64_t o) {
    const Place p = place_of(t);
    const std::int64_t h = p.row * 2, w = p.column * 2;
    const bool lower = h + 1 < a_.out_height, right = w + 1 < a_.out_width;
    const float* dy = a_.dy + ((p.image * a_.out_height + h) * a_.out_width + w) * a_.out_channels;
    const std::int64_t row = a_.out_width * a_.out_channels;
    constexpr std::int64_t place = tiles * columns;
    for (std::int64_t c = 0; c < columns; c += lanes) {
      V d[2][2] = {};
      if (o + c < a_.out_channels) {
        const float* from = dy + o + c;
        d[0][0] = at(from);
        if (right) d[0][1] = at(from + a_.out_channels);
        if (lower) d[1][0] = at(from + row);
        if (lower && right) d[1][1] = at(from + row + a_.out_channels);
      }
      float* to = products_ + i * columns + c;
      const V rows[4][2] = {{d[0][0], d[0][1]},
                            {d[0][0] + d[1][0], d[0][1] + d[1][1]},
                            {d[0][0] - d[1][0], d[0][1] - d[1][1]},
                            {-d[1][0], -d[1][1]}};
#pragma GCC unroll 4
      for (int r = 0; r < 4; ++r) {
        at(to + (r * 4 + 0) * place) = rows[r][0];
        at(to + (r * 4 + 1) * place) = rows[r][0] + rows[r][1];
        at(to + (r * 4 + 2) * place) = rows[r][0] - rows[r][1];
        at(to + (r * 4 + 3) * place) = -rows[r][1];
      }
    }
  }

  /// sums[in][column] of a place, of n more tiles.
  void multiply(float* sums, std::int64_t place, std::int64_t n, bool first) {
    std::int64_t offsets[max_tile_rows];
    for (int r = 0; r < max_tile_rows; ++r) offsets[r] = r;
    const float* patches = patches_ + place * tiles * a_.in_channels;
    for (std::int64_t i = 0; i < a_.in_channels;) {
      const int rows = next_rows(a_.in_channels - i);
      const TileInput<float> in{
          patches + i, offsets, a_.in_channels, products_ + place * tiles * columns, columns, n};
      with_rows(rows, [&]<int r>(Rows<r>) {
        TileRegisters<float, r, 2> t;
        if (first)
          t.clear();
        else
          t.load(sums + i * columns, columns);
        t.accumulate(in);
        t.store(sums + i * columns, columns);
      });
      i += rows;
    }
  }
};

inline void winograd_gradient(const isa::WinogradArgs& a) {
  WinogradGradient run(a);
  run.run();
}

/// G'[sum of the parts]G.
inline void winograd_kernel_gradient(const isa::WinogradKernelArgs& a) {
  using V = Vector<float>;
  constexpr std::int64_t lanes = vector_lanes<float>, columns = tile_columns<float>;
  const std::int64_t place = a.in_channels * columns;
  const std::int64_t part = isa::winograd_weights_size(a.in_channels, a.out_channels);
  for (std::int64_t i = a.begin; i < a.end; ++i)
    for (std::int64_t o = 0; o < a.out_channels; o += lanes) {
      const float* from = a.sums + o / columns * 16 * place + i * columns + o % columns;
      V u[4][4] = {};
      for (std::int64_t p = 0; p < a.parts; ++p)
        for (int k = 0; k < 16; ++k)
          u[k / 4][k % 4] += *reinterpret_cast<const V*>(from + p * part + k * place);
      V rows[3][4];
      for (int k = 0; k < 4; ++k) {
        const V sum = (u[1][k] + u[2][k]) * 0.5f;
        rows[0][k] = u[0][k] + sum;
        rows[1][k] = (u[1][k] - u[2][k]) * 0.5f;
        rows[2][k] = sum + u[3][k];
      }
      for (int h = 0; h < 3; ++h) {
        const V sum = (rows[h][1] + rows[h][2]) * 0.5f;
        const V taps[3] = {rows[h][0] + sum, (rows[h][1] - rows[h][2]) * 0.5f, sum + rows[h][3]};
        for (int w = 0; w < 3; ++w)
          *reinterpret_cast<V*>(a.dkernel + ((h * 3 + w) * a.in_channels + i) * a.out_channels +
                                o) = taps[w];
      }
    }
}

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
