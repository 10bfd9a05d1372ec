#pragma once

#include "linnet/core/creation.hpp"
#include "linnet/core/interrupt.hpp"
#include "linnet/graph/control_flow.hpp"
#include "linnet/graph/impl/subtrace.ipp"
#include "linnet/graph/subgraph.hpp"
#include "linnet/ops/elementwise.hpp"

namespace linnet::inline LINNET_ABI::detail {

void check_loop_variable(std::size_t index, const TensorSpec& before, const TensorSpec& after) {
  if (before.dtype != after.dtype)
    fail<DTypeError>("while_loop", "loop variable ", index, " has dtype ", before.dtype,
                     ", after an iteration ", after.dtype);
  if (!(before.shape == after.shape))
    fail<ShapeError>("while_loop", "loop variable ", index, " has shape ", before.shape,
                     ", after an iteration ", after.shape);
}

inline void check_loop_variables(std::span<const Tensor> before, std::span<const Tensor> after) {
  if (before.size() != after.size())
    fail<ValueError>("while_loop", "the body returns ", after.size(), " tensors, there are ",
                     before.size(), " loop variables");
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (!after[i].defined())
      fail<ValueError>("while_loop", "the body returns an undefined tensor for loop variable ", i);
    check_loop_variable(i, before[i].spec(), after[i].spec());
  }
}

/// What a loop replaces: its condition, a loop variable or a Variable.
struct LoopCell {
  Tensor before;  // the loop, in the trace around
  ValueId initial = -1;
  Tensor inner{};  // how the body knows it, and
  Tensor next{};   // what it becomes
  Variable variable{};
};

/// A recorded loop, for its gradient.
struct RecordedLoop {
  std::shared_ptr<SubTrace> sub;
  std::vector<LoopCell> cells;  // the condition, loop variables, variables
  std::size_t loop_vars = 0;
  WhileLoop node;
  Trace* home = nullptr;  // where the node is
  std::uint64_t home_serial = 0;
  NodeId id = -1;
  Tensor token;  // of what it saves

  /// Loop variables that have gradients.
  std::vector<std::size_t> floating() const {
    std::vector<std::size_t> all;
    for (std::size_t c = 1; c <= loop_vars; ++c)
      if (is_floating(cells[c].before.dtype())) all.push_back(c);
    return all;
  }
  /// Has the node save these cells, too.
  void save(std::span<const std::int32_t> wanted) {
    for (const std::int32_t c : wanted)
      if (std::find(node.saved.begin(), node.saved.end(), c) == node.saved.end())
        node.saved.push_back(c);
    node.saves = true;
    home->set_primitive(id, node);
    if (!token.defined())
      token = home->add_output(id, {{2}, DType::uint64, cells[0].before.device()});
  }
};

/// Builds the node of a loop's gradient: the body's backward pass, recorded after its forward pass,
/// which runs again from what the loop has saved of each iteration.
class LoopGradientBuilder {
 public:
  LoopGradientBuilder(RecordedLoop& loop, std::span<const Trace::Capture> sources)
      : loop_(loop), trace_(*loop.sub->trace), sources_(sources) {}

  /// The gradients of the floating loop variables before the loop, then of the sources.
  std::vector<Tensor> build(const std::vector<Tensor>& dys, const Trace& current) {
    trace_.see_like(current);
    record_backward();
    for (std::size_t i = 0; i < carried_.size(); ++i)
      cells_.push_back(dys[i].defined() ? dys[i]
                                        : zeros_like(loop_.cells[loop_.floating()[i]].before));
    return record();
  }

 private:
  /// The body of the gradient: dys of an iteration's results in, of its loop variables out; sums
  /// for everything else.
  void record_backward() {
    SubTrace sub{loop_.sub->trace, nullptr};
    const SubTraceScope scope(sub);
    std::vector<Tensor> targets;
    GradientOptions options;
    std::vector<std::vector<std::uint64_t>> ids;
    std::vector<TensorSpec> specs;
    for (const std::size_t c : loop_.floating()) {
      targets.push_back(loop_.cells[c].next);
      options.output_gradients.push_back(new_cell(targets.back().spec()));
      ids.push_back({loop_.cells[c].inner.id()});
      specs.push_back(targets.back().spec());
    }
    for (const Trace::Capture& s : sources_)
      ids.push_back({s.inner.id()}), specs.push_back(s.outer.spec());
    const std::vector<Tensor> gradients =
        tape_gradient(*loop_.sub->tape, targets, ids, specs, options);
    for (std::size_t i = 0; i < gradients.size(); ++i) finish_cell(i, gradients[i], specs[i]);
  }

  Tensor new_cell(const TensorSpec& spec) {
    carried_.push_back(trace_.add_value({.kind = Value::Kind::input, .spec = spec}));
    return trace_.tensor_of(carried_.back());
  }

  void finish_cell(std::size_t i, const Tensor& gradient, const TensorSpec& spec) {
    const std::size_t loop_vars = loop_.floating().size();
    if (i < loop_vars) {
      const Tensor next = gradient.defined() ? gradient : zeros(spec.shape, spec.dtype);
      values_.push_back({carried_[i], trace_.value_of(next)});
    } else if (gradient.defined()) {
      const ValueId sum = trace_.add_value({.kind = Value::Kind::input, .spec = spec});
      values_.push_back({sum, trace_.value_of(linnet::add(trace_.tensor_of(sum), gradient))});
      summed_.push_back(i - loop_vars);
    }
  }

  /// Cells of the loop that the backward pass reads become inputs, and are saved.
  std::vector<std::int32_t> add_saved(Graph& g) const {
    const std::vector<int> uses = g.use_counts();
    std::vector<std::int32_t> saved;
    for (std::size_t c = 0; c < loop_.cells.size(); ++c) {
      const ValueId v = loop_.cells[c].initial;
      if (!is_used(uses, v)) continue;
      saved.push_back(static_cast<std::int32_t>(c));
      g.inputs.push_back(v);
    }
    return saved;
  }

  std::vector<Tensor> add_captures(Graph& g) const {
    const std::vector<int> uses = g.use_counts();
    std::vector<Tensor> captured;
    for (const Trace::Capture& c : trace_.captures()) {
      const bool is_input = std::find(g.inputs.begin(), g.inputs.end(), c.value) != g.inputs.end();
      if (is_input || !is_used(uses, c.value)) continue;
      g.inputs.push_back(c.value);
      captured.push_back(c.outer);
    }
    return captured;
  }

  std::vector<Tensor> record() {
    Graph g = graph_of(trace_, values_, {});
    WhileLoopGradient node;
    node.saved = add_saved(g);
    const std::vector<Tensor> captured = add_captures(g);
    loop_.save(node.saved);
    for (const std::size_t s : summed_) cells_.push_back(zeros_like(sources_[s].outer));
    std::vector<const Tensor*> in{&loop_.token};
    std::vector<TensorSpec> specs;
    for (const Tensor& c : cells_) in.push_back(&c), specs.push_back(c.spec());
    for (const Tensor& c : captured) in.push_back(&c);
    node.body = std::make_shared<const Graph>(std::move(g));
    std::vector<Tensor> out(specs.size());
    current_trace()->record(node, in, specs, out, {});
    std::vector<Tensor> gradients(carried_.size() + sources_.size());
    for (std::size_t i = 0; i < carried_.size(); ++i) gradients[i] = out[i];
    for (std::size_t i = 0; i < summed_.size(); ++i)
      gradients[carried_.size() + summed_[i]] = out[carried_.size() + i];
    return gradients;
  }

  RecordedLoop& loop_;
  Trace& trace_;
  std::span<const Trace::Capture> sources_;
  std::vector<ValueId> carried_;     // dys in the body's trace
  std::vector<CellValues> values_;   // dys, then sums
  std::vector<std::size_t> summed_;  // sources with a gradient
  std::vector<Tensor> cells_;        // before the gradient's loop
};

/// The loop variables' and the sources' gradients, for the inputs of the tape's record: floating
/// loop variables, then sources.
inline std::vector<Tensor> loop_gradient(RecordedLoop& loop,
                                         std::span<const Trace::Capture> sources,
                                         const std::vector<Tensor>& dys,
                                         const std::vector<bool>& needs) {
  const Trace& current = trace_for_gradient("while_loop", loop.home_serial);
  const std::size_t loop_vars = loop.floating().size();
  std::vector<Trace::Capture> needed;
  for (std::size_t i = 0; i < sources.size(); ++i)
    if (needs[loop_vars + i]) needed.push_back(sources[i]);
  LoopGradientBuilder builder(loop, needed);
  std::vector<Tensor> gradients = builder.build(dys, current);
  std::vector<Tensor> depends_on(dys);
  for (std::size_t i = 0; i < loop.cells.size(); ++i) depends_on.push_back(loop.cells[i].before);
  std::erase_if(depends_on, [](const Tensor& t) { return !t.defined(); });
  std::vector<Tensor> defined(gradients);
  std::erase_if(defined, [](const Tensor& t) { return !t.defined(); });
  for (const Trace::Capture& s : sources) depends_on.push_back(s.outer);
  record_together(defined, depends_on,
                  [](const std::vector<Tensor>&, const std::vector<bool>&) -> std::vector<Tensor> {
                    fail<NotSupportedError>(
                        "while_loop",
                        "the gradient of a captured loop has no gradient itself; run the function "
                        "eagerly for second derivatives");
                  });
  std::vector<Tensor> all(loop_vars + sources.size());
  for (std::size_t i = 0, next = 0; i < all.size(); ++i)
    if (i < loop_vars || needs[i]) all[i] = gradients[next++];
  return all;
}

struct WhileLoopRecorder::Impl {
  RecordedLoop loop;

  void add_cell(const Tensor& before) {
    Trace& t = *loop.sub->trace;
    const ValueId v = t.add_value({.kind = Value::Kind::input, .spec = before.spec()});
    loop.cells.push_back({.before = before, .initial = v, .inner = t.tensor_of(v)});
    if (loop.sub->tape && is_floating(before.dtype()))
      loop.sub->tape->watched.insert(loop.cells.back().inner.id());
  }

  /// Variables that the body assigns are carried from iteration to iteration, too.
  void add_variables() {
    Trace& t = *loop.sub->trace;
    for (const Trace::Written& w : t.written()) {
      const auto& captures = t.captures();
      const auto it = std::find_if(captures.begin(), captures.end(),
                                   [&](const auto& c) { return c.variable == w.variable; });
      LoopCell cell{.before = current_trace()->read(w.variable), .next = w.current};
      cell.variable = w.variable;
      if (it != captures.end()) {
        cell.initial = it->value;
        cell.inner = it->inner;
      } else {  // assigned, and never read before that
        cell.initial = t.add_value({.kind = Value::Kind::input, .spec = cell.before.spec()});
        cell.inner = t.tensor_of(cell.initial);
      }
      loop.cells.push_back(std::move(cell));
    }
  }

  bool is_cell(const Trace::Capture& c) const {
    return c.variable.defined() &&
           std::any_of(loop.cells.begin(), loop.cells.end(),
                       [&](const LoopCell& cell) { return cell.variable == c.variable; });
  }

  std::vector<Tensor> record() {
    Trace& outer = *current_trace();
    Trace& t = *loop.sub->trace;
    std::vector<CellValues> values;
    std::vector<const Tensor*> in;
    std::vector<TensorSpec> specs;
    for (const LoopCell& c : loop.cells) {
      values.push_back({c.initial, t.value_of(c.next)});
      in.push_back(&c.before);
      specs.push_back(c.before.spec());
    }
    Graph g = graph_of(t, values, {});
    const std::vector<int> uses = g.use_counts();
    for (const Trace::Capture& c : t.captures()) {
      if (is_cell(c) || !is_used(uses, c.value)) continue;
      g.inputs.push_back(c.value);
      in.push_back(&c.outer);
    }
    loop.node.body = std::make_shared<const Graph>(std::move(g));
    std::vector<Tensor> out(specs.size());
    loop.home = &outer;
    loop.home_serial = outer.serial();
    loop.id = static_cast<NodeId>(outer.graph().nodes.size());
    outer.record(loop.node, in, specs, out, {});
    for (std::size_t c = 0; c < loop.cells.size(); ++c)
      if (loop.cells[c].variable.defined()) outer.assign(loop.cells[c].variable, out[c]);
    return {out.begin() + 1, out.begin() + 1 + static_cast<std::ptrdiff_t>(loop.loop_vars)};
  }

  void record_gradient(const std::vector<Tensor>& out) {
    if (!loop.sub->tape) return;
    std::vector<Tensor> inputs;
    for (const std::size_t c : loop.floating()) inputs.push_back(loop.cells[c].before);
    std::vector<Trace::Capture> sources;
    for (const Trace::Capture& c : loop.sub->trace->captures())
      if (is_floating(c.outer.dtype())) sources.push_back(c), inputs.push_back(c.outer);
    auto recorded = std::make_shared<RecordedLoop>(std::move(loop));
    record_together(
        out, inputs,
        [recorded, sources](const std::vector<Tensor>& dys, const std::vector<bool>& needs) {
          return loop_gradient(*recorded, sources, dys, needs);
        });
  }
};

WhileLoopRecorder::WhileLoopRecorder(const Tensor& proceed, std::span<const Tensor> loop_vars,
                                     const WhileLoopOptions& options)
    : impl_(std::make_unique<Impl>()) {
  check_condition("while_loop", proceed);
  current_trace()->settle_tickets();
  RecordedLoop& loop = impl_->loop;
  loop.sub = new_subtrace();
  loop.node.maximum_iterations = options.maximum_iterations;
  loop.loop_vars = loop_vars.size();
  impl_->add_cell(proceed);
  for (const Tensor& v : loop_vars) impl_->add_cell(v);
}
WhileLoopRecorder::~WhileLoopRecorder() = default;

void WhileLoopRecorder::body(FunctionRef<void(std::span<const Tensor>)> f) {
  RecordedLoop& loop = impl_->loop;
  std::vector<Tensor> vars;
  for (std::size_t c = 1; c <= loop.loop_vars; ++c) vars.push_back(loop.cells[c].inner);
  const SubTraceScope scope(*loop.sub);
  f(vars);
  loop.sub->trace->settle_tickets();
}

std::vector<Tensor> WhileLoopRecorder::finish(const Tensor& proceed, std::span<const Tensor> next) {
  check_condition("while_loop", proceed);
  RecordedLoop& loop = impl_->loop;
  std::vector<Tensor> before;
  for (std::size_t c = 1; c <= loop.loop_vars; ++c) before.push_back(loop.cells[c].before);
  check_loop_variables(before, next);
  loop.cells[0].next = proceed;
  for (std::size_t c = 1; c <= loop.loop_vars; ++c) loop.cells[c].next = next[c - 1];
  tell_outer_tapes(*loop.sub);
  impl_->add_variables();
  const std::vector<Tensor> out = impl_->record();
  impl_->record_gradient(out);
  return out;
}

inline void record_while_loop(const Tensor& proceed, LoopCondition condition, LoopBody body,
                              Outputs& vars, const WhileLoopOptions& options) {
  WhileLoopRecorder recorder(proceed, vars.span(), options);
  Outputs next;
  Tensor again;
  recorder.body([&](std::span<const Tensor> inner) {
    body(inner, next);
    check_loop_variables(inner, next.span());
    again = condition(next.span());
  });
  const std::vector<Tensor> last = recorder.finish(again, next.span());
  for (std::size_t i = 0; i < last.size(); ++i) vars[i] = last[i];
}

void run_while_loop(LoopCondition condition, LoopBody body, Outputs& vars,
                    const WhileLoopOptions& options) {
  for (std::size_t i = 0; i < vars.size(); ++i)
    if (!vars[i].defined())
      fail<ValueError>("while_loop", "loop variable ", i, " is an undefined tensor");
  WhileLoopOptions left = options;
  for (;;) {
    const Tensor proceed = condition(vars.span());
    check_condition("while_loop", proceed);
    if (proceed.is_traced() && current_trace())
      return record_while_loop(proceed, condition, body, vars, left);
    if (!proceed.item<bool>() || left.maximum_iterations == 0) return;
    check_interrupt();
    Outputs next;
    body(vars.span(), next);
    check_loop_variables(vars.span(), next.span());
    vars = std::move(next);
    if (left.maximum_iterations > 0) --left.maximum_iterations;
  }
}

}  // namespace linnet::inline LINNET_ABI::detail
