#pragma once

#define LINNET_USES_OPS_PRIMITIVES_REDUCE
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_PRIMITIVES_REDUCE
#endif

#include <string_view>

#include "linnet/backend/kernel.hpp"
#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI {

enum class ReduceOp : std::uint8_t { sum, mean, prod, max, min };
LINNET_DECL const char* to_string(ReduceOp op);

/// Folds the neighbouring axes [first, last) of a dense input. The output has the input's shape
/// with these axes of extent 1 or gone: its elements count, not its rank. Floats are summed in
/// blocks whose partial sums are float64; the order depends on the shape alone. The output's dtype
/// may be wider than the input's.
struct Reduce {
  static constexpr std::string_view name = "reduce";
  ReduceOp op = ReduceOp::sum;
  int first = 0, last = 0;
  bool operator==(const Reduce&) const = default;
  void visit(auto&& field) const {
    field("op", op);
    field("first", first);
    field("last", last);
  }
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

/// The int64 index of the first maximum (minimum) along an axis; NaN wins.
struct ArgReduce {
  static constexpr std::string_view name = "arg_reduce";
  bool min = false;
  int axis = 0;
  bool operator==(const ArgReduce&) const = default;
  void visit(auto&& field) const {
    field("min", min);
    field("axis", axis);
  }
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

/// Softmax or log-softmax over the last axis; float32 and float64.
struct Softmax {
  static constexpr std::string_view name = "softmax";
  bool log = false;
  bool operator==(const Softmax&) const = default;
  void visit(auto&& field) const { field("log", log); }
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_OPS_PRIMITIVES_REDUCE
#include "linnet/impl/src.hpp"
#endif
