#pragma once

#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_AUTOGRAD_CUSTOM_GRADIENT
#endif

#include <array>
#include <type_traits>
#include <utility>
#include <vector>

#include "linnet/autograd/tape.hpp"
#include "linnet/autograd/with_vjp.hpp"
#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

/// Attaches the caller's VJP to a copy of y that knows nothing of how y was computed.
template <std::size_t n, class V>
Tensor with_custom_vjp(const Tensor& y, const std::array<Tensor, n>& x, V backward) {
  if constexpr (std::is_convertible_v<std::invoke_result_t<V&, const Tensor&>, Tensor>) {
    static_assert(n == 1, "a custom_gradient of several tensors returns a vector of gradients");
    return with_vjp(stop_gradient(y), vjp(x[0], std::move(backward)));
  } else {
    JointVjpTerm<JointVjpFunction> term;
    for (const Tensor& input : x) term.inputs.push_back(&input);
    term.f = [backward = std::move(backward)](const Tensor& dy, const std::vector<bool>&) {
      std::vector<Tensor> gradients = backward(dy);
      if (gradients.size() != n)
        fail<ValueError>("custom_gradient", "expected ", n, " gradients, got ", gradients.size());
      return gradients;
    };
    return with_vjp(stop_gradient(y), std::move(term));
  }
}

}  // namespace detail

/// A function of one or several tensors with a gradient of the caller's choosing: f(x...) returns
/// the pair {y, vjp}, where vjp(dy) gives the gradient with respect to x, or a vector with one per
/// argument (an undefined tensor where there is none). The vjp is written in ops and may use what f
/// computed; it differentiates again. ValueError when the gradient is taken and their number is
/// wrong.
///
///     auto log1pexp = custom_gradient([](const Tensor& x) {
///       Tensor e = exp(x);
///       return std::pair{log(1 + e), [e](const Tensor& dy) { return dy * (1 - 1 / (1 + e)); }};
///     });
template <class F>
auto custom_gradient(F f) {
  return [f = std::move(f)]<class... X>(const X&... x) requires(
      sizeof...(X) > 0 && (std::is_convertible_v<const X&, Tensor> && ...)) {
    const std::array<Tensor, sizeof...(X)> inputs{Tensor(x)...};
    auto [y, backward] = std::apply(f, inputs);
    return detail::with_custom_vjp(y, inputs, std::move(backward));
  };
}

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_AUTOGRAD_CUSTOM_GRADIENT
#include "linnet/impl/src.hpp"
#endif
