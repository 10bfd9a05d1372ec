#pragma once

#define LINNET_USES_NN_REGULARIZERS
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_NN_REGULARIZERS
#endif

#include <memory>
#include <string>

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"
#include "linnet/nn/handle.hpp"

namespace linnet::inline LINNET_ABI {

/// A penalty on a weight that is added to the loss.
class LINNET_EXPORT Regularizer {
 public:
  virtual ~Regularizer() = default;
  virtual Tensor operator()(const Tensor& w) const = 0;
  LINNET_DECL static std::shared_ptr<Regularizer> from_name(const std::string& name);
};

/// l1 sum |w| + l2 sum w^2 (no 1/2).
struct LINNET_EXPORT L1L2 : Regularizer {
  explicit L1L2(double l1_ = 0, double l2_ = 0) : l1(l1_), l2(l2_) {}
  LINNET_DECL Tensor operator()(const Tensor& w) const override;
  double l1, l2;
};
struct L1 : L1L2 {
  explicit L1(double l1_ = 0.01) : L1L2(l1_, 0) {}
};
struct L2 : L1L2 {
  explicit L2(double l2_ = 0.01) : L1L2(0, l2_) {}
};

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_NN_REGULARIZERS
#include "linnet/impl/src.hpp"
#endif
