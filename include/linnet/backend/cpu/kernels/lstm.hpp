#pragma once

#include <cstdint>
#include <cstring>

#include "linnet/backend/cpu/args/gemm.hpp"
#include "linnet/backend/cpu/args/lstm.hpp"
#include "linnet/backend/cpu/kernels/activations.hpp"
#include "linnet/backend/cpu/kernels/micro_kernel.hpp"
#include "linnet/config.hpp"

/// An LSTM over a whole sequence. Rows of the batch do not meet, so that each piece of them runs
/// through all steps by itself; what a row gives does not depend on the piece that it is in.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

template <class T>
inline void lstm_pack_panels(const isa::LstmPackArgs& a) {
  constexpr std::int64_t width = tile_columns<T>, lines = 16;
  const T* b = static_cast<const T*>(a.b);
  T* out = static_cast<T*>(a.panels);
  const std::int64_t row = a.transposed ? 1 : a.columns, column = a.transposed ? a.k : 1;
  for (std::int64_t j = 0; j < a.columns; j += width, out += a.k * width) {
    const std::int64_t n = a.columns - j < width ? a.columns - j : width;
    if (n < width) std::memset(out, 0, sizeof(T) * static_cast<std::size_t>(a.k * width));
    // A few rows of the panel at a time: reads are then pieces of lines either way.
    for (std::int64_t p0 = 0; p0 < a.k; p0 += lines) {
      const std::int64_t p1 = p0 + lines < a.k ? p0 + lines : a.k;
      for (std::int64_t q = 0; q < n; ++q)
        for (std::int64_t p = p0; p < p1; ++p) out[p * width + q] = b[p * row + (j + q) * column];
    }
  }
}

inline void lstm_pack(const isa::LstmPackArgs& a) {
  a.is_double ? lstm_pack_panels<double>(a) : lstm_pack_panels<float>(a);
}

/// out = start + a B for some rows; B [k, columns] in panels, all matrices dense.
template <class T>
struct PanelProduct {
  const T *a, *panels, *start;
  T* out;
  std::int64_t k, columns;

  void run(std::int64_t rows) const {
    constexpr std::int64_t width = tile_columns<T>;
    const T* panel = panels;
    for (std::int64_t j = 0; j < columns; j += width, panel += k * width)
      for (std::int64_t p = 0; p < k; p += isa::gemm_block_k) {
        const std::int64_t rest = k - p,
                           length = rest < isa::gemm_block_k ? rest : isa::gemm_block_k;
        for (std::int64_t i = 0; i < rows;) {
          const int n = next_rows(rows - i);
          with_rows(n, [&]<int r>(Rows<r>) { tile<r>(i, j, p, length, panel + p * width); });
          i += n;
        }
      }
  }

 private:
  template <int r>
  void tile(std::int64_t i, std::int64_t j, std::int64_t p, std::int64_t length, const T* b) const {
    constexpr std::int64_t width = tile_columns<T>;
    std::int64_t offsets[r];
    for (int q = 0; q < r; ++q) offsets[q] = q * k;
    const T* from = (p == 0 ? start : out) + i * columns + j;
    T* to = out + i * columns + j;
    TileRegisters<T, r, 2> t;
    const TileInput<T> in{a + i * k + p, offsets, 1, b, width, length};
    if (columns - j >= width) {
      t.load(from, columns);
      t.accumulate(in);
      t.store(to, columns);
      return;
    }
    T edge[r * width] = {};
    const auto bytes = static_cast<std::size_t>(columns - j) * sizeof(T);
    for (int q = 0; q < r; ++q) std::memcpy(edge + q * width, from + q * columns, bytes);
    t.load(edge, width);
    t.accumulate(in);
    t.store(edge, width);
    for (int q = 0; q < r; ++q) std::memcpy(to + q * columns, edge + q * width, bytes);
  }
};

/// Units of a piece of a row: 16 known when it compiles, or what is left at its end.
struct LstmWhole {
  constexpr operator std::int64_t() const { return 16; }
};
/// Calls f(q, n) for pieces of at most 16 units.
template <class F>
inline void lstm_pieces(std::int64_t units, F&& f) {
  std::int64_t q = 0;
  for (; q + 16 <= units; q += 16) f(q, LstmWhole{});
  if (q < units) f(q, units - q);
}
/// Calls f(j) for 16 lanes: a loop that vectorizes, which it would not unrolled.
template <class F>
__attribute__((always_inline)) inline void lstm_lanes(F&& f) {
#pragma GCC unroll 1
  for (int j = 0; j < 16; ++j) f(j);
}

template <class T>
struct LstmLanes {
  T v[16];
  void load(const T* x, LstmWhole) { std::memcpy(v, x, sizeof v); }
  void load(const T* x, std::int64_t n) {
    std::memset(v, 0, sizeof v);
    std::memcpy(v, x, static_cast<std::size_t>(n) * sizeof(T));
  }
  void store(T* x, LstmWhole) const { std::memcpy(x, v, sizeof v); }
  void store(T* x, std::int64_t n) const {
    std::memcpy(x, v, static_cast<std::size_t>(n) * sizeof(T));
  }
};

/// Gates of one row activated in place; c and h after the step.
template <class T>
inline void lstm_cell(T* gates, const T* c_before, T* c, T* h, std::int64_t units) {
  lstm_pieces(units, [&](std::int64_t q, auto n) {
    LstmLanes<T> i, f, g, o, s, y;
    i.load(gates + q, n);
    f.load(gates + units + q, n);
    g.load(gates + 2 * units + q, n);
    o.load(gates + 3 * units + q, n);
    s.load(c_before + q, n);
    lstm_lanes([&](int j) { i.v[j] = k_sigmoid(i.v[j]); });
    lstm_lanes([&](int j) { f.v[j] = k_sigmoid(f.v[j]); });
    lstm_lanes([&](int j) { g.v[j] = k_tanh(g.v[j]); });
    lstm_lanes([&](int j) { o.v[j] = k_sigmoid(o.v[j]); });
    lstm_lanes([&](int j) { s.v[j] = f.v[j] * s.v[j] + i.v[j] * g.v[j]; });
    lstm_lanes([&](int j) { y.v[j] = o.v[j] * k_tanh(s.v[j]); });
    i.store(gates + q, n);
    f.store(gates + units + q, n);
    g.store(gates + 2 * units + q, n);
    o.store(gates + 3 * units + q, n);
    s.store(c + q, n);
    y.store(h + q, n);
  });
}

/// From dh and dc after a step to those of its gates before activation, and to dc before it.
template <class T>
inline void lstm_cell_backward(const T* gates, const T* c_before, const T* c, const T* dh, T* dc,
                               T* dgates, std::int64_t units) {
  lstm_pieces(units, [&](std::int64_t q, auto n) {
    LstmLanes<T> i, f, g, o, b, s, y, d;
    i.load(gates + q, n);
    f.load(gates + units + q, n);
    g.load(gates + 2 * units + q, n);
    o.load(gates + 3 * units + q, n);
    b.load(c_before + q, n);
    s.load(c + q, n);
    y.load(dh + q, n);
    d.load(dc + q, n);
    lstm_lanes([&](int j) { s.v[j] = k_tanh(s.v[j]); });
    lstm_lanes([&](int j) {
      const T i1 = i.v[j], f1 = f.v[j], g1 = g.v[j], o1 = o.v[j], a = s.v[j];
      const T dy = y.v[j], ds = d.v[j] + dy * o1 * (T(1) - a * a);
      i.v[j] = ds * g1 * i1 * (T(1) - i1);
      f.v[j] = ds * b.v[j] * f1 * (T(1) - f1);
      g.v[j] = ds * i1 * (T(1) - g1 * g1);
      o.v[j] = dy * a * o1 * (T(1) - o1);
      d.v[j] = ds * f1;
    });
    i.store(dgates + q, n);
    f.store(dgates + units + q, n);
    g.store(dgates + 2 * units + q, n);
    o.store(dgates + 3 * units + q, n);
    d.store(dc + q, n);
  });
}

/// Calls f(row, rows) for pieces of [begin, end) whose states stay in the caches.
template <class F>
inline void lstm_row_blocks(std::int64_t begin, std::int64_t end, F&& f) {
  constexpr std::int64_t block = 64;
  for (std::int64_t r = begin; r < end; r += block) f(r, end - r < block ? end - r : block);
}

template <class T>
inline void lstm_forward_rows(const isa::LstmArgs& a, std::int64_t row, std::int64_t rows) {
  const std::int64_t u = a.units, plane = a.batch * u, wide = 4 * plane;
  const auto bytes = static_cast<std::size_t>(rows * u) * sizeof(T);
  T* h = static_cast<T*>(a.states) + row * u;
  T* c = static_cast<T*>(a.c) + row * u;
  std::memcpy(h, static_cast<const T*>(a.h0) + row * u, bytes);
  std::memcpy(c, static_cast<const T*>(a.c0) + row * u, bytes);
  for (std::int64_t s = 0; s < a.steps; ++s, h += plane, c += plane) {
    T* gates = static_cast<T*>(a.gates) + s * wide + row * 4 * u;
    const T* start = static_cast<const T*>(a.gates_x) + s * wide + row * 4 * u;
    PanelProduct<T>{h, static_cast<const T*>(a.panels), start, gates, u, 4 * u}.run(rows);
    for (std::int64_t r = 0; r < rows; ++r)
      lstm_cell(gates + r * 4 * u, c + r * u, c + plane + r * u, h + plane + r * u, u);
  }
  std::memcpy(h + plane, c, bytes);
}

inline void lstm_forward(const isa::LstmArgs& a) {
  lstm_row_blocks(a.begin, a.end, [&](std::int64_t row, std::int64_t rows) {
    a.is_double ? lstm_forward_rows<double>(a, row, rows) : lstm_forward_rows<float>(a, row, rows);
  });
}

template <class T>
inline void lstm_backward_rows(const isa::LstmBackwardArgs& a, std::int64_t row,
                               std::int64_t rows) {
  const std::int64_t u = a.units, plane = a.batch * u, wide = 4 * plane;
  const auto bytes = static_cast<std::size_t>(rows * u) * sizeof(T);
  const T* dy = static_cast<const T*>(a.dstates) + row * u;
  T *dh = static_cast<T*>(a.dh0) + row * u, *dc = static_cast<T*>(a.dc0) + row * u;
  std::memcpy(dh, dy + a.steps * plane, bytes);
  std::memcpy(dc, dy + (a.steps + 1) * plane, bytes);
  for (std::int64_t s = a.steps; s-- > 0;) {
    const T* c = static_cast<const T*>(a.c) + s * plane + row * u;
    const T* gates = static_cast<const T*>(a.gates) + s * wide + row * 4 * u;
    T* dgates = static_cast<T*>(a.dgates) + s * wide + row * 4 * u;
    for (std::int64_t r = 0; r < rows; ++r)
      lstm_cell_backward(gates + r * 4 * u, c + r * u, c + plane + r * u, dh + r * u, dc + r * u,
                         dgates + r * 4 * u, u);
    PanelProduct<T>{dgates, static_cast<const T*>(a.panels), dy + s * plane, dh, 4 * u, u}.run(
        rows);
  }
}

inline void lstm_backward(const isa::LstmBackwardArgs& a) {
  lstm_row_blocks(a.begin, a.end, [&](std::int64_t row, std::int64_t rows) {
    a.is_double ? lstm_backward_rows<double>(a, row, rows)
                : lstm_backward_rows<float>(a, row, rows);
  });
}

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
