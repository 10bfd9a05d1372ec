#pragma once

#include <cstdint>
#include <cstring>

#include "linnet/backend/cpu/args/quantization.hpp"
#include "linnet/backend/cpu/kernels/micro_kernel.hpp"
#include "linnet/backend/cpu/kernels/quantization.hpp"
#include "linnet/config.hpp"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// Products of 8-bit integers with sums in 32 bits, exact on every processor. Where it has AVX-512
/// VNNI, four products of bytes are added at once: the left side carries no sign (int8 moves up by
/// 128), and its zero point times the sum of each column is taken off. Elsewhere two products of 16
/// bits are, of the left side less its zero point.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

using Sums = Vector<std::int32_t>;
inline constexpr int sum_lanes = vector_lanes<std::int32_t>, panel_columns = 2 * sum_lanes;

inline bool has_byte_products() {
#if defined(__AVX512VNNI__)
  return true;
#elif defined(__AVX512F__)
  return __builtin_cpu_supports("avx512vnni");
#else
  return false;
#endif
}
/// How many elements one step multiplies; they fill 4 bytes.
template <bool bytes>
inline constexpr std::int64_t step_elements = bytes ? 4 : 2;
template <bool bytes>
constexpr std::int64_t steps_of(std::int64_t run) {
  return (run + step_elements<bytes> - 1) / step_elements<bytes>;
}

/// sums += what `x`, the same 4 bytes in each lane, and the lanes of `w` give.
template <bool bytes>
__attribute__((always_inline)) inline Sums add_products(Sums sums, Sums x, Sums w) {
#if defined(__AVX512F__)
  if constexpr (bytes)  // as text: builds for AVX-512 in general have no name for it
    __asm__("vpdpbusd %2, %1, %0" : "+v"(sums) : "v"(x), "v"(w));
  else
    sums += (Sums)_mm512_madd_epi16((__m512i)x, (__m512i)w);
#elif defined(__AVX2__)
  sums += (Sums)_mm256_madd_epi16((__m256i)x, (__m256i)w);
#elif defined(__SSE2__)
  sums += (Sums)_mm_madd_epi16((__m128i)x, (__m128i)w);
#else
  std::int16_t xs[2 * sum_lanes], ws[2 * sum_lanes];
  std::memcpy(xs, &x, sizeof xs);
  std::memcpy(ws, &w, sizeof ws);
  for (int i = 0; i < sum_lanes; ++i)
    sums[i] += xs[2 * i] * ws[2 * i] + xs[2 * i + 1] * ws[2 * i + 1];
#endif
  return sums;
}

// --- The left side ------------------------------------------------------------------------------

template <class From, class To>
inline void quantized_row(const From* x, To* y, std::int64_t n, std::int32_t offset) {
  for (std::int64_t i = 0; i < n; ++i) y[i] = static_cast<To>(x[i] - offset);
}

template <class From, class To>
inline void copy_quantized_rows(const isa::QuantizedRowsArgs& a, std::int32_t offset,
                                std::int32_t zero) {
  for (std::int64_t r = a.row_begin; r < a.row_end; ++r) {
    To* to = static_cast<To*>(a.out) + r * a.full_width;
    const std::int64_t image = r / a.full_height, h = r % a.full_height - a.top;
    const bool inside = h >= 0 && h < a.height;
    const std::int64_t before = inside ? a.left : a.full_width;
    for (std::int64_t i = 0; i < before; ++i) to[i] = static_cast<To>(zero);
    if (!inside) continue;
    const std::int64_t last = a.left + a.width;
    quantized_row(static_cast<const From*>(a.x) + (image * a.height + h) * a.width, to + a.left,
                  a.width, offset);
    for (std::int64_t i = last; i < a.full_width; ++i) to[i] = static_cast<To>(zero);
  }
}

inline void quantized_rows(const isa::QuantizedRowsArgs& a) {
  const bool is_signed = a.type == isa::Quantized::int8;
  if (has_byte_products()) {
    const std::int32_t up = is_signed ? 128 : 0;
    is_signed ? copy_quantized_rows<std::int8_t, std::uint8_t>(a, -up, a.zero_point + up)
              : copy_quantized_rows<std::uint8_t, std::uint8_t>(a, 0, a.zero_point);
  } else {
    is_signed ? copy_quantized_rows<std::int8_t, std::int16_t>(a, a.zero_point, 0)
              : copy_quantized_rows<std::uint8_t, std::int16_t>(a, a.zero_point, 0);
  }
}

// --- The weights
// ----------------------------------------------------------------------------------

/// The elements of one step of all columns of a panel, side by side; `rows` and `columns` of them
/// are there. By way of arrays that nothing else can point to, so that it vectorizes.
template <bool bytes, class T>
inline void pack_step(const std::int8_t* from, std::int64_t step, std::int64_t rows,
                      std::int64_t columns, T* to) {
  constexpr std::int64_t n = step_elements<bytes>;
  std::int8_t in[n][panel_columns];
  if (rows >= n && columns >= panel_columns) {
    for (std::int64_t e = 0; e < n; ++e) std::memcpy(in[e], from + e * step, panel_columns);
  } else {
    std::memset(in, 0, sizeof in);
    const std::int64_t there = columns < panel_columns ? columns : panel_columns;
    for (std::int64_t e = 0; e < n && e < rows; ++e)
      std::memcpy(in[e], from + e * step, static_cast<std::size_t>(there));
  }
  std::int32_t out[panel_columns];
  for (std::int64_t j = 0; j < panel_columns; ++j) {
    std::uint32_t four = 0;
    for (std::int64_t e = 0; e < n; ++e)
      four |= static_cast<std::uint32_t>(static_cast<std::make_unsigned_t<T>>(in[e][j]))
              << (32 / n * e);
    out[j] = static_cast<std::int32_t>(four);
  }
  std::memcpy(to, out, sizeof out);
}

template <bool bytes>
inline void pack_quantized(const isa::QuantizedPackArgs& a) {
  using T = std::conditional_t<bytes, std::int8_t, std::int16_t>;
  constexpr std::int64_t n = step_elements<bytes>;
  const Sums ones = Sums{} + 0x01010101;
  auto* sums = static_cast<std::int32_t*>(a.packed);
  T* panels = reinterpret_cast<T*>(sums + isa::quantized_columns(a.columns));
  const std::int64_t column = a.taps * steps_of<bytes>(a.run) * n;
  for (std::int64_t first = a.column_begin; first < a.column_end; first += panel_columns) {
    T* to = panels + first * column;
    Sums s[2] = {};
    for (std::int64_t t = 0; t < a.taps; ++t)
      for (std::int64_t p = 0; p < a.run; p += n, to += n * panel_columns) {
        pack_step<bytes>(a.weights + (t * a.run + p) * a.step + first, a.step, a.run - p,
                         a.columns - first, to);
        if constexpr (bytes)
          for (int v = 0; v < 2; ++v)
            s[v] = add_products<true>(s[v], ones, reinterpret_cast<const Sums*>(to)[v]);
      }
    std::memcpy(sums + first, s, sizeof s);
  }
}

inline void quantized_pack(const isa::QuantizedPackArgs& a) {
  has_byte_products() ? pack_quantized<true>(a) : pack_quantized<false>(a);
}

// --- Their product
// ----------------------------------------------------------------------------------

/// Where the input of consecutive output pixels begins.
class PixelOffsets {
 public:
  PixelOffsets(const isa::QuantizedProductArgs& a, std::int64_t pixel) : a_(a) {
    w_ = pixel % a.out_width;
    h_ = pixel / a.out_width % a.out_height;
    image_ = pixel / a.out_width / a.out_height;
  }
  std::int64_t next() {
    const std::int64_t offset = image_ * a_.x_image + h_ * a_.x_row + w_ * a_.x_pixel;
    if (++w_ == a_.out_width) {
      w_ = 0;
      if (++h_ == a_.out_height) h_ = 0, ++image_;
    }
    return offset;
  }

 private:
  const isa::QuantizedProductArgs& a_;
  std::int64_t w_, h_, image_;
};

template <bool bytes>
class QuantizedProduct {
 public:
  explicit QuantizedProduct(const isa::QuantizedProductArgs& a) : a_(a) {}

  void run() {
    const auto* sums = static_cast<const std::int32_t*>(a_.packed);
    const auto* panels = reinterpret_cast<const char*>(sums + isa::quantized_columns(a_.columns));
    const std::int64_t column_bytes = a_.taps * steps_of<bytes>(a_.run) * 4;
    for (std::int64_t j = a_.column_begin; j < a_.column_end; j += panel_columns) {
      const char* panel = panels + j * column_bytes;
      start(sums + j);
      PixelOffsets offsets(a_, a_.begin);
      for (std::int64_t p = a_.begin; p < a_.end;) {
        const int n = next_rows(a_.end - p);
        for (int r = 0; r < n; ++r) rows_[r] = offsets.next() * item;
        with_rows(n, [&]<int r>(Rows<r>) { tile<r>(panel); });
        const std::int64_t columns =
            a_.column_end - j < panel_columns ? a_.column_end - j : panel_columns;
        for (int r = 0; r < n; ++r) {
          const std::int32_t* row = tile_ + r * panel_columns;
          if (columns == panel_columns)
            finish_quantized_row<panel_columns>(a_.finish, row, p + r, j, columns);
          else
            finish_quantized_row<0>(a_.finish, row, p + r, j, columns);
        }
        p += n;
      }
    }
  }

 private:
  static constexpr std::int64_t item = bytes ? 1 : 2;

  /// What the sums of a panel's columns begin with.
  void start(const std::int32_t* column_sums) {
    const std::int32_t offset = a_.zero_point + (a_.x_type == isa::Quantized::int8 ? 128 : 0);
    for (int v = 0; v < 2; ++v)
      start_[v] = bytes ? Sums{} - offset * reinterpret_cast<const Sums*>(column_sums)[v] : Sums{};
  }

  template <int rows>
  void tile(const char* w) {
    Sums r[rows][2];
    for (int i = 0; i < rows; ++i) r[i][0] = start_[0], r[i][1] = start_[1];
    const std::int64_t steps = steps_of<bytes>(a_.run);
    for (std::int64_t t = 0; t < a_.taps; ++t) {
      const char* x = static_cast<const char*>(a_.x) + (a_.x_first + a_.tap_offsets[t]) * item;
      for (std::int64_t s = 0; s < steps; ++s, x += 4, w += 2 * vector_bytes) {
        const Sums w0 = reinterpret_cast<const Sums*>(w)[0],
                   w1 = reinterpret_cast<const Sums*>(w)[1];
#pragma GCC unroll 16
        for (int i = 0; i < rows; ++i) {
          std::int32_t four;
          std::memcpy(&four, x + rows_[i], 4);
          const Sums all = Sums{} + four;
          r[i][0] = add_products<bytes>(r[i][0], all, w0);
          r[i][1] = add_products<bytes>(r[i][1], all, w1);
        }
      }
    }
    for (int i = 0; i < rows; ++i)
      for (int v = 0; v < 2; ++v)
        *reinterpret_cast<Sums*>(tile_ + i * panel_columns + v * sum_lanes) = r[i][v];
  }

  const isa::QuantizedProductArgs& a_;
  Sums start_[2];
  std::int64_t rows_[max_tile_rows];
  alignas(64) std::int32_t tile_[max_tile_rows * panel_columns];
};

inline void quantized_product(const isa::QuantizedProductArgs& a) {
  if (has_byte_products()) {
    QuantizedProduct<true> product(a);
    product.run();
  } else {
    QuantizedProduct<false> product(a);
    product.run();
  }
}

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
