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

inline constexpr std::int64_t gemm_block_k = 192, gemm_block_m = 448;
/// Room for one packed panel of B of the widest vectors and one tile of C.
inline constexpr std::int64_t gemm_scratch_bytes = 256 * 256 + 64 * 256;

}  // namespace linnet::inline LINNET_ABI::isa
