#pragma once

#include <cstdint>

#include "linnet/backend/cpu/args/gemm.hpp"
#include "linnet/backend/cpu/kernels/micro_kernel.hpp"
#include "linnet/backend/cpu/kernels/transpose.hpp"
#include "linnet/config.hpp"

/// Matrix product over tiles. A block of B is packed into panels, for the second cache, and each
/// panel stays in the first while rows of A pass; a transposed A is packed, too, and what the next
/// tile needs is asked for in time. Few rows or columns read B where it lies. The order of
/// summation depends on k alone.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

template <class T>
inline T apply_epilogue(T x, isa::Epilogue e) {
  switch (e) {
    case isa::Epilogue::relu:
      return x > T(0) ? x : k_nan_of(x);
    case isa::Epilogue::tanh:
      return k_tanh(x);
    case isa::Epilogue::sigmoid:
      return k_sigmoid(x);
    default:
      return x;
  }
}

/// y = epilogue(y + bias) along one row of n values.
template <class T>
inline void finish_row(T* y, const T* bias, std::int64_t n, isa::Epilogue e) {
  if (bias)
    for (std::int64_t j = 0; j < n; ++j) y[j] += bias[j];
  if (e == isa::Epilogue::relu) {
    for (std::int64_t j = 0; j < n; ++j) y[j] = y[j] > T(0) ? y[j] : k_nan_of(y[j]);
  } else if (e != isa::Epilogue::none) {
    for (std::int64_t j = 0; j < n; ++j) y[j] = apply_epilogue(y[j], e);
  }
}

template <class T>
class GemmRun {
 public:
  explicit GemmRun(const isa::GemmArgs& g)
      : g_(g),
        tile_(static_cast<T*>(g.scratch)),
        a_block_(reinterpret_cast<T*>(static_cast<char*>(g.scratch) + isa::gemm_tile_bytes)),
        b_block_(reinterpret_cast<T*>(static_cast<char*>(g.scratch) + isa::gemm_tile_bytes +
                                      isa::gemm_a_bytes)) {}

  void run() {
    if (g_.k == 0) return finish_empty();
    const bool few = g_.row_end - g_.row_begin <= 2 * max_tile_rows && g_.b_cs == 1 && g_.b_rs > 0;
    for (std::int64_t p = 0; p < g_.k; p += isa::gemm_block_k) {
      const std::int64_t k = min(isa::gemm_block_k, g_.k - p);
      few ? direct_block(p, k) : packed_blocks(p, k);
    }
  }

 private:
  static constexpr int width = tile_columns<T>, wide = 2 * width;
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

  /// What to ask for. Of what follows the k rows of B, and columns of A, that are multiplied: how
  /// many rows of one panel of B, and which columns of the block of A. And whether rows of A.
  struct Ahead {
    std::int64_t b = 0, a_begin = 0, a_end = 0;
    bool rows = false;
  };
  /// Rows of A, of k values each, that its block has room for.
  static std::int64_t block_rows(std::int64_t k) {
    return isa::gemm_a_bytes / item / (k + gap) / max_tile_rows * max_tile_rows;
  }

  void packed_blocks(std::int64_t p, std::int64_t k) {
    // Columns of A as lines far apart would compete for few places in the cache.
    const bool pack_a = g_.a_cs * item >= 1024 && g_.column_end - g_.column_begin > width;
    const std::int64_t panel = k * width + 2 * gap, rows_at_once = block_rows(k);
    const bool on_the_way = packs_on_the_way();
    for (std::int64_t j = g_.column_begin; j < g_.column_end; j += block_columns) {
      const std::int64_t j_end = min(j + block_columns, g_.column_end);
      const std::int64_t unpacked = on_the_way ? (j_end - j) / width * width : 0;
      pack_b(p, k, j + unpacked, j_end, panel, b_block_ + unpacked / width * panel);
      for (std::int64_t i = g_.row_begin; i < g_.row_end; i += rows_at_once) {
        const std::int64_t i_end = min(i + rows_at_once, g_.row_end);
        if (pack_a) pack_rows(i, i_end, p, k);
        const std::int64_t next = min(isa::gemm_block_k, g_.k - p - k), columns = j_end - j;
        const std::int64_t b_next = i == g_.row_begin && g_.b_cs == 1 ? next : 0;
        const std::int64_t a_next = pack_a && g_.a_rs == 1 ? next : 0;
        for (std::int64_t q = j; q < j_end; q += width) {
          const std::int64_t n = min(width, j_end - q);
          const Ahead ahead{b_next, a_next * (q - j) / columns, a_next * (q - j + n) / columns,
                            q == j && !pack_a && g_.a_cs == 1};
          const bool packs = i == g_.row_begin && q - j < unpacked;
          rows(i, i_end, q, n, p, k, b_block_ + (q - j) / width * panel, width, pack_a, ahead,
               packs);
        }
      }
    }
  }
  /// Whether the first rows that pass pack a panel: of few rows packing is a large part. Not of
  /// float64, which would be more code.
  bool packs_on_the_way() const {
    const std::int64_t rows = g_.row_end - g_.row_begin;
    return sizeof(T) == 4 && g_.b_cs == 1 && rows <= 8 * max_tile_rows &&
           rows_of_next(rows) == max_tile_rows;
  }

  void direct_block(std::int64_t p, std::int64_t k) {
    const std::int64_t i = g_.row_begin, i_end = g_.row_end;
    std::int64_t j = g_.column_begin;
    if constexpr (!few_tiles)
      if (i_end - i <= 2)
        for (; g_.column_end - j >= wide; j += wide)
          few_rows(i, static_cast<int>(i_end - i), j, p, k);
    for (; j < g_.column_end; j += width) {
      const std::int64_t columns = min(width, g_.column_end - j);
      const std::int64_t direct = min(rows_of_vectors(p, columns), k);
      if (direct > 0) rows(i, i_end, j, columns, p, direct, b_at(p, j), g_.b_rs, false, {});
      if (direct == k) continue;
      pack_b(p + direct, k - direct, j, j + columns, 0, b_block_);
      rows(i, i_end, j, columns, p + direct, k - direct, b_block_, width, false, {});
    }
  }
  /// Rows of B from p on whose last `columns` may be read as whole vectors: these reach beyond the
  /// last column, where more rows follow.
  std::int64_t rows_of_vectors(std::int64_t p, std::int64_t columns) const {
    const std::int64_t beyond = columns <= vector_lanes<T> ? vector_lanes<T> : width;
    const std::int64_t safe = g_.k - p - (beyond - columns + g_.b_rs - 1) / g_.b_rs;
    return safe < 0 ? 0 : safe;
  }
  const T* b_at(std::int64_t p, std::int64_t j) const {
    return static_cast<const T*>(g_.b) + p * g_.b_rs + j * g_.b_cs;
  }
  /// One or two rows: B streams by in wide strips.
  void few_rows(std::int64_t i, int n, std::int64_t j, std::int64_t p, std::int64_t k) {
    const std::int64_t offsets[2] = {0, g_.a_rs};
    const TileInput<T> in{static_cast<const T*>(g_.a) + i * g_.a_rs + p * g_.a_cs,
                          offsets,
                          g_.a_cs,
                          b_at(p, j),
                          g_.b_rs,
                          k};
    const bool last = p + k == g_.k;
    n == 1 ? tile<1, 4>(in, i, j, wide, p > 0, last) : tile<2, 4>(in, i, j, wide, p > 0, last);
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

  /// Rows [i, i_end), of the packed block of A if `packed`, by one panel of B; on the way what
  /// follows is asked for, a little with each tile. `packs`: the panel is yet to be filled.
  void rows(std::int64_t i, std::int64_t i_end, std::int64_t j, std::int64_t columns,
            std::int64_t p, std::int64_t k, const T* b, std::int64_t b_step, bool packed,
            Ahead next, bool packs = false) {
    const std::int64_t start = i, length = i_end - i, columns_ahead = next.a_end - next.a_begin;
    std::int64_t offsets[max_tile_rows];
    for (int r = 0; r < max_tile_rows; ++r) offsets[r] = packed ? r : r * g_.a_rs;
    const T* a = a_block_;
    while (i < i_end) {
      const int n = rows_of_next(i_end - i);
      if (i + n < i_end) prefetch_tile(i + n, rows_of_next(i_end - i - n), j);
      if (next.rows) prefetch_rows(i + 2 * n, i + 3 * n, p, k);
      const std::int64_t done = i - start, after = done + n, from = p + k;
      if (next.b > 0) prefetch_b(from + next.b * done / length, from + next.b * after / length, j);
      if (columns_ahead > 0)
        prefetch_a(from + next.a_begin + columns_ahead * done / length,
                   from + next.a_begin + columns_ahead * after / length, start, i_end);
      const TileInput<T> in{packed ? a : a_at(i, p), offsets, packed ? n : g_.a_cs, b, b_step, k};
      const auto run = [&]<int r>(Rows<r>) {
        if (columns <= vector_lanes<T>)
          tile<r, 1>(in, i, j, columns, p > 0, p + k == g_.k);
        else
          tile<r, 2>(in, i, j, columns, p > 0, p + k == g_.k);
      };
      if (packs)
        first_tile(in, i, j, p);
      else if constexpr (few_tiles)
        n == 1 ? run(Rows<1>{}) : run(Rows<max_tile_rows>{});
      else
        with_rows(n, run);
      packs = false;
      a += n * k + gap;
      i += n;
    }
  }
  /// The first tile of a panel that is not packed yet: it packs what it reads.
  void first_tile(TileInput<T> in, std::int64_t i, std::int64_t j, std::int64_t p) {
    if constexpr (sizeof(T) == 4) {
      T* panel = b_block_ + (in.b - b_block_);
      in.b = b_at(p, j), in.b_step = g_.b_rs;
      tile<max_tile_rows, 2, true>(in, i, j, width, p > 0, p + in.k == g_.k, panel);
    }
  }

  template <int n, int vectors, bool packs = false>
  void tile(const TileInput<T>& in, std::int64_t i, std::int64_t j, std::int64_t columns,
            bool accumulate, bool finished, T* panel = nullptr) {
    TileRegisters<T, n, vectors> t;
    constexpr int step = vectors * vector_lanes < T >> width ? vectors * vector_lanes<T> : width;
    const bool direct = g_.c_cs == 1 && columns == vectors * vector_lanes<T>;
    if (!accumulate)
      t.clear();
    else if (direct)
      t.load(c_at(i, j), g_.c_rs);
    else
      gather(i, j, n, columns, step), t.load(tile_, step);
    if constexpr (packs) {
      const T* b = in.b;
      t.accumulate(in, [&](std::int64_t) {
        std::memcpy(panel, b, sizeof(T) * width);
        panel += width, b += in.b_step;
      });
    } else {
      t.accumulate(in);
    }
    if (finished) finish(t, j, columns);
    T* to = direct ? c_at(i, j) : tile_;
    const std::int64_t to_step = direct ? g_.c_rs : step;
    t.store(to, to_step);
    if (finished && g_.epilogue > isa::Epilogue::relu)
      for (int r = 0; r < n; ++r)
        for (std::int64_t q = 0; q < columns; ++q)
          to[r * to_step + q] = apply_epilogue(to[r * to_step + q], g_.epilogue);
    if (!direct) scatter(i, j, n, columns, step);
  }

  /// Adds the bias and applies relu where the tile is, in registers.
  template <int n, int vectors>
  __attribute__((always_inline)) void finish(TileRegisters<T, n, vectors>& t, std::int64_t j,
                                             std::int64_t columns) const {
    constexpr std::int64_t whole = vectors * vector_lanes<T>;
    if (g_.bias) {
      T edge[whole] = {};
      const T* bias = bias_at(j);
      if (columns < whole) {
        std::memcpy(edge, bias, static_cast<std::size_t>(columns) * sizeof(T));
        bias = edge;
      }
      t.add_to_rows(bias);
    }
    if (g_.epilogue == isa::Epilogue::relu) t.relu();
  }

  void gather(std::int64_t i, std::int64_t j, int n, std::int64_t columns, int step) {
    for (int r = 0; r < n; ++r)
      for (std::int64_t q = 0; q < columns; ++q) tile_[r * step + q] = *c_at(i + r, j + q);
  }

  void scatter(std::int64_t i, std::int64_t j, int n, std::int64_t columns, int step) {
    for (int r = 0; r < n; ++r)
      if (g_.c_cs == 1)
        std::memcpy(c_at(i + r, j), tile_ + r * step,
                    static_cast<std::size_t>(columns) * sizeof(T));
      else
        for (std::int64_t q = 0; q < columns; ++q) *c_at(i + r, j + q) = tile_[r * step + q];
  }
  const T* bias_at(std::int64_t j) const {
    return g_.bias ? static_cast<const T*>(g_.bias) + j : nullptr;
  }

  /// A sum of nothing is 0.
  void finish_empty() {
    for (std::int64_t i = g_.row_begin; i < g_.row_end; ++i)
      for (std::int64_t j = g_.column_begin; j < g_.column_end; ++j)
        *c_at(i, j) = apply_epilogue(g_.bias ? *bias_at(j) : T(0), g_.epilogue);
  }

  const isa::GemmArgs& g_;
  T *tile_, *a_block_, *b_block_;
};

inline void gemm(const isa::GemmArgs& args) {
  if (args.is_double) {
    GemmRun<double> run(args);
    run.run();
  } else {
    GemmRun<float> run(args);
    run.run();
  }
}

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
