#pragma once

#include <memory>
#include <type_traits>
#include <utility>

#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI::detail {

template <class Signature>
class FunctionRef;

/// A non-owning reference to something callable, for parameters: two pointers, no allocation.
template <class R, class... Args>
class FunctionRef<R(Args...)> {
 public:
  template <class F>
  requires(!std::is_same_v<std::remove_cvref_t<F>, FunctionRef>) FunctionRef(F&& f)
  noexcept
      : object_(const_cast<void*>(static_cast<const void*>(std::addressof(f)))),
        call_(call<std::remove_reference_t<F>>) {}
  R operator()(Args... args) const { return call_(object_, static_cast<Args>(args)...); }

 private:
  template <class F>
  static R call(void* object, Args... args) {
    return (*static_cast<F*>(object))(static_cast<Args>(args)...);
  }

  void* object_;
  R (*call_)(void*, Args...);
};

}  // namespace linnet::inline LINNET_ABI::detail
