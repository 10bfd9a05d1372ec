#pragma once

#include <concepts>
#include <memory>
#include <string>
#include <utility>

#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {
/// A T that is owned as its Base, which has a virtual destructor. One counter type serves all of
/// Base's derived classes: make_shared has one for each.
template <class Base, class T, class... A>
std::shared_ptr<Base> make_owned(A&&... arguments) {
  return std::shared_ptr<Base>(static_cast<Base*>(new T(std::forward<A>(arguments)...)));
}
}  // namespace detail

/// An option that takes an object derived from Base by value, or its name ("adam", "mse", "relu").
/// Base::from_name makes the object of a name and throws ValueError for an unknown one.
template <class Base>
class Handle {
 public:
  Handle() = default;
  Handle(const char* name) : object_(Base::from_name(name)) {}  // NOLINT: implicit on purpose
  Handle(const std::string& name) : object_(Base::from_name(name)) {}   // NOLINT
  Handle(std::shared_ptr<Base> object) : object_(std::move(object)) {}  // NOLINT
  template <class T>
  requires std::derived_from<std::remove_cvref_t<T>, Base> Handle(T&& object)  // NOLINT
      : object_(detail::make_owned<Base, std::remove_cvref_t<T>>(std::forward<T>(object))) {}

  explicit operator bool() const { return object_ != nullptr; }
  Base* operator->() const { return object_.get(); }
  Base& operator*() const { return *object_; }
  const std::shared_ptr<Base>& shared() const { return object_; }

 private:
  std::shared_ptr<Base> object_;
};

}  // namespace linnet::inline LINNET_ABI
