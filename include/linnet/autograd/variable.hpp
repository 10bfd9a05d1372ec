#pragma once

#define LINNET_USES_AUTOGRAD_VARIABLE
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_AUTOGRAD_VARIABLE
#endif

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "linnet/backend/primitive.hpp"
#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"

namespace linnet::inline LINNET_ABI {

class Constraint;
class Variable;

namespace detail {
struct VariableState;
/// Shared with every copy of the handle.
using VariableStatePtr = std::shared_ptr<VariableState>;
}  // namespace detail

struct VariableOptions {
  bool trainable = true;
  std::string name = "Variable";
  bool autocast = false;  ///< layers read it in the dtype that they compute in
};

/// A named, mutable cell that holds a Tensor of fixed shape and dtype; all state of a model,
/// optimizer, metric or generator is Variables. Copies of the handle mean the same cell. Reading a
/// trainable one under a GradientTape watches it.
///
///     Variable w(zeros({3}), {.name = "w"});
///     w.assign_add(ones({3}));
///     Tensor snapshot = w.value();     // never changes, whatever is assigned later
class LINNET_EXPORT Variable {
 public:
  /// An undefined handle.
  Variable() = default;
  /// Takes the tensor's values. While tracing, the tensor must be concrete (see EagerScope).
  LINNET_DECL explicit Variable(const Tensor& initial, VariableOptions options = {});

  bool defined() const noexcept { return static_cast<bool>(state_); }
  /// The current value; under a trace, the value at this point of the program.
  LINNET_DECL Tensor value() const;
  operator Tensor() const { return value(); }  // NOLINT: reads like a tensor
  LINNET_DECL const Shape& shape() const;
  LINNET_DECL DType dtype() const;
  LINNET_DECL Device device() const;
  LINNET_DECL std::uint64_t id() const;
  LINNET_DECL const std::string& name() const;
  LINNET_DECL void set_name(std::string name);
  LINNET_DECL bool trainable() const;
  LINNET_DECL void set_trainable(bool trainable);
  /// What optimizers put the value through after each step; null: nothing.
  LINNET_DECL const std::shared_ptr<Constraint>& constraint() const;
  LINNET_DECL void set_constraint(std::shared_ptr<Constraint> constraint);
  std::int64_t size() const { return shape().size(); }

  /// Replaces the value. ShapeError / DTypeError if the new one differs in shape or dtype.
  LINNET_DECL void assign(const Tensor& value) const;
  /// A number for every element, converted to the dtype.
  LINNET_DECL void assign(Scalar value) const;
  LINNET_DECL void assign_add(const Tensor& delta) const;
  LINNET_DECL void assign_sub(const Tensor& delta) const;

  detail::VariableState* state() const noexcept { return state_.get(); }
  detail::VariableStatePtr shared_state() const noexcept { return state_; }
  explicit Variable(detail::VariableStatePtr state) noexcept : state_(std::move(state)) {}
  friend bool operator==(const Variable& a, const Variable& b) = default;  ///< the same cell

 private:
  detail::VariableStatePtr state_;
};

/// Runs a primitive whose first inputs are the values of `variables` and whose outputs, in the same
/// order, are their new values; `others` are further inputs. Variables whose storage nobody else
/// holds are written in place where the kernel allows it. This is how fused optimizer updates run.
LINNET_DECL void apply_update(PrimitiveRef primitive, std::span<const Variable> variables,
                              std::span<const Tensor> others);

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_AUTOGRAD_VARIABLE
#include "linnet/impl/src.hpp"
#endif
