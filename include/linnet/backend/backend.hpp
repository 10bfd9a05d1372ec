#pragma once

#define LINNET_USES_BACKEND_BACKEND
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_BACKEND_BACKEND
#endif

#include <memory>
#include <string_view>
#include <vector>

#include "linnet/backend/kernel.hpp"
#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI {

/// A library of kernels for one device type. It answers one question.
class LINNET_EXPORT Backend {
 public:
  virtual ~Backend() = default;
  virtual std::string_view name() const = 0;
  /// A kernel for `call`, or nullptr for "I do not have this" (and only for that).
  virtual KernelPtr compile(const Call& call) const = 0;
};

/// Puts `backend` before the others of `type`; eager kernels are looked up anew, executables keep
/// theirs. ValueError for null.
LINNET_DECL void register_backend(DeviceType type, std::shared_ptr<const Backend> backend);
/// The backends of a device type in the order they are asked; the portable one is last.
LINNET_DECL std::vector<std::shared_ptr<const Backend>> backends(DeviceType type);

namespace detail {
/// The first kernel that a backend of the call's device has; NotSupportedError naming op, dtypes
/// and device when none has.
LINNET_DECL KernelPtr compile_kernel(const Call& call);
}  // namespace detail

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_BACKEND_BACKEND
#include "linnet/impl/src.hpp"
#endif
