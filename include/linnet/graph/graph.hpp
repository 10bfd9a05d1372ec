#pragma once

#define LINNET_USES_GRAPH_GRAPH
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_GRAPH_GRAPH
#endif

#include <cstdint>
#include <string>
#include <vector>

#include "linnet/autograd/variable.hpp"
#include "linnet/backend/primitive.hpp"
#include "linnet/config.hpp"
#include "linnet/core/scalar.hpp"
#include "linnet/core/tensor.hpp"

namespace linnet::inline LINNET_ABI {

using NodeId = std::int32_t;

/// A value of a graph: logically dense, of known shape, dtype and device.
struct Value {
  enum class Kind : std::uint8_t {
    input,     ///< an argument of the call
    state,     ///< a Variable's value at the start of the call
    constant,  ///< `constant`, a concrete tensor met while tracing
    node,      ///< an output of `producer`
  };
  Kind kind = Kind::node;
  TensorSpec spec{};
  NodeId producer = -1;
  Tensor constant{};
};

/// One applied primitive.
struct Node {
  Primitive primitive;
  std::vector<ValueId> in{}, out{};
  std::vector<Scalar> immediates;
  /// Rematerialized regions: common subexpressions are never merged across them.
  std::int32_t region = 0;
};

/// A Variable that the graph reads, writes or both.
struct StateBinding {
  Variable variable;
  ValueId initial = -1;  ///< its value at the start; -1 if never read
  ValueId final = -1;    ///< its value at the end; -1 if never written
};

/// A captured computation: nodes in an order in which they can run, and values. Two vectors
/// addressed by index; a pass takes a Graph and returns a Graph.
struct Graph {
  std::vector<Node> nodes;
  std::vector<Value> values;
  std::vector<ValueId> inputs;
  std::vector<StateBinding> states;
  std::vector<ValueId> outputs;  ///< -1: an undefined tensor
  /// The prologue pass has run: the first `prologue` nodes give the same at every call until one of
  /// the variables they read is assigned. They run again only then.
  bool has_prologue = false;
  NodeId prologue = 0;

  const Value& value(ValueId v) const { return values[static_cast<std::size_t>(v)]; }
  Value& value(ValueId v) { return values[static_cast<std::size_t>(v)]; }
  const Node& node(NodeId n) const { return nodes[static_cast<std::size_t>(n)]; }

  /// How often each value is used: by nodes, as an output and as a variable's final value.
  LINNET_DECL std::vector<int> use_counts() const;
  /// The values that `to` says (identity where to[v] == v) instead, everywhere they are used.
  LINNET_DECL void replace_uses(const std::vector<ValueId>& to);
  /// Drops the nodes for which keep is false and sets every value's producer anew.
  LINNET_DECL void keep_nodes(const std::vector<bool>& keep);
};

/// One line a node: `%5 = matmul(%1, %2)  float32(32, 10)`.
LINNET_DECL std::string to_string(const Graph& graph);
/// The graph in Graphviz's language.
LINNET_DECL std::string to_dot(const Graph& graph);
/// Prints to_string(graph) to standard output.
LINNET_DECL void print(const Graph& graph);

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_GRAPH_GRAPH
#include "linnet/impl/src.hpp"
#endif
