#pragma once

#include "linnet/autograd/tape_state.hpp"
#include "linnet/autograd/with_vjp.hpp"
#include "linnet/backend/thread_state.hpp"

namespace linnet::inline LINNET_ABI::detail {

bool is_watched(const Tensor& x) {
  for (const Tape* t = thread_state.tape; t; t = t->outer)
    if (t->wants(x.id())) return true;
  return false;
}

bool is_recording() {
  for (const Tape* t = thread_state.tape; t; t = t->outer)
    if (t->recording) return true;
  return false;
}

void record(const std::shared_ptr<const TapeRecord>& record, const Tensor& y) {
  if (!is_floating(y.dtype())) return;
  for (Tape* t = thread_state.tape; t; t = t->outer) {
    bool wanted = false;
    for (const auto& input : record->inputs) wanted = wanted || t->wants(input.id);
    if (!wanted) continue;
    t->records.push_back(record);
    t->watched.insert(y.id());
  }
}

inline std::shared_ptr<TapeRecord> new_record(const Tensor& y) {
  auto r = std::make_shared<TapeRecord>();
  r->output_id = y.id();
  r->output = y.spec();
  return r;
}

void record_vjps(const Tensor& y, std::span<const VjpTerm> terms) {
  if (!thread_state.tape) return;
  std::shared_ptr<TapeRecord> r;
  for (const VjpTerm& term : terms) {
    if (!term.input || !is_watched(*term.input)) continue;
    if (!r) r = new_record(y);
    r->inputs.push_back({term.input->id(), term.input->spec()});
    r->vjps.push_back(term.take(term.f));
  }
  if (r) record(r, y);
}

void record_joint_vjp(const Tensor& y, std::span<const Tensor* const> inputs, void* f,
                      JointVjpFunction (*make)(void* f)) {
  bool watched = false;
  for (const Tensor* x : inputs) watched = watched || (x && is_watched(*x));
  if (!watched) return;
  auto r = new_record(y);
  for (const Tensor* x : inputs)
    r->inputs.push_back(x ? TapeRecord::Input{x->id(), x->spec()} : TapeRecord::Input{0, {}});
  r->joint = make(f);
  record(r, y);
}

void record_together(std::span<const Tensor> outputs, std::span<const Tensor> inputs,
                     OutputsVjpFunction f) {
  auto r = std::make_shared<TapeRecord>();
  for (const Tensor& x : inputs) r->inputs.push_back({x.id(), x.spec()});
  for (const Tensor& y : outputs)
    if (is_floating(y.dtype())) r->outputs.push_back({y.id(), y.spec()});
  const auto wanted_by = [&](const Tape& t) {
    for (const auto& input : r->inputs)
      if (t.wants(input.id)) return true;
    return false;
  };
  r->together = std::move(f);
  for (Tape* t = thread_state.tape; t; t = t->outer) {
    if (r->outputs.empty() || !wanted_by(*t)) continue;
    t->records.push_back(r);
    for (const auto& output : r->outputs) t->watched.insert(output.id);
  }
}

inline void watch_variable(Tape& t, const Variable& v, const Tensor& value) {
  const auto [it, is_new] = t.variables.try_emplace(v.id());
  if (is_new) it->second.variable = v, t.variable_order.push_back(v.id());
  if (t.watched.insert(value.id()).second) it->second.tensors.push_back(value.id());
}

void variable_was_read(const Variable& v, const Tensor& value) {
  if (!is_floating(v.dtype())) return;
  for (Tape* t = thread_state.tape; t; t = t->outer) {
    if (!t->recording) continue;
    const bool watch = v.trainable() && t->options.watch_accessed_variables;
    if (watch || t->variables.contains(v.id())) watch_variable(*t, v, value);
  }
}

}  // namespace linnet::inline LINNET_ABI::detail
