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
  table.quantize = quantize;
  table.dequantize = dequantize;
  table.quantized_rows = quantized_rows;
  table.quantized_pack = quantized_pack;
  table.quantized_product = quantized_product;
  table.quantized_finish = quantized_finish;
  table.attention = attention;
  table.attention_backward = attention_backward;
  table.lstm_pack = lstm_pack;
  table.lstm_forward = lstm_forward;
  table.lstm_backward = lstm_backward;
  table.conv2d_pack = conv2d_pack;
  table.conv2d = conv2d;
  table.conv2d_backward_kernel = conv2d_backward_kernel;
  table.winograd_weights = winograd_weights;
  table.winograd = winograd;
  table.winograd_gradient = winograd_gradient;
  table.winograd_kernel_gradient = winograd_kernel_gradient;
  table.conv2d_taps = conv2d_taps;
  table.conv2d_taps_columns = conv2d_taps_columns;
  table.conv2d_taps_backward_input = conv2d_taps_backward_input;
  table.conv2d_taps_backward_kernel = conv2d_taps_backward_kernel;
}
#endif

#ifdef LINNET_FILL_ROWS
void fill_rows(isa::KernelTable& table) {
  table.transpose = transpose;
  table.reduce_sum = reduce_sum;
  table.reduce_prod = reduce_prod;
  table.reduce_max = reduce_max;
  table.reduce_min = reduce_min;
  table.arg_reduce = arg_reduce;
  table.softmax = softmax;
  table.cross_entropy = cross_entropy;
  table.layer_norm = layer_norm;
  table.layer_norm_backward = layer_norm_backward;
  table.sum_parts = sum_parts;
  table.batch_sums = batch_sums;
  table.batch_norm_gradient = batch_norm_gradient;
  table.sgd_update = sgd_update;
  table.adam_update = adam_update;
  table.rmsprop_update = rmsprop_update;
  table.random_words = random_words;
  table.random_normals = random_normals;
  table.pool2d = pool2d;
  table.pool2d_backward = pool2d_backward;
}
#endif

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
