#pragma once

#include <cstdint>

#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI::isa {

/// What is applied to each element when its product is complete.
enum class Epilogue : std::uint8_t { none, relu, tanh, sigmoid };

/// C = epilogue(A B + bias) for rows [row_begin, row_end) and columns [column_begin, column_end);
/// element (i, j) of each matrix at i * rs + j * cs.
struct GemmArgs {
  const void *a, *b;
  void* c;
  const void* bias;  ///< n values, or null
  std::int64_t k;
  std::int64_t a_rs, a_cs, b_rs, b_cs, c_rs, c_cs;
  std::int64_t row_begin, row_end, column_begin, column_end;
  bool is_double;
  Epilogue epilogue;
  void* scratch;  ///< gemm_scratch_bytes, 64-byte aligned
};

/// Of float32; of float64 half as many rows and columns.
inline constexpr std::int64_t gemm_block_k = 256, gemm_block_m = 192, gemm_b_columns = 512;
/// Room for a tile of C and for packed blocks of A and B, with gaps between panels.
inline constexpr std::int64_t gemm_tile_bytes = 16'384,
                              gemm_a_bytes = 4 * gemm_block_m * (gemm_block_k + 16),
                              gemm_b_bytes = 4 * gemm_b_columns * (gemm_block_k + 32);
inline constexpr std::int64_t gemm_scratch_bytes = gemm_tile_bytes + gemm_a_bytes + gemm_b_bytes;

}  // namespace linnet::inline LINNET_ABI::isa
