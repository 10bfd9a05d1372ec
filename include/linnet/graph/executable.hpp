#pragma once

#define LINNET_USES_GRAPH_EXECUTABLE
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_GRAPH_EXECUTABLE
#endif

#include <memory>
#include <span>

#include "linnet/config.hpp"
#include "linnet/core/small_vector.hpp"
#include "linnet/graph/graph.hpp"
#include "linnet/graph/plan.hpp"

namespace linnet::inline LINNET_ABI {

/// A planned graph that can be run again and again, from many threads at once: each call borrows
/// the variables it reads (shared) and writes (exclusive), an arena and a frame of bound pointers.
/// In a steady state a call allocates nothing but its outputs, which come from free lists.
class LINNET_EXPORT Executable {
 public:
  /// Plans `graph` for kernels that use up to `threads` threads.
  LINNET_DECL Executable(Graph graph, int threads);
  LINNET_DECL ~Executable();
  Executable(const Executable&) = delete;
  Executable& operator=(const Executable&) = delete;

  /// Inputs have the specs of the graph's inputs. On a throw no variable has changed.
  LINNET_DECL void run(std::span<const Tensor> inputs, detail::SmallVector<Tensor, 4>& outputs);

  LINNET_DECL const Graph& graph() const;
  LINNET_DECL const Plan& plan() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_GRAPH_EXECUTABLE
#include "linnet/impl/src.hpp"
#endif
