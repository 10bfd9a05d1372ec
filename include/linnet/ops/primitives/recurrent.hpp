#pragma once

#define LINNET_USES_OPS_PRIMITIVES_RECURRENT
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_PRIMITIVES_RECURRENT
#endif

#include <string_view>

#include "linnet/backend/kernel.hpp"
#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI {

/// An LSTM over a sequence; float32 and float64. (gates_x [t, n, 4u], U [u, 4u], h0 [n, u],
/// c0 [n, u]) -> (states [t + 2, n, u]: h0, h of each step, the last c; c [t + 1, n, u]: c0, c of
/// each step; gates [t, n, 4u]). gates = gates_x + h U, through sigmoid, sigmoid, tanh, sigmoid for
/// i, f, g, o, the four quarters; c = f c + i g, h = o tanh(c).
struct LstmSequence {
  static constexpr std::string_view name = "lstm_sequence";
  bool operator==(const LstmSequence&) const = default;
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

/// (dstates [t + 2, n, u], U, c, gates) -> (dgates_x [t, n, 4u], dh0 [n, u], dc0 [n, u])
struct LstmSequenceBackward {
  static constexpr std::string_view name = "lstm_sequence_backward";
  bool operator==(const LstmSequenceBackward&) const = default;
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_OPS_PRIMITIVES_RECURRENT
#include "linnet/impl/src.hpp"
#endif
