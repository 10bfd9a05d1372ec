#pragma once

#include <functional>
#include <utility>

#include "linnet/autograd/tape.hpp"
#include "linnet/autograd/with_vjp.hpp"
#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI {

/// f(x) -> {y, vjp}: y with a gradient of the caller's choosing. What f does inside is not recorded.
///
///     auto log1pexp = custom_gradient([](const Tensor& x) {
///       Tensor e = exp(x);
///       return std::pair{log(1 + e), VjpFunction([e](const Tensor& dy) { return dy * (1 - 1 / (1 + e)); })};
///     });
template <class F>
auto custom_gradient(F f) {
  return [f = std::move(f)](const Tensor& x) {
    std::pair<Tensor, VjpFunction> result = f(stop_gradient(x));
    return with_vjp(stop_gradient(result.first), vjp(x, std::move(result.second)));
  };
}

}  // namespace linnet::inline LINNET_ABI
