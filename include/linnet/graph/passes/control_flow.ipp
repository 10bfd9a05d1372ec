#pragma once

#include <algorithm>

#include "linnet/graph/passes/passes.hpp"
#include "linnet/graph/subgraph.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

/// Optimizes the graphs of one node and drops what is of no use.
class SubgraphOptimizer {
 public:
  SubgraphOptimizer(Node& node, std::vector<int>& uses, const PassOptions& options)
      : node_(node), uses_(uses), options_(options) {
    options_.prologue = false;  // that of the graph around it makes what they share
  }

  void run() {
    if (const auto* c = node_.primitive.get_if<Cond>()) {
      optimize_cond(*c);
    } else if (const auto* w = node_.primitive.get_if<WhileLoop>()) {
      optimize_loop(*w);
    } else if (const auto* g = node_.primitive.get_if<WhileLoopGradient>()) {
      WhileLoopGradient better = *g;
      better.body = optimized(*g->body);
      node_.primitive = Primitive(better);
    }
  }

 private:
  bool is_used(ValueId v) const { return uses_[static_cast<std::size_t>(v)] > 0; }
  GraphPtr optimized(Graph g) const {
    return std::make_shared<const Graph>(optimize(std::move(g), options_));
  }

  void optimize_cond(const Cond& c) {
    Graph graphs[2] = {*c.if_true, *c.if_false};
    const std::size_t cells = graphs[0].states.size();
    if (options_.dead_code)
      for (std::size_t o = node_.out.size(); o-- > cells;) {
        if (is_used(node_.out[o])) continue;
        node_.out.erase(node_.out.begin() + static_cast<std::ptrdiff_t>(o));
        for (Graph& g : graphs)
          g.outputs.erase(g.outputs.begin() + static_cast<std::ptrdiff_t>(o - cells));
      }
    for (Graph& g : graphs) g = optimize(std::move(g), options_);
    if (options_.dead_code) drop_inputs(graphs, 1 + cells, 0);
    node_.primitive = Primitive(Cond{std::make_shared<const Graph>(std::move(graphs[0])),
                                     std::make_shared<const Graph>(std::move(graphs[1]))});
  }

  void optimize_loop(const WhileLoop& w) {
    WhileLoop better = w;
    Graph body = optimize(*w.body, options_);
    if (options_.dead_code) {
      drop_inputs({&body, 1}, body.states.size(), 0);
      if (w.saves && !is_used(node_.out.back())) {
        better.saves = false;
        better.saved.clear();
        node_.out.pop_back();
      }
    }
    better.body = std::make_shared<const Graph>(std::move(body));
    node_.primitive = Primitive(better);
  }

  /// Drops inputs that none of the graphs uses; the node's operand of input 0 is `first`.
  void drop_inputs(std::span<Graph> graphs, std::size_t first, std::size_t from) {
    std::vector<std::vector<int>> uses;
    for (const Graph& g : graphs) uses.push_back(g.use_counts());
    for (std::size_t i = graphs[0].inputs.size(); i-- > from;) {
      bool used = false;
      for (std::size_t g = 0; g < graphs.size(); ++g)
        used = used || uses[g][static_cast<std::size_t>(graphs[g].inputs[i])] > 0;
      if (used) continue;
      for (Graph& g : graphs) g.inputs.erase(g.inputs.begin() + static_cast<std::ptrdiff_t>(i));
      const auto operand = node_.in.begin() + static_cast<std::ptrdiff_t>(first + i);
      --uses_[static_cast<std::size_t>(*operand)];
      node_.in.erase(operand);
    }
  }

  Node& node_;
  std::vector<int>& uses_;
  PassOptions options_;
};

}  // namespace detail

Graph passes::control_flow(Graph graph, const PassOptions& options) {
  std::vector<int> uses = graph.use_counts();
  for (std::size_t n = graph.nodes.size(); n-- > 0;)
    if (detail::has_subgraphs(graph.nodes[n].primitive.ref()))
      detail::SubgraphOptimizer(graph.nodes[n], uses, options).run();
  return graph;
}

}  // namespace linnet::inline LINNET_ABI
