#pragma once

#include <array>
#include <cmath>
#include <vector>

#include "linnet/autograd/with_vjp.hpp"
#include "linnet/backend/apply.hpp"
#include "linnet/ops/attention.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/impl/attention_weights.ipp"
#include "linnet/ops/impl/composed.ipp"
#include "linnet/ops/matmul.hpp"
#include "linnet/ops/primitives/attention.hpp"
#include "linnet/ops/random.hpp"
#include "linnet/ops/shape.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

/// What the fused kernel computes, in ops: q, k, v [n, length, heads, dim].
inline Tensor composed_attention(const std::vector<Tensor>& in, const Tensor& mask,
                                 const ScaledDotProductAttention& p) {
  const Tensor w =
      attention_weights(swapaxes(in[0], 1, 2), swapaxes(in[1], 1, 2), mask, p.scale, p.causal);
  return swapaxes(matmul(w, swapaxes(in[2], 1, 2)), 1, 2);
}

/// dq, dk, dv by the kernel.
inline std::vector<Tensor> attention_gradient(const std::vector<Tensor>& in, const Tensor& mask,
                                              const ScaledDotProductAttention& p, const Tensor& dy,
                                              const Tensor& y, const Tensor& log_sum) {
  const ScaledDotProductAttentionBackward backward{p.scale, p.causal};
  const std::array out{in[0].spec(), in[1].spec(), in[2].spec()};
  const auto [dq, dk, dv] = mask.defined()
                                ? apply(backward, out, dy, y, log_sum, in[0], in[1], in[2], mask)
                                : apply(backward, out, dy, y, log_sum, in[0], in[1], in[2]);
  return {dq, dk, dv};
}

/// q [n, t, h, d], k [n, s, h, d] and v [n, s, h, e] of float32 or float64, mask [n, h, t, s].
inline Tensor fused_attention(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& mask,
                              const ScaledDotProductAttention& p) {
  const Shape& s = q.shape();
  const auto spec = [&](const Shape& shape) { return TensorSpec{shape, q.dtype(), q.device()}; };
  const std::array out{spec({s[0], s[1], s[2], v.dim(3)}), spec({s[0], s[2], s[1]})};
  const auto [y, log_sum] = mask.defined() ? apply(p, out, q, k, v, mask) : apply(p, out, q, k, v);
  return with_vjp(
      y, joint_vjp({&q, &k, &v}, [in = std::vector{q, k, v}, mask, p, y = y, log_sum = log_sum](
                                     const Tensor& dy, const std::vector<bool>&) {
        if (!differentiates_again(dy, in)) return attention_gradient(in, mask, p, dy, y, log_sum);
        return composed_gradient(
            in, dy, [&](const std::vector<Tensor>& x) { return composed_attention(x, mask, p); });
      }));
}

/// All of it op by op, for what the kernel does not have.
inline Tensor attention_in_ops(const Tensor& q, const Tensor& k, const Tensor& v,
                               const AttentionOptions& o, double scale) {
  const Tensor w = attention_weights(q, k, o.mask, scale, o.is_causal);
  return matmul(o.dropout > 0 ? dropout(w, o.dropout, o.generator) : w, v);
}

inline void check_attention(const Tensor& q, const Tensor& k, const Tensor& v,
                            const AttentionOptions& o) {
  constexpr const char* op = "scaled_dot_product_attention";
  const bool ranks = q.rank() >= 2 && k.rank() >= 2 && v.rank() >= 2;
  if (!ranks || q.dim(-1) != k.dim(-1) || k.dim(-2) != v.dim(-2) || q.dim(-1) == 0)
    fail<ShapeError>(op,
                     "expected a query [..., t, d], a key [..., s, d] and a value [..., s, e], ",
                     "got ", q.shape(), ", ", k.shape(), " and ", v.shape());
  for (const Tensor* x : {&q, &k, &v})
    if (!is_floating(x->dtype())) fail<DTypeError>(op, "expected floats, got ", x->dtype());
  if (o.mask.defined() && o.mask.dtype() != DType::boolean && !is_floating(o.mask.dtype()))
    fail<DTypeError>(op, "expected a mask of bools or floats, got ", o.mask.dtype());
  if (!(o.dropout >= 0 && o.dropout <= 1))
    fail<ValueError>(op, "dropout ", o.dropout, " is outside [0, 1]");
}

/// The leading axes of all operands, broadcast: [..., t, s] without its last two.
inline Shape attention_lead(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& mask) {
  constexpr const char* op = "scaled_dot_product_attention";
  const auto lead = [](const Tensor& x) {
    Shape s;
    for (int a = 0; a + 2 < x.rank(); ++a) s.push_back(x.dim(a));
    return s;
  };
  Shape out = broadcast_shapes(op, broadcast_shapes(op, lead(q), lead(k)), lead(v));
  if (!mask.defined()) return out;
  Shape all = out;
  all.push_back(q.dim(-2));
  all.push_back(k.dim(-2));
  if (mask.rank() > all.rank() || !(broadcast_shapes(op, all, mask.shape()) == all))
    fail<ShapeError>(op, "mask ", mask.shape(), " does not broadcast to ", all);
  return out;
}

/// x broadcast to lead + its last two axes, as [n, heads, rows, columns].
inline Tensor attention_planes(const Tensor& x, const Shape& lead, std::int64_t rows,
                               std::int64_t columns) {
  Shape full = lead;
  full.push_back(rows);
  full.push_back(columns);
  const Tensor wide = broadcast_to(x, full);
  const std::int64_t heads = lead.rank() ? lead[-1] : 1, n = heads ? lead.size() / heads : 0;
  return lead.rank() == 2 ? wide : reshape(wide, {n, heads, rows, columns});
}

}  // namespace detail

Tensor scaled_dot_product_attention(const Tensor& query, const Tensor& key, const Tensor& value,
                                    const AttentionOptions& options) {
  detail::check_attention(query, key, value, options);
  const Shape lead = detail::attention_lead(query, key, value, options.mask);
  const DType t = promote_types(promote_types(query.dtype(), key.dtype()), value.dtype()),
              wide = itemsize(t) == 2 ? DType::float32 : t;
  const Tensor q = cast(query, wide), k = cast(key, wide), v = cast(value, wide);
  AttentionOptions o = options;
  if (o.mask.defined() && o.mask.dtype() != DType::boolean) o.mask = cast(o.mask, wide);
  const double scale = o.scale.value_or(1 / std::sqrt(static_cast<double>(q.dim(-1))));
  if (o.dropout > 0 || (o.mask.defined() && detail::is_watched(o.mask)))
    return cast(detail::attention_in_ops(q, k, v, o, scale), t);
  const auto rows_first = [&](const Tensor& x) {
    return swapaxes(detail::attention_planes(x, lead, x.dim(-2), x.dim(-1)), 1, 2);
  };
  if (o.mask.defined()) o.mask = detail::attention_planes(o.mask, lead, q.dim(-2), k.dim(-2));
  const Tensor y = swapaxes(detail::fused_attention(rows_first(q), rows_first(k), rows_first(v),
                                                    o.mask, {scale, o.is_causal}),
                            1, 2);
  Shape out = lead;
  out.push_back(q.dim(-2));
  out.push_back(v.dim(-1));
  return cast(lead.rank() == 2 ? y : reshape(y, out), t);
}

}  // namespace linnet::inline LINNET_ABI
