#pragma once

#define LINNET_USES_NN_LAYERS_CORE
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_NN_LAYERS_CORE
#endif

#include "linnet/config.hpp"
#include "linnet/nn/layer.hpp"
#include "linnet/nn/layers/activation.hpp"
#include "linnet/nn/layers/options.hpp"
#include "linnet/nn/layers/pooling.hpp"
#include "linnet/nn/layers/regularization.hpp"
#include "linnet/nn/layers/reshaping.hpp"

/// Layers without weights.
namespace linnet::inline LINNET_ABI::layers {

/// x * scale + offset, in float32 for integer inputs.
struct LINNET_EXPORT Rescaling : Layer {
  LINNET_DECL explicit Rescaling(double scale, double offset = 0, const LayerOptions& options = {});
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "Rescaling"; }
  double scale, offset;
};

}  // namespace linnet::inline LINNET_ABI::layers

#ifdef LINNET_FIRST_NN_LAYERS_CORE
#include "linnet/impl/src.hpp"
#endif
