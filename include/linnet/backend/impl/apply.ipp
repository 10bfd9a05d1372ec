#pragma once

#include "linnet/backend/apply.hpp"
#include "linnet/backend/eager.hpp"
#include "linnet/backend/recorder.hpp"
#include "linnet/backend/thread_state.hpp"

namespace linnet::inline LINNET_ABI {

void apply(PrimitiveRef primitive, std::span<const Tensor* const> in,
           std::span<const TensorSpec> out, std::span<Tensor> results,
           std::span<const Scalar> immediates) {
  if (Recorder* trace = detail::thread_state.trace)
    trace->record(primitive, in, out, results, immediates);
  else if (primitive.is_view())
    results[0] = detail::eager_view(primitive, *in[0], out[0]);
  else
    detail::run_eager(primitive, in, out, results, immediates);
}

bool is_tracing() { return detail::thread_state.trace != nullptr; }

EagerScope::EagerScope() : trace_(std::exchange(detail::thread_state.trace, nullptr)) {}
EagerScope::~EagerScope() { detail::thread_state.trace = trace_; }

namespace detail {

Tensor make_dense(const Tensor& x) {
  if (x.is_traced() || x.is_contiguous()) return x;
  const EagerScope eager;
  return apply(copy_primitive(x.dtype()), x.spec(), x);
}

}  // namespace detail
}  // namespace linnet::inline LINNET_ABI
