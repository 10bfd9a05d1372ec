#pragma once

#include "linnet/ops/elementwise_apply.hpp"

namespace linnet::inline LINNET_ABI::detail {

/// The dtype an op computes and (predicates aside) returns.
inline DType op_dtype(const ElementwiseOp& op, DType common) {
  if (op.domain == OpDomain::floating) return is_floating(common) ? common : DType::float32;
  if (op.domain == OpDomain::integral) {
    if (is_floating(common)) fail<DTypeError>(op.name, "expected integers or bool, got ", common);
    return common;
  }
  return common == DType::boolean && !op.predicate ? DType::int32 : common;
}

/// A program of one instruction; operands that are numbers become immediates.
struct SingleOp {
  Elementwise primitive;
  const Tensor* in[3];
  Scalar immediates[3];
  std::size_t tensors = 0, numbers = 0;

  std::uint8_t operand(const Operand& o) {
    if (!o.is_scalar()) {
      in[tensors] = &o.tensor();
      return static_cast<std::uint8_t>(tensors++);
    }
    immediates[numbers] = o.scalar();
    return static_cast<std::uint8_t>(Program::first_immediate + numbers++);
  }

  Tensor run(const ElementwiseOp& op, DType compute, DType out, const Shape& shape, std::uint8_t a,
             std::uint8_t b, std::uint8_t c) {
    Program& p = primitive.program;
    p.compute = compute_type_of(compute);
    p.inputs = static_cast<std::uint8_t>(tensors);
    p.immediates = static_cast<std::uint8_t>(numbers);
    p.outputs = p.instructions = 1;
    p.code[0] = {&op, Program::first_temporary, a, b, c};
    p.out[0] = Program::first_temporary;
    Tensor y;
    const TensorSpec spec{shape, out, in[0]->device()};
    apply(primitive, {in, tensors}, {&spec, 1}, {&y, 1}, {immediates, numbers});
    return y;
  }
};

inline void require_tensor(const ElementwiseOp& op, bool any) {
  if (!any) fail<ValueError>(op.name, "expected at least one tensor, got numbers only");
}

Tensor apply_unary(const ElementwiseOp& op, const Tensor& x) {
  const DType t = op_dtype(op, x.dtype());
  SingleOp call;
  const std::uint8_t a = call.operand(x);
  return call.run(op, t, op.predicate ? DType::boolean : t, x.shape(), a, 0, 0);
}

inline DType common_dtype(const Operand& a, const Operand& b) {
  if (a.is_scalar()) return promote_types(b.tensor().dtype(), a.scalar());
  if (b.is_scalar()) return promote_types(a.tensor().dtype(), b.scalar());
  return promote_types(a.tensor().dtype(), b.tensor().dtype());
}

Tensor apply_binary(const ElementwiseOp& op, const Operand& a, const Operand& b) {
  require_tensor(op, !a.is_scalar() || !b.is_scalar());
  const DType t = op_dtype(op, common_dtype(a, b));
  SingleOp call;
  const std::uint8_t ra = call.operand(a), rb = call.operand(b);
  const DType out = op.predicate ? DType::boolean : t;
  if (call.tensors == 1) return call.run(op, t, out, call.in[0]->shape(), ra, rb, 0);
  const Shape &sa = a.tensor().shape(), &sb = b.tensor().shape();
  if (sa == sb) return call.run(op, t, out, sa, ra, rb, 0);
  return call.run(op, t, out, broadcast_shapes(op.name, sa, sb), ra, rb, 0);
}

/// The first operand of `where` is a condition: it has no say in the dtype.
Tensor apply_ternary(const ElementwiseOp& op, const Operand& a, const Operand& b,
                     const Operand& c) {
  require_tensor(op, !a.is_scalar() || !b.is_scalar() || !c.is_scalar());
  const bool condition = op.id == ew::id_where;
  DType t;
  if (b.is_scalar() && c.is_scalar()) {
    const bool floating = b.scalar().is_floating() || c.scalar().is_floating();
    t = condition ? (floating ? DType::float32 : DType::int32) : a.tensor().dtype();
    if (!condition) t = promote_types(promote_types(t, b.scalar()), c.scalar());
  } else {
    t = common_dtype(b, c);
    if (!condition && !a.is_scalar()) t = promote_types(t, a.tensor().dtype());
  }
  t = condition ? t : op_dtype(op, t);
  Shape shape;
  for (const Operand* o : {&a, &b, &c})
    if (!o->is_scalar()) shape = broadcast_shapes(op.name, shape, o->tensor().shape());
  SingleOp call;
  const std::uint8_t ra = call.operand(a), rb = call.operand(b), rc = call.operand(c);
  return call.run(op, t, t, shape, ra, rb, rc);
}

}  // namespace linnet::inline LINNET_ABI::detail
