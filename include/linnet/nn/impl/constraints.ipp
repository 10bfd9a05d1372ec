#pragma once

#include "linnet/nn/constraints.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/reduce.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

inline constexpr double constraint_epsilon = 1e-7;

inline Tensor norms_over(const Tensor& w, const std::vector<int>& axis) {
  return norm(w, {.axis = Axes(axis), .keepdims = true});
}

}  // namespace detail

Tensor MaxNorm::operator()(const Tensor& w) const {
  const Tensor n = detail::norms_over(w, axis);
  return w * (clip(n, 0, max_value) / (n + detail::constraint_epsilon));
}

Tensor NonNeg::operator()(const Tensor& w) const { return relu(w); }

Tensor UnitNorm::operator()(const Tensor& w) const {
  return w / (detail::norms_over(w, axis) + detail::constraint_epsilon);
}

Tensor MinMaxNorm::operator()(const Tensor& w) const {
  const Tensor n = detail::norms_over(w, axis);
  const Tensor wanted = clip(n, min_value, max_value) * rate + n * (1 - rate);
  return w * (wanted / (n + detail::constraint_epsilon));
}

std::shared_ptr<Constraint> Constraint::from_name(const std::string& name) {
  if (name == "max_norm" || name == "MaxNorm") return std::make_shared<MaxNorm>();
  if (name == "non_neg" || name == "NonNeg") return std::make_shared<NonNeg>();
  if (name == "unit_norm" || name == "UnitNorm") return std::make_shared<UnitNorm>();
  if (name == "min_max_norm" || name == "MinMaxNorm") return std::make_shared<MinMaxNorm>();
  fail<ValueError>("constraint", "Could not interpret constraint identifier: ", name);
}

}  // namespace linnet::inline LINNET_ABI
