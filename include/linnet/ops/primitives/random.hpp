#pragma once

#define LINNET_USES_OPS_PRIMITIVES_RANDOM
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_PRIMITIVES_RANDOM
#endif

#include <string_view>

#include "linnet/backend/kernel.hpp"
#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI {

enum class Distribution : std::uint8_t { uniform, normal, truncated_normal, integers, permutation };
LINNET_DECL const char* to_string(Distribution d);

/// (generator state uint64[2]) -> random numbers of the output's shape and dtype. Immediates: the
/// offset of the position, then low and high (uniform, integers) or mean and stddev (normals).
/// Element i comes from Philox block (position + offset, i / 4 or i / 2), whatever the threads.
struct RandomFill {
  static constexpr std::string_view name = "random";
  Distribution distribution = Distribution::uniform;
  bool operator==(const RandomFill&) const = default;
  void visit(auto&& field) const { field("distribution", distribution); }
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

/// (x, generator state) -> x * mask / (1 - rate), mask drawn as above. Immediates: offset, rate.
/// Its gradient is the same op on dy with the same state and offset.
struct DropoutMask {
  static constexpr std::string_view name = "dropout";
  bool operator==(const DropoutMask&) const = default;
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_OPS_PRIMITIVES_RANDOM
#include "linnet/impl/src.hpp"
#endif
