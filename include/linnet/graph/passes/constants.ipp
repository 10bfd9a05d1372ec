#pragma once

#include "linnet/backend/apply.hpp"
#include "linnet/backend/eager.hpp"
#include "linnet/graph/passes/passes.hpp"
#include "linnet/graph/subgraph.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

inline constexpr std::int64_t largest_folded_bytes = 1 << 20;

/// Worth folding: all inputs constant, outputs small, and no random numbers or data errors, which
/// must happen at run time. Loops may take long, or for ever.
inline bool can_fold(const Graph& g, const Node& n) {
  if (n.primitive.type().stateful || n.in.empty() || has_subgraphs(n.primitive.ref())) return false;
  for (ValueId v : n.in)
    if (g.value(v).kind != Value::Kind::constant) return false;
  for (ValueId v : n.out) {
    const TensorSpec& s = g.value(v).spec;
    if (s.shape.size() * static_cast<std::int64_t>(itemsize(s.dtype)) > largest_folded_bytes)
      return false;
  }
  return true;
}

/// Runs the node now; false if it reports an error (it then stays in the graph and reports it when
/// called).
inline bool fold_node(Graph& g, const Node& n) {
  std::vector<const Tensor*> in;
  std::vector<TensorSpec> specs;
  for (ValueId v : n.in) in.push_back(&g.value(v).constant);
  for (ValueId v : n.out) specs.push_back(g.value(v).spec);
  std::vector<Tensor> results(n.out.size());
  try {
    const EagerScope eager;
    apply(n.primitive.ref(), in, specs, results, n.immediates);
    for (Tensor& t : results) t = make_dense(t);
  } catch (const Error&) {
    return false;
  }
  for (std::size_t o = 0; o < n.out.size(); ++o) {
    Value& v = g.value(n.out[o]);
    v.kind = Value::Kind::constant;
    v.constant = results[o];
    v.producer = -1;
  }
  return true;
}

}  // namespace detail

Graph passes::constants(Graph graph) {
  std::vector<bool> keep(graph.nodes.size(), true);
  for (std::size_t n = 0; n < graph.nodes.size(); ++n)
    if (detail::can_fold(graph, graph.nodes[n]))
      keep[n] = !detail::fold_node(graph, graph.nodes[n]);
  graph.keep_nodes(keep);
  return graph;
}

}  // namespace linnet::inline LINNET_ABI
