#pragma once

#include "linnet/backend/kernel.hpp"
#include "linnet/core/error.hpp"

namespace linnet::inline LINNET_ABI {

void Kernel::throw_error(int code, std::int64_t value) const {
  fail<ValueError>(description(), "data error ", code, ", value ", value);
}

}  // namespace linnet::inline LINNET_ABI
