#pragma once

#include <atomic>

#include "linnet/backend/backend.hpp"
#include "linnet/backend/kernel_cache.hpp"
#ifdef LINNET_HAVE_ONEDNN
#include "linnet/backend/onednn.hpp"
#endif
#include "linnet/core/error.hpp"

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

/// A device type's backends, the last registered first. Nodes are never freed nor changed: who
/// reads needs no lock.
struct BackendNode {
  std::shared_ptr<const Backend> backend;
  const BackendNode* next = nullptr;
};
using BackendList = std::atomic<const BackendNode*>;

inline void push_backend(BackendList& list, std::shared_ptr<const Backend> backend) {
  auto* node = new BackendNode{std::move(backend), list.load(std::memory_order_acquire)};
  while (!list.compare_exchange_weak(node->next, node, std::memory_order_acq_rel)) {
  }
}

struct BackendLists {
  BackendList cpu{nullptr}, cuda{nullptr};

  BackendLists() {
    push_backend(cpu, std::shared_ptr<const Backend>(new PortableBackend));
#ifdef LINNET_HAVE_ONEDNN
    if (auto backend = onednn::make_backend()) push_backend(cpu, std::move(backend));
#endif
  }
};

inline BackendList& backend_list(DeviceType type) {
  static BackendLists lists;
  return type == DeviceType::cpu ? lists.cpu : lists.cuda;
}
inline const BackendNode* first_backend(DeviceType type) {
  return backend_list(type).load(std::memory_order_acquire);
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
  for (const BackendNode* node = first_backend(call.device.type); node; node = node->next)
    if (KernelPtr kernel = node->backend->compile(call)) return kernel;
  fail<NotSupportedError>(call.primitive.name(), "no kernel on ", call.device, " for inputs ",
                          describe_operands(call.in), " and outputs ", describe_operands(call.out));
}

}  // namespace detail

void register_backend(DeviceType type, std::shared_ptr<const Backend> backend) {
  if (!backend) fail<ValueError>("register_backend", "expected a backend, got null");
  detail::push_backend(detail::backend_list(type), std::move(backend));
  detail::clear_kernel_cache();
}

std::vector<std::shared_ptr<const Backend>> backends(DeviceType type) {
  std::vector<std::shared_ptr<const Backend>> all;
  for (auto* node = detail::first_backend(type); node; node = node->next)
    all.push_back(node->backend);
  return all;
}

}  // namespace linnet::inline LINNET_ABI
