#pragma once

#include "linnet/backend/cpu/isa.hpp"
#include "linnet/backend/cpu/kernels/all.hpp"

/// The kernel table of one instruction set, in three parts that compile apart.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

#ifdef LINNET_FILL_ELEMENTWISE
void fill_elementwise(isa::KernelTable& table) {
  table.elementwise = elementwise;
  static constexpr const isa::Tile* tiles[] = {
#define LINNET_UNARY(name, domain, formula) TilesOf<Op_##name, Domain_##domain>::tiles,
#define LINNET_PREDICATE1 LINNET_UNARY
#define LINNET_BINARY LINNET_UNARY
#define LINNET_PREDICATE2 LINNET_UNARY
#define LINNET_TERNARY LINNET_UNARY
#include "linnet/backend/cpu/elementwise_ops.def"
  };
  table.tiles = tiles;
}
#endif

#ifdef LINNET_FILL_MATRIX
void fill_matrix(isa::KernelTable& table) {
  table.gemm = gemm;
  table.lstm_pack = lstm_pack;
  table.lstm_forward = lstm_forward;
  table.lstm_backward = lstm_backward;
  table.conv2d_pack = conv2d_pack;
  table.conv2d = conv2d;
  table.conv2d_backward_kernel = conv2d_backward_kernel;
}
#endif

#ifdef LINNET_FILL_ROWS
void fill_rows(isa::KernelTable& table) {
  table.transpose = transpose;
  table.reduce = reduce;
  table.arg_reduce = arg_reduce;
  table.softmax = softmax;
  table.cross_entropy = cross_entropy;
  table.random_words = random_words;
  table.random_normals = random_normals;
  table.optimizer_update = optimizer_update;
  table.pool2d = pool2d;
  table.pool2d_backward = pool2d_backward;
}
#endif

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
