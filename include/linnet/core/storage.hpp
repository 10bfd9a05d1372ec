#pragma once

#define LINNET_USES_CORE_STORAGE
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_CORE_STORAGE
#endif

#include <cstddef>
#include <functional>

#include "linnet/config.hpp"
#include "linnet/core/device.hpp"
#include "linnet/core/intrusive_ptr.hpp"

namespace linnet::inline LINNET_ABI::detail {

/// A block of memory on one device, owned by reference count. Views share it.
class LINNET_EXPORT Storage : public RefCounted<Storage> {
 public:
  /// Uninitialized memory of `bytes` on `device`.
  LINNET_DECL static IntrusivePtr<Storage> allocate(std::size_t bytes, Device device);
  /// Caller's memory; `deleter` (may be empty) runs once when the last owner goes.
  LINNET_DECL static IntrusivePtr<Storage> adopt(void* data, std::size_t bytes, Device device,
                                                 std::function<void()> deleter);
  void* data() const noexcept { return data_; }
  std::size_t bytes() const noexcept { return bytes_; }
  Device device() const noexcept { return device_; }
  /// True for memory that Linnet allocated itself, which it may write when unshared.
  bool owned() const noexcept { return owned_; }

  LINNET_DECL static void destroy(Storage* s) noexcept;

 private:
  Storage() = default;
  void* data_ = nullptr;
  std::size_t bytes_ = 0;
  Device device_{};
  bool owned_ = false;
  std::function<void()> deleter_;
};

using StoragePtr = IntrusivePtr<Storage>;

}  // namespace linnet::inline LINNET_ABI::detail

#ifdef LINNET_FIRST_CORE_STORAGE
#include "linnet/impl/src.hpp"
#endif
