#pragma once

#define LINNET_USES_GRAPH_PROFILE
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_GRAPH_PROFILE
#endif

#include <cstdint>
#include <string>
#include <vector>

#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI {

/// One kernel of a captured function, over all its runs while a Profile was open.
struct KernelProfile {
  std::string op;          ///< the primitive with its attributes: "conv2d(strides=[1, 1], ...)"
  std::string kernel{};    ///< what the backend chose: "direct_convolution"
  std::string operands{};  ///< "float32(32, 28, 28, 1), ... -> float32(32, 26, 26, 32)"
  std::int64_t calls = 0;
  double seconds = 0;  ///< of all calls
  double flops = 0;    ///< of one call, a multiply-add counted as two; 0 where it is mere copying
  double bytes = 0;    ///< inputs and outputs of one call
};

/// Times every kernel of every captured function that runs in this process while it is open.
/// Profiled calls read a clock around each kernel (some 50 ns); calls outside pay nothing. The
/// environment variable LINNET_PROFILE=1 opens one for the whole run and prints its table to
/// standard error at exit; LINNET_PROFILE=trace.json writes the trace, too.
class LINNET_EXPORT Profile {
 public:
  /// ValueError if a Profile is open already.
  LINNET_DECL Profile();
  LINNET_DECL ~Profile();
  Profile(const Profile&) = delete;
  Profile& operator=(const Profile&) = delete;

  /// What was measured so far, the longest total time first.
  LINNET_DECL std::vector<KernelProfile> kernels() const;
  /// kernels() as a table: share and time of a call, GFLOP/s, GB/s, what ran on what.
  LINNET_DECL std::string table() const;
  /// Chrome's trace event format (chrome://tracing, Perfetto); IOError if it cannot be written.
  LINNET_DECL void write_chrome_trace(const std::string& path) const;
};

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_GRAPH_PROFILE
#include "linnet/impl/src.hpp"
#endif
