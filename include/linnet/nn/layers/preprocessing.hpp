#pragma once

#define LINNET_USES_NN_LAYERS_PREPROCESSING
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_NN_LAYERS_PREPROCESSING
#endif

#include <string>
#include <vector>

#include "linnet/config.hpp"
#include "linnet/data/dataset.hpp"
#include "linnet/nn/layer.hpp"

namespace linnet::inline LINNET_ABI::layers {

struct NormalizationOptions {
  std::vector<int> axis{-1};  ///< with statistics of their own for each place; {}: one for all
  Tensor mean{}, variance{};  ///< in place of adapt(); they broadcast to the input. Both or none
  bool invert = false;        ///< x sqrt(variance) + mean instead
  std::string name{};
};
/// (x - mean) / max(sqrt(variance), 1e-7) with the mean and the biased variance of data shown to
/// adapt(); before it the input itself, for the weights begin with mean 0 and variance 1. Weights
/// mean and variance of the axes' shape, and count, none trainable. IndexError for a wrong axis.
///
///     layers::Normalization normalize;
///     normalize.adapt(train.x);
///     Sequential model{normalize, layers::Dense(10)};
class LINNET_EXPORT Normalization : public Layer {
 public:
  LINNET_DECL explicit Normalization(NormalizationOptions options = {});
  /// Statistics of all rows of x, anew.
  LINNET_DECL void adapt(const Tensor& x);
  /// Of the first tensors of all batches, which differ in their first extent at most.
  LINNET_DECL void adapt(const data::Dataset& batches);
  LINNET_DECL void build(const Shape& input_shape) override;
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "Normalization"; }

 private:
  NormalizationOptions options_;
};

}  // namespace linnet::inline LINNET_ABI::layers

#ifdef LINNET_FIRST_NN_LAYERS_PREPROCESSING
#include "linnet/impl/src.hpp"
#endif
