#pragma once

#include <optional>

#include "linnet/backend/ew.hpp"
#include "linnet/backend/program.hpp"
#include "linnet/graph/passes/passes.hpp"
#include "linnet/graph/passes/prologue.ipp"
#include "linnet/ops/primitives/conv.hpp"
#include "linnet/ops/primitives/matmul.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

/// Folds what scales and shifts the channels of a convolution or product - a batch normalization
/// outside training - into its weights, where these and the factors are the same at every call.
class AffineFolder {
 public:
  explicit AffineFolder(Graph& g)
      : g_(g), early_(g), uses_(g.use_counts()), last_use_(find_last_uses()) {}

  void run() {
    const std::size_t count = g_.nodes.size();
    before_.resize(count);
    for (const Node& n : g_.nodes) early_nodes_.push_back(early_.is_early(n));
    std::vector<bool> keep(count, true);
    for (std::size_t n = 0; n < count; ++n)
      if (is_anchor(g_.nodes[n])) fold(n, keep);
    rebuild(keep);
  }

 private:
  struct Step {
    std::size_t node;
    const ElementwiseOp* op;
    ValueId vector;
  };

  static bool is_anchor(const Node& n) {
    const auto* conv = n.primitive.get_if<Conv2D>();
    const auto* product = n.primitive.get_if<MatMul>();
    return (conv && !conv->bias && conv->activation == Activation::none) ||
           (product && !product->bias && product->activation == Activation::none);
  }

  /// By value: the node that uses it, if there is one alone.
  std::vector<NodeId> find_last_uses() const {
    std::vector<NodeId> last(g_.values.size(), -1);
    for (std::size_t n = 0; n < g_.nodes.size(); ++n)
      for (ValueId v : g_.nodes[n].in) last[static_cast<std::size_t>(v)] = static_cast<NodeId>(n);
    return last;
  }

  /// The one node that uses y, if it adds, subtracts or multiplies by an early vector of channels.
  std::optional<Step> step_after(ValueId y, std::int32_t region) const {
    const NodeId id = last_use_[static_cast<std::size_t>(y)];
    if (id < 0 || uses_[static_cast<std::size_t>(y)] != 1) return {};
    const Node& n = g_.node(id);
    const auto* e = n.primitive.get_if<Elementwise>();
    if (!e || n.region != region || e->program.instructions != 1 || e->program.inputs != 2 ||
        n.in.size() != 2 || !(g_.value(n.out[0]).spec == g_.value(y).spec))
      return {};
    const Instruction& i = e->program.code[0];
    const bool first = n.in[i.a] == y;
    const ValueId other = n.in[first ? i.b : i.a];
    const bool known =
        i.op->id == ew::id_add || i.op->id == ew::id_mul || (i.op->id == ew::id_sub && first);
    const TensorSpec &s = g_.value(other).spec, &out = g_.value(y).spec;
    if (!known || !early_.is_early(other) || s.dtype != out.dtype || s.shape.rank() != 1 ||
        s.shape[0] != out.shape[-1])
      return {};
    return Step{static_cast<std::size_t>(id), i.op, other};
  }

  void fold(std::size_t n, std::vector<bool>& keep) {
    const Node& anchor = g_.nodes[n];
    const TensorSpec out = g_.value(anchor.out[0]).spec;
    if (early_nodes_[n] || anchor.in.size() != 2 || !early_.is_early(anchor.in[1]) ||
        out.shape.rank() < 2 || (out.dtype != DType::float32 && out.dtype != DType::float64))
      return;
    std::vector<Step> steps;
    bool scales = false;
    ValueId y = anchor.out[0];
    while (const auto step = step_after(y, anchor.region)) {
      steps.push_back(*step);
      scales = scales || step->op->id == ew::id_mul;
      y = g_.nodes[step->node].out[0];
    }
    if (!scales) return;
    ValueId scale = -1, offset = -1;
    for (const Step& s : steps) {
      if (s.op->id == ew::id_mul) {
        scale = scale < 0 ? s.vector : add_node(n, ew::mul, scale, s.vector);
        if (offset >= 0) offset = add_node(n, ew::mul, offset, s.vector);
      } else if (offset >= 0) {
        offset = add_node(n, *s.op, offset, s.vector);
      } else {
        offset = s.op->id == ew::id_add ? s.vector : add_negation(n, s.vector);
      }
    }
    const ValueId weights = add_node(n, ew::mul, g_.nodes[n].in[1], scale);
    g_.nodes[n].in[1] = weights;
    finish(n, steps, offset, keep);
  }

  /// The last step becomes the addition of the offset, or its value the anchor's.
  void finish(std::size_t n, const std::vector<Step>& steps, ValueId offset,
              std::vector<bool>& keep) {
    for (const Step& s : steps) keep[s.node] = false;
    Node& last = g_.nodes[steps.back().node];
    if (offset < 0) {
      g_.nodes[n].out = last.out;
      return;
    }
    keep[steps.back().node] = true;
    last.primitive = Primitive(binary(ew::add, g_.value(last.out[0]).spec.dtype));
    last.in = {g_.nodes[n].out[0], offset};
  }

  static Elementwise binary(const ElementwiseOp& op, DType t) {
    Elementwise e;
    e.program.compute = compute_type_of(t);
    e.program.inputs = op.arity;
    e.program.outputs = e.program.instructions = 1;
    e.program.code[0] = {&op, Program::first_temporary, 0, static_cast<std::uint8_t>(op.arity > 1),
                         0};
    e.program.out[0] = Program::first_temporary;
    return e;
  }

  /// A node before node `at`, of a's spec.
  ValueId add_node(std::size_t at, const ElementwiseOp& op, ValueId a, ValueId b) {
    const TensorSpec spec = g_.value(a).spec;
    g_.values.push_back({.spec = spec});
    const auto out = static_cast<ValueId>(g_.values.size() - 1);
    Node n{.primitive = Primitive(binary(op, spec.dtype)),
           .in = {a},
           .out = {out},
           .immediates = {},
           .region = g_.nodes[at].region};
    if (b >= 0) n.in.push_back(b);
    before_[at].push_back(std::move(n));
    return out;
  }
  ValueId add_negation(std::size_t at, ValueId a) { return add_node(at, ew::neg, a, -1); }

  /// Vectors of later steps are early, but may be made after the anchor: the order is made anew,
  /// early nodes first.
  void rebuild(const std::vector<bool>& keep) {
    std::vector<Node> nodes;
    const auto add = [&](bool early) {
      for (std::size_t n = 0; n < keep.size(); ++n)
        if (keep[n] && early_nodes_[n] == early) nodes.push_back(std::move(g_.nodes[n]));
    };
    add(true);
    for (std::vector<Node>& made : before_)
      for (Node& n : made) nodes.push_back(std::move(n));
    add(false);
    g_.nodes = std::move(nodes);
    g_.keep_nodes(std::vector<bool>(g_.nodes.size(), true));
  }

  Graph& g_;
  EarlyValues early_;
  std::vector<int> uses_;
  std::vector<NodeId> last_use_;
  std::vector<bool> early_nodes_;          // before anything was folded
  std::vector<std::vector<Node>> before_;  // by anchor: the nodes that make its new operands
};

}  // namespace detail

Graph passes::affine(Graph graph) {
  detail::AffineFolder(graph).run();
  return graph;
}

}  // namespace linnet::inline LINNET_ABI
