#pragma once

#include "linnet/graph/passes/pass.hpp"
#include "linnet/graph/passes/passes.hpp"

namespace linnet::inline LINNET_ABI {

Graph optimize(Graph graph, const PassOptions& options) {
  if (options.dead_code) graph = passes::dead_code(std::move(graph));
  graph = passes::control_flow(std::move(graph), options);
  if (options.dead_code) graph = passes::dead_code(std::move(graph));
  if (options.simplify) graph = passes::simplify(std::move(graph));
  if (options.constants) graph = passes::constants(std::move(graph));
  if (options.common_subexpressions) graph = passes::common_subexpressions(std::move(graph));
  if (options.padding) graph = passes::padding(std::move(graph));
  if (options.affine && options.prologue) graph = passes::affine(std::move(graph));
  if (options.epilogue) graph = passes::epilogue(std::move(graph));
  if (options.pooling) graph = passes::pooling(std::move(graph));
  if (options.updates) graph = passes::updates(std::move(graph));
  if (options.fusion) graph = passes::fusion(std::move(graph));
  if (options.dead_code) graph = passes::dead_code(std::move(graph));
  if (options.prologue) graph = passes::prologue(std::move(graph));
  return graph;
}

}  // namespace linnet::inline LINNET_ABI
