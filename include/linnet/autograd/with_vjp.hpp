#pragma once

#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_AUTOGRAD_WITH_VJP
#endif

#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"

/// How an op states its gradient: with_vjp(y, vjp(a, f), vjp(b, g)). A VJP (vector-Jacobian
/// product) gets dy, the gradient with respect to y, and returns that with respect to its input,
/// written in public ops so that it differentiates again and captures. It may return a tensor of
/// y's shape where the input was broadcast: the tape reduces it to the input's shape and dtype.
/// Nothing is built unless a tape watches the input. Never capture a tensor for its shape alone
/// (capture `x.shape()`), and prefer y to x where the formula allows.
namespace linnet::inline LINNET_ABI {

using VjpFunction = std::function<Tensor(const Tensor& dy)>;
/// For gradients that share work: needs[i] tells whether inputs[i]'s gradient is wanted; the result
/// has one tensor per input, undefined where there is none.
using JointVjpFunction =
    std::function<std::vector<Tensor>(const Tensor& dy, const std::vector<bool>& needs)>;

namespace detail {

template <class F>
struct VjpTerm {
  const Tensor* input;  // null: a number, no gradient
  F f;
};
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
};

/// True if a tape of this thread records and watches x.
LINNET_DECL bool is_watched(const Tensor& x);
LINNET_DECL void record(std::shared_ptr<const TapeRecord> record, const Tensor& y);

template <class F>
void add_term(TapeRecord& record, VjpTerm<F>& term) {
  if (!term.input || !is_watched(*term.input)) return;
  record.inputs.push_back({term.input->id(), term.input->spec()});
  record.vjps.emplace_back(std::move(term.f));
}

}  // namespace detail

template <class F>
detail::VjpTerm<std::decay_t<F>> vjp(const Tensor& input, F&& f) {
  return {&input, std::forward<F>(f)};
}

/// `f(dy, needs)` returns all gradients at once.
template <class F>
detail::JointVjpTerm<std::decay_t<F>> joint_vjp(std::initializer_list<const Tensor*> inputs,
                                                F&& f) {
  return {std::vector<const Tensor*>(inputs), std::forward<F>(f)};
}

/// Attaches gradients to y and returns it (the very same tensor).
template <class... F>
Tensor with_vjp(Tensor y, detail::VjpTerm<F>... terms) {
  if (!((terms.input && detail::is_watched(*terms.input)) || ...)) return y;
  auto record = std::make_shared<detail::TapeRecord>();
  record->output_id = y.id();
  record->output = y.spec();
  (detail::add_term(*record, terms), ...);
  detail::record(std::move(record), y);
  return y;
}

template <class F>
Tensor with_vjp(Tensor y, detail::JointVjpTerm<F> term) {
  bool watched = false;
  for (const Tensor* x : term.inputs) watched = watched || (x && detail::is_watched(*x));
  if (!watched) return y;
  auto record = std::make_shared<detail::TapeRecord>();
  record->output_id = y.id();
  record->output = y.spec();
  for (const Tensor* x : term.inputs)
    record->inputs.push_back(x ? detail::TapeRecord::Input{x->id(), x->spec()}
                               : detail::TapeRecord::Input{0, {}});
  record->joint = std::move(term.f);
  detail::record(std::move(record), y);
  return y;
}

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_AUTOGRAD_WITH_VJP
#include "linnet/impl/src.hpp"
#endif
