#pragma once

#define LINNET_USES_BACKEND_CPU_ISA
#undef LINNET_COMPLETE
#include "linnet/backend/cpu/args/attention.hpp"
#include "linnet/backend/cpu/args/batch_norm.hpp"
#include "linnet/backend/cpu/args/elementwise.hpp"
#include "linnet/backend/cpu/args/conv.hpp"
#include "linnet/backend/cpu/args/conv_taps.hpp"
#include "linnet/backend/cpu/args/gemm.hpp"
#include "linnet/backend/cpu/args/lstm.hpp"
#include "linnet/backend/cpu/args/norm.hpp"
#include "linnet/backend/cpu/args/optimizer.hpp"
#include "linnet/backend/cpu/args/pool.hpp"
#include "linnet/backend/cpu/args/quantization.hpp"
#include "linnet/backend/cpu/args/random.hpp"
#include "linnet/backend/cpu/args/reduce.hpp"
#include "linnet/backend/cpu/args/softmax.hpp"
#include "linnet/backend/cpu/args/winograd.hpp"
#include "linnet/config.hpp"

#ifdef LINNET_HEADER_ONLY
#include "linnet/backend/cpu/kernels/all.hpp"
#endif

/// Calls into the kernels of one instruction set: directly in header-only mode (kernels nobody
/// calls generate no code), else through a table chosen once by what the processor has.
namespace linnet::inline LINNET_ABI::isa {

/// The kernels of one build of src/isa.
struct KernelTable {
#define LINNET_KERNEL(name, Args) void (*name)(const Args&) = nullptr;
#include "linnet/backend/cpu/kernels.def"
  const Tile* const* tiles = nullptr;  ///< [op id][compute type]
  const char* name = "";
};

#ifdef LINNET_HEADER_ONLY
#define LINNET_KERNEL(name, Args) \
  inline void name(const Args& args) { LINNET_ISA::name(args); }
#include "linnet/backend/cpu/kernels.def"
inline const char* name() { return "native"; }
#else
/// The table of this process: the best the processor has, or the one that the environment variable
/// LINNET_ISA names (v1, v3, v4) if the processor has it.
const KernelTable& table();
#define LINNET_KERNEL(name, Args) \
  inline void name(const Args& args) { table().name(args); }
#include "linnet/backend/cpu/kernels.def"
inline const char* name() { return table().name; }
#endif

}  // namespace linnet::inline LINNET_ABI::isa
