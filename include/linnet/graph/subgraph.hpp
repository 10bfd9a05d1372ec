#pragma once

#define LINNET_USES_GRAPH_SUBGRAPH
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_GRAPH_SUBGRAPH
#endif

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "linnet/backend/kernel.hpp"
#include "linnet/config.hpp"
#include "linnet/graph/graph.hpp"

/// Implementation detail: primitives that own graphs.
///
/// The graph of a branch or of a loop's body has inputs (what it uses of the graph around it) and
/// *cells*: values that it replaces. A cell is a StateBinding without a Variable; its memory is the
/// node's output, into which the node's input is copied first (or which is the input's memory). So
/// variables and loop variables are computed in place as those of a whole function are.
namespace linnet::inline LINNET_ABI::detail {

using GraphPtr = std::shared_ptr<const Graph>;

/// One of two graphs, as a scalar bool says.
///   in:  the condition, cells, inputs          (both graphs have the same cells and inputs)
///   out: cells, outputs
struct Cond {
  static constexpr std::string_view name = "cond";
  GraphPtr if_true, if_false;
  bool operator==(const Cond&) const = default;
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

/// Runs its body while cell 0, a scalar bool, is true.
///   in:  cells, inputs
///   out: cells; a token, if it saves
struct WhileLoop {
  static constexpr std::string_view name = "while_loop";
  static constexpr bool fallible = true;  // an interrupt may end it
  GraphPtr body;
  std::int64_t maximum_iterations = -1;  ///< -1: no limit
  bool saves = false;                    ///< the token leads to `saved` of every iteration
  std::vector<std::int32_t> saved{};     ///< cells, as they were before each iteration
  bool operator==(const WhileLoop&) const = default;
  void visit(auto&& field) const {
    if (maximum_iterations >= 0) field("maximum_iterations", maximum_iterations);
    if (saves) field("saved", saved);
  }
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

/// Runs its body for each iteration that a WhileLoop made, from the last to the first.
///   in:  the token, cells, inputs              (the body's first inputs are what was saved)
///   out: cells
struct WhileLoopGradient {
  static constexpr std::string_view name = "while_loop_gradient";
  static constexpr bool fallible = true;  // an interrupt may end it
  GraphPtr body;
  std::vector<std::int32_t> saved{};  ///< cells of the WhileLoop
  bool operator==(const WhileLoopGradient&) const = default;
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

/// The graphs that a primitive owns.
LINNET_DECL std::vector<const Graph*> subgraphs(PrimitiveRef p);
inline bool has_subgraphs(PrimitiveRef p) {
  return p.get_if<Cond>() || p.get_if<WhileLoop>() || p.get_if<WhileLoopGradient>();
}
/// True if it has to run although nobody uses its results.
LINNET_DECL bool is_stateful(PrimitiveRef p);
/// True if running it may report an error that depends on the data.
LINNET_DECL bool may_fail(PrimitiveRef p);

}  // namespace linnet::inline LINNET_ABI::detail

#ifdef LINNET_FIRST_GRAPH_SUBGRAPH
#include "linnet/impl/src.hpp"
#endif
