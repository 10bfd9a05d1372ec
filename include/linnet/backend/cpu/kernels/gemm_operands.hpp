#pragma once

#include <cstdint>
#include <cstring>

#include "linnet/backend/cpu/args/gemm.hpp"
#include "linnet/backend/cpu/kernels/micro_kernel.hpp"
#include "linnet/backend/cpu/kernels/transpose.hpp"
#include "linnet/config.hpp"

/// The operands of a matrix product: where they lie, how blocks of them are packed, and how what
/// follows is asked for in time.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

template <class T>
class GemmOperands {
 protected:
  explicit GemmOperands(const isa::GemmArgs& g)
      : g_(g),
        tile_(static_cast<T*>(g.scratch)),
        a_block_(reinterpret_cast<T*>(static_cast<char*>(g.scratch) + isa::gemm_tile_bytes)),
        b_block_(reinterpret_cast<T*>(static_cast<char*>(g.scratch) + isa::gemm_tile_bytes +
                                      isa::gemm_a_bytes)) {}

  static constexpr int width = tile_columns<T>;
  /// Panels lie so that lines of neighbours do not compete for one place in the cache.
  static constexpr std::int64_t item = sizeof(T), gap = 64 / item,
                                block_columns = isa::gemm_b_columns * 4 / item;
#ifdef LINNET_HEADER_ONLY  // every program compiles them; the sums' order is the same
  static constexpr bool few_tiles = sizeof(T) == 8;
#else
  static constexpr bool few_tiles = false;
#endif
  static int rows_of_next(std::int64_t left) {
    if (few_tiles) return left < max_tile_rows ? 1 : max_tile_rows;
    return next_rows(left);
  }
  static std::int64_t min(std::int64_t a, std::int64_t b) { return a < b ? a : b; }
  T* c_at(std::int64_t i, std::int64_t j) const {
    return static_cast<T*>(g_.c) + i * g_.c_rs + j * g_.c_cs;
  }
  const T* a_at(std::int64_t i, std::int64_t p) const {
    return static_cast<const T*>(g_.a) + i * g_.a_rs + p * g_.a_cs;
  }
  const T* b_at(std::int64_t p, std::int64_t j) const {
    return static_cast<const T*>(g_.b) + p * g_.b_rs + j * g_.b_cs;
  }
  const T* bias_at(std::int64_t j) const {
    return g_.bias ? static_cast<const T*>(g_.bias) + j : nullptr;
  }

  /// Rows of A, of k values each, that its block has room for.
  static std::int64_t block_rows(std::int64_t k) {
    return isa::gemm_a_bytes / item / (k + gap) / max_tile_rows * max_tile_rows;
  }
  /// Rows of B from p on whose last `columns` may be read as whole vectors: these reach beyond the
  /// last column, where more rows follow.
  std::int64_t rows_of_vectors(std::int64_t p, std::int64_t columns) const {
    const std::int64_t beyond = columns <= vector_lanes<T> ? vector_lanes<T> : width;
    const std::int64_t safe = g_.k - p - (beyond - columns + g_.b_rs - 1) / g_.b_rs;
    return safe < 0 ? 0 : safe;
  }

  /// Columns [j, j_end) of k rows of B from p on, in panels of `width` columns.
  void pack_b(std::int64_t p, std::int64_t k, std::int64_t j, std::int64_t j_end,
              std::int64_t panel, T* block) {
    const std::int64_t whole = (j_end - j) / width * width;
    if (g_.b_cs == 1) {
      for (std::int64_t r = 0; r < k; ++r) {
        const T* from = b_at(p + r, j);
        T* to = block + r * width;
        for (std::int64_t q = 0; q < whole; q += width, to += panel)
          std::memcpy(to, from + q, sizeof(T) * width);
      }
    } else if (g_.b_rs == 1) {
      for (std::int64_t q = 0; q < whole; q += width)
        transpose_into(b_at(p, j + q), g_.b_cs, width, k, block + q / width * panel, width);
    } else {
      for (std::int64_t q = 0; q < whole; q += width)
        pack_columns(b_at(p, j + q), k, width, block + q / width * panel);
    }
    if (whole < j_end - j)
      pack_edge(p, k, j + whole, j_end - j - whole, block + whole / width * panel);
  }
  /// Fewer columns than a panel has. What follows them there counts for nothing.
  void pack_edge(std::int64_t p, std::int64_t k, std::int64_t j, std::int64_t columns, T* out) {
    std::int64_t done = 0;
    if (g_.b_cs == 1 && g_.b_rs > 0) {
      done = min(rows_of_vectors(p, columns), k);
      const T* from = b_at(p, j);
      const bool one = columns <= vector_lanes<T>;
      for (std::int64_t r = 0; r < done; ++r, from += g_.b_rs, out += width) {
        std::memcpy(out, from, vector_bytes);
        if (!one) std::memcpy(out + vector_lanes<T>, from + vector_lanes<T>, vector_bytes);
      }
    }
    pack_columns(b_at(p + done, j), k - done, columns, out);
  }
  void pack_columns(const T* b, std::int64_t k, std::int64_t columns, T* out) {
    for (std::int64_t p = 0; p < k; ++p, b += g_.b_rs, out += width) {
      for (std::int64_t j = 0; j < columns; ++j) out[j] = b[j * g_.b_cs];
      for (std::int64_t j = columns; j < width; ++j) out[j] = T(0);
    }
  }

  /// Rows [i, i_end) of k columns of A from p on, tile by tile: k times the rows of a tile.
  void pack_rows(std::int64_t i, std::int64_t i_end, std::int64_t p, std::int64_t k) {
    constexpr std::int64_t at_once = 8;  // lines of A, and of what is written, that stay at hand
    for (std::int64_t first = 0; first < k; first += at_once) {
      const std::int64_t last = min(first + at_once, k);
      T* to = a_block_;
      for (std::int64_t r = i; r < i_end;) {
        const int n = rows_of_next(i_end - r);
        pack_tile(a_at(r, p + first), n, last - first, to + first * n);
        to += n * k + gap;
        r += n;
      }
    }
  }
  void pack_tile(const T* from, int n, std::int64_t k, T* to) {
    for (std::int64_t q = 0; q < k; ++q, from += g_.a_cs, to += n)
      if (g_.a_rs == 1 && n == max_tile_rows)
        std::memcpy(to, from, sizeof(T) * max_tile_rows);
      else
        for (int r = 0; r < n; ++r) to[r] = from[r * g_.a_rs];
  }

  /// Asks for the next tile of C.
  void prefetch_tile(std::int64_t i, int n, std::int64_t j) const {
    for (int r = 0; r < n && g_.c_cs == 1; ++r) {
      __builtin_prefetch(c_at(i + r, j), 1);
      __builtin_prefetch(c_at(i + r, j) + gap, 1);
    }
  }
  /// Asks for the lines of one panel in the rows [begin, end) of B.
  void prefetch_b(std::int64_t begin, std::int64_t end, std::int64_t j) const {
    for (; begin < end; ++begin) {
      __builtin_prefetch(b_at(begin, j), 0, 2);
      __builtin_prefetch(b_at(begin, j) + gap, 0, 2);
    }
  }

  /// Asks for k columns from p on of the rows [i, i_end), as far as there are such.
  void prefetch_rows(std::int64_t i, std::int64_t i_end, std::int64_t p, std::int64_t k) const {
    for (const std::int64_t end = min(i_end, g_.row_end); i < end; ++i)
      for (std::int64_t q = p; q < p + k; q += gap) __builtin_prefetch(a_at(i, q), 0, 2);
  }
  /// Asks for columns [begin, end) of the rows [i, i_end) of a transposed A.
  void prefetch_a(std::int64_t begin, std::int64_t end, std::int64_t i, std::int64_t i_end) const {
    for (; begin < end; ++begin)
      for (std::int64_t q = i; q < i_end; q += gap) __builtin_prefetch(a_at(q, begin), 0, 2);
  }

  const isa::GemmArgs& g_;
  T *tile_, *a_block_, *b_block_;
};

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
