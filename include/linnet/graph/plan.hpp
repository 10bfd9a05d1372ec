#pragma once

#define LINNET_USES_GRAPH_PLAN
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_GRAPH_PLAN
#endif

#include <cstdint>
#include <string>
#include <vector>

#include "linnet/backend/kernel.hpp"
#include "linnet/config.hpp"
#include "linnet/graph/graph.hpp"

namespace linnet::inline LINNET_ABI {

/// Where the memory behind a value comes from. Views have the root of what they view.
struct MemoryRoot {
  enum class Kind : std::uint8_t {
    input,     ///< argument `index` of the call
    state,     ///< variable `index` of the graph's states
    constant,  ///< the tensor of value `index`
    arena,     ///< `offset` in the borrowed block
    output,    ///< fresh memory of output `index`
    kept,      ///< `offset` in the executable's own block: what the prologue makes
  };
  Kind kind = Kind::arena;
  std::int32_t index = 0;
  std::size_t bytes = 0;
  std::size_t offset = 0;   ///< arena and kept only
  int first = 0, last = 0;  ///< first and last instruction that touches it
};

/// An operand of an instruction: a place in a root.
struct Slot {
  std::int32_t root = -1;
  std::int64_t byte_offset = 0;
};

/// A kernel over slots.
struct PlannedInstruction {
  KernelPtr kernel{};
  Primitive primitive;  ///< for profiles and error messages
  std::vector<Slot> in{}, out{};
  std::vector<TensorSpec> in_specs{}, out_specs{};
  std::vector<Scalar> immediates{};
  Slot workspace{};       ///< root -1: none
  Slot prepared{};        ///< weights in the kernel's own form; root -1: none
  bool prepares = false;  ///< fills `prepared` instead of running
};

/// A graph turned into a flat list of kernels over one arena, for one device.
struct Plan {
  std::vector<PlannedInstruction> instructions;
  std::vector<MemoryRoot> roots;
  std::vector<Slot> outputs;  ///< root of kind output, input or constant; -1 undefined
  std::vector<TensorSpec> output_specs;
  std::vector<bool> written_states;   ///< per state binding
  std::vector<bool> states_need_old;  ///< the written state's old value is read, too
  int last_fallible = -1;             ///< no state is written up to this instruction
  std::size_t arena_bytes = 0;
  int prologue = 0;            ///< so many instructions run only when their variables change
  std::size_t kept_bytes = 0;  ///< what the prologue makes for the others
  std::size_t in_place = 0;    ///< operands computed in their input's memory
};

/// Chooses kernels and places for `graph`. `threads` is what the kernels may use.
LINNET_DECL Plan make_plan(const Graph& graph, int threads);
/// One line an instruction with kernel and places, then the arena's size.
LINNET_DECL std::string to_string(const Plan& plan);

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_GRAPH_PLAN
#include "linnet/impl/src.hpp"
#endif
