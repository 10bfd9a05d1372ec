#pragma once

#include "linnet/graph/passes/passes.hpp"
#include "linnet/graph/subgraph.hpp"

namespace linnet::inline LINNET_ABI {

Graph passes::dead_code(Graph graph) {
  std::vector<int> uses = graph.use_counts();
  std::vector<bool> keep(graph.nodes.size(), true);
  for (std::size_t n = graph.nodes.size(); n-- > 0;) {
    const Node& node = graph.nodes[n];
    bool used = detail::is_stateful(node.primitive.ref());
    for (ValueId v : node.out) used = used || uses[static_cast<std::size_t>(v)] > 0;
    if (used) continue;
    keep[n] = false;
    for (ValueId v : node.in) --uses[static_cast<std::size_t>(v)];
  }
  graph.keep_nodes(keep);
  // A variable that is neither read nor written any more is no longer borrowed. (What a branch or
  // a body carries stays in its place.)
  uses = graph.use_counts();
  std::erase_if(graph.states, [&](StateBinding& s) {
    if (s.initial >= 0 && uses[static_cast<std::size_t>(s.initial)] == 0) s.initial = -1;
    return s.variable.defined() && s.initial < 0 && s.final < 0;
  });
  return graph;
}

}  // namespace linnet::inline LINNET_ABI
