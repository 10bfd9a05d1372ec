#pragma once

#define LINNET_USES_GRAPH_PASSES_PASSES
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_GRAPH_PASSES_PASSES
#endif

#include "linnet/config.hpp"
#include "linnet/graph/graph.hpp"
#include "linnet/graph/passes/pass.hpp"

/// The passes of graph/passes, each a function Graph -> Graph.
namespace linnet::inline LINNET_ABI::passes {

/// Optimizes the graphs of branches and loop bodies. With `dead_code`, values of theirs that nobody
/// uses go: results, what is saved for a gradient, and what is captured.
LINNET_DECL Graph control_flow(Graph graph, const PassOptions& options);
/// Drops nodes whose values nobody uses.
LINNET_DECL Graph dead_code(Graph graph);
/// Computes once, now, what depends on constants alone (up to 1 MiB a value).
LINNET_DECL Graph constants(Graph graph);
/// Merges nodes with equal primitives, inputs and immediates, within one region.
LINNET_DECL Graph common_subexpressions(Graph graph);
/// Removes views and casts that change nothing or undo one another; sums of the gradients of slices
/// that lie side by side become a concat.
LINNET_DECL Graph simplify(Graph graph);
/// Lets convolutions pad with zeros themselves. May change which kernel runs, and so the last bits.
LINNET_DECL Graph padding(Graph graph);
/// Folds vectors that scale and shift the channels of conv2d and matmul into their weights, where
/// both depend on constants and unwritten variables alone.
LINNET_DECL Graph affine(Graph graph);
/// Lets matmul and conv2d add their bias and apply relu, tanh or sigmoid themselves.
LINNET_DECL Graph epilogue(Graph graph);
/// Max poolings keep the places of their maxima for the way back; a relu's gradient and sums over
/// all positions come before that: sums then add in another order.
LINNET_DECL Graph pooling(Graph graph);
/// Makes one node of the optimizer updates of all variables; the scatter of an embedding's gradient
/// and its product with a scalar join it.
LINNET_DECL Graph updates(Graph graph);
/// Joins elementwise nodes along edges with a single consumer into one program.
LINNET_DECL Graph fusion(Graph graph);

/// Puts the nodes first that depend on constants and on variables that the graph does not write:
/// they run again only when such a variable was assigned.
LINNET_DECL Graph prologue(Graph graph);

}  // namespace linnet::inline LINNET_ABI::passes

#ifdef LINNET_FIRST_GRAPH_PASSES_PASSES
#include "linnet/impl/src.hpp"
#endif
