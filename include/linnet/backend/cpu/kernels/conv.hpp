#pragma once

#include <cstdint>

#include "linnet/backend/cpu/args/conv.hpp"
#include "linnet/backend/cpu/kernels/gemm.hpp"
#include "linnet/backend/cpu/kernels/micro_kernel.hpp"
#include "linnet/config.hpp"

/// Direct convolution: a tile is some neighbouring output pixels by two vectors of channels, kept
/// in registers over the whole window. Nothing is unrolled into columns.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

template <class T>
inline void pack_kernel(const isa::Conv2DPackArgs& a) {
  constexpr std::int64_t width = tile_columns<T>;
  const auto* from = static_cast<const T*>(a.kernel);
  T* out = static_cast<T*>(a.packed);
  for (std::int64_t o = 0; o < a.out_channels; o += width)
    for (std::int64_t h = 0; h < a.height; ++h)
      for (std::int64_t w = 0; w < a.width; ++w)
        for (std::int64_t i = 0; i < a.in_channels; ++i, out += width) {
          const T* p = from + h * a.s_h + w * a.s_w + i * a.s_in + o * a.s_out;
          const std::int64_t n = a.out_channels - o < width ? a.out_channels - o : width;
          if (a.s_out == 1 && n == width)
            std::memcpy(out, p, sizeof(T) * width);
          else
            for (std::int64_t j = 0; j < n; ++j) out[j] = p[j * a.s_out];
          for (std::int64_t j = n; j < width; ++j) out[j] = T(0);
        }
}

inline void conv2d_pack(const isa::Conv2DPackArgs& a) {
  a.is_double ? pack_kernel<double>(a) : pack_kernel<float>(a);
}

template <class T>
class ConvRun {
 public:
  explicit ConvRun(const isa::Conv2DArgs& a)
      : a_(a), merged_(a.dilation_w == 1 && a.x_pixel == a.in_channels) {
    for (int r = 0; r < max_tile_rows; ++r) offsets_[r] = r * a.stride_w * a.x_pixel;
  }

  void run() {
    for (std::int64_t row = a_.row_begin; row < a_.row_end; ++row) {
      const std::int64_t image = row / a_.out_height, oh = row % a_.out_height;
      const T* x = static_cast<const T*>(a_.x) + image * a_.x_image + oh * a_.stride_h * a_.x_row;
      T* y = static_cast<T*>(a_.y) + image * a_.y_image + oh * a_.y_row;
      output_row(x, y);
      if (a_.epilogue != isa::Epilogue::none && a_.epilogue != isa::Epilogue::relu)
        for (std::int64_t w = 0; w < a_.out_width; ++w)
          finish_row(y + w * a_.y_pixel, static_cast<const T*>(nullptr), a_.out_channels,
                     a_.epilogue);
    }
  }

 private:
  static constexpr std::int64_t width = tile_columns<T>;

  void output_row(const T* x, T* y) {
    const std::int64_t panel = a_.kernel_height * a_.kernel_width * a_.in_channels * width;
    const T* b = static_cast<const T*>(a_.packed);
    for (std::int64_t o = 0; o < a_.out_channels; o += width, b += panel) {
      const std::int64_t columns = a_.out_channels - o < width ? a_.out_channels - o : width;
      for (std::int64_t w = 0; w < a_.out_width;) {
        const int n = next_rows(a_.out_width - w);
        with_rows(n, [&]<int r>(Rows<r>) {
          const T* at = x + w * a_.stride_w * a_.x_pixel;
          if (columns <= vector_lanes<T>)
            tile<r, 1>(at, b, y + w * a_.y_pixel, o, columns);
          else
            tile<r, 2>(at, b, y + w * a_.y_pixel, o, columns);
        });
        w += n;
      }
    }
  }

  template <int n, int vectors>
  void tile(const T* x, const T* b, T* pixel, std::int64_t o, std::int64_t columns) {
    TileRegisters<T, n, vectors> t;
    t.clear();
    T* y = pixel + o;
    const T* bias = a_.bias ? static_cast<const T*>(a_.bias) + o : nullptr;
    const std::int64_t line = a_.kernel_width * a_.in_channels;
    for (std::int64_t h = 0; h < a_.kernel_height; ++h, b += line * width) {
      const T* row = x + h * a_.dilation_h * a_.x_row;
      if (merged_) {
        t.accumulate({row, offsets_, 1, b, width, line});
        continue;
      }
      for (std::int64_t w = 0; w < a_.kernel_width; ++w)
        t.accumulate({row + w * a_.dilation_w * a_.x_pixel, offsets_, 1,
                      b + w * a_.in_channels * width, width, a_.in_channels});
    }
    const auto relu =
        a_.epilogue == isa::Epilogue::relu ? isa::Epilogue::relu : isa::Epilogue::none;
    if (columns == vectors * vector_lanes<T>) {
      finish(t, bias, relu == isa::Epilogue::relu);
      return t.store(y, a_.y_pixel);
    }
    alignas(64) T buffer[max_tile_rows * width] = {};
    t.store(buffer, width);
    for (int r = 0; r < n; ++r) {
      for (std::int64_t q = 0; q < columns; ++q) y[r * a_.y_pixel + q] = buffer[r * width + q];
      finish_row(y + r * a_.y_pixel, bias, columns, relu);
    }
  }

  /// Bias and relu, which keeps NaN, while the tile is in registers.
  template <int n, int vectors>
  __attribute__((always_inline)) static void finish(TileRegisters<T, n, vectors>& t, const T* bias,
                                                    bool relu) {
    using V = Vector<T>;
    for (int v = 0; bias && v < vectors; ++v) {
      const V b = *reinterpret_cast<const V*>(bias + v * vector_lanes<T>);
      for (int r = 0; r < n; ++r) t.r[r][v] += b;
    }
    for (int v = 0; relu && v < vectors; ++v)
      for (int r = 0; r < n; ++r) t.r[r][v] = t.r[r][v] < V{} ? V{} : t.r[r][v];
  }

  const isa::Conv2DArgs& a_;
  bool merged_;  // a window's row lies in one piece
  std::int64_t offsets_[max_tile_rows];
};

inline void conv2d(const isa::Conv2DArgs& a) {
  if (a.is_double) {
    ConvRun<double> run(a);
    run.run();
  } else {
    ConvRun<float> run(a);
    run.run();
  }
}

/// dkernel[tap, i, o] += sum over output pixels of x[pixel + tap, i] * dy[pixel, o]: tiles of
/// (tap, i) rows by o columns stay in registers over one image after the other.
template <class T>
class ConvKernelGradient {
 public:
  explicit ConvKernelGradient(const isa::Conv2DArgs& a) : a_(a) {}

  void run() {
    std::int64_t row = a_.row_begin;
    while (row < a_.row_end) {
      const std::int64_t image_end = (row / a_.out_height + 1) * a_.out_height;
      const std::int64_t last = image_end < a_.row_end ? image_end : a_.row_end;
      rows(row, last);
      row = last;
    }
  }

 private:
  static constexpr std::int64_t width = tile_columns<T>;

  void rows(std::int64_t first, std::int64_t last) {
    const std::int64_t total = a_.kernel_height * a_.kernel_width * a_.in_channels;
    for (std::int64_t o = 0; o < a_.out_channels; o += width) {
      const std::int64_t columns = a_.out_channels - o < width ? a_.out_channels - o : width;
      for (std::int64_t i = 0; i < total;) {
        const int n = next_rows(total - i);
        locate(i, n);
        with_rows(n, [&]<int r>(Rows<r>) {
          if (columns <= vector_lanes<T>)
            tile<r, 1>(first, last, o, columns);
          else
            tile<r, 2>(first, last, o, columns);
        });
        i += n;
      }
    }
  }

  /// Offsets in x and places in dkernel of n rows (tap, channel) from i.
  void locate(std::int64_t i, int n) {
    for (int r = 0; r < n; ++r, ++i) {
      const std::int64_t tap = i / a_.in_channels, c = i % a_.in_channels;
      const std::int64_t h = tap / a_.kernel_width, w = tap % a_.kernel_width;
      offsets_[r] = h * a_.dilation_h * a_.x_row + w * a_.dilation_w * a_.x_pixel + c;
      places_[r] = tap * a_.dkernel_tap + c * a_.dkernel_in;
    }
  }

  template <int n, int vectors>
  void tile(std::int64_t first, std::int64_t last, std::int64_t o, std::int64_t columns) {
    const bool whole = columns == vectors * vector_lanes<T>;
    TileRegisters<T, n, vectors> t;
    t.clear();
    for (std::int64_t row = first; row < last; ++row) {
      const std::int64_t image = row / a_.out_height, oh = row % a_.out_height;
      const T* x = static_cast<const T*>(a_.x) + image * a_.x_image + oh * a_.stride_h * a_.x_row;
      const T* dy = static_cast<const T*>(a_.dy) + image * a_.y_image + oh * a_.y_row + o;
      if (whole) {
        t.accumulate({x, offsets_, a_.stride_w * a_.x_pixel, dy, a_.y_pixel, a_.out_width});
        continue;
      }
      for (std::int64_t w = 0; w < a_.out_width; w += 128) {
        const std::int64_t k = a_.out_width - w < 128 ? a_.out_width - w : 128;
        const T* panel = pack(dy + w * a_.y_pixel, k, columns);
        t.accumulate({x + w * a_.stride_w * a_.x_pixel, offsets_, a_.stride_w * a_.x_pixel, panel,
                      width, k});
      }
    }
    add(t, o, n, columns);
  }

  const T* pack(const T* dy, std::int64_t k, std::int64_t columns) {
    T* panel = static_cast<T*>(a_.scratch);
    for (std::int64_t p = 0; p < k; ++p) {
      for (std::int64_t j = 0; j < columns; ++j) panel[p * width + j] = dy[p * a_.y_pixel + j];
      for (std::int64_t j = columns; j < width; ++j) panel[p * width + j] = T(0);
    }
    return panel;
  }

  template <class Tile>
  void add(const Tile& t, std::int64_t o, int n, std::int64_t columns) {
    alignas(64) T buffer[max_tile_rows * width] = {};
    t.store(buffer, width);
    for (int r = 0; r < n; ++r) {
      T* to = static_cast<T*>(a_.dkernel) + places_[r] + o;
      for (std::int64_t q = 0; q < columns; ++q) to[q] += buffer[r * width + q];
    }
  }

  const isa::Conv2DArgs& a_;
  std::int64_t offsets_[max_tile_rows], places_[max_tile_rows];
};

inline void conv2d_backward_kernel(const isa::Conv2DArgs& a) {
  if (a.is_double) {
    ConvKernelGradient<double> run(a);
    run.run();
  } else {
    ConvKernelGradient<float> run(a);
    run.run();
  }
}

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
