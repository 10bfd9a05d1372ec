#pragma once

#define LINNET_USES_CORE_THREADS
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_CORE_THREADS
#endif

#include <cstdint>

#include "linnet/config.hpp"
#include "linnet/core/function_ref.hpp"

namespace linnet::inline LINNET_ABI {

/// Threads that CPU kernels of this process use, the caller's included. 0 restores the default:
/// the environment variable LINNET_NUM_THREADS, else the number of cores this process may use.
/// ValueError if negative. Results of ops do not depend on it unless their docs say so. Where the
/// system refuses to start that many, a warning says so and ops run on those that started.
///
/// A child of fork() may use Linnet: it makes threads of its own at first use. It must not touch a
/// function, model or dataset that another thread was using at the moment of the fork.
LINNET_DECL void set_num_threads(int n);
LINNET_DECL int num_threads();

namespace detail {

/// Calls f(begin, end) for consecutive pieces of [0, n), each at least `grain` long, on the
/// persistent team. Runs in the caller alone if n <= grain, inside another parallel_for, or while
/// another thread uses the team. The first exception is rethrown after all pieces ended. Where
/// pieces lie never influences results: kernels combine partial results by fixed blocks.
LINNET_DECL void parallel_for(std::int64_t n, std::int64_t grain,
                              FunctionRef<void(std::int64_t, std::int64_t)> f);

}  // namespace detail

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_CORE_THREADS
#include "linnet/impl/src.hpp"
#endif
