#pragma once

#define LINNET_USES_OPS_LOSS
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_LOSS
#endif

#include <cstdint>
#include <optional>

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"

/// Losses per sample: a mean over the last axis, so [n, ..., k] -> [n, ...]. Names, argument order
/// and numerics as Keras. ShapeError if shapes do not fit; y_true is converted to y_pred's dtype.
namespace linnet::inline LINNET_ABI {

/// mean((y_true - y_pred)^2)
LINNET_DECL Tensor mean_squared_error(const Tensor& y_true, const Tensor& y_pred);
/// mean(|y_true - y_pred|)
LINNET_DECL Tensor mean_absolute_error(const Tensor& y_true, const Tensor& y_pred);
/// mean of d^2 / 2 where |d| <= delta, else delta |d| - delta^2 / 2
LINNET_DECL Tensor huber(const Tensor& y_true, const Tensor& y_pred, double delta = 1.0);

struct CrossentropyOptions {
  bool from_logits = false;
  double label_smoothing = 0;
};
/// -mean(y log p + (1 - y) log(1 - p)), p clipped to [1e-7, 1 - 1e-7] or given as logits.
LINNET_DECL Tensor binary_crossentropy(const Tensor& y_true, const Tensor& y_pred,
                                       const CrossentropyOptions& options = {});
/// -sum(y log p) over the last axis; probabilities are first divided by their sum, then clipped.
LINNET_DECL Tensor categorical_crossentropy(const Tensor& y_true, const Tensor& y_pred,
                                            const CrossentropyOptions& options = {});

struct SparseCrossentropyOptions {
  bool from_logits = false;
  std::optional<std::int64_t> ignore_class{};  ///< its rows give 0
};
/// -log p[label] for integer labels [n, ...] and y_pred [n, ..., k]; probabilities are clipped,
/// then normalized. IndexError for a label outside [0, k).
LINNET_DECL Tensor sparse_categorical_crossentropy(const Tensor& y_true, const Tensor& y_pred,
                                                   const SparseCrossentropyOptions& options = {});

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_OPS_LOSS
#include "linnet/impl/src.hpp"
#endif
