#pragma once

#define LINNET_USES_AUTOGRAD_WITH_VJP
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_AUTOGRAD_WITH_VJP
#endif

#include <concepts>
#include <initializer_list>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"
#include "linnet/core/unique_function.hpp"

/// How an op states its gradient: with_vjp(y, vjp(a, f), vjp(b, g)). A VJP (vector-Jacobian
/// product) gets dy, the gradient with respect to y, and returns that with respect to its input,
/// written in public ops so that it differentiates again and captures. It may return a tensor of
/// y's shape where the input was broadcast: the tape reduces it to the input's shape and dtype.
/// Nothing is built unless a tape watches the input. Never capture a tensor for its shape alone
/// (capture `x.shape()`), and prefer y to x where the formula allows.
namespace linnet::inline LINNET_ABI {

using VjpFunction = detail::UniqueFunction<Tensor(const Tensor& dy)>;
/// For gradients that share work: needs[i] tells whether inputs[i]'s gradient is wanted; the result
/// has one tensor per input, undefined where there is none.
using JointVjpFunction =
    detail::UniqueFunction<std::vector<Tensor>(const Tensor& dy, const std::vector<bool>& needs)>;

namespace detail {

/// For an op of several outputs: dys[i] is undefined where nothing depends on output i.
using OutputsVjpFunction = std::function<std::vector<Tensor>(const std::vector<Tensor>& dys,
                                                             const std::vector<bool>& needs)>;

/// What vjp() makes: an input and its function, both borrowed: a term lives within the call of
/// with_vjp() that it is written in. One type serves all functions, of which an op has many.
struct VjpTerm {
  const Tensor* input;  // null: a number, no gradient
  void* f;
  VjpFunction (*take)(void* f);  // moves the function out
};
/// F as vjp() deduced it: of a named function the term takes a copy.
template <class F>
VjpTerm vjp_term(const Tensor* input, std::remove_reference_t<F>& f) {
  return {input, const_cast<void*>(static_cast<const void*>(&f)), VjpFunction::take<F>};
}
template <class F>
struct JointVjpTerm {
  std::vector<const Tensor*> inputs;
  F f;
};

/// One recorded op; shared by the tapes that watch any of its inputs.
struct TapeRecord {
  struct Input {
    std::uint64_t id;
    TensorSpec spec;
  };
  std::uint64_t output_id = 0;
  TensorSpec output;
  std::vector<Input> inputs;
  std::vector<VjpFunction> vjps;  // one per input, or empty
  JointVjpFunction joint;         // or this

  // Or, for an op whose outputs share their backward work (output_id is then unused):
  std::vector<Input> outputs;
  OutputsVjpFunction together;
};

/// True if a tape of this thread records and watches x.
LINNET_DECL bool is_watched(const Tensor& x);
LINNET_DECL void record(const std::shared_ptr<const TapeRecord>& record, const Tensor& y);
/// Records an op of several outputs if any input is watched.
LINNET_DECL void record_together(std::span<const Tensor> outputs, std::span<const Tensor> inputs,
                                 OutputsVjpFunction f);

/// Records y if any input is watched.
LINNET_DECL void record_vjps(const Tensor& y, std::span<const VjpTerm> terms);
LINNET_DECL void record_joint_vjp(const Tensor& y, std::span<const Tensor* const> inputs, void* f,
                                  JointVjpFunction (*make)(void* f));

}  // namespace detail

template <class F>
detail::VjpTerm vjp(const Tensor& input, F&& f) {
  return detail::vjp_term<F>(&input, f);
}

/// `f(dy, needs)` returns all gradients at once.
template <class F>
detail::JointVjpTerm<std::decay_t<F>> joint_vjp(std::initializer_list<const Tensor*> inputs,
                                                F&& f) {
  return {std::vector<const Tensor*>(inputs), std::forward<F>(f)};
}

/// Attaches gradients to y and returns it (the very same tensor).
template <std::same_as<detail::VjpTerm>... Terms>
Tensor with_vjp(Tensor y, const Terms&... terms) {
  const detail::VjpTerm list[] = {terms...};
  detail::record_vjps(y, list);
  return y;
}

template <class F>
Tensor with_vjp(Tensor y, detail::JointVjpTerm<F> term) {
  detail::record_joint_vjp(y, term.inputs, &term.f, JointVjpFunction::take<F>);
  return y;
}

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_AUTOGRAD_WITH_VJP
#include "linnet/impl/src.hpp"
#endif
