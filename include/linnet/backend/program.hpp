#pragma once

#define LINNET_USES_BACKEND_PROGRAM
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_BACKEND_PROGRAM
#endif

#include <array>
#include <cstdint>
#include <string>

#include "linnet/backend/elementwise_op.hpp"
#include "linnet/backend/primitive.hpp"
#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI {

/// What a program computes in; loads and stores convert. float16, bfloat16 and float32 compute in
/// f32; bool and integers up to 32 bits signed in i32; uint32 and int64 in i64; uint64 in u64.
enum class ComputeType : std::uint8_t { f32, f64, i32, i64, u64 };
inline constexpr int compute_type_count = 5;

constexpr ComputeType compute_type_of(DType t) {
  switch (t) {
    case DType::float16:
    case DType::bfloat16:
    case DType::float32:
      return ComputeType::f32;
    case DType::float64:
      return ComputeType::f64;
    case DType::uint32:
    case DType::int64:
      return ComputeType::i64;
    case DType::uint64:
      return ComputeType::u64;
    default:
      return ComputeType::i32;
  }
}
LINNET_DECL const char* to_string(ComputeType t);

/// One step: registers[dst] = op(registers[a], registers[b], registers[c]).
struct Instruction {
  const ElementwiseOp* op = nullptr;
  std::uint8_t dst = 0, a = 0, b = 0, c = 0;
  friend bool operator==(const Instruction& x, const Instruction& y) {
    return x.op->id == y.op->id && x.dst == y.dst && x.a == y.a && x.b == y.b && x.c == y.c;
  }
};

/// A straight-line elementwise computation over broadcast inputs: what eager ops, fused chains,
/// casts (no instruction at all) and strided copies all are. Registers: [0, 12) inputs,
/// [16, 32) immediates, [32, 64) temporaries; an output is any register.
struct Program {
  static constexpr int max_inputs = 12, max_outputs = 4, max_immediates = 16, max_instructions = 32;
  static constexpr std::uint8_t first_immediate = 16, first_temporary = 32;

  ComputeType compute = ComputeType::f32;
  std::uint8_t inputs = 0, outputs = 0, immediates = 0, instructions = 0;
  std::array<std::uint8_t, max_outputs> out{};     ///< register of each output
  std::array<Instruction, max_instructions> code;  ///< the first `instructions` count

  std::span<const Instruction> instruction_span() const { return {code.data(), instructions}; }
  LINNET_DECL bool operator==(const Program& other) const;
  LINNET_DECL std::uint64_t hash() const;
  /// "t0 = mul(in0, imm0); out0 = add(t0, in1)".
  LINNET_DECL void describe(std::string& out) const;
};

/// The one elementwise primitive. Inputs broadcast to the outputs' common shape; dtypes of inputs
/// and outputs are those of the operands. The kernel takes any strides.
struct Elementwise {
  static constexpr std::string_view name = "elementwise";
  Program program;
  bool operator==(const Elementwise&) const = default;
  void visit(auto&& field) const { field("program", program); }
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_BACKEND_PROGRAM
#include "linnet/impl/src.hpp"
#endif
