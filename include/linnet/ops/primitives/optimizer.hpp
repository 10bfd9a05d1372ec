#pragma once

#define LINNET_USES_OPS_PRIMITIVES_OPTIMIZER
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_PRIMITIVES_OPTIMIZER
#endif

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "linnet/backend/kernel.hpp"
#include "linnet/backend/primitive.hpp"
#include "linnet/config.hpp"

/// Fused optimizer updates: one pass over a weight, its slots and its gradient. Inputs: the states
/// in order, then gradient, learning rate (0-d float32), iterations (0-d int64, the number of steps
/// done before); outputs: the new states, in place where allowed. `weight_decay` w -= lr * wd * w
/// comes before the step. Formulas as Keras's.
namespace linnet::inline LINNET_ABI {

/// States: w [, momentum]. m = mu m - lr g; w += m (nesterov: w += mu m - lr g).
struct SgdUpdate {
  static constexpr std::string_view name = "sgd_update";
  double momentum = 0;
  bool nesterov = false;
  double weight_decay = 0;
  bool operator==(const SgdUpdate&) const = default;
  void visit(auto&& field) const {
    field("momentum", momentum);
    field("nesterov", nesterov);
    field("weight_decay", weight_decay);
  }
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

/// States: w, m, v [, vmax]. a = lr sqrt(1 - b2^t) / (1 - b1^t); w -= a m / (sqrt(v) + eps).
struct AdamUpdate {
  static constexpr std::string_view name = "adam_update";
  double beta_1 = 0.9, beta_2 = 0.999, epsilon = 1e-7;
  bool amsgrad = false;
  double weight_decay = 0;
  bool operator==(const AdamUpdate&) const = default;
  void visit(auto&& field) const {
    field("beta_1", beta_1);
    field("beta_2", beta_2);
    field("epsilon", epsilon);
    field("amsgrad", amsgrad);
    field("weight_decay", weight_decay);
  }
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

/// States: w, v [, mean if centered] [, momentum]. v = rho v + (1 - rho) g^2;
/// w -= lr g / sqrt(v [- mean^2] + eps), through the momentum if there is one.
struct RmspropUpdate {
  static constexpr std::string_view name = "rmsprop_update";
  double rho = 0.9, momentum = 0, epsilon = 1e-7;
  bool centered = false;
  double weight_decay = 0;
  bool operator==(const RmspropUpdate&) const = default;
  void visit(auto&& field) const {
    field("rho", rho);
    field("momentum", momentum);
    field("epsilon", epsilon);
    field("centered", centered);
    field("weight_decay", weight_decay);
  }
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

/// One of the primitives above as an attribute of another.
struct UpdateRule {
  Primitive primitive;
  bool operator==(const UpdateRule& o) const { return primitive.ref() == o.primitive.ref(); }
  std::uint64_t hash() const { return primitive.ref().hash(); }
  void describe(std::string& out) const { out += to_string(primitive.ref()); }
};

/// The updates of several variables by one rule; set by the updates pass, never by optimizers.
/// Inputs: for each variable its states, its gradient and, where `gradients` says scaled, a 0-d
/// factor of the gradient; then learning rate and iterations. A gradient by rows is two inputs,
/// updates and indices: zero but for row i, which gets the sum of the updates whose index is i
/// (indices outside the rows are skipped), as GatherBackward along axis 0 gives. Outputs: the new
/// states of each variable.
struct MultiUpdate {
  static constexpr std::string_view name = "multi_update";
  enum Gradient : std::uint8_t { dense = 0, rows = 1, scaled = 2 };
  UpdateRule rule;
  std::vector<std::uint8_t> gradients;  ///< per variable, an `or` of Gradient
  bool operator==(const MultiUpdate&) const = default;
  void visit(auto&& field) const {
    field("rule", rule);
    field("gradients", gradients);
  }
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_OPS_PRIMITIVES_OPTIMIZER
#include "linnet/impl/src.hpp"
#endif
