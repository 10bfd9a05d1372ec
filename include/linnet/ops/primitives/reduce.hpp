#pragma once

#define LINNET_USES_OPS_PRIMITIVES_REDUCE
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_PRIMITIVES_REDUCE
#endif

#include <cstdint>
#include <string>
#include <string_view>

#include "linnet/backend/kernel.hpp"
#include "linnet/config.hpp"

#ifdef LINNET_HEADER_ONLY
#include "linnet/backend/cpu/isa.hpp"
#include "linnet/backend/cpu/kernels/reduce.hpp"
#endif

namespace linnet::inline LINNET_ABI {

/// A way to fold: ReduceOp::sum, mean, prod, max or min. In header-only mode it carries its kernel,
/// so that folds which nobody names generate no code.
struct ReduceOp {
  enum Id : std::uint8_t { id_sum, id_mean, id_prod, id_max, id_min };
  Id id;  ///< what kernels ask for: to compare with ReduceOp::max would generate its code
#ifdef LINNET_HEADER_ONLY
  void (*kernel)(const isa::ReduceArgs&);
#endif
  static const ReduceOp sum, mean, prod, max, min;
  friend bool operator==(ReduceOp a, ReduceOp b) { return a.id == b.id; }
  std::uint64_t hash() const { return id; }
  LINNET_DECL void describe(std::string& out) const;
};
#ifdef LINNET_HEADER_ONLY
#define LINNET_REDUCE_OP(id, name, kernel) \
  inline constexpr ReduceOp ReduceOp::name { ReduceOp::id, isa::kernel }
#else
#define LINNET_REDUCE_OP(id, name, kernel) \
  inline constexpr ReduceOp ReduceOp::name { ReduceOp::id }
#endif
LINNET_REDUCE_OP(id_sum, sum, reduce_sum);
LINNET_REDUCE_OP(id_mean, mean, reduce_sum);
LINNET_REDUCE_OP(id_prod, prod, reduce_prod);
LINNET_REDUCE_OP(id_max, max, reduce_max);
LINNET_REDUCE_OP(id_min, min, reduce_min);
#undef LINNET_REDUCE_OP

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

/// (dy, y) -> dx, where y is what Softmax gave: y (dy - sum(dy y)), or dy - e^y sum(dy) for its
/// logarithm.
struct SoftmaxBackward {
  static constexpr std::string_view name = "softmax_backward";
  bool log = false;
  bool operator==(const SoftmaxBackward&) const = default;
  void visit(auto&& field) const { field("log", log); }
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_OPS_PRIMITIVES_REDUCE
#include "linnet/impl/src.hpp"
#endif
