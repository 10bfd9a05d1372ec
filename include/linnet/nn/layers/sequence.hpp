#pragma once

#define LINNET_USES_NN_LAYERS_SEQUENCE
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_NN_LAYERS_SEQUENCE
#endif

#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "linnet/config.hpp"
#include "linnet/nn/layer.hpp"

namespace linnet::inline LINNET_ABI::layers {

struct MaskingOptions {
  std::string name{};
};
/// Steps of [n, t, c] whose values are all mask_value do not count, and become 0.
class LINNET_EXPORT Masking : public Layer {
 public:
  LINNET_DECL explicit Masking(double mask_value = 0, const MaskingOptions& options = {});
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  LINNET_DECL Tensor compute_mask(const Tensor& x, const Tensor& mask) const override;
  std::string type_name() const override { return "Masking"; }

 private:
  double mask_value_;
};

struct TimeDistributedOptions {
  std::string name{};
};
/// A layer on each step of [n, t, ...] as if it were a sample.
class LINNET_EXPORT TimeDistributed : public Layer {
 public:
  template <class L>
  requires std::is_base_of_v<Layer, L>
  explicit TimeDistributed(L layer, const TimeDistributedOptions& options = {})
      : TimeDistributed(std::make_shared<L>(std::move(layer)), options) {}
  LINNET_DECL explicit TimeDistributed(std::shared_ptr<Layer> layer,
                                       const TimeDistributedOptions& options = {});
  LINNET_DECL void build(const Shape& input_shape) override;
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "TimeDistributed"; }

 private:
  std::shared_ptr<Layer> layer_;
};

}  // namespace linnet::inline LINNET_ABI::layers

#ifdef LINNET_FIRST_NN_LAYERS_SEQUENCE
#include "linnet/impl/src.hpp"
#endif
