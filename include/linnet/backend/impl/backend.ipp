#pragma once

#include <array>
#include <mutex>

#include "linnet/backend/backend.hpp"
#include "linnet/backend/kernel_cache.hpp"
#ifdef LINNET_HAVE_ONEDNN
#include "linnet/backend/onednn.hpp"
#endif
#include "linnet/core/error.hpp"
#include "linnet/core/fork.hpp"
#include "linnet/core/never_destroyed.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

/// The last in line on the CPU: the kernels that primitives bring along.
class PortableBackend final : public Backend {
 public:
  std::string_view name() const override { return "linnet"; }
  KernelPtr compile(const Call& call) const override {
    const auto factory = call.primitive.type().cpu_kernel;
    return factory ? factory(call) : nullptr;
  }
};

using BackendList = std::vector<std::shared_ptr<const Backend>>;

inline std::shared_ptr<const BackendList> first_cpu_backends() {
  BackendList list{std::make_shared<PortableBackend>()};
#ifdef LINNET_HAVE_ONEDNN
  if (auto backend = onednn::make_backend()) list.insert(list.begin(), std::move(backend));
#endif
  return std::make_shared<const BackendList>(std::move(list));
}

struct BackendRegistry {
  std::mutex mutex;
  std::array<std::shared_ptr<const BackendList>, 2> lists{first_cpu_backends(),
                                                          std::make_shared<const BackendList>()};

  void lock() { mutex.lock(); }
  void unlock() { mutex.unlock(); }
};

inline BackendRegistry& backend_registry() {
  static NeverDestroyed<BackendRegistry> registry;
  static const bool kept = keep_across_fork<backend_registry>();
  (void)kept;
  return registry.get();
}

inline std::shared_ptr<const BackendList> backend_list(DeviceType type) {
  auto& registry = backend_registry();
  std::scoped_lock lock(registry.mutex);
  return registry.lists[static_cast<std::size_t>(type)];
}

inline std::string describe_operands(std::span<const ValueSpec> specs) {
  std::string text;
  for (const ValueSpec& s : specs) {
    if (!text.empty()) text += ", ";
    append(text, s.dtype);
    append(text, s.shape);
  }
  return text;
}

KernelPtr compile_kernel(const Call& call) {
  for (const auto& backend : *backend_list(call.device.type))
    if (KernelPtr kernel = backend->compile(call)) return kernel;
  fail<NotSupportedError>(call.primitive.name(), "no kernel on ", call.device, " for inputs ",
                          describe_operands(call.in), " and outputs ", describe_operands(call.out));
}

}  // namespace detail

void register_backend(DeviceType type, std::shared_ptr<const Backend> backend) {
  if (!backend) fail<ValueError>("register_backend", "expected a backend, got null");
  auto& registry = detail::backend_registry();
  {
    std::scoped_lock lock(registry.mutex);
    auto& list = registry.lists[static_cast<std::size_t>(type)];
    auto longer = std::make_shared<detail::BackendList>(*list);
    longer->insert(longer->begin(), std::move(backend));
    list = std::move(longer);
  }
  detail::clear_kernel_cache();
}

std::vector<std::shared_ptr<const Backend>> backends(DeviceType type) {
  return *detail::backend_list(type);
}

}  // namespace linnet::inline LINNET_ABI
