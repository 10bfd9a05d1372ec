#pragma once

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"

namespace linnet::inline LINNET_ABI::data {

/// Samples and their targets, one per row; `sample_weight` may be undefined.
struct LabeledData {
  Tensor x, y, sample_weight{};
};

}  // namespace linnet::inline LINNET_ABI::data
