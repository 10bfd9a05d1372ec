#pragma once

#include <cstdio>

#include "linnet/core/message.hpp"
#include "linnet/graph/graph.hpp"
#include "linnet/graph/subgraph.hpp"

namespace linnet::inline LINNET_ABI {

std::vector<int> Graph::use_counts() const {
  std::vector<int> uses(values.size(), 0);
  const auto use = [&](ValueId v) {
    if (v >= 0) ++uses[static_cast<std::size_t>(v)];
  };
  for (const Node& n : nodes)
    for (ValueId v : n.in) use(v);
  for (ValueId v : outputs) use(v);
  for (const StateBinding& s : states) use(s.final);
  return uses;
}

void Graph::replace_uses(const std::vector<ValueId>& to) {
  const auto replace = [&](ValueId& v) {
    while (v >= 0 && to[static_cast<std::size_t>(v)] != v) v = to[static_cast<std::size_t>(v)];
  };
  for (Node& n : nodes)
    for (ValueId& v : n.in) replace(v);
  for (ValueId& v : outputs) replace(v);
  for (StateBinding& s : states) replace(s.final);
}

void Graph::keep_nodes(const std::vector<bool>& keep) {
  std::size_t kept = 0;
  const auto first = static_cast<std::size_t>(prologue);
  for (std::size_t n = 0; n < nodes.size(); ++n) {
    if (!keep[n]) {
      prologue -= n < first;
      continue;
    }
    if (kept != n) nodes[kept] = std::move(nodes[n]);
    for (ValueId v : nodes[kept].out) value(v).producer = static_cast<NodeId>(kept);
    ++kept;
  }
  nodes.erase(nodes.begin() + static_cast<std::ptrdiff_t>(kept), nodes.end());
}

namespace detail {

inline void append_value_name(std::string& out, ValueId v) { append(out, "%"), append(out, v); }

inline void append_spec(std::string& out, const TensorSpec& spec) {
  append(out, spec.dtype);
  append(out, spec.shape);
}

inline void append_list(std::string& out, const std::vector<ValueId>& list) {
  const char* separator = "";
  for (ValueId v : list) append(out, separator), append_value_name(out, v), separator = ", ";
}

/// The graphs that a node owns, indented below it.
inline void append_subgraphs(std::string& out, PrimitiveRef p) {
  const bool branches = p.get_if<Cond>() != nullptr;
  bool first = true;
  for (const Graph* g : subgraphs(p)) {
    append(out, branches ? (first ? "    true " : "    false ") : "    body ");
    const std::string text = to_string(*g).substr(6);  // without "graph "
    for (std::size_t i = 0; i < text.size(); ++i) {
      out += text[i];
      if (text[i] == '\n' && i + 1 < text.size()) append(out, "    ");
    }
    first = false;
  }
}

/// A Variable, or what a branch or a body gets and replaces.
inline void append_state_name(std::string& out, const StateBinding& s, std::size_t index) {
  if (!s.variable.defined()) return append(out, "carried "), append(out, index);
  append(out, "variable '"), append(out, s.variable.name()), append(out, "'");
}

inline void append_node(std::string& out, const Graph& g, const Node& n) {
  append(out, "  ");
  append_list(out, n.out);
  append(out, " = ");
  append(out, n.primitive.name());
  append(out, "(");
  append_list(out, n.in);
  std::string fields;
  n.primitive.type().print(n.primitive.ref().attributes(), fields);
  if (!fields.empty()) append(out, n.in.empty() ? "" : "; "), append(out, fields);
  append(out, ")");
  for (const Scalar& s : n.immediates) append(out, " #"), append(out, s.as<double>());
  append(out, "  ");
  const char* separator = "";
  for (ValueId v : n.out)
    append(out, separator), append_spec(out, g.value(v).spec), separator = ", ";
  append(out, "\n");
  append_subgraphs(out, n.primitive.ref());
}

inline void append_sources(std::string& out, const Graph& g) {
  for (ValueId v : g.inputs) {
    append(out, "  "), append_value_name(out, v), append(out, " = input  ");
    append_spec(out, g.value(v).spec), append(out, "\n");
  }
  for (std::size_t i = 0; i < g.states.size(); ++i) {
    const StateBinding& s = g.states[i];
    if (s.initial < 0) continue;
    append(out, "  "), append_value_name(out, s.initial), append(out, " = ");
    append_state_name(out, s, i), append(out, "  ");
    append_spec(out, g.value(s.initial).spec), append(out, "\n");
  }
  for (std::size_t v = 0; v < g.values.size(); ++v) {
    if (g.values[v].kind != Value::Kind::constant) continue;
    append(out, "  "), append_value_name(out, static_cast<ValueId>(v));
    append(out, " = constant  "), append_spec(out, g.values[v].spec), append(out, "\n");
  }
}

}  // namespace detail

std::string to_string(const Graph& graph) {
  std::string out = "graph {\n";
  detail::append_sources(out, graph);
  for (const Node& n : graph.nodes) detail::append_node(out, graph, n);
  for (std::size_t i = 0; i < graph.states.size(); ++i) {
    const StateBinding& s = graph.states[i];
    if (s.final < 0) continue;
    detail::append(out, "  "), detail::append_state_name(out, s, i);
    detail::append(out, " <- "), detail::append_value_name(out, s.final);
    detail::append(out, "\n");
  }
  detail::append(out, "  return ");
  detail::append_list(out, graph.outputs);
  detail::append(out, "\n}\n");
  return out;
}

std::string to_dot(const Graph& graph) {
  std::string out = "digraph linnet {\n  node [shape=box, fontname=\"monospace\"];\n";
  const auto name = [&](ValueId v) {
    const NodeId p = graph.value(v).producer;
    return p >= 0 ? detail::concat_message("n", p) : detail::concat_message("v", v);
  };
  for (std::size_t v = 0; v < graph.values.size(); ++v) {
    if (graph.values[v].producer >= 0) continue;
    const char* kinds[] = {"input", "variable", "constant", "unused"};
    detail::append(out, detail::concat_message("  v", v, " [shape=ellipse, label=\"",
                                               kinds[static_cast<int>(graph.values[v].kind)], " ",
                                               graph.values[v].spec.shape, "\"];\n"));
  }
  for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
    const Node& node = graph.nodes[n];
    detail::append(out,
                   detail::concat_message("  n", n, " [label=\"", node.primitive.name(), "\"];\n"));
    for (ValueId v : node.in)
      detail::append(out, detail::concat_message("  ", name(v), " -> n", n, " [label=\"",
                                                 graph.value(v).spec.shape, "\"];\n"));
  }
  return out + "}\n";
}

void print(const Graph& graph) { std::fputs(to_string(graph).c_str(), stdout); }

}  // namespace linnet::inline LINNET_ABI
