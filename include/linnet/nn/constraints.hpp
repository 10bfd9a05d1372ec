#pragma once

#define LINNET_USES_NN_CONSTRAINTS
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_NN_CONSTRAINTS
#endif

#include <memory>
#include <string>
#include <vector>

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"
#include "linnet/nn/handle.hpp"

namespace linnet::inline LINNET_ABI {

/// What a weight is put through after each step of an optimizer.
class LINNET_EXPORT Constraint {
 public:
  virtual ~Constraint() = default;
  virtual Tensor operator()(const Tensor& w) const = 0;
  /// "max_norm", "min_max_norm", "non_neg" or "unit_norm", or the class's name; ValueError for an
  /// unknown name.
  LINNET_DECL static std::shared_ptr<Constraint> from_name(const std::string& name);
};

/// Norms over `axis` are at most max_value: w clip(n, 0, max) / (1e-7 + n).
struct LINNET_EXPORT MaxNorm : Constraint {
  explicit MaxNorm(double max_value_ = 2, std::vector<int> axis_ = {0})
      : max_value(max_value_), axis(std::move(axis_)) {}
  LINNET_DECL Tensor operator()(const Tensor& w) const override;
  double max_value;
  std::vector<int> axis;
};

/// Values below 0 become 0.
struct LINNET_EXPORT NonNeg : Constraint {
  LINNET_DECL Tensor operator()(const Tensor& w) const override;
};

/// Norms over `axis` are 1: w / (1e-7 + n).
struct LINNET_EXPORT UnitNorm : Constraint {
  explicit UnitNorm(std::vector<int> axis_ = {0}) : axis(std::move(axis_)) {}
  LINNET_DECL Tensor operator()(const Tensor& w) const override;
  std::vector<int> axis;
};

/// Norms over `axis` move to [min_value, max_value], by `rate` of the way:
/// w (rate clip(n, min, max) + (1 - rate) n) / (1e-7 + n).
struct LINNET_EXPORT MinMaxNorm : Constraint {
  explicit MinMaxNorm(double min_value_ = 0, double max_value_ = 1, double rate_ = 1,
                      std::vector<int> axis_ = {0})
      : min_value(min_value_), max_value(max_value_), rate(rate_), axis(std::move(axis_)) {}
  LINNET_DECL Tensor operator()(const Tensor& w) const override;
  double min_value, max_value, rate;
  std::vector<int> axis;
};

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_NN_CONSTRAINTS
#include "linnet/impl/src.hpp"
#endif
