#pragma once

#include <cstdint>

#include "linnet/backend/cpu/args/gemm.hpp"
#include "linnet/backend/cpu/kernels/micro_kernel.hpp"
#include "linnet/config.hpp"

/// Matrix product over tiles: panels of B (packed where that pays or must be) stay in the first
/// cache while rows of A pass. The order of summation depends on k alone.
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
        panel_(static_cast<T*>(g.scratch)),
        tile_(reinterpret_cast<T*>(static_cast<char*>(g.scratch) + 256 * 256)) {}

  void run() {
    if (g_.k == 0) return finish_all(true);
    for (std::int64_t i = g_.row_begin; i < g_.row_end; i += isa::gemm_block_m) {
      const std::int64_t i_end = min(i + isa::gemm_block_m, g_.row_end);
      for (std::int64_t p = 0; p < g_.k; p += isa::gemm_block_k)
        block(i, i_end, p, min(isa::gemm_block_k, g_.k - p));
    }
    if (g_.bias || g_.epilogue != isa::Epilogue::none) finish_all(false);
  }

 private:
  static constexpr int width = tile_columns<T>, wide = 2 * width;
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

  void block(std::int64_t i, std::int64_t i_end, std::int64_t p, std::int64_t k) {
    const bool pack_always = i_end - i > 2 * max_tile_rows;
    std::int64_t j = g_.column_begin;
    if constexpr (!few_tiles)
      if (i_end - i <= 2 && g_.b_cs == 1)
        for (; g_.column_end - j >= wide; j += wide)
          few_rows(i, static_cast<int>(i_end - i), j, p, k);
    for (; j < g_.column_end; j += width) {
      const std::int64_t columns = min(width, g_.column_end - j);
      if (g_.b_cs == 1 && g_.b_rs > 0 && !pack_always) {
        // Vectors may reach beyond the last column where more rows of B follow.
        const std::int64_t beyond = columns <= vector_lanes<T> ? vector_lanes<T> : width;
        const std::int64_t last = (beyond - columns + g_.b_rs - 1) / g_.b_rs;
        const std::int64_t safe = g_.k - last - p, direct = safe < 0 ? 0 : min(safe, k);
        if (direct > 0) rows(i, i_end, j, columns, p, direct, b_at(p, j), g_.b_rs);
        if (direct < k) packed_rows(i, i_end, j, columns, p + direct, k - direct);
      } else {
        packed_rows(i, i_end, j, columns, p, k);
      }
    }
  }
  const T* b_at(std::int64_t p, std::int64_t j) const {
    return static_cast<const T*>(g_.b) + p * g_.b_rs + j * g_.b_cs;
  }
  void packed_rows(std::int64_t i, std::int64_t i_end, std::int64_t j, std::int64_t columns,
                   std::int64_t p, std::int64_t k) {
    pack(b_at(p, j), k, columns);
    rows(i, i_end, j, columns, p, k, panel_, width);
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
    n == 1 ? tile<1, 4>(in, i, j, wide, p > 0) : tile<2, 4>(in, i, j, wide, p > 0);
  }

  void pack(const T* b, std::int64_t k, std::int64_t columns) {
    T* out = panel_;
    for (std::int64_t p = 0; p < k; ++p, b += g_.b_rs, out += width) {
      if (columns == width && g_.b_cs == 1) {
        std::memcpy(out, b, sizeof(T) * width);
        continue;
      }
      for (std::int64_t j = 0; j < columns; ++j) out[j] = b[j * g_.b_cs];
      for (std::int64_t j = columns; j < width; ++j) out[j] = T(0);
    }
  }

  void rows(std::int64_t i, std::int64_t i_end, std::int64_t j, std::int64_t columns,
            std::int64_t p, std::int64_t k, const T* b, std::int64_t b_step) {
    std::int64_t offsets[max_tile_rows];
    for (int r = 0; r < max_tile_rows; ++r) offsets[r] = r * g_.a_rs;
    while (i < i_end) {
      const int n = rows_of_next(i_end - i);
      const TileInput<T> in{
          static_cast<const T*>(g_.a) + i * g_.a_rs + p * g_.a_cs, offsets, g_.a_cs, b, b_step, k};
      const auto run = [&]<int r>(Rows<r>) {
        if (columns <= vector_lanes<T>)
          tile<r, 1>(in, i, j, columns, p > 0);
        else
          tile<r, 2>(in, i, j, columns, p > 0);
      };
      if constexpr (few_tiles)
        n == 1 ? run(Rows<1>{}) : run(Rows<max_tile_rows>{});
      else
        with_rows(n, run);
      i += n;
    }
  }

  template <int n, int vectors>
  void tile(const TileInput<T>& in, std::int64_t i, std::int64_t j, std::int64_t columns,
            bool accumulate) {
    TileRegisters<T, n, vectors> t;
    constexpr int step = vectors * vector_lanes < T >> width ? vectors * vector_lanes<T> : width;
    const bool direct = g_.c_cs == 1 && columns == vectors * vector_lanes<T>;
    if (!accumulate)
      t.clear();
    else if (direct)
      t.load(c_at(i, j), g_.c_rs);
    else
      gather(i, j, n, columns, step), t.load(tile_, step);
    t.accumulate(in);
    if (direct) return t.store(c_at(i, j), g_.c_rs);
    t.store(tile_, step);
    for (int r = 0; r < n; ++r)
      if (g_.c_cs == 1)
        std::memcpy(c_at(i + r, j), tile_ + r * step,
                    static_cast<std::size_t>(columns) * sizeof(T));
      else
        for (std::int64_t q = 0; q < columns; ++q) *c_at(i + r, j + q) = tile_[r * step + q];
  }

  void gather(std::int64_t i, std::int64_t j, int n, std::int64_t columns, int step) {
    for (int r = 0; r < n; ++r)
      for (std::int64_t q = 0; q < columns; ++q) tile_[r * step + q] = *c_at(i + r, j + q);
  }

  void finish_all(bool clear) {
    const T* bias = static_cast<const T*>(g_.bias);
    const std::int64_t columns = g_.column_end - g_.column_begin;
    for (std::int64_t i = g_.row_begin; i < g_.row_end; ++i) {
      if (g_.c_cs == 1) {
        T* y = c_at(i, g_.column_begin);
        if (clear) std::memset(y, 0, sizeof(T) * static_cast<std::size_t>(columns));
        finish_row(y, bias ? bias + g_.column_begin : nullptr, columns, g_.epilogue);
        continue;
      }
      for (std::int64_t j = g_.column_begin; j < g_.column_end; ++j) {
        T* y = c_at(i, j);
        *y = apply_epilogue((clear ? T(0) : *y) + (bias ? bias[j] : T(0)), g_.epilogue);
      }
    }
  }

  const isa::GemmArgs& g_;
  T* panel_;
  T* tile_;
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
