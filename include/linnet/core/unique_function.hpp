#pragma once

#include <type_traits>
#include <utility>

#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI::detail {

template <class Signature>
class UniqueFunction;

/// Owns a function object whose type is forgotten. It cannot be copied, and costs a compiler a
/// fraction of what std::function does: two small functions for each type.
template <class R, class... A>
class UniqueFunction<R(A...)> {
 public:
  UniqueFunction() = default;
  template <class F>
  requires(!std::is_same_v<F, UniqueFunction>) UniqueFunction(F f)  // NOLINT: implicit
      : UniqueFunction(new F(std::move(f)), call<F>, destroy<F>) {}
  /// What `f` points to, an F or the F that an F& refers to: moved out, or copied.
  template <class F>
  static UniqueFunction take(void* f) {
    using Owned = std::remove_cvref_t<F>;
    F&& from = static_cast<F&&>(*static_cast<std::remove_reference_t<F>*>(f));
    return {new Owned(static_cast<F&&>(from)), call<Owned>, destroy<Owned>};
  }
  UniqueFunction(UniqueFunction&& o) noexcept
      : f_(std::exchange(o.f_, nullptr)), call_(o.call_), destroy_(o.destroy_) {}
  UniqueFunction& operator=(UniqueFunction&& o) noexcept {
    std::swap(f_, o.f_);
    std::swap(call_, o.call_);
    std::swap(destroy_, o.destroy_);
    return *this;
  }
  ~UniqueFunction() {
    if (f_) destroy_(f_);
  }

  R operator()(A... a) const { return call_(f_, static_cast<A>(a)...); }
  explicit operator bool() const { return f_ != nullptr; }

 private:
  UniqueFunction(void* f, R (*caller)(void*, A...), void (*destroyer)(void*))
      : f_(f), call_(caller), destroy_(destroyer) {}
  template <class F>
  static R call(void* f, A... a) {
    return (*static_cast<F*>(f))(static_cast<A>(a)...);
  }
  template <class F>
  static void destroy(void* f) {
    delete static_cast<F*>(f);
  }

  void* f_ = nullptr;
  R (*call_)(void*, A...) = nullptr;
  void (*destroy_)(void*) = nullptr;
};

}  // namespace linnet::inline LINNET_ABI::detail
