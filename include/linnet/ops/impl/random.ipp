#pragma once

#include <cmath>
#include <limits>

#include "linnet/autograd/with_vjp.hpp"
#include "linnet/backend/apply.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/core/impl/elements.ipp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/primitives/random.hpp"
#include "linnet/ops/random.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

inline const Generator& pick(const std::optional<Generator>& generator) {
  return generator ? *generator : default_generator();
}

inline Tensor random_fill(Distribution d, const Shape& shape, DType dtype, Scalar a, Scalar b,
                          const std::optional<Generator>& generator) {
  for (std::int64_t n : shape)
    if (n < 0) fail<ShapeError>(to_string(d), "negative extent in shape ", shape);
  const Generator::Ticket ticket = pick(generator).next();
  const Tensor* in = &ticket.state;
  const TensorSpec spec{shape, dtype, cpu};
  const Scalar immediates[] = {ticket.offset, a, b};
  Tensor y;
  apply(RandomFill{d}, {&in, 1}, {&spec, 1}, {&y, 1}, immediates);
  return y;
}

/// Whether an integer dtype (or bool) has this value; floats round.
inline bool has_value(DType t, std::int64_t value) {
  if (is_floating(t)) return true;
  if (t == DType::uint64) return value >= 0;
  std::byte bits[8];
  store_scalar(bits, t, value);
  return load_scalar(bits, t).as<std::int64_t>() == value;
}

inline void require_float_dtype(const char* op, DType t) {
  if (!is_floating(t)) fail<DTypeError>(op, "expected a floating dtype, got ", t);
}

/// Linear in x, so its gradient is itself.
inline Tensor dropout_with(const Tensor& x, double rate, const Generator::Ticket& ticket) {
  const Tensor* in[] = {&x, &ticket.state};
  const TensorSpec spec = x.spec();
  const Scalar immediates[] = {ticket.offset, rate};
  Tensor y;
  apply(DropoutMask{}, in, {&spec, 1}, {&y, 1}, immediates);
  return with_vjp(
      y, vjp(x, [rate, ticket](const Tensor& dy) { return dropout_with(dy, rate, ticket); }));
}

}  // namespace detail

Tensor uniform(const Shape& shape, const UniformOptions& o) {
  detail::require_float_dtype("uniform", o.dtype);
  const double most = o.dtype == DType::float64 ? std::numeric_limits<double>::max()
                                                : std::numeric_limits<float>::max();
  if (!(std::abs(o.maxval - o.minval) <= most))
    fail<ValueError>("uniform", "expected a finite range, got ", o.minval, " to ", o.maxval);
  return detail::random_fill(Distribution::uniform, shape, o.dtype, o.minval, o.maxval,
                             o.generator);
}

Tensor normal(const Shape& shape, const NormalOptions& o) {
  detail::require_float_dtype("normal", o.dtype);
  return detail::random_fill(Distribution::normal, shape, o.dtype, o.mean, o.stddev, o.generator);
}

Tensor truncated_normal(const Shape& shape, const NormalOptions& o) {
  detail::require_float_dtype("truncated_normal", o.dtype);
  return detail::random_fill(Distribution::truncated_normal, shape, o.dtype, o.mean, o.stddev,
                             o.generator);
}

Tensor random_integers(const Shape& shape, std::int64_t low, std::int64_t high,
                       const IntegersOptions& o) {
  if (low >= high)
    fail<ValueError>("random_integers", "expected low < high, got ", low, " and ", high);
  if (!detail::has_value(o.dtype, low) || !detail::has_value(o.dtype, high - 1))
    fail<ValueError>("random_integers", o.dtype, " does not have all of ", low, " to ", high - 1);
  return detail::random_fill(Distribution::integers, shape, o.dtype, low, high, o.generator);
}

Tensor permutation(std::int64_t n, const std::optional<Generator>& generator) {
  return detail::random_fill(Distribution::permutation, {n}, DType::int64, 0, n, generator);
}

Tensor dropout(const Tensor& x, double rate, const std::optional<Generator>& generator) {
  if (!(rate >= 0 && rate <= 1)) fail<ValueError>("dropout", "rate ", rate, " is outside [0, 1]");
  detail::require_float_dtype("dropout", x.dtype());
  if (itemsize(x.dtype()) == 2)
    return cast(dropout(cast(x, DType::float32), rate, generator), x.dtype());
  return detail::dropout_with(x, rate, detail::pick(generator).next());
}

}  // namespace linnet::inline LINNET_ABI
