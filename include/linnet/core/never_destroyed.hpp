#pragma once

#include <new>
#include <utility>

#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI::detail {

/// A function-local singleton whose destructor never runs, so code that executes while the
/// process exits may still use it.
///
///     inline Registry& registry() { static NeverDestroyed<Registry> r; return r.get(); }
template <class T>
class NeverDestroyed {
 public:
  template <class... Args>
  explicit NeverDestroyed(Args&&... args) {
    ::new (static_cast<void*>(storage_)) T(std::forward<Args>(args)...);
  }
  NeverDestroyed(const NeverDestroyed&) = delete;
  NeverDestroyed& operator=(const NeverDestroyed&) = delete;
  T& get() { return *std::launder(reinterpret_cast<T*>(storage_)); }

 private:
  alignas(T) unsigned char storage_[sizeof(T)];
};

}  // namespace linnet::inline LINNET_ABI::detail
