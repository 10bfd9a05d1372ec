#pragma once

#include <algorithm>
#include <cmath>

#include "linnet/backend/apply.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/nn/initializers.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/random.hpp"

namespace linnet::inline LINNET_ABI {

namespace initializers {

namespace detail {
inline std::uint64_t draw_seed(std::optional<std::uint64_t> seed) {
  if (seed) return *seed;
  const EagerScope eager;
  const Tensor t = random_integers({1}, 0, std::int64_t{1} << 62, {.dtype = DType::int64});
  return static_cast<std::uint64_t>(t.item<std::int64_t>());
}

inline Tensor draw(Distribution d, const Shape& shape, double a, double b, DType dtype,
                   std::uint64_t seed) {
  const EagerScope eager;
  const Generator generator(seed);
  if (d == Distribution::uniform)
    return uniform(shape, {.minval = a, .maxval = b, .dtype = dtype, .generator = generator});
  const NormalOptions options{.mean = a, .stddev = b, .dtype = dtype, .generator = generator};
  return d == Distribution::normal ? normal(shape, options) : truncated_normal(shape, options);
}

template <class I>
std::shared_ptr<Initializer> redraw(const I& from) {
  if (!from.drawn) return nullptr;
  I copy = from;
  copy.seed = draw_seed({});
  return linnet::detail::make_owned<Initializer, I>(std::move(copy));
}

struct Fans {
  double in = 1, out = 1;
  explicit Fans(const Shape& s) {
    if (s.rank() == 0) return;
    if (s.rank() == 1) {
      in = out = static_cast<double>(s[0]);
      return;
    }
    const double field =
        static_cast<double>(s.size()) / std::max<double>(1, static_cast<double>(s[-1] * s[-2]));
    in = field * static_cast<double>(s[-2]);
    out = field * static_cast<double>(s[-1]);
  }
};
}  // namespace detail

Tensor Constant::operator()(const Shape& shape, DType dtype) const {
  return full(shape, value, dtype);
}

Random::Random(Distribution d, double low, double high, std::optional<std::uint64_t> s)
    : distribution(d), a(low), b(high), seed(detail::draw_seed(s)), drawn(!s) {}

std::shared_ptr<Initializer> Random::redrawn() const { return detail::redraw(*this); }
Tensor Random::operator()(const Shape& shape, DType dtype) const {
  return detail::draw(distribution, shape, a, b, dtype, seed);
}

VarianceScaling::VarianceScaling(double s, FanMode m, Distribution d,
                                 std::optional<std::uint64_t> given)
    : scale(s), mode(m), distribution(d), seed(detail::draw_seed(given)), drawn(!given) {
  if (!(scale > 0)) fail<ValueError>("variance_scaling", "scale: expected > 0, got ", scale);
}

std::shared_ptr<Initializer> VarianceScaling::redrawn() const { return detail::redraw(*this); }
Tensor VarianceScaling::operator()(const Shape& shape, DType dtype) const {
  const detail::Fans fans(shape);
  const double fan = mode == FanMode::fan_in    ? fans.in
                     : mode == FanMode::fan_out ? fans.out
                                                : (fans.in + fans.out) / 2;
  const double v = scale / std::max(1.0, fan);
  if (distribution == Distribution::uniform)
    return detail::draw(distribution, shape, -std::sqrt(3 * v), std::sqrt(3 * v), dtype, seed);
  // The standard deviation of a normal cut at two standard deviations.
  const double cut = distribution == Distribution::truncated_normal ? .87962566103423978 : 1;
  return detail::draw(distribution, shape, 0, std::sqrt(v) / cut, dtype, seed);
}

Tensor Identity::operator()(const Shape& shape, DType dtype) const {
  if (shape.rank() != 2) fail<ShapeError>("identity", "expected a matrix, got shape ", shape);
  std::vector<double> values(static_cast<std::size_t>(shape.size()), 0.0);
  for (std::int64_t i = 0; i < std::min(shape[0], shape[1]); ++i)
    values[static_cast<std::size_t>(i * shape[1] + i)] = gain;
  return cast(from_vector(values, shape), dtype);
}

namespace detail {

/// Makes `count` vectors of length `n` orthonormal, one after the other. Each is projected twice:
/// once is not enough in floating point.
inline void orthonormalize(std::vector<double>& v, std::size_t count, std::size_t n) {
  const auto dot = [&](std::size_t a, std::size_t b) {
    double s = 0;
    for (std::size_t i = 0; i < n; ++i) s += v[a * n + i] * v[b * n + i];
    return s;
  };
  for (std::size_t k = 0; k < count; ++k) {
    for (int pass = 0; pass < 2; ++pass)
      for (std::size_t j = 0; j < k; ++j) {
        const double projection = dot(k, j);
        for (std::size_t i = 0; i < n; ++i) v[k * n + i] -= projection * v[j * n + i];
      }
    const double length = std::sqrt(dot(k, k));
    for (std::size_t i = 0; i < n; ++i) v[k * n + i] /= length;
  }
}

}  // namespace detail

Orthogonal::Orthogonal(double g, std::optional<std::uint64_t> s)
    : gain(g), seed(detail::draw_seed(s)), drawn(!s) {}

std::shared_ptr<Initializer> Orthogonal::redrawn() const { return detail::redraw(*this); }
Tensor Orthogonal::operator()(const Shape& shape, DType dtype) const {
  if (shape.rank() < 2) fail<ShapeError>("orthogonal", "expected rank >= 2, got shape ", shape);
  const EagerScope eager;
  const auto columns = static_cast<std::size_t>(shape[-1]);
  const std::size_t rows = columns ? static_cast<std::size_t>(shape.size()) / columns : 0;
  const std::size_t count = std::min(rows, columns), n = std::max(rows, columns);
  auto v = detail::draw(Distribution::normal, {static_cast<std::int64_t>(count * n)}, 0, 1,
                        DType::float64, seed)
               .to_vector<double>();
  detail::orthonormalize(v, count, n);
  std::vector<double> values(v.size());
  for (std::size_t k = 0; k < count; ++k)
    for (std::size_t i = 0; i < n; ++i)
      values[rows < columns ? k * n + i : i * columns + k] = gain * v[k * n + i];
  return cast(from_vector(values, shape), dtype);
}

std::shared_ptr<Initializer> make_glorot_uniform() {
  return linnet::detail::make_owned<Initializer, GlorotUniform>();
}
std::shared_ptr<Initializer> make_zeros() {
  return linnet::detail::make_owned<Initializer, Constant>(0);
}
std::shared_ptr<Initializer> make_ones() {
  return linnet::detail::make_owned<Initializer, Constant>(1);
}

}  // namespace initializers

std::shared_ptr<Initializer> Initializer::from_name(const std::string& name) {
  using namespace initializers;
  const auto scaling = [](double scale, FanMode mode, initializers::Distribution d) {
    return linnet::detail::make_owned<Initializer, VarianceScaling>(scale, mode, d);
  };
  const auto u = initializers::Distribution::uniform,
             t = initializers::Distribution::truncated_normal;
  if (name == "glorot_uniform") return make_glorot_uniform();
  if (name == "glorot_normal") return scaling(1, FanMode::fan_avg, t);
  if (name == "he_uniform") return scaling(2, FanMode::fan_in, u);
  if (name == "he_normal") return scaling(2, FanMode::fan_in, t);
  if (name == "lecun_uniform") return scaling(1, FanMode::fan_in, u);
  if (name == "lecun_normal") return scaling(1, FanMode::fan_in, t);
  if (name == "orthogonal") return linnet::detail::make_owned<Initializer, Orthogonal>();
  if (name == "identity") return linnet::detail::make_owned<Initializer, Identity>();
  if (name == "constant") return linnet::detail::make_owned<Initializer, Constant>(0);
  if (name == "zeros") return make_zeros();
  if (name == "ones") return make_ones();
  if (name == "uniform" || name == "random_uniform")
    return linnet::detail::make_owned<Initializer, Random>(u, -0.05, 0.05);
  if (name == "normal" || name == "random_normal")
    return linnet::detail::make_owned<Initializer, Random>(initializers::Distribution::normal, 0,
                                                           0.05);
  if (name == "truncated_normal")
    return linnet::detail::make_owned<Initializer, Random>(t, 0, 0.05);
  fail<ValueError>("initializer", "Could not interpret initializer identifier: ", name);
}

}  // namespace linnet::inline LINNET_ABI
