#pragma once

#define LINNET_USES_OPS_ELEMENTWISE_APPLY
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_ELEMENTWISE_APPLY
#endif

#include "linnet/autograd/with_vjp.hpp"
#include "linnet/backend/apply.hpp"
#include "linnet/backend/ew.hpp"
#include "linnet/backend/program.hpp"
#include "linnet/config.hpp"
#include "linnet/ops/operand.hpp"

/// How a public op applies one row of elementwise_ops.def: dtype rule, broadcast, program.
namespace linnet::inline LINNET_ABI::detail {

LINNET_DECL Tensor apply_unary(const ElementwiseOp& op, const Tensor& x);
LINNET_DECL Tensor apply_binary(const ElementwiseOp& op, const Operand& a, const Operand& b);
LINNET_DECL Tensor apply_ternary(const ElementwiseOp& op, const Operand& a, const Operand& b,
                                 const Operand& c);

/// An operand kept by a VJP.
class Kept {
 public:
  explicit Kept(const Operand& o) : scalar_(o.scalar()) {
    if (!o.is_scalar()) tensor_ = o.tensor();
  }
  Operand operator*() const { return tensor_.defined() ? Operand(tensor_) : Operand(scalar_); }

 private:
  Tensor tensor_;
  Scalar scalar_;
};

template <class F>
VjpTerm vjp(const Operand& input, F&& f) {
  return vjp_term<F>(input.tensor_or_null(), f);
}

}  // namespace linnet::inline LINNET_ABI::detail

#ifdef LINNET_FIRST_OPS_ELEMENTWISE_APPLY
#include "linnet/impl/src.hpp"
#endif
