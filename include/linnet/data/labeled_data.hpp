#pragma once

#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_DATA_LABELED_DATA
#endif

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"
#include "linnet/data/dataset.hpp"

namespace linnet::inline LINNET_ABI::data {

/// Samples and their targets, one per row; `sample_weight` may be undefined.
struct LabeledData {
  Tensor x, y, sample_weight{};

  /// Elements {x, y} or {x, y, sample_weight}, one per row. ValueError if first extents differ.
  Dataset as_dataset() const {
    if (!sample_weight.defined()) return Dataset::from_tensor_slices({x, y});
    return Dataset::from_tensor_slices({x, y, sample_weight});
  }
};

}  // namespace linnet::inline LINNET_ABI::data

#ifdef LINNET_FIRST_DATA_LABELED_DATA
#include "linnet/impl/src.hpp"
#endif
