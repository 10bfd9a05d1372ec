#pragma once

#define LINNET_USES_GRAPH_PASSES_PASS
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_GRAPH_PASSES_PASS
#endif

#include "linnet/config.hpp"
#include "linnet/graph/graph.hpp"

namespace linnet::inline LINNET_ABI {

/// Switches of the graph passes, one per file of graph/passes. Results are the same with any of
/// them off, bit for bit in float32 and float64 except where a pass says otherwise.
struct PassOptions {
  bool simplify = true;               ///< casts and views that cancel, no-ops
  bool constants = true;              ///< what depends on constants alone is computed once
  bool common_subexpressions = true;  ///< equal nodes are computed once
  bool epilogue = true;               ///< bias and activation join matmul and conv2d
  bool updates = true;                ///< the optimizer's updates of all variables become one
  bool fusion = true;                 ///< chains of elementwise ops become one pass over memory
  bool dead_code = true;              ///< nodes without a use go
  bool padding = true;                ///< zeros around images become a convolution's padding
  bool pooling = true;                ///< max poolings keep the places of their maxima
  bool prologue = true;  ///< what depends on unwritten variables alone runs when these change
  /// Scales and offsets of channels (batch normalization outside training) join the weights; only
  /// with `prologue`. Rounds in another order.
  bool affine = true;

  /// All off: nodes run as recorded.
  static PassOptions none() {
    return {false, false, false, false, false, false, false, false, false, false, false};
  }
};

/// Runs the passes that are switched on, in their order.
LINNET_DECL Graph optimize(Graph graph, const PassOptions& options = {});

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_GRAPH_PASSES_PASS
#include "linnet/impl/src.hpp"
#endif
