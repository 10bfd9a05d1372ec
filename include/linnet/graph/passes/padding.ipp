#pragma once

#include "linnet/graph/passes/passes.hpp"
#include "linnet/ops/primitives/conv.hpp"
#include "linnet/ops/primitives/shape.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

/// Rows and columns before and after; false where another axis is padded.
inline bool border_of(const Shape& low, const Shape& high, Padding2D& border) {
  if (low.rank() != 4 || low[0] || low[3] || high[0] || high[3]) return false;
  border = {low[1], high[1], low[2], high[2]};
  return true;
}

inline Padding2D sum_of(const Padding2D& a, const Padding2D& b) {
  return {a.top + b.top, a.bottom + b.bottom, a.left + b.left, a.right + b.right};
}

/// A convolution, or its kernel's gradient, of images that were padded with zeros.
template <class P>
void fold_pad(Graph& g, Node& n) {
  const P* p = n.primitive.get_if<P>();
  const NodeId before = p ? g.value(n.in[0]).producer : -1;
  if (before < 0) return;
  const Node& node = g.node(before);
  const Pad* pad = node.primitive.get_if<Pad>();
  Padding2D border;
  if (!pad || node.region != n.region || node.immediates[0].as<double>() != 0 ||
      !border_of(pad->low, pad->high, border))
    return;
  P q = *p;
  q.padding = sum_of(q.padding, border);
  n.primitive = Primitive(q);
  n.in[0] = node.in[0];
}

/// The part of an input's gradient that lies within the border, by the very node that slices it.
inline bool fold_slice(Graph& g, Node& n, const std::vector<int>& uses) {
  const auto* slice = n.primitive.get_if<SliceView>();
  const NodeId before = slice ? g.value(n.in[0]).producer : -1;
  if (before < 0 || uses[static_cast<std::size_t>(n.in[0])] != 1) return false;
  const Node& node = g.node(before);
  const auto* p = node.primitive.get_if<Conv2DBackwardInput>();
  if (!p || node.region != n.region) return false;
  const Shape& full = g.value(n.in[0]).spec.shape;
  Shape high;
  for (int a = 0; a < full.rank(); ++a) {
    if (slice->step[a] != 1) return false;
    high.push_back(full[a] - slice->start[a] - slice->size[a]);
  }
  Padding2D border;
  if (!border_of(slice->start, high, border)) return false;
  Conv2DBackwardInput q = *p;
  q.padding = sum_of(q.padding, border);
  n.primitive = Primitive(q);
  n.in = node.in;
  return true;
}

}  // namespace detail

Graph passes::padding(Graph graph) {
  const std::vector<int> uses = graph.use_counts();
  std::vector<bool> keep(graph.nodes.size(), true);
  for (Node& n : graph.nodes) {
    detail::fold_pad<Conv2D>(graph, n);
    detail::fold_pad<Conv2DBackwardKernel>(graph, n);
    const NodeId before = n.in.empty() ? -1 : graph.value(n.in[0]).producer;
    if (detail::fold_slice(graph, n, uses)) keep[static_cast<std::size_t>(before)] = false;
  }
  graph.keep_nodes(keep);
  return graph;
}

}  // namespace linnet::inline LINNET_ABI
