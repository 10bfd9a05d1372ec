#pragma once

#define LINNET_USES_BACKEND_APPLY
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_BACKEND_APPLY
#endif

#include <array>
#include <span>

#include "linnet/backend/primitive.hpp"
#include "linnet/config.hpp"
#include "linnet/core/scalar.hpp"
#include "linnet/core/tensor.hpp"

namespace linnet::inline LINNET_ABI {

class Recorder;

/// Runs a primitive now, or records it when this thread is tracing. The public op that calls it has
/// validated the inputs and inferred `out`. `immediates` are C++ numbers that the kernel reads at
/// run time. Fallible kernels throw their typed error here.
LINNET_DECL void apply(PrimitiveRef primitive, std::span<const Tensor* const> in,
                       std::span<const TensorSpec> out, std::span<Tensor> results,
                       std::span<const Scalar> immediates = {});

/// One output: `Tensor y = apply(Softmax{axis}, x.spec(), x);`
template <class... In>
requires(std::is_same_v<In, Tensor>&&...) Tensor
    apply(PrimitiveRef primitive, const TensorSpec& out, const In&... in) {
  const std::array<const Tensor*, sizeof...(In)> inputs{&in...};
  Tensor result;
  apply(primitive, inputs, {&out, 1}, {&result, 1});
  return result;
}

/// N outputs: `auto [y, mean] = apply(P{}, std::array{y_spec, mean_spec}, x);`
template <std::size_t N, class... In>
requires(std::is_same_v<In, Tensor>&&...) std::array<Tensor, N> apply(
    PrimitiveRef primitive, const std::array<TensorSpec, N>& out, const In&... in) {
  const std::array<const Tensor*, sizeof...(In)> inputs{&in...};
  std::array<Tensor, N> results;
  apply(primitive, inputs, out, results);
  return results;
}

/// True while this thread records a trace.
LINNET_DECL bool is_tracing();

/// Steps out of a trace for its lifetime: ops inside run eagerly, on concrete tensors only.
class LINNET_EXPORT EagerScope {
 public:
  LINNET_DECL EagerScope();
  LINNET_DECL ~EagerScope();
  EagerScope(const EagerScope&) = delete;
  EagerScope& operator=(const EagerScope&) = delete;

 private:
  Recorder* trace_;
};

namespace detail {
/// The same values in dense memory, by the copy kernel; recorded under a trace as a no-op.
LINNET_DECL Tensor make_dense(const Tensor& x);
}  // namespace detail

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_BACKEND_APPLY
#include "linnet/impl/src.hpp"
#endif
