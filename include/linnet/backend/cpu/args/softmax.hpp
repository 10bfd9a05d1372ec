#pragma once

#include <cstdint>

#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI::isa {

/// Rows of `length` values of float32 (or float64), rows [begin, end).
struct SoftmaxArgs {
  const void* in;
  void* out;
  bool is_double, log;
  std::int64_t length, begin, end;
};

/// The gradient of softmax y, y (dy - sum(dy y)), or of its logarithm y, dy - e^y sum(dy), in rows
/// [begin, end); dx may be dy or y.
struct SoftmaxGradientArgs {
  const void *dy, *y;
  void* dx;
  bool is_double, log;
  std::int64_t length, begin, end;
};

/// Cross entropy of logits rows with integer labels. Forward writes a loss per row, backward
/// (softmax - one-hot) * dy. Labels outside [0, length) are skipped (the caller reports them);
/// rows whose label is `ignore` get 0.
struct CrossEntropyArgs {
  const void* logits;
  const std::int64_t* labels;
  const void* dy;  ///< null: forward
  void* out;
  bool is_double;
  std::int64_t length, begin, end, ignore;
};

}  // namespace linnet::inline LINNET_ABI::isa
