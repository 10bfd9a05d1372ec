#pragma once

#include <cstdint>

#include "linnet/config.hpp"

/// Plain arguments of kernels: they cross into code built for other instruction sets.
namespace linnet::inline LINNET_ABI::isa {

/// Applies one op to n elements, a multiple of 16. Operands may be the very destination.
using Tile = void (*)(std::int64_t n, void* dst, const void* a, const void* b, const void* c);

/// The tiles of one op by compute type; null where the op's domain lacks it.
struct Tiles {
  Tile by_type[5];
};

struct ElementwiseInstruction {
  Tile tile;
  std::uint8_t dst, a, b, c;
};

struct ElementwiseOperand {
  const void* data;
  std::int64_t strides[8];  // elements, along the iteration's axes
  std::uint8_t dtype;       // the value of linnet::DType
  std::uint8_t direct;      // contiguous and of the compute type: used where it lies
  std::int64_t period;      // > 0: dense with this period, strides 0 outside; 1: one value
};

/// A program over elements [begin, end) of the iteration space, in row-major order.
struct ElementwiseArgs {
  std::int32_t rank, inputs, outputs, immediates, instructions, registers;
  std::int64_t dims[8];
  std::int64_t tile;  // elements at a time, a multiple of 16
  std::uint8_t compute;
  std::uint8_t out_register[4];
  std::uint8_t buffer_of[64];  // scratch buffer of each register, 255: none
  ElementwiseOperand in[12];
  struct {
    void* data;
    std::uint8_t dtype, direct;
  } out[4];
  union Number {
    double f;
    std::int64_t i;
    std::uint64_t u;
  } immediate[16];
  ElementwiseInstruction code[32];
  std::int64_t begin, end;
};

/// Bytes of scratch on the stack of a running program.
inline constexpr std::int64_t elementwise_scratch = 32'768;

}  // namespace linnet::inline LINNET_ABI::isa
