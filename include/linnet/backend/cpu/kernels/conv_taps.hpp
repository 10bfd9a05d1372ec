#pragma once

#include <cstdint>
#include <cstring>

#include "linnet/backend/cpu/args/conv_taps.hpp"
#include "linnet/backend/cpu/kernels/gemm.hpp"
#include "linnet/backend/cpu/kernels/micro_kernel.hpp"
#include "linnet/config.hpp"

/// Convolution of images of few pixels and many channels: for each pair of pixels that a tap joins
/// a product over all images at once, so padding costs nothing and the kernel, by far the largest
/// operand, is read (or written) once and as it lies.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

inline std::int64_t smaller(std::int64_t a, std::int64_t b) { return a < b ? a : b; }

/// y for blocks of output channels: rows of a tile are images.
template <class T>
class TapsForward {
 public:
  explicit TapsForward(const isa::Conv2DTapsArgs& a)
      : a_(a),
        panel_(static_cast<T*>(a.scratch)),
        sums_(panel_ + isa::taps_panel * width),
        image_(a.in_pixels * a.in_channels),
        chunk_(isa::taps_sums / a.out_pixels) {}

  void run() {
    const std::int64_t last = smaller(a_.end * isa::taps_block, a_.out_channels);
    for (std::int64_t o = a_.begin * isa::taps_block; o < last; o += width)
      for (std::int64_t n = 0; n < a_.images; n += chunk_)
        strip(o, smaller(width, last - o), n, smaller(chunk_, a_.images - n));
  }

 private:
  static constexpr std::int64_t width = tile_columns<T>;

  void strip(std::int64_t o, std::int64_t columns, std::int64_t first, std::int64_t images) {
    std::memset(sums_, 0, static_cast<std::size_t>(images * a_.out_pixels * width) * sizeof(T));
    for (std::int64_t p = 0; p < a_.pair_count;) {
      std::int64_t next = p;
      while (next < a_.pair_count && a_.pairs[next].tap == a_.pairs[p].tap) ++next;
      for (std::int64_t c = 0; c < a_.in_channels; c += isa::taps_panel) {
        const std::int64_t k = smaller(isa::taps_panel, a_.in_channels - c);
        pack(a_.pairs[p].tap * a_.in_channels + c, o, columns, k);
        const bool more = c + k < a_.in_channels || next < a_.pair_count;
        const std::int64_t row = c + k < a_.in_channels ? a_.pairs[p].tap * a_.in_channels + c + k
                                 : more                 ? a_.pairs[next].tap * a_.in_channels
                                                        : 0;
        ahead_ = more ? static_cast<const T*>(a_.kernel) + row * a_.out_channels + o : nullptr;
        for (std::int64_t i = p; i < next; ++i) add(a_.pairs[i], c, k, first, images);
      }
      p = next;
    }
    store(o, columns, first, images);
  }

  void pack(std::int64_t row, std::int64_t o, std::int64_t columns, std::int64_t k) {
    const T* from = static_cast<const T*>(a_.kernel) + row * a_.out_channels + o;
    T* to = panel_;
    for (std::int64_t i = 0; i < k; ++i, from += a_.out_channels, to += width) {
      if (columns == width) {
        std::memcpy(to, from, sizeof(T) * width);
        continue;
      }
      for (std::int64_t j = 0; j < columns; ++j) to[j] = from[j];
      for (std::int64_t j = columns; j < width; ++j) to[j] = T(0);
    }
  }

  void add(const isa::TapPair& pair, std::int64_t c, std::int64_t k, std::int64_t first,
           std::int64_t images) {
    std::int64_t offsets[max_tile_rows];
    for (int r = 0; r < max_tile_rows; ++r) offsets[r] = r * image_;
    const T* x = static_cast<const T*>(a_.x) + pair.input * a_.in_channels + c;
    T* sums = sums_ + pair.output * images * width;
    for (std::int64_t n = 0; n < images;) {
      const int rows = next_rows(images - n);
      const TileInput<T> in{x + (first + n) * image_, offsets, 1, panel_, width, k};
      with_rows(rows, [&]<int r>(Rows<r>) {
        TileRegisters<T, r, 2> t;
        t.load(sums + n * width, width);
        if (ahead_) {
          t.accumulate(in, [at = ahead_, step = a_.out_channels](std::int64_t i) {
            __builtin_prefetch(at + i * step);
            __builtin_prefetch(at + i * step + vector_lanes<T>);
          });
          ahead_ = nullptr;
        } else {
          t.accumulate(in);
        }
        t.store(sums + n * width, width);
      });
      n += rows;
    }
  }

  void store(std::int64_t o, std::int64_t columns, std::int64_t first, std::int64_t images) const {
    const T* bias = static_cast<const T*>(a_.bias);
    for (std::int64_t pixel = 0; pixel < a_.out_pixels; ++pixel)
      for (std::int64_t n = 0; n < images; ++n) {
        T* y =
            static_cast<T*>(a_.out) + ((first + n) * a_.out_pixels + pixel) * a_.out_channels + o;
        std::memcpy(y, sums_ + (pixel * images + n) * width,
                    static_cast<std::size_t>(columns) * sizeof(T));
        finish_row(y, bias ? bias + o : nullptr, columns, a_.epilogue);
      }
  }

  const isa::Conv2DTapsArgs& a_;
  T* panel_;
  T* sums_;
  const T* ahead_ = nullptr;  // the next panel, until it was prefetched
  std::int64_t image_, chunk_;
};

/// dx for blocks of input channels: rows of a tile are these, columns are images of one or two
/// pixels, so that rows of the kernel are read along their length.
template <class T>
class TapsBackwardInput {
 public:
  explicit TapsBackwardInput(const isa::Conv2DTapsArgs& a)
      : a_(a), padded_(isa::padded_images(a.images)), sums_(static_cast<T*>(a.scratch)) {
    for (int r = 0; r < max_tile_rows; ++r) offsets_[r] = r * a.out_channels;
  }

  void run() {
    const std::int64_t last = smaller(a_.end * isa::taps_block, a_.in_channels);
    for (std::int64_t c = a_.begin * isa::taps_block; c < last;) {
      const int rows = next_rows(last - c);
      for (std::int64_t n = 0; n < a_.images; n += lanes)
        with_rows(rows, [&]<int r>(Rows<r>) { channels<r>(c, n); });
      c += rows;
    }
  }

 private:
  static constexpr std::int64_t lanes = vector_lanes<T>;

  template <int rows>
  void channels(std::int64_t c, std::int64_t n) {
    constexpr std::int64_t pixel = rows * lanes;
    std::memset(sums_, 0, static_cast<std::size_t>(a_.in_pixels * pixel) * sizeof(T));
    for (std::int64_t p = 0; p < a_.pair_count;) {
      const isa::TapPair *one = a_.pairs + p, *two = one + 1;
      if (p + 1 < a_.pair_count && two->tap == one->tap)
        add<rows, 2>(c, n, *one, *two), p += 2;
      else
        add<rows, 1>(c, n, *one, *one), p += 1;
    }
    const std::int64_t images = smaller(lanes, a_.images - n);
    for (std::int64_t i = 0; i < images; ++i)
      for (std::int64_t q = 0; q < a_.in_pixels; ++q) {
        T* dx = static_cast<T*>(a_.out) + ((n + i) * a_.in_pixels + q) * a_.in_channels + c;
        for (int r = 0; r < rows; ++r) dx[r] = sums_[q * pixel + r * lanes + i];
      }
  }

  template <int rows, int vectors>
  void add(std::int64_t c, std::int64_t n, const isa::TapPair& one, const isa::TapPair& two) {
    const T* kernel =
        static_cast<const T*>(a_.kernel) + (one.tap * a_.in_channels + c) * a_.out_channels;
    const T* columns = static_cast<const T*>(a_.columns) + n;
    const T* b[2] = {columns + one.output * a_.out_channels * padded_,
                     columns + two.output * a_.out_channels * padded_};
    T* sums[2] = {sums_ + one.input * rows * lanes, sums_ + two.input * rows * lanes};
    Vector<T> t[rows][vectors];
    for (int r = 0; r < rows; ++r)
      for (int v = 0; v < vectors; ++v)
        t[r][v] = *reinterpret_cast<const Vector<T>*>(sums[v] + r * lanes);
    for (std::int64_t o = 0; o < a_.out_channels; ++o) {
      Vector<T> bv[vectors];
      for (int v = 0; v < vectors; ++v)
        bv[v] = *reinterpret_cast<const Vector<T>*>(b[v] + o * padded_);
#pragma GCC unroll 16
      for (int r = 0; r < rows; ++r) {
        const T s = kernel[offsets_[r] + o];
#pragma GCC unroll 2
        for (int v = 0; v < vectors; ++v) t[r][v] = multiply_add<T>(s, bv[v], t[r][v]);
      }
    }
    for (int r = 0; r < rows; ++r)
      for (int v = 0; v < vectors; ++v)
        *reinterpret_cast<Vector<T>*>(sums[v] + r * lanes) = t[r][v];
  }

  const isa::Conv2DTapsArgs& a_;
  std::int64_t padded_;
  T* sums_;
  std::int64_t offsets_[max_tile_rows];
};

/// dkernel for blocks of output channels: rows of a tile are input channels; the sum runs over
/// images and pairs.
template <class T>
class TapsBackwardKernel {
 public:
  explicit TapsBackwardKernel(const isa::Conv2DTapsArgs& a)
      : a_(a), panel_(static_cast<T*>(a.scratch)) {
    for (int r = 0; r < max_tile_rows; ++r) offsets_[r] = r;
  }

  void run() {
    for (std::int64_t block = a_.begin; block < a_.end; ++block) {
      const std::int64_t first = block / a_.taps * isa::taps_block, tap = block % a_.taps;
      const std::int64_t last = smaller(first + isa::taps_block, a_.out_channels);
      std::int64_t p = 0, next = 0;
      while (p < a_.pair_count && a_.pairs[p].tap < tap) ++p;
      for (next = p; next < a_.pair_count && a_.pairs[next].tap == tap; ++next) {
      }
      for (std::int64_t o = first; o < last; o += width)
        strip(tap, p, next, o, smaller(width, last - o));
    }
  }

 private:
  static constexpr std::int64_t width = tile_columns<T>;
  static constexpr std::int64_t panel_rows = isa::taps_panel + isa::taps_sums;

  /// Pairs and images in parts that fit the panel.
  void strip(std::int64_t tap, std::int64_t p, std::int64_t next, std::int64_t o,
             std::int64_t columns) {
    const std::int64_t images = smaller(a_.images, panel_rows);
    const std::int64_t together = panel_rows / images;
    bool accumulate = false;
    for (; p < next || !accumulate; p += together) {
      const std::int64_t end = smaller(p + together, next);
      for (std::int64_t n = 0; n < a_.images; n += images, accumulate = true)
        part(tap, p, end, n, smaller(images, a_.images - n), o, columns, accumulate);
    }
  }

  void part(std::int64_t tap, std::int64_t p, std::int64_t next, std::int64_t n,
            std::int64_t images, std::int64_t o, std::int64_t columns, bool accumulate) {
    for (std::int64_t i = p; i < next; ++i) pack(a_.pairs[i], i - p, n, images, o, columns);
    T* to = static_cast<T*>(a_.out) + tap * a_.in_channels * a_.out_channels + o;
    for (std::int64_t c = 0; c < a_.in_channels;) {
      const int rows = next_rows(a_.in_channels - c);
      T* at = to + c * a_.out_channels;
      with_rows(rows,
                [&]<int r>(Rows<r>) { tile<r>(p, next, n, images, c, at, columns, accumulate); });
      c += rows;
    }
  }

  void pack(const isa::TapPair& pair, std::int64_t slot, std::int64_t n, std::int64_t images,
            std::int64_t o, std::int64_t columns) {
    T* to = panel_ + slot * images * width;
    for (std::int64_t i = 0; i < images; ++i, to += width) {
      const T* from = static_cast<const T*>(a_.dy) +
                      ((n + i) * a_.out_pixels + pair.output) * a_.out_channels + o;
      for (std::int64_t j = 0; j < columns; ++j) to[j] = from[j];
      for (std::int64_t j = columns; j < width; ++j) to[j] = T(0);
    }
  }

  template <int rows>
  void tile(std::int64_t p, std::int64_t next, std::int64_t n, std::int64_t images, std::int64_t c,
            T* to, std::int64_t columns, bool accumulate) {
    TileRegisters<T, rows, 2> t;
    t.clear();
    for (int r = 0; r < rows; ++r)
      for (int v = 0; v < 2; ++v)
        __builtin_prefetch(to + (rows + r) * a_.out_channels + v * vector_lanes<T>, 1);
    const std::int64_t image = a_.in_pixels * a_.in_channels;
    for (std::int64_t i = p; i < next; ++i) {
      const T* x = static_cast<const T*>(a_.x) + n * image + a_.pairs[i].input * a_.in_channels + c;
      t.accumulate({x, offsets_, image, panel_ + (i - p) * images * width, width, images});
    }
    if (columns == width && !accumulate) return t.store(to, a_.out_channels);
    alignas(64) T buffer[max_tile_rows * width] = {};
    t.store(buffer, width);
    for (int r = 0; r < rows; ++r)
      for (std::int64_t j = 0; j < columns; ++j) {
        T& d = to[r * a_.out_channels + j];
        d = buffer[r * width + j] + (accumulate ? d : T(0));
      }
  }

  const isa::Conv2DTapsArgs& a_;
  T* panel_;
  std::int64_t offsets_[max_tile_rows];
};

/// dy [images, out_pixels, out] as [out_pixels, out, padded images], pixels [begin, end).
template <class T>
inline void taps_columns(const isa::Conv2DTapsArgs& a) {
  const std::int64_t padded = isa::padded_images(a.images);
  for (std::int64_t pixel = a.begin; pixel < a.end; ++pixel)
    for (std::int64_t n = 0; n < padded; n += 16)
      for (std::int64_t o = 0; o < a.out_channels; ++o) {
        const T* from =
            static_cast<const T*>(a.dy) + (n * a.out_pixels + pixel) * a.out_channels + o;
        T* to = static_cast<T*>(a.columns) + (pixel * a.out_channels + o) * padded + n;
        const std::int64_t images = smaller(16, a.images - n);
        for (std::int64_t i = 0; i < images; ++i) to[i] = from[i * a.out_pixels * a.out_channels];
        for (std::int64_t i = images; i < 16; ++i) to[i] = T(0);
      }
}

inline void conv2d_taps(const isa::Conv2DTapsArgs& a) {
  a.is_double ? TapsForward<double>(a).run() : TapsForward<float>(a).run();
}
inline void conv2d_taps_columns(const isa::Conv2DTapsArgs& a) {
  a.is_double ? taps_columns<double>(a) : taps_columns<float>(a);
}
inline void conv2d_taps_backward_input(const isa::Conv2DTapsArgs& a) {
  a.is_double ? TapsBackwardInput<double>(a).run() : TapsBackwardInput<float>(a).run();
}
inline void conv2d_taps_backward_kernel(const isa::Conv2DTapsArgs& a) {
  a.is_double ? TapsBackwardKernel<double>(a).run() : TapsBackwardKernel<float>(a).run();
}

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
