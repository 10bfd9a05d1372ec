#pragma once

#include <atomic>
#include <mutex>
#include <shared_mutex>

#include "linnet/autograd/tape_state.hpp"
#include "linnet/autograd/variable.hpp"
#include "linnet/autograd/variable_state.hpp"
#include "linnet/backend/apply.hpp"
#include "linnet/backend/eager.hpp"
#include "linnet/backend/ew.hpp"
#include "linnet/backend/program.hpp"
#include "linnet/backend/recorder.hpp"
#include "linnet/backend/thread_state.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/core/small_vector.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

inline VariableState& state_of(const Variable& v) {
  if (!v.defined()) fail<ValueError>("variable", "undefined variable: construct it from a tensor");
  return *v.state();
}

inline void check_assignable(const VariableState& s, const TensorSpec& value) {
  if (!(value.shape == s.shape))
    fail<ShapeError>("assign", "variable '", s.name, "' has shape ", s.shape, ", value has ",
                     value.shape);
  if (value.dtype != s.dtype)
    fail<DTypeError>("assign", "variable '", s.name, "' has dtype ", s.dtype, ", value has ",
                     value.dtype);
}

/// Dense memory that no variable writes to later: a variable never shares its buffer with the
/// tensor it was assigned from once it is written in place (is_unshared sees to that).
inline void store(VariableState& s, Tensor value) {
  value = make_dense(value);
  std::scoped_lock lock(s.borrow);
  std::swap(s.value, value);
  ++s.version;
}

/// The results of an update, written over the variables' own memory where that is allowed.
inline void prepare_in_place(CachedKernel& kernel, std::span<const Variable> variables,
                             std::span<Tensor> results) {
  for (const InPlace p : kernel.kernel->in_place()) {
    const auto i = static_cast<std::size_t>(p.in), o = static_cast<std::size_t>(p.out);
    if (i >= variables.size() || i != o) continue;
    const Tensor& old = variables[i].state()->value;
    if (is_unshared(old)) results[o] = from_storage(old.impl()->storage, old.spec());
  }
}

inline void eager_update(PrimitiveRef primitive, std::span<const Variable> variables,
                         std::span<const Tensor* const> in, std::span<const TensorSpec> specs) {
  SmallVector<Tensor, 8> results;
  results.resize(variables.size());
  // No other thread reads the old values while they are overwritten.
  SmallVector<std::unique_lock<BorrowWord>, 8> locks;
  for (const Variable& v : variables) locks.push_back(std::unique_lock(v.state()->borrow));
  CachedKernel& kernel = find_kernel(primitive, in, specs, 0);
  prepare_in_place(kernel, variables, results.span());
  run_eager(primitive, in, specs, results.span(), {});
  for (std::size_t i = 0; i < variables.size(); ++i) {
    variables[i].state()->value = results[i];
    ++variables[i].state()->version;
  }
}

inline void update_by(const Variable& v, const ElementwiseOp& op, const Tensor& delta) {
  VariableState& s = state_of(v);
  if (!(broadcast_shapes("assign", s.shape, delta.shape()) == s.shape))
    fail<ShapeError>("assign", "variable '", s.name, "' has shape ", s.shape, ", delta has ",
                     delta.shape());
  if (delta.dtype() != s.dtype)
    fail<DTypeError>("assign", "variable '", s.name, "' has dtype ", s.dtype, ", delta has ",
                     delta.dtype());
  Elementwise e;
  e.program.compute = compute_type_of(s.dtype);
  e.program.inputs = 2;
  e.program.outputs = e.program.instructions = 1;
  e.program.code[0] = {&op, Program::first_temporary, 0, 1, 0};
  e.program.out[0] = Program::first_temporary;
  apply_update(e, {&v, 1}, {&delta, 1});
}

}  // namespace detail

Variable::Variable(const Tensor& initial, VariableOptions options)
    : state_(new detail::VariableState) {
  static std::atomic<std::uint64_t> next_id{0};
  if (initial.is_traced())
    fail<CaptureError>("variable", "the initial value of '", options.name,
                       "' is traced; compute it inside an EagerScope");
  state_->id = ++next_id;
  state_->name = std::move(options.name);
  state_->trainable = options.trainable;
  state_->autocast = options.autocast && is_floating(initial.dtype());
  state_->shape = initial.shape();
  state_->dtype = initial.dtype();
  state_->device = initial.device();
  state_->value = detail::make_dense(initial);
  if (Recorder* trace = detail::thread_state.trace) trace->created(*this);
}

Tensor Variable::value() const {
  detail::VariableState& s = detail::state_of(*this);
  Tensor value;
  if (Recorder* trace = detail::thread_state.trace) {
    value = trace->read(*this);
  } else {
    std::shared_lock lock(s.borrow);
    value = s.value;
  }
  if (detail::thread_state.tape) detail::variable_was_read(*this, value);
  if (s.autocast && detail::thread_state.autocast) return detail::thread_state.autocast(value);
  return value;
}

const Shape& Variable::shape() const { return detail::state_of(*this).shape; }
DType Variable::dtype() const { return detail::state_of(*this).dtype; }
Device Variable::device() const { return detail::state_of(*this).device; }
std::uint64_t Variable::id() const { return detail::state_of(*this).id; }
const std::string& Variable::name() const { return detail::state_of(*this).name; }
void Variable::set_name(std::string name) { detail::state_of(*this).name = std::move(name); }
bool Variable::trainable() const { return detail::state_of(*this).trainable; }
void Variable::set_trainable(bool trainable) { detail::state_of(*this).trainable = trainable; }
const std::shared_ptr<Constraint>& Variable::constraint() const {
  return detail::state_of(*this).constraint;
}
void Variable::set_constraint(std::shared_ptr<Constraint> constraint) {
  detail::state_of(*this).constraint = std::move(constraint);
}

void Variable::assign(const Tensor& value) const {
  detail::VariableState& s = detail::state_of(*this);
  detail::check_assignable(s, value.spec());
  if (Recorder* trace = detail::thread_state.trace)
    trace->assign(*this, value);
  else if (value.is_traced())
    fail<CaptureError>("assign", "variable '", s.name, "' was given a traced tensor outside its ",
                       "trace; assign it inside the function");
  else
    detail::store(s, value);
}

void Variable::assign(Scalar value) const { assign(full(shape(), value, dtype())); }

void Variable::assign_add(const Tensor& delta) const { detail::update_by(*this, ew::add, delta); }
void Variable::assign_sub(const Tensor& delta) const { detail::update_by(*this, ew::sub, delta); }

void apply_update(PrimitiveRef primitive, std::span<const Variable> variables,
                  std::span<const Tensor> others) {
  Recorder* trace = detail::thread_state.trace;
  detail::SmallVector<Tensor, 8> values;
  detail::SmallVector<const Tensor*, 16> in;
  detail::SmallVector<TensorSpec, 8> specs;
  for (const Variable& v : variables) {
    specs.push_back(detail::state_of(v).spec());
    if (trace) values.push_back(trace->read(v));
  }
  for (std::size_t i = 0; i < variables.size(); ++i)
    in.push_back(trace ? &values[i] : &variables[i].state()->value);
  for (const Tensor& t : others) in.push_back(&t);
  if (!trace) return detail::eager_update(primitive, variables, in.span(), specs.span());
  detail::SmallVector<Tensor, 8> results;
  results.resize(variables.size());
  trace->record(primitive, in.span(), specs.span(), results.span(), {});
  for (std::size_t i = 0; i < variables.size(); ++i) trace->assign(variables[i], results[i]);
}

}  // namespace linnet::inline LINNET_ABI
