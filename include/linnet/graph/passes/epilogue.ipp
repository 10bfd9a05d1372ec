#pragma once

#include <numeric>
#include <optional>

#include "linnet/backend/ew.hpp"
#include "linnet/backend/program.hpp"
#include "linnet/graph/passes/passes.hpp"
#include "linnet/ops/primitives/conv.hpp"
#include "linnet/ops/primitives/matmul.hpp"
#include "linnet/ops/primitives/shape.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

inline std::optional<Activation> activation_of(const Node& n) {
  const auto* e = n.primitive.get_if<Elementwise>();
  if (!e || e->program.instructions != 1 || e->program.inputs != 1 || e->program.immediates != 0)
    return {};
  switch (e->program.code[0].op->id) {
    case ew::id_relu:
      return Activation::relu;
    case ew::id_tanh:
      return Activation::tanh;
    case ew::id_sigmoid:
      return Activation::sigmoid;
    default:
      return {};
  }
}

/// The other operand of `y + bias` if it is a vector along y's last axis.
inline ValueId bias_of(const Graph& g, const Node& n, ValueId y) {
  const auto* e = n.primitive.get_if<Elementwise>();
  if (!e || e->program.instructions != 1 || e->program.inputs != 2 ||
      e->program.code[0].op->id != ew::id_add || !(g.value(n.out[0]).spec == g.value(y).spec))
    return -1;
  const ValueId other = n.in[0] == y ? n.in[1] : n.in[0];
  const TensorSpec &s = g.value(other).spec, &out = g.value(y).spec;
  const bool fits = other != y && s.dtype == out.dtype && s.shape.rank() == 1 &&
                    s.shape[0] == out.shape[-1] && out.shape.rank() > 1;
  return fits ? other : -1;
}

/// A copy of n's primitive that also adds a bias or applies an activation; empty if n is no anchor
/// or already has one.
template <class P>
std::optional<Primitive> extended(const Node& n, bool bias, Activation activation) {
  const P* p = n.primitive.get_if<P>();
  if (!p || p->activation != Activation::none || (bias && p->bias)) return {};
  P q = *p;
  if (bias)
    q.bias = true;
  else
    q.activation = activation;
  return Primitive(q);
}

inline std::optional<Primitive> extend(const Node& n, bool bias, Activation activation) {
  if (auto p = extended<MatMul>(n, bias, activation)) return p;
  return extended<Conv2D>(n, bias, activation);
}

/// What makes an operand: an anchor, or a reshape of what an anchor makes.
struct EpilogueSource {
  NodeId anchor = -1, reshape = -1;
  ValueId product = -1;  ///< what the anchor makes
};

/// The source of `v` if it has no other use and keeps the last axis.
inline EpilogueSource epilogue_source(const Graph& g, ValueId v, const std::vector<int>& uses) {
  const auto maker_of_one_use = [&](ValueId x) {
    return uses[static_cast<std::size_t>(x)] == 1 ? g.value(x).producer : -1;
  };
  EpilogueSource s{.anchor = maker_of_one_use(v), .product = v};
  if (s.anchor < 0 || !g.node(s.anchor).primitive.get_if<Reshape>()) return s;
  s.reshape = s.anchor;
  s.product = g.node(s.reshape).in[0];
  const Shape &made = g.value(s.product).spec.shape, &seen = g.value(v).spec.shape;
  const bool keeps_rows = made.rank() > 0 && seen.rank() > 0 && made[-1] == seen[-1];
  s.anchor = keeps_rows ? maker_of_one_use(s.product) : -1;
  return s;
}

/// Folds node `n` into the anchor that makes its input. The anchor moves to n's place, where the
/// bias is known; one behind a reshape takes the reshape's place, and that comes last.
inline bool fold_epilogue(Graph& g, std::size_t n, std::vector<bool>& keep,
                          const std::vector<int>& uses) {
  Node& node = g.nodes[n];
  const auto activation = activation_of(node);
  for (ValueId y : node.in) {
    const EpilogueSource s = epilogue_source(g, y, uses);
    if (s.anchor < 0) continue;
    Node& anchor = g.nodes[static_cast<std::size_t>(s.anchor)];
    if (anchor.region != node.region || !is_floating(g.value(y).spec.dtype)) continue;
    const ValueId bias = activation ? -1 : bias_of(g, node, y);
    if (!activation && bias < 0) continue;
    if (s.reshape >= 0 && bias >= 0 && g.value(bias).producer > s.reshape) continue;
    auto primitive = extend(anchor, bias >= 0, activation.value_or(Activation::none));
    if (!primitive) continue;
    if (bias >= 0) anchor.in.push_back(bias);
    Node& place = s.reshape < 0 ? node : g.nodes[static_cast<std::size_t>(s.reshape)];
    if (s.reshape >= 0) {
      node.primitive = place.primitive;
      node.in = {s.product};
      node.immediates.clear();
      place.out = {s.product};
    }
    place.primitive = *primitive;
    place.in = anchor.in;
    place.immediates.clear();
    keep[static_cast<std::size_t>(s.anchor)] = false;
    g.value(s.product).producer = s.reshape < 0 ? -1 : s.reshape;
    return true;
  }
  return false;
}

}  // namespace detail

Graph passes::epilogue(Graph graph) {
  const std::vector<int> uses = graph.use_counts();
  std::vector<bool> keep(graph.nodes.size(), true);
  for (std::size_t n = 0; n < graph.nodes.size(); ++n) detail::fold_epilogue(graph, n, keep, uses);
  graph.keep_nodes(keep);
  return graph;
}

}  // namespace linnet::inline LINNET_ABI
