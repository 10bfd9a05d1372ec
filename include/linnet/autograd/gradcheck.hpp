#pragma once

#define LINNET_USES_AUTOGRAD_GRADCHECK
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_AUTOGRAD_GRADCHECK
#endif

#include <functional>
#include <string>
#include <vector>

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"

namespace linnet::inline LINNET_ABI {

struct GradcheckOptions {
  double eps = 1e-5, rtol = 1e-5, atol = 1e-7;
};
struct GradcheckResult {
  bool passed = true;
  double largest_error = 0;  ///< absolute
  std::string message{};     ///< the first element that differs
  explicit operator bool() const { return passed; }
};

/// Compares the tape's gradient of sum(f(inputs) * w), w fixed and random-like, with central
/// differences, for every element of every floating input. Inputs must be float64 (DTypeError).
///
///     REQUIRE(gradcheck([](auto& x) { return tanh(x[0]); }, {normal({3}, {.dtype = float64})}));
LINNET_DECL GradcheckResult gradcheck(const std::function<Tensor(const std::vector<Tensor>&)>& f,
                                      const std::vector<Tensor>& inputs,
                                      const GradcheckOptions& options = {});

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_AUTOGRAD_GRADCHECK
#include "linnet/impl/src.hpp"
#endif
