#pragma once

#define LINNET_USES_OPS_PRIMITIVES_LOSS
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_PRIMITIVES_LOSS
#endif

#include <cstdint>
#include <limits>
#include <string_view>

#include "linnet/backend/kernel.hpp"
#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI {

/// (logits [n, k], labels [n] of any integer dtype) -> loss [n] = logsumexp(row) - row[label]. A
/// label outside [0, k) is an IndexError; rows labelled `ignore_class` give 0.
struct SparseCrossEntropy {
  static constexpr std::string_view name = "sparse_cross_entropy";
  static constexpr bool fallible = true;
  static constexpr std::int64_t no_class = std::numeric_limits<std::int64_t>::min();
  std::int64_t ignore_class = no_class;
  bool operator==(const SparseCrossEntropy&) const = default;
  void visit(auto&& field) const { field("ignore_class", ignore_class); }
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

/// (logits, labels, dy [n]) -> (softmax(logits) - one_hot(labels)) * dy
struct SparseCrossEntropyBackward {
  static constexpr std::string_view name = "sparse_cross_entropy_backward";
  std::int64_t ignore_class = SparseCrossEntropy::no_class;
  bool operator==(const SparseCrossEntropyBackward&) const = default;
  void visit(auto&& field) const { field("ignore_class", ignore_class); }
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_OPS_PRIMITIVES_LOSS
#include "linnet/impl/src.hpp"
#endif
