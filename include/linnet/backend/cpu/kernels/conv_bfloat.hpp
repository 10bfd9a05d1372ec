#pragma once

#include <cstdint>
#include <cstring>

#include "linnet/backend/cpu/args/conv.hpp"
#include "linnet/backend/cpu/kernels/micro_kernel.hpp"
#include "linnet/config.hpp"

/// The gradient of a convolution's kernel from bfloat16, where the processor multiplies pairs of
/// them: two pixels at a time, which lie side by side in copies of dy and of x. Sums are float32.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

#ifdef __AVX512F__
inline bool bfloat_products() { return __builtin_cpu_supports("avx512bf16"); }

class BFloatKernelGradient {
 public:
  explicit BFloatKernelGradient(const isa::Conv2DArgs& a)
      : a_(a),
        pairs_(a),
        x_pairs_(static_cast<std::uint32_t*>(a.scratch)),
        y_pairs_(x_pairs_ + pairs_.x_size) {}

  void run() {
    for (std::int64_t row = a_.row_begin; row < a_.row_end; row += pairs_.rows) {
      const std::int64_t rest = a_.row_end - row;
      rows_ = rest < pairs_.rows ? rest : pairs_.rows;
      pair_x(row), pair_y(row);
      for (std::int64_t o = 0; o < a_.out_channels; o += 32) add_columns(o);
    }
  }

 private:
  static std::uint32_t pair(std::uint16_t low, std::uint16_t high) {
    return low | std::uint32_t{high} << 16;
  }
  static void pair_row(const std::uint16_t* low, const std::uint16_t* high, std::int64_t n,
                       std::uint32_t* out) {
    for (std::int64_t i = 0; i < n; ++i) out[i] = pair(low[i], high ? high[i] : std::uint16_t{0});
  }

  /// Each pixel beside the one that the next output sees; then, for an odd output at the end, what
  /// each tap sees of it beside nothing.
  void pair_x(std::int64_t row) {
    const std::int64_t c = a_.in_channels, height = (rows_ - 1) * a_.stride_h +
                                                    (a_.kernel_height - 1) * a_.dilation_h + 1;
    for (std::int64_t h = 0; h < height; ++h) {
      const std::uint16_t* x =
          static_cast<const std::uint16_t*>(a_.x) + (row * a_.stride_h + h) * a_.x_row;
      std::uint32_t* out = x_pairs_ + h * pairs_.x_row;
      for (std::int64_t w = 0; w < pairs_.width; ++w, out += c) {
        const std::uint16_t* next = x + (w + a_.stride_w) * a_.x_pixel;
        pair_row(x + w * a_.x_pixel, w + a_.stride_w < pairs_.width ? next : nullptr, c, out);
      }
      const std::uint16_t* last = x + (a_.out_width - 1) * a_.stride_w * a_.x_pixel;
      for (std::int64_t w = 0; w < a_.kernel_width; ++w, out += c)
        pair_row(last + w * a_.dilation_w * a_.x_pixel, nullptr, c, out);
    }
  }
  void pair_y(std::int64_t row) {
    const std::int64_t c = a_.out_channels;
    for (std::int64_t r = 0; r < rows_; ++r) {
      const std::uint16_t* y = static_cast<const std::uint16_t*>(a_.dy) + (row + r) * a_.y_row;
      std::uint32_t* out = y_pairs_ + r * pairs_.y_row;
      for (std::int64_t w = 0; w < a_.out_width; w += 2, out += c)
        pair_row(y + w * a_.y_pixel, w + 1 < a_.out_width ? y + (w + 1) * a_.y_pixel : nullptr, c,
                 out);
    }
  }

  void add_columns(std::int64_t o) {
    const std::int64_t total = a_.kernel_height * a_.kernel_width * a_.in_channels;
    const bool wide = a_.out_channels - o >= 32;
    for (std::int64_t i = 0; i < total;) {
      const int n = next_rows(total - i);
      locate(i, n);
      const auto run = [&]<int r>(Rows<r>) { wide ? tile<r, 2>(o) : tile<r, 1>(o); };
      with_rows(n, run);
      i += n;
    }
  }
  /// Where n rows (tap, channel) from i on begin in the pairs of x, where the last odd pixel is,
  /// and where the sums go.
  void locate(std::int64_t i, int n) {
    for (int r = 0; r < n; ++r, ++i) {
      const std::int64_t tap = i / a_.in_channels, c = i % a_.in_channels;
      const std::int64_t h = tap / a_.kernel_width, w = tap % a_.kernel_width;
      const std::int64_t line = h * a_.dilation_h * pairs_.x_row + c;
      starts_[r] = line + w * a_.dilation_w * a_.in_channels;
      lasts_[r] = line + (pairs_.width + w) * a_.in_channels;
      places_[r] = tap * a_.dkernel_tap + c * a_.dkernel_in;
    }
  }

  template <int n, int vectors>
  __attribute__((target("avx512bf16"), noinline)) void tile(std::int64_t o) const {
    __m512 sum[n][vectors];
    for (int i = 0; i < n; ++i)
      for (int j = 0; j < vectors; ++j) sum[i][j] = _mm512_setzero_ps();
    std::int64_t start[n];
    for (int i = 0; i < n; ++i) start[i] = starts_[i];
    const std::int64_t step = 2 * a_.stride_w * a_.in_channels, whole = a_.out_width / 2;
    for (std::int64_t r = 0; r < rows_; ++r) {
      const std::uint32_t* x = x_pairs_ + r * a_.stride_h * pairs_.x_row;
      const std::uint32_t* y = y_pairs_ + r * pairs_.y_row + o;
      for (std::int64_t p = 0; p < whole; ++p, x += step, y += a_.out_channels) {
        __m512bh b[vectors];
#pragma GCC unroll 2
        for (int j = 0; j < vectors; ++j) b[j] = (__m512bh)_mm512_loadu_si512(y + 16 * j);
#pragma GCC unroll 8
        for (int i = 0; i < n; ++i) {
          const auto a = (__m512bh)_mm512_set1_epi32(static_cast<int>(x[start[i]]));
#pragma GCC unroll 2
          for (int j = 0; j < vectors; ++j) sum[i][j] = _mm512_dpbf16_ps(sum[i][j], a, b[j]);
        }
      }
      if (a_.out_width % 2 == 0) continue;
      x = x_pairs_ + r * a_.stride_h * pairs_.x_row;
      for (int j = 0; j < vectors; ++j) {
        const auto b = (__m512bh)_mm512_loadu_si512(y + 16 * j);
        for (int i = 0; i < n; ++i)
          sum[i][j] = _mm512_dpbf16_ps(
              sum[i][j], (__m512bh)_mm512_set1_epi32(static_cast<int>(x[lasts_[i]])), b);
      }
    }
    for (int i = 0; i < n; ++i)
      for (int j = 0; j < vectors; ++j) {
        float* to = static_cast<float*>(a_.dkernel) + places_[i] + o + 16 * j;
        _mm512_storeu_ps(to, _mm512_add_ps(_mm512_loadu_ps(to), sum[i][j]));
      }
  }

  const isa::Conv2DArgs& a_;
  isa::BFloatPairs pairs_;
  std::int64_t rows_ = 0;
  std::uint32_t *x_pairs_, *y_pairs_;
  std::int64_t starts_[max_tile_rows], lasts_[max_tile_rows], places_[max_tile_rows];
};

inline void conv2d_bfloat_gradient(const isa::Conv2DArgs& a) { BFloatKernelGradient(a).run(); }
#else
inline bool bfloat_products() { return false; }
inline void conv2d_bfloat_gradient(const isa::Conv2DArgs&) {}
#endif

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
