#pragma once

#include <algorithm>
#include <vector>

#include "linnet/graph/passes/passes.hpp"
#include "linnet/graph/subgraph.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

/// Which values are the same at every call until somebody assigns a variable: constants, variables
/// that the graph does not write, and what nodes without state or errors make of these.
class EarlyValues {
 public:
  explicit EarlyValues(const Graph& g) : g_(g), early_(g.values.size(), false) {
    for (std::size_t v = 0; v < g.values.size(); ++v)
      early_[v] = g.values[v].kind == Value::Kind::constant;
    for (const StateBinding& s : g.states)
      if (s.variable.defined() && s.initial >= 0 && s.final < 0)
        early_[static_cast<std::size_t>(s.initial)] = true;
    for (const Node& n : g.nodes)
      if (is_early(n))
        for (ValueId v : n.out) early_[static_cast<std::size_t>(v)] = true;
  }
  bool is_early(ValueId v) const { return early_[static_cast<std::size_t>(v)]; }
  bool is_early(const Node& n) const {
    const PrimitiveRef p = n.primitive.ref();
    return !is_stateful(p) && !may_fail(p) && !has_subgraphs(p) && is_small(n) &&
           std::all_of(n.in.begin(), n.in.end(), [&](ValueId v) { return is_early(v); });
  }

 private:
  /// What is kept between calls may not be much more than what it is made of.
  bool is_small(const Node& n) const {
    if (n.primitive.ref().is_view()) return true;
    return bytes(n.out) <= std::max<std::int64_t>(2 * bytes(n.in), 1 << 20);
  }
  std::int64_t bytes(const std::vector<ValueId>& values) const {
    std::int64_t sum = 0;
    for (ValueId v : values) {
      const TensorSpec& s = g_.value(v).spec;
      sum += s.shape.size() * static_cast<std::int64_t>(itemsize(s.dtype));
    }
    return sum;
  }

  const Graph& g_;
  std::vector<bool> early_;  // by value
};

}  // namespace detail

Graph passes::prologue(Graph graph) {
  const detail::EarlyValues values(graph);
  std::vector<bool> early;
  for (const Node& n : graph.nodes) early.push_back(values.is_early(n));
  std::vector<Node> nodes;
  for (bool wanted : {true, false})
    for (std::size_t n = 0; n < early.size(); ++n)
      if (early[n] == wanted) nodes.push_back(std::move(graph.nodes[n]));
  graph.nodes = std::move(nodes);
  graph.has_prologue = true;
  graph.prologue = static_cast<NodeId>(std::count(early.begin(), early.end(), true));
  graph.keep_nodes(std::vector<bool>(graph.nodes.size(), true));
  return graph;
}

}  // namespace linnet::inline LINNET_ABI
