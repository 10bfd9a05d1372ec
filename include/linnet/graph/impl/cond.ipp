#pragma once

#include "linnet/autograd/variable_state.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/graph/control_flow.hpp"
#include "linnet/graph/impl/subtrace.ipp"
#include "linnet/graph/subgraph.hpp"

namespace linnet::inline LINNET_ABI::detail {

void check_condition(std::string_view op, const Tensor& condition) {
  if (!condition.defined()) fail<ValueError>(op, "the condition is an undefined tensor");
  if (condition.dtype() != DType::boolean)
    fail<DTypeError>(op, "the condition has dtype ", condition.dtype(), ", expected bool");
  if (condition.rank() != 0)
    fail<ShapeError>(op, "the condition has shape ", condition.shape(), ", expected a scalar");
}

/// A branch with its results.
struct CondBranch {
  std::shared_ptr<SubTrace> sub;
  std::vector<Tensor> results;

  Trace& trace() const { return *sub->trace; }
};

inline void check_branches_agree(const CondBranch& t, const CondBranch& f) {
  if (t.results.size() != f.results.size())
    fail<ValueError>("cond", "true_fn returns ", t.results.size(), " tensors, false_fn ",
                     f.results.size());
  for (std::size_t i = 0; i < t.results.size(); ++i) {
    if (!t.results[i].defined() || !f.results[i].defined())
      fail<ValueError>("cond", "result ", i, " is an undefined tensor");
    const TensorSpec a = t.results[i].spec(), b = f.results[i].spec();
    if (a.dtype != b.dtype)
      fail<DTypeError>("cond", "result ", i, " of true_fn has dtype ", a.dtype, ", of false_fn ",
                       b.dtype);
    if (!(a.shape == b.shape))
      fail<ShapeError>("cond", "result ", i, " of true_fn has shape ", a.shape, ", of false_fn ",
                       b.shape);
  }
}

/// Variables that any of the branches assigns.
inline std::vector<Variable> written_variables(const CondBranch& t, const CondBranch& f) {
  std::vector<Variable> all;
  for (const CondBranch* b : {&t, &f})
    for (const Trace::Written& w : b->trace().written())
      if (std::find(all.begin(), all.end(), w.variable) == all.end()) all.push_back(w.variable);
  return all;
}

/// Builds the node of two branches in the current trace.
class CondBuilder {
 public:
  /// `variables`: those that the node replaces.
  CondBuilder(const Tensor& pred, const CondBranch& t, const CondBranch& f,
              std::vector<Variable> variables)
      : pred_(pred), branches_{&t, &f}, variables_(std::move(variables)) {}

  std::vector<Tensor> build() {
    for (std::size_t b = 0; b < 2; ++b) graphs_[b] = branch_graph(branches_[b]->trace(), b);
    find_inputs();
    for (std::size_t b = 0; b < 2; ++b)
      for (const Trace::Capture& c : inputs_) add_input(graphs_[b], branches_[b]->trace(), c);
    return record();
  }
  const std::vector<Trace::Capture>& inputs() const { return inputs_; }
  const std::vector<Tensor>& cells() const { return cells_; }

 private:
  Graph branch_graph(Trace& trace, std::size_t b) {
    std::vector<CellValues> cells;
    for (const Variable& v : variables_) {
      const ValueId current = trace.value_of(trace.read(v));
      const auto& captures = trace.captures();
      const auto it = std::find_if(captures.begin(), captures.end(),
                                   [&](const auto& c) { return c.variable == v; });
      // Assigned, and never read before that.
      ValueId initial =
          it == captures.end()
              ? trace.add_value({.kind = Value::Kind::input, .spec = v.state()->spec()})
              : it->value;
      cells.push_back({initial, current});
    }
    std::vector<ValueId> outputs;
    for (const Tensor& y : branches_[b]->results) outputs.push_back(trace.value_of(y));
    return graph_of(trace, cells, outputs);
  }

  bool is_cell(const Trace::Capture& c) const {
    return c.variable.defined() &&
           std::find(variables_.begin(), variables_.end(), c.variable) != variables_.end();
  }

  /// What any of the two uses.
  void find_inputs() {
    for (std::size_t b = 0; b < 2; ++b) {
      const std::vector<int> uses = graphs_[b].use_counts();
      for (const Trace::Capture& c : branches_[b]->trace().captures())
        if (!is_cell(c) && is_used(uses, c.value) &&
            std::none_of(inputs_.begin(), inputs_.end(),
                         [&](const auto& other) { return same_capture(c, other); }))
          inputs_.push_back(c);
    }
  }

  std::vector<Tensor> record() {
    Trace& outer = *current_trace();
    std::vector<TensorSpec> specs;
    for (const Variable& v : variables_) {
      cells_.push_back(outer.read(v));
      specs.push_back(cells_.back().spec());
    }
    for (const Tensor& y : branches_[0]->results) specs.push_back(y.spec());
    std::vector<const Tensor*> in{&pred_};
    for (const Tensor& c : cells_) in.push_back(&c);
    for (const Trace::Capture& c : inputs_) in.push_back(&c.outer);
    std::vector<Tensor> out(specs.size());
    const Cond node{std::make_shared<const Graph>(std::move(graphs_[0])),
                    std::make_shared<const Graph>(std::move(graphs_[1]))};
    outer.record(node, in, specs, out, {});
    for (std::size_t i = 0; i < variables_.size(); ++i) outer.assign(variables_[i], out[i]);
    out.erase(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(variables_.size()));
    return out;
  }

  const Tensor& pred_;
  const CondBranch* branches_[2];
  std::vector<Variable> variables_;
  Graph graphs_[2];
  std::vector<Trace::Capture> inputs_;
  std::vector<Tensor> cells_;
};

inline std::vector<Tensor> record_cond(const Tensor& pred, CondBranch t, CondBranch f,
                                       std::vector<Variable> variables);

/// The backward pass of one branch, recorded after its forward pass in the same trace: a branch
/// whose results are the gradients of `sources`, zeros where there is none.
inline CondBranch differentiate(const CondBranch& forward, std::span<const Trace::Capture> sources,
                                std::span<const Tensor> dys, const Trace& current) {
  auto sub = std::make_shared<SubTrace>(*forward.sub);
  sub->trace->see_like(current);
  sub->tape.reset();
  if (is_recording()) {
    sub->tape = std::make_shared<Tape>(*forward.sub->tape);  // the gradient's gradient
    watch_like_outer(*sub->tape);
  }
  std::vector<Tensor> targets;
  GradientOptions options{.unconnected_gradients = UnconnectedGradients::zero};
  std::size_t floating = 0;
  for (const Tensor& y : forward.results)
    if (is_floating(y.dtype())) {
      const Tensor& dy = dys[floating++];
      if (dy.defined()) targets.push_back(y), options.output_gradients.push_back(dy);
    }
  std::vector<std::vector<std::uint64_t>> ids;
  std::vector<TensorSpec> specs;
  for (const Trace::Capture& source : sources) {
    const Trace::Capture* own = find_capture(*sub->trace, source);
    ids.push_back({});
    if (own) ids.back().push_back(own->inner.id());
    specs.push_back(source.outer.spec());
  }
  const SubTraceScope scope(*sub);
  return {sub, tape_gradient(*forward.sub->tape, targets, ids, specs, options)};
}

/// The gradient of a node: the same condition decides between the backward passes.
inline std::vector<Tensor> cond_gradient(const Tensor& pred, const CondBranch& t,
                                         const CondBranch& f,
                                         std::span<const Trace::Capture> inputs,
                                         const std::vector<Tensor>& dys,
                                         const std::vector<bool>& needs) {
  const Trace& current = trace_for_gradient("cond", pred.impl()->trace_serial);
  std::vector<Trace::Capture> sources;
  for (std::size_t i = 0; i < inputs.size(); ++i)
    if (needs[i]) sources.push_back(inputs[i]);
  const std::vector<Tensor> gradients = record_cond(pred, differentiate(t, sources, dys, current),
                                                    differentiate(f, sources, dys, current), {});
  std::vector<Tensor> all(inputs.size());
  for (std::size_t i = 0, next = 0; i < inputs.size(); ++i)
    if (needs[i]) all[i] = gradients[next++];
  return all;
}

inline std::vector<Tensor> record_cond(const Tensor& pred, CondBranch t, CondBranch f,
                                       std::vector<Variable> variables) {
  CondBuilder builder(pred, t, f, std::move(variables));
  std::vector<Tensor> out = builder.build();
  if (!t.sub->tape) return out;
  // What a variable was before the branches is a source, too.
  std::vector<Trace::Capture> inputs = builder.inputs();
  for (const CondBranch* b : {&t, &f})
    for (const Trace::Capture& c : b->trace().captures())
      if (c.variable.defined() &&
          std::none_of(inputs.begin(), inputs.end(),
                       [&](const auto& other) { return same_capture(c, other); }))
        inputs.push_back(c);
  std::vector<Tensor> sources;
  for (const Trace::Capture& c : inputs) sources.push_back(c.outer);
  record_together(out, sources,
                  [pred, t = std::move(t), f = std::move(f), inputs](
                      const std::vector<Tensor>& dys, const std::vector<bool>& needs) {
                    return cond_gradient(pred, t, f, inputs, dys, needs);
                  });
  return out;
}

CondRecorder::CondRecorder(const Tensor& pred) : pred_(pred) {
  check_condition("cond", pred);
  current_trace()->settle_tickets();
}
CondRecorder::~CondRecorder() = default;

void CondRecorder::branch(bool which, FunctionRef<void()> f) {
  auto& sub = branches_[which ? 0 : 1] = new_subtrace();
  const SubTraceScope scope(*sub);
  f();
  sub->trace->settle_tickets();
}

std::vector<Tensor> CondRecorder::finish(std::span<const Tensor> if_true,
                                         std::span<const Tensor> if_false) {
  CondBranch t{branches_[0], {if_true.begin(), if_true.end()}};
  CondBranch f{branches_[1], {if_false.begin(), if_false.end()}};
  check_branches_agree(t, f);
  for (const auto& sub : branches_) tell_outer_tapes(*sub);
  std::vector<Variable> variables = written_variables(t, f);
  return record_cond(pred_, std::move(t), std::move(f), std::move(variables));
}

void run_cond(const Tensor& pred, FunctionRef<void(Outputs&)> true_fn,
              FunctionRef<void(Outputs&)> false_fn, Outputs& outputs) {
  check_condition("cond", pred);
  if (!pred.is_traced() || !current_trace())
    return pred.item<bool>() ? true_fn(outputs) : false_fn(outputs);
  CondRecorder recorder(pred);
  Outputs if_true, if_false;
  recorder.branch(true, [&] { true_fn(if_true); });
  recorder.branch(false, [&] { false_fn(if_false); });
  for (Tensor& y : recorder.finish(if_true.span(), if_false.span()))
    outputs.push_back(std::move(y));
}

}  // namespace linnet::inline LINNET_ABI::detail
