#pragma once

#define LINNET_USES_NN_DTYPE_POLICY
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_NN_DTYPE_POLICY
#endif

#include <string>

#include "linnet/config.hpp"
#include "linnet/core/dtype.hpp"

namespace linnet::inline LINNET_ABI {

/// What layers compute in, and what they keep their weights in. A layer casts its floating inputs
/// to the compute dtype and reads its weights as that; losses, metrics and optimizers stay float32.
class LINNET_EXPORT DTypePolicy {
 public:
  /// "float32", "float64", "float16" and "bfloat16", for both; "mixed_float16" and
  /// "mixed_bfloat16" compute in 16 bits with float32 weights. ValueError for another name.
  LINNET_DECL DTypePolicy(const char* name);         // NOLINT: implicit on purpose
  LINNET_DECL DTypePolicy(const std::string& name);  // NOLINT
  const std::string& name() const { return name_; }
  DType compute_dtype() const { return compute_; }
  DType variable_dtype() const { return variable_; }
  friend bool operator==(const DTypePolicy&, const DTypePolicy&) = default;

 private:
  std::string name_;
  DType compute_, variable_;
};

/// The policy of layers made from now on; "float32" at first.
LINNET_DECL void set_dtype_policy(const DTypePolicy& policy);
LINNET_DECL DTypePolicy dtype_policy();

namespace detail {

/// Weights are read as `dtype` on this thread, for the length of the scope.
class AutocastScope {
 public:
  LINNET_DECL explicit AutocastScope(DType dtype);
  LINNET_DECL ~AutocastScope();
  AutocastScope(const AutocastScope&) = delete;
  AutocastScope& operator=(const AutocastScope&) = delete;

 private:
  DType outer_;
  bool had_outer_;
};

}  // namespace detail

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_NN_DTYPE_POLICY
#include "linnet/impl/src.hpp"
#endif
