#pragma once

#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_BACKEND_ONEDNN
#endif

#include <memory>

#include "linnet/backend/backend.hpp"
#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI::onednn {

/// The oneDNN backend of a library built with it (LINNET_HAVE_ONEDNN); null if the environment
/// variable LINNET_ONEDNN is 0. If that is "always", products of 8-bit integers are oneDNN's also
/// where Linnet's own kernels are as fast.
std::shared_ptr<const Backend> make_backend();

}  // namespace linnet::inline LINNET_ABI::onednn

#ifdef LINNET_FIRST_BACKEND_ONEDNN
#include "linnet/impl/src.hpp"
#endif
