#pragma once

#define LINNET_USES_BACKEND_EAGER
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_BACKEND_EAGER
#endif

#include <span>

#include "linnet/backend/kernel_cache.hpp"
#include "linnet/config.hpp"
#include "linnet/core/scalar.hpp"
#include "linnet/core/tensor.hpp"

/// Implementation detail: running one primitive at once.
namespace linnet::inline LINNET_ABI::detail {

/// Runs `primitive`; a result that is already defined is written where it lies (it may be the
/// memory of an input that the kernel can update in place), others are allocated.
LINNET_DECL void run_eager(PrimitiveRef primitive, std::span<const Tensor* const> in,
                           std::span<const TensorSpec> out, std::span<Tensor> results,
                           std::span<const Scalar> immediates);
/// The view that a view primitive makes of a concrete tensor.
LINNET_DECL Tensor eager_view(PrimitiveRef primitive, const Tensor& x, const TensorSpec& out);
/// The program of one output that copies its input (converting, broadcasting, making dense).
LINNET_DECL PrimitiveRef copy_primitive(DType from);

}  // namespace linnet::inline LINNET_ABI::detail

#ifdef LINNET_FIRST_BACKEND_EAGER
#include "linnet/impl/src.hpp"
#endif
