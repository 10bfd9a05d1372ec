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

/// Calls into the kernels of one instruction set: directly where the application compiles them,
/// else into the build of src/isa that suits the processor, chosen once. Nothing lists all kernels:
/// those that a program does not call generate no code header-only, and a linker drops them.
#ifdef LINNET_HEADER_ONLY
namespace linnet::inline LINNET_ABI::LINNET_ISA {}
#endif
namespace linnet::inline LINNET_ABI::isa {

#ifdef LINNET_HEADER_ONLY
using namespace LINNET_ISA;  // whoever calls a kernel includes it: backend/cpu/kernels/...
inline int build() { return 0; }
inline const char* build_name() { return "native"; }
#else
#define LINNET_KERNEL(name, Args) void name(const Args& args);
/// Which build of src/isa this process uses, from 0: the best the processor has, or the one that
/// the environment variable LINNET_ISA names (v1, v3, v4) if the processor has it.
int build();
const char* build_name();
/// Whether conv2d_bfloat_gradient may be called.
bool bfloat_products();
#include "linnet/backend/cpu/kernels.def"
#endif

}  // namespace linnet::inline LINNET_ABI::isa
