#pragma once

#define LINNET_USES_OPS_REDUCE
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_REDUCE
#endif

#include <initializer_list>
#include <optional>
#include <span>
#include <vector>

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"

namespace linnet::inline LINNET_ABI {

/// The axes of a reduction: none given means all. Negative ones count from the end.
class Axes {
 public:
  Axes() = default;
  Axes(int axis) : all_(false), axes_{axis} {}  // NOLINT: implicit on purpose
  Axes(std::initializer_list<int> axes) : all_(false), axes_(axes) {}
  explicit Axes(std::vector<int> axes) : all_(false), axes_(std::move(axes)) {}
  void push_back(int axis) { all_ = false, axes_.push_back(axis); }
  bool is_all() const { return all_; }
  bool empty() const { return all_ || axes_.empty(); }
  const std::vector<int>& list() const { return axes_; }

 private:
  bool all_ = true;
  std::vector<int> axes_;
};

struct ReduceOptions {
  Axes axis{};
  bool keepdims = false;
};

/// Reductions. `sum(x)`, `mean(x, {.axis = -1, .keepdims = true})`, `max(x, {.axis = {0, 2}})`.
/// IndexError for an axis that does not exist, ValueError for one named twice. Sums of floats are
/// accurate to a few units in the last place whatever the length, and the same for any number of
/// threads. Empty: sum 0, prod 1, mean NaN, max the dtype's lowest value (-infinity of floats,
/// false) and min its highest.
LINNET_DECL Tensor sum(const Tensor& x, const ReduceOptions& options = {});
LINNET_DECL Tensor mean(const Tensor& x, const ReduceOptions& options = {});  ///< ints: floored
LINNET_DECL Tensor prod(const Tensor& x, const ReduceOptions& options = {});
LINNET_DECL Tensor max(const Tensor& x,
                       const ReduceOptions& options = {});  ///< ties share the gradient
LINNET_DECL Tensor min(const Tensor& x,
                       const ReduceOptions& options = {});  ///< ties share the gradient
LINNET_DECL Tensor variance(const Tensor& x, const ReduceOptions& options = {});  ///< biased
LINNET_DECL Tensor stddev(const Tensor& x, const ReduceOptions& options = {});    ///< biased
/// log(sum(exp(x))), free of overflow.
LINNET_DECL Tensor logsumexp(const Tensor& x, const ReduceOptions& options = {});
/// sqrt(sum(x^2)).
LINNET_DECL Tensor norm(const Tensor& x, const ReduceOptions& options = {});
/// True if any (every) element is not 0.
LINNET_DECL Tensor reduce_any(const Tensor& x, const ReduceOptions& options = {});
LINNET_DECL Tensor reduce_all(const Tensor& x, const ReduceOptions& options = {});
/// The int64 index of the first extreme along an axis; NaN wins. ValueError for an empty axis.
LINNET_DECL Tensor argmax(const Tensor& x, int axis = -1);
LINNET_DECL Tensor argmin(const Tensor& x, int axis = -1);

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_OPS_REDUCE
#include "linnet/impl/src.hpp"
#endif
