#pragma once

#define LINNET_USES_BACKEND_KERNEL_CACHE
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_BACKEND_KERNEL_CACHE
#endif

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "linnet/backend/kernel.hpp"
#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"

/// Implementation detail: compiled kernels, found again by what they were compiled for.
namespace linnet::inline LINNET_ABI::detail {

/// A kernel as one thread uses it: with its own state.
struct CachedKernel {
  explicit CachedKernel(PrimitiveRef p) : primitive(p) {}
  /// The same kernel for another thread: with a state of its own.
  CachedKernel(const CachedKernel& o)
      : kernel(o.kernel),
        state(o.kernel->make_state()),
        hash(o.hash),
        primitive(o.primitive),
        in(o.in),
        out(o.out),
        threads(o.threads),
        densify(o.densify),
        any_densify(o.any_densify),
        fallible(o.fallible),
        workspace(o.workspace) {}
  CachedKernel(CachedKernel&&) = default;

  KernelPtr kernel;
  std::unique_ptr<KernelState> state;
  std::uint64_t hash = 0;
  Primitive primitive;
  std::vector<ValueSpec> in, out;
  int threads = 1;
  std::vector<std::uint8_t> densify;  ///< per input: must be copied to dense memory first
  bool any_densify = false;
  bool fallible = false;
  std::size_t workspace = 0;
};

/// The calling thread's kernel for these operands; looked for in its own table, then in the
/// process's, then compiled. The reference is valid until the thread's next call.
LINNET_DECL CachedKernel& find_kernel(PrimitiveRef primitive, std::span<const Tensor* const> in,
                                      std::span<const TensorSpec> out, int immediates);
/// Forgets every cached kernel of the process and of this thread (a backend was registered).
LINNET_DECL void clear_kernel_cache();

}  // namespace linnet::inline LINNET_ABI::detail

#ifdef LINNET_FIRST_BACKEND_KERNEL_CACHE
#include "linnet/impl/src.hpp"
#endif
