#pragma once

#include <numeric>
#include <unordered_map>

#include "linnet/graph/passes/passes.hpp"
#include "linnet/graph/subgraph.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

inline std::uint64_t hash_node(const Node& n) {
  std::uint64_t h = hash_mix(n.primitive.ref().hash(), static_cast<std::uint64_t>(n.region));
  for (ValueId v : n.in) h = hash_mix(h, static_cast<std::uint64_t>(v));
  return h;
}

inline bool same_node(const Graph& g, const Node& a, const Node& b) {
  if (a.region != b.region || a.in != b.in || a.out.size() != b.out.size() ||
      !(a.immediates == b.immediates) || !(a.primitive.ref() == b.primitive.ref()))
    return false;
  for (std::size_t o = 0; o < a.out.size(); ++o)
    if (!(g.value(a.out[o]).spec == g.value(b.out[o]).spec)) return false;
  return true;
}

}  // namespace detail

Graph passes::common_subexpressions(Graph graph) {
  std::vector<ValueId> to(graph.values.size());
  std::iota(to.begin(), to.end(), 0);
  std::vector<bool> keep(graph.nodes.size(), true);
  std::unordered_multimap<std::uint64_t, std::size_t> seen;
  for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
    Node& node = graph.nodes[n];
    for (ValueId& v : node.in) v = to[static_cast<std::size_t>(v)];
    if (detail::is_stateful(node.primitive.ref())) continue;
    const std::uint64_t hash = detail::hash_node(node);
    const auto [first, last] = seen.equal_range(hash);
    for (auto it = first; it != last && keep[n]; ++it) {
      const Node& earlier = graph.nodes[it->second];
      if (!detail::same_node(graph, earlier, node)) continue;
      for (std::size_t o = 0; o < node.out.size(); ++o)
        to[static_cast<std::size_t>(node.out[o])] = earlier.out[o];
      keep[n] = false;
    }
    if (keep[n]) seen.emplace(hash, n);
  }
  graph.replace_uses(to);
  graph.keep_nodes(keep);
  return graph;
}

}  // namespace linnet::inline LINNET_ABI
