#pragma once

#define LINNET_USES_OPS_RECURRENT
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_RECURRENT
#endif

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"

/// Implementation detail of layers: recurrences over whole sequences.
namespace linnet::inline LINNET_ABI::detail {

/// The states [t + 2, n, u] of an LSTM: h0, h of each of t steps, the last c. gates_x [t, n, 4u] is
/// what the inputs give to the gates (i, f, g, o in quarters), recurrent_kernel [u, 4u], h0 and
/// c0 [n, u]: gates = gates_x + h U; c = sigmoid(f) c + sigmoid(i) tanh(g); h = sigmoid(o) tanh(c).
/// All float32 or all float64 (DTypeError); ShapeError if shapes do not fit.
LINNET_DECL Tensor lstm_sequence(const Tensor& gates_x, const Tensor& recurrent_kernel,
                                 const Tensor& h0, const Tensor& c0);

}  // namespace linnet::inline LINNET_ABI::detail

#ifdef LINNET_FIRST_OPS_RECURRENT
#include "linnet/impl/src.hpp"
#endif
