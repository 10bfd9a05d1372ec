#pragma once

#include <cstdint>
#include <cstring>

#include "linnet/backend/cpu/args/elementwise.hpp"
#include "linnet/backend/cpu/kernels/convert.hpp"
#include "linnet/backend/cpu/kernels/kernel_math.hpp"
#include "linnet/backend/cpu/kernels/micro_kernel.hpp"
#include "linnet/config.hpp"

/// The executor of elementwise programs: tile by tile, operands in place where they can be.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

template <class T>
class ProgramRun {
 public:
  explicit ProgramRun(const isa::ElementwiseArgs& args) : a_(args) {}

  void run() {
    const std::int64_t total = a_.end - a_.begin;
    if (a_.instructions == 0 && a_.outputs == 1 && a_.inputs == 1 && a_.out[0].direct &&
        a_.out[0].data != a_.in[0].data)
      return gather(a_.in[0], a_.begin, total, static_cast<T*>(a_.out[0].data) + a_.begin);
    fill_immediates(total < a_.tile ? total : a_.tile);
    for (std::int64_t at = a_.begin; at < a_.end; at += a_.tile) {
      const std::int64_t n = a_.end - at < a_.tile ? a_.end - at : a_.tile;
      run_tile(at, n);
    }
  }

 private:
  static constexpr std::int64_t short_row = 512;  ///< longer ones are worth a call each
  T* buffer(int reg) { return reinterpret_cast<T*>(scratch_) + a_.buffer_of[reg] * a_.tile; }
  static std::int64_t padded(std::int64_t n) { return (n + 15) / 16 * 16; }

  void fill_immediates(std::int64_t n) {
    for (int i = 0; i < a_.immediates; ++i) {
      T value;
      if constexpr (is_float<T>)
        value = static_cast<T>(a_.immediate[i].f);
      else
        value = static_cast<T>(a_.immediate[i].i);
      T* p = buffer(16 + i);
      for (std::int64_t j = 0; j < padded(n); ++j) p[j] = value;
      registers_[16 + i] = p;
    }
  }

  void run_tile(std::int64_t at, std::int64_t n) {
    const bool whole = n % 16 == 0;
    for (int i = 0; i < a_.inputs; ++i) load(i, at, n, whole);
    for (int k = 0; k < a_.instructions; ++k) registers_[a_.code[k].dst] = nullptr;
    for (int k = 0; k < a_.instructions; ++k) {
      const isa::ElementwiseInstruction& c = a_.code[k];
      T* dst = destination(c.dst, k, at, whole);
      c.tile(padded(n), dst, registers_[c.a], registers_[c.b], registers_[c.c]);
      registers_[c.dst] = dst;
    }
    for (int o = 0; o < a_.outputs; ++o) store(o, at, n);
  }

  void load(int i, std::int64_t at, std::int64_t n, bool whole) {
    const isa::ElementwiseOperand& in = a_.in[i];
    if (in.direct && whole) {
      registers_[i] = const_cast<T*>(static_cast<const T*>(in.data)) + at;
      return;
    }
    T* p = buffer(i);
    // What repeats within a tile, or is one value, is loaded once.
    if (in.period > 0 && a_.tile % in.period == 0 && a_.begin % in.period == 0 && at != a_.begin) {
      registers_[i] = p;
      return;
    }
    gather(in, at, n, p);
    const std::int64_t end = padded(n);
    for (std::int64_t j = n; j < end; ++j) p[j] = p[0];
    registers_[i] = p;
  }

  /// n elements of the iteration space from `at`, row by row.
  void gather(const isa::ElementwiseOperand& in, std::int64_t at, std::int64_t n, T* p) {
    std::int64_t index[8], offset = 0, rest = at;
    for (int d = a_.rank - 1; d >= 0; --d) {
      index[d] = rest % a_.dims[d];
      rest /= a_.dims[d];
      offset += index[d] * in.strides[d];
    }
    const int last = a_.rank - 1;
    const auto* base = static_cast<const unsigned char*>(in.data);
    const std::int64_t item = dtype_sizes[in.dtype];
    while (n > 0) {
      std::int64_t run = a_.dims[last] - index[last] < n ? a_.dims[last] - index[last] : n;
      int axis = last;
      if (const std::int64_t rows = whole_rows(in, index, n); rows > 1) {
        copy_rows(p, static_cast<const T*>(in.data) + offset, rows, in.strides[last - 1],
                  in.strides[last]);
        run = rows * a_.dims[last];
        axis = last - 1;
        offset += rows * in.strides[axis];
        index[axis] += rows;
      } else {
        load_strided(p, base + offset * item, in.dtype, in.strides[last], run);
        offset += run * in.strides[last];
        index[last] += run;
      }
      p += run;
      n -= run;
      for (int d = axis; d > 0 && index[d] == a_.dims[d]; --d) {
        offset += in.strides[d - 1] - index[d] * in.strides[d];
        index[d] = 0;
        ++index[d - 1];
      }
    }
  }

  /// How many whole rows lie ahead that need no conversion: adjacent elements, or one repeated.
  std::int64_t whole_rows(const isa::ElementwiseOperand& in, const std::int64_t* index,
                          std::int64_t n) const {
    const int last = a_.rank - 1;
    if (last == 0 || index[last] != 0 || in.dtype != dtype_of<T> || in.strides[last] > 1 ||
        in.strides[last] < 0 || a_.dims[last] > short_row)
      return 0;
    const std::int64_t rest = a_.dims[last - 1] - index[last - 1], fit = n / a_.dims[last];
    return rest < fit ? rest : fit;
  }
  void copy_rows(T* p, const T* from, std::int64_t rows, std::int64_t row_stride,
                 std::int64_t stride) const {
    const std::int64_t n = a_.dims[a_.rank - 1];
    constexpr std::int64_t lanes = vector_lanes<T>;
    using V = Vector<T>;
    for (std::int64_t r = 0; r < rows; ++r, from += row_stride, p += n) {
      std::int64_t i = 0;
      if (stride == 0) {
        const V value = *from - V{};
        for (; i + lanes <= n; i += lanes) *reinterpret_cast<V*>(p + i) = value;
      } else {
        for (; i + lanes <= n; i += lanes)
          *reinterpret_cast<V*>(p + i) = *reinterpret_cast<const V*>(from + i);
      }
      for (; i < n; ++i) p[i] = from[i * stride];
    }
  }

  /// An output's memory if this instruction is the last to write its register, else scratch.
  T* destination(int reg, int k, std::int64_t at, bool whole) {
    if (whole)
      for (int o = 0; o < a_.outputs; ++o)
        if (a_.out_register[o] == reg && a_.out[o].direct && is_last_write(reg, k) &&
            (k + 1 == a_.instructions || !overwrites_input(o)))
          return static_cast<T*>(a_.out[o].data) + at;
    return buffer(reg);
  }
  bool overwrites_input(int o) const {
    for (int i = 0; i < a_.inputs; ++i)
      if (a_.in[i].data == a_.out[o].data) return true;
    return false;
  }
  bool is_last_write(int reg, int k) const {
    for (int j = k + 1; j < a_.instructions; ++j)
      if (a_.code[j].dst == reg) return false;
    return true;
  }

  void store(int o, std::int64_t at, std::int64_t n) {
    const T* from = registers_[a_.out_register[o]];
    const std::uint8_t dtype = a_.out[o].dtype;
    auto* to = static_cast<unsigned char*>(a_.out[o].data) + at * dtype_sizes[dtype];
    if (to != static_cast<const void*>(from)) store_dense(to, dtype, from, n);
  }

  const isa::ElementwiseArgs& a_;
  T* registers_[64];
  alignas(64) unsigned char scratch_[isa::elementwise_scratch];
};

template <class T>
inline void run_program(const isa::ElementwiseArgs& args) {
  ProgramRun<T> run(args);
  run.run();
}

inline void elementwise(const isa::ElementwiseArgs& args) {
  switch (args.compute) {
    case 0:
      return run_program<float>(args);
    case 1:
      return run_program<double>(args);
    case 2:
      return run_program<std::int32_t>(args);
    case 3:
      return run_program<std::int64_t>(args);
    default:
      return run_program<std::uint64_t>(args);
  }
}

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
