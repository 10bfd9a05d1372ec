#pragma once

#include "linnet/nn/regularizers.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/reduce.hpp"

namespace linnet::inline LINNET_ABI {

Tensor L1L2::operator()(const Tensor& w) const {
  if (l1 == 0) return l2 * sum(square(w));
  if (l2 == 0) return l1 * sum(abs(w));
  return l1 * sum(abs(w)) + l2 * sum(square(w));
}

std::shared_ptr<Regularizer> Regularizer::from_name(const std::string& name) {
  if (name == "l1" || name == "L1") return detail::make_owned<Regularizer, L1>();
  if (name == "l2" || name == "L2") return detail::make_owned<Regularizer, L2>();
  if (name == "L1L2") return detail::make_owned<Regularizer, L1L2>();
  fail<ValueError>("regularizer", "Could not interpret regularizer identifier: ", name);
}

}  // namespace linnet::inline LINNET_ABI
