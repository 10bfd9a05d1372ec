#pragma once

#include "linnet/config.hpp"

/// Implementation detail, for .ipp files only: what an op looks at first.
namespace linnet::inline LINNET_ABI {

class Recorder;
class Tensor;

namespace detail {

class Tape;

struct ThreadState {
  Recorder* trace = nullptr;                          ///< records ops while not null
  Tape* tape = nullptr;                               ///< innermost gradient tape of this thread
  Tensor (*autocast)(const Tensor& value) = nullptr;  ///< how variables with autocast are read
};

inline constinit thread_local ThreadState thread_state{};

}  // namespace detail
}  // namespace linnet::inline LINNET_ABI
