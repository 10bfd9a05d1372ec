#pragma once

#define LINNET_USES_GRAPH_PROFILE_LOG
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_GRAPH_PROFILE_LOG
#endif

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "linnet/config.hpp"
#include "linnet/graph/plan.hpp"
#include "linnet/graph/profile.hpp"

/// What executables tell an open Profile.
namespace linnet::inline LINNET_ABI::detail {

using ProfiledKernels = std::shared_ptr<const std::vector<KernelProfile>>;
using ProfileClock = std::chrono::steady_clock;

/// One run of a plan: `times` has the beginning of each instruction and the end of the last.
struct ProfiledRun {
  ProfiledKernels kernels;
  std::uint64_t thread = 0;
  std::vector<ProfileClock::time_point> times;
};

struct ProfileLog {
  static constexpr std::size_t most_times = 1 << 22;  // 32 MiB; later runs are not kept
  std::atomic<bool> open{false};
  mutable std::mutex mutex;
  std::vector<ProfiledRun> runs;
  std::size_t times = 0;
  ProfileClock::time_point start{};
};
LINNET_DECL ProfileLog& profile_log();

inline bool is_profiling() { return profile_log().open.load(std::memory_order_relaxed); }
LINNET_DECL void log_run(ProfiledKernels kernels, std::vector<ProfileClock::time_point> times);
/// Names, shapes and work of a plan's kernels.
LINNET_DECL ProfiledKernels describe_kernels(const Plan& plan);
/// Opens a Profile for the process if LINNET_PROFILE asks for it; the first call only.
LINNET_DECL void open_profile_of_environment();

}  // namespace linnet::inline LINNET_ABI::detail

#ifdef LINNET_FIRST_GRAPH_PROFILE_LOG
#include "linnet/impl/src.hpp"
#endif
