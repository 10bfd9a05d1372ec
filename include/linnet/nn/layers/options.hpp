#pragma once

#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_NN_LAYERS_OPTIONS
#endif

#include <optional>
#include <string>

#include "linnet/config.hpp"
#include "linnet/core/shape.hpp"

namespace linnet::inline LINNET_ABI::layers {

/// What layers without weights take.
struct LayerOptions {
  std::string name{};
  std::optional<Shape> input_shape{};  ///< of one sample: a Sequential starting with it is built
};

}  // namespace linnet::inline LINNET_ABI::layers

#ifdef LINNET_FIRST_NN_LAYERS_OPTIONS
#include "linnet/impl/src.hpp"
#endif
