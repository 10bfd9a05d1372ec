#pragma once

#include <utility>

#include "linnet/core/allocator.hpp"
#include "linnet/core/error.hpp"
#include "linnet/core/object_pool.hpp"
#include "linnet/core/storage.hpp"

namespace linnet::inline LINNET_ABI::detail {

inline void require_supported(const char* what, Device device) {
  if (device.type != DeviceType::cpu)
    fail<DeviceError>(what, "this build has no support for device ", device);
}

StoragePtr Storage::allocate(std::size_t bytes, Device device) {
  require_supported("allocate", device);
  void* data = cpu_allocate(bytes);
  Storage* s = nullptr;
  try {
    s = ::new (pool_allocate(sizeof(Storage))) Storage();
  } catch (...) {
    cpu_deallocate(data, bytes);
    throw;
  }
  s->data_ = data;
  s->bytes_ = bytes;
  s->device_ = device;
  s->owned_ = true;
  return StoragePtr(s);
}

StoragePtr Storage::adopt(void* data, std::size_t bytes, Device device,
                          std::function<void()> deleter) {
  require_supported("adopt", device);
  auto* s = ::new (pool_allocate(sizeof(Storage))) Storage();
  s->data_ = data;
  s->bytes_ = bytes;
  s->device_ = device;
  s->deleter_ = std::move(deleter);
  return StoragePtr(s);
}

void Storage::destroy(Storage* s) noexcept {
  if (s->owned_) cpu_deallocate(s->data_, s->bytes_);
  if (s->deleter_) s->deleter_();
  s->~Storage();
  pool_deallocate(s, sizeof(Storage));
}

}  // namespace linnet::inline LINNET_ABI::detail
