#pragma once

#include <cstdint>
#include <utility>

#include "linnet/backend/cpu/args/reduce.hpp"
#include "linnet/backend/cpu/kernels/micro_kernel.hpp"
#include "linnet/config.hpp"

/// Transposes, in registers: a square of as many rows as a vector has lanes.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

/// Rows i and i + h exchange their blocks of h lanes across the diagonal.
template <class T, int h, std::size_t... lane>
__attribute__((always_inline)) inline void exchange_blocks(Vector<T>& a, Vector<T>& b,
                                                           std::index_sequence<lane...>) {
  constexpr int lanes = vector_lanes<T>;
  const Vector<T> low =
      __builtin_shufflevector(a, b, ((int(lane) & h) == 0 ? int(lane) : int(lane) - h + lanes)...);
  b = __builtin_shufflevector(a, b, ((int(lane) & h) == 0 ? int(lane) + h : int(lane) + lanes)...);
  a = low;
}

template <class T, int h = 1>
__attribute__((always_inline)) inline void transpose_registers(Vector<T>* r) {
  constexpr int lanes = vector_lanes<T>;
  if constexpr (h < lanes) {
#pragma GCC unroll 16
    for (int i = 0; i < lanes; ++i)
      if ((i & h) == 0)
        exchange_blocks<T, h>(r[i], r[i + h],
                              std::make_index_sequence<static_cast<std::size_t>(lanes)>());
    transpose_registers<T, 2 * h>(r);
  }
}

/// out[c][r] = in[r][c] for r and c below vector_lanes<T>.
template <class T>
inline void transpose_square(const T* in, std::int64_t in_step, T* out, std::int64_t out_step) {
  constexpr int lanes = vector_lanes<T>;
  Vector<T> r[lanes];
#pragma GCC unroll 16
  for (int i = 0; i < lanes; ++i) r[i] = *reinterpret_cast<const Vector<T>*>(in + i * in_step);
  transpose_registers<T>(r);
#pragma GCC unroll 16
  for (int i = 0; i < lanes; ++i) *reinterpret_cast<Vector<T>*>(out + i * out_step) = r[i];
}

/// The same of fewer columns.
template <class T>
inline void transpose_few_columns(const T* in, std::int64_t in_step, std::int64_t columns, T* out,
                                  std::int64_t out_step) {
  constexpr int lanes = vector_lanes<T>;
  Vector<T> r[lanes];
#pragma GCC unroll 16
  for (int i = 0; i < lanes; ++i) r[i] = load_first<T>(in + i * in_step, columns);
  transpose_registers<T>(r);
#pragma GCC unroll 16
  for (int i = 0; i < lanes; ++i)
    if (i < columns) *reinterpret_cast<Vector<T>*>(out + i * out_step) = r[i];
}

/// out[c][r] = in[r][c] for r below rows and c below columns.
template <class T>
inline void transpose_into(const T* in, std::int64_t in_step, std::int64_t rows,
                           std::int64_t columns, T* out, std::int64_t out_step) {
  constexpr std::int64_t lanes = vector_lanes<T>;
  const std::int64_t whole_rows = rows / lanes * lanes, whole = columns / lanes * lanes;
  for (std::int64_t c = 0; c < whole; c += lanes)
    for (std::int64_t r = 0; r < whole_rows; r += lanes)
      transpose_square(in + r * in_step + c, in_step, out + c * out_step + r, out_step);
  if constexpr (partial_vectors) {
    if (whole < columns)
      for (std::int64_t r = 0; r < whole_rows; r += lanes)
        transpose_few_columns(in + r * in_step + whole, in_step, columns - whole,
                              out + whole * out_step + r, out_step);
  } else {
    for (std::int64_t r = 0; r < whole_rows; ++r)
      for (std::int64_t c = whole; c < columns; ++c) out[c * out_step + r] = in[r * in_step + c];
  }
  for (std::int64_t r = whole_rows; r < rows; ++r)
    for (std::int64_t c = 0; c < columns; ++c) out[c * out_step + r] = in[r * in_step + c];
}

template <class T>
inline void transpose_blocks(const isa::TransposeArgs& a) {
  const auto* in = static_cast<const T*>(a.in);
  auto* out = static_cast<T*>(a.out);
  for (std::int64_t c0 = 0; c0 < a.columns; c0 += 32) {
    const std::int64_t c1 = c0 + 32 < a.columns ? c0 + 32 : a.columns;
    for (std::int64_t r0 = a.begin; r0 < a.end; r0 += 16) {
      const std::int64_t r1 = r0 + 16 < a.end ? r0 + 16 : a.end;
      for (std::int64_t c = c0; c < c1; ++c)
        for (std::int64_t r = r0; r < r1; ++r) out[r * a.columns + c] = in[r + c * a.column_stride];
    }
  }
}

/// In squares of whole vectors.
template <class T>
inline void transpose_vectors(const isa::TransposeArgs& a) {
  transpose_into(static_cast<const T*>(a.in) + a.begin, a.column_stride, a.columns, a.end - a.begin,
                 static_cast<T*>(a.out) + a.begin * a.columns, a.columns);
}

inline void transpose(const isa::TransposeArgs& a) {
  switch (a.item) {
    case 1:
      return transpose_blocks<std::uint8_t>(a);
    case 2:
      return transpose_blocks<std::uint16_t>(a);
    case 4:
      return transpose_vectors<std::uint32_t>(a);
    default:
      return transpose_vectors<std::uint64_t>(a);
  }
}

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
