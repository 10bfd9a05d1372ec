#pragma once

#include <cstdint>

#include "linnet/backend/cpu/args/gemm.hpp"
#include "linnet/backend/cpu/kernels/gemm_operands.hpp"
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
class GemmRun : GemmOperands<T> {
  using Operands = GemmOperands<T>;
  using Operands::a_at, Operands::a_block_, Operands::b_at, Operands::b_block_, Operands::bias_at,
      Operands::block_columns, Operands::block_rows, Operands::c_at, Operands::few_tiles,
      Operands::g_, Operands::gap, Operands::item, Operands::min, Operands::pack_b,
      Operands::pack_rows, Operands::prefetch_a, Operands::prefetch_b, Operands::prefetch_rows,
      Operands::prefetch_tile, Operands::rows_of_next, Operands::rows_of_vectors, Operands::tile_,
      Operands::width;

 public:
  explicit GemmRun(const isa::GemmArgs& g) : Operands(g) {}
  void run() {
    if (g_.k == 0) return finish_empty();
    const bool few = g_.row_end - g_.row_begin <= 2 * max_tile_rows && g_.b_cs == 1 && g_.b_rs > 0;
    for (std::int64_t p = 0; p < g_.k; p += isa::gemm_block_k) {
      const std::int64_t k = min(isa::gemm_block_k, g_.k - p);
      few ? direct_block(p, k) : packed_blocks(p, k);
    }
  }

 private:
  static constexpr int wide = 2 * width;
  /// What to ask for. Of what follows the k rows of B, and columns of A, that are multiplied: how
  /// many rows of one panel of B, and which columns of the block of A. And whether rows of A.
  struct Ahead {
    std::int64_t b = 0, a_begin = 0, a_end = 0;
    bool rows = false;
  };
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
    rows_end_ = i + n;
    n == 1 ? tile<1, 4>(in, i, j, wide, p > 0, last) : tile<2, 4>(in, i, j, wide, p > 0, last);
  }

  /// Rows [i, i_end), of the packed block of A if `packed`, by one panel of B; on the way what
  /// follows is asked for, a little with each tile. `packs`: the panel is yet to be filled.
  void rows(std::int64_t i, std::int64_t i_end, std::int64_t j, std::int64_t columns,
            std::int64_t p, std::int64_t k, const T* b, std::int64_t b_step, bool packed,
            Ahead next, bool packs = false) {
    const std::int64_t start = i, length = i_end - i, columns_ahead = next.a_end - next.a_begin;
    std::int64_t offsets[max_tile_rows];
    for (int r = 0; r < max_tile_rows; ++r) offsets[r] = packed ? r : r * g_.a_rs;
    rows_end_ = i_end;
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
    constexpr int whole = vectors * vector_lanes<T>, step = whole > width ? whole : width;
    const bool in_rows = g_.c_cs == 1 && (columns == whole || partial_vectors);
    T* const to = in_rows ? c_at(i, j) : tile_ + held_ * step;
    const std::int64_t to_step = in_rows ? g_.c_rs : step;
    if (accumulate && !in_rows) gather(i, j, n, columns, to, step);
    if (!accumulate)
      t.clear();
    else if (partial_vectors && in_rows && columns < whole)
      t.load_first_of(to, to_step, columns);
    else
      t.load(to, to_step);
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
    if (partial_vectors && in_rows && columns < whole)
      t.store_first_of(to, to_step, columns);
    else
      t.store(to, to_step);
    if (finished && g_.epilogue > isa::Epilogue::relu) finish_tile(to, to_step, n, columns);
    if (!in_rows) scatter(i, j, n, columns, step);
  }
  /// What no vector formula does.
  __attribute__((noinline)) void finish_tile(T* c, std::int64_t step, int n,
                                             std::int64_t columns) const {
    for (int r = 0; r < n; ++r)
      for (std::int64_t q = 0; q < columns; ++q)
        c[r * step + q] = apply_epilogue(c[r * step + q], g_.epilogue);
  }

  /// Adds the bias and applies relu where the tile is, in registers.
  template <int n, int vectors>
  __attribute__((always_inline)) void finish(TileRegisters<T, n, vectors>& t, std::int64_t j,
                                             std::int64_t columns) const {
    if (g_.bias) t.add_to_rows(bias_at(j), columns);
    if (g_.epilogue == isa::Epilogue::relu) t.relu();
  }

  __attribute__((noinline)) void gather(std::int64_t i, std::int64_t j, int n, std::int64_t columns,
                                        T* to, int step) {
    for (int r = 0; r < n; ++r)
      for (std::int64_t q = 0; q < columns; ++q) to[r * step + q] = *c_at(i + r, j + q);
  }

  /// Columns of C wait until vectors of them are full.
  __attribute__((noinline)) void scatter(std::int64_t i, std::int64_t j, int n,
                                         std::int64_t columns, int step) {
    const T* from = tile_;
    if (g_.c_cs == 1) {
      for (int r = 0; r < n; ++r, from += step)
        std::memcpy(c_at(i + r, j), from, static_cast<std::size_t>(columns) * sizeof(T));
      return;
    }
    i -= held_;
    held_ += n;
    const std::int64_t room = isa::gemm_tile_bytes / item / step - max_tile_rows;
    if (held_ % vector_lanes<T> != 0 && held_ <= room && i + held_ < rows_end_) return;
    transpose_into(tile_, step, held_, columns, c_at(i, j), g_.c_cs);
    held_ = 0;
  }
  /// A sum of nothing is 0.
  void finish_empty() {
    for (std::int64_t i = g_.row_begin; i < g_.row_end; ++i)
      for (std::int64_t j = g_.column_begin; j < g_.column_end; ++j)
        *c_at(i, j) = apply_epilogue(g_.bias ? *bias_at(j) : T(0), g_.epilogue);
  }

  std::int64_t held_ = 0, rows_end_ = 0;  ///< rows that wait in the tile; the end of this pass
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
