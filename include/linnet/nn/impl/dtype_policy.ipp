#pragma once

#include <mutex>
#include <utility>

#include "linnet/backend/thread_state.hpp"
#include "linnet/core/error.hpp"
#include "linnet/core/never_destroyed.hpp"
#include "linnet/nn/dtype_policy.hpp"
#include "linnet/ops/elementwise.hpp"

namespace linnet::inline LINNET_ABI {

DTypePolicy::DTypePolicy(const std::string& name) : name_(name) {
  const bool mixed = name.starts_with("mixed_");
  const std::string compute = mixed ? name.substr(6) : name;
  for (DType t : {DType::float16, DType::bfloat16, DType::float32, DType::float64}) {
    if (compute != to_string(t) || (mixed && itemsize(t) != 2)) continue;
    compute_ = t;
    variable_ = mixed ? DType::float32 : t;
    return;
  }
  fail<ValueError>("dtype_policy",
                   "expected float16, bfloat16, float32, float64, mixed_float16 or ",
                   "mixed_bfloat16, got '", name, "'");
}
DTypePolicy::DTypePolicy(const char* name) : DTypePolicy(std::string(name)) {}

namespace detail {

struct GlobalPolicy {
  std::mutex mutex;
  DTypePolicy policy = "float32";
};
inline GlobalPolicy& global_policy() {
  static NeverDestroyed<GlobalPolicy> p;
  return p.get();
}

inline DType& autocast_dtype() {
  static constinit thread_local DType t = DType::float32;
  return t;
}
inline Tensor autocast(const Tensor& value) { return cast(value, autocast_dtype()); }

AutocastScope::AutocastScope(DType dtype)
    : outer_(std::exchange(autocast_dtype(), dtype)),
      had_outer_(std::exchange(thread_state.autocast, autocast) != nullptr) {}
AutocastScope::~AutocastScope() {
  autocast_dtype() = outer_;
  thread_state.autocast = had_outer_ ? autocast : nullptr;
}

}  // namespace detail

void set_dtype_policy(const DTypePolicy& policy) {
  auto& global = detail::global_policy();
  std::scoped_lock lock(global.mutex);
  global.policy = policy;
}

DTypePolicy dtype_policy() {
  auto& global = detail::global_policy();
  std::scoped_lock lock(global.mutex);
  return global.policy;
}

}  // namespace linnet::inline LINNET_ABI
