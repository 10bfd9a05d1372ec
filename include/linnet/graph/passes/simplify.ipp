#pragma once

#include <numeric>

#include "linnet/backend/program.hpp"
#include "linnet/graph/passes/joined_slices.ipp"
#include "linnet/graph/passes/passes.hpp"
#include "linnet/ops/primitives/shape.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

/// A view that shows its input as it is: same shape, dense from the first element.
inline bool is_identity_view(const Graph& g, const Node& n) {
  if (!n.primitive.ref().is_view()) return false;
  const Shape& in = g.value(n.in[0]).spec.shape;
  StridedView out;
  if (!(in == g.value(n.out[0]).spec.shape)) return false;
  return n.primitive.type().view(n.primitive.ref().attributes(), {in, dense_strides(in), 0}, out) &&
         out.offset == 0 && is_dense(in, out.strides);
}

/// A program without instructions between values of one dtype and shape.
inline bool is_identity_copy(const Graph& g, const Node& n) {
  const auto* e = n.primitive.get_if<Elementwise>();
  return e && e->program.instructions == 0 && e->program.outputs == 1 &&
         g.value(n.in[0]).spec == g.value(n.out[0]).spec;
}

inline const Node* producer(const Graph& g, ValueId v) {
  const NodeId p = g.value(v).producer;
  return p < 0 ? nullptr : &g.node(p);
}

/// transpose(transpose(x)) and reshape(reshape(x)) as one node.
inline void merge_views(const Graph& g, Node& n) {
  const Node* before = n.in.empty() ? nullptr : producer(g, n.in[0]);
  if (!before) return;
  const auto *outer = n.primitive.get_if<Transpose>(),
             *inner = before->primitive.get_if<Transpose>();
  if (outer && inner) {
    Transpose both;
    for (std::int64_t a : outer->perm) both.perm.push_back(inner->perm[static_cast<int>(a)]);
    n.primitive = Primitive(both);
    n.in = before->in;
  } else if (n.primitive.get_if<Reshape>() && before->primitive.get_if<Reshape>()) {
    n.in = before->in;
  }
}

}  // namespace detail

Graph passes::simplify(Graph graph) {
  std::vector<ValueId> to(graph.values.size());
  std::iota(to.begin(), to.end(), 0);
  std::vector<bool> keep(graph.nodes.size(), true);
  for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
    Node& node = graph.nodes[n];
    for (ValueId& v : node.in) v = to[static_cast<std::size_t>(v)];
    detail::merge_views(graph, node);
    if (!detail::is_identity_view(graph, node) && !detail::is_identity_copy(graph, node)) continue;
    to[static_cast<std::size_t>(node.out[0])] = node.in[0];
    keep[n] = false;
  }
  graph.replace_uses(to);
  graph.keep_nodes(keep);
  detail::SliceJoiner(graph).run();
  return graph;
}

}  // namespace linnet::inline LINNET_ABI
