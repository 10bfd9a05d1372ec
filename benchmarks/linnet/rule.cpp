#include "bench.hpp"

#include <cmath>

namespace bench {

using namespace linnet;

std::uint32_t hash(std::uint32_t i, std::uint32_t seed) {
  std::uint32_t x = i + seed * 0x9e3779b9u;
  x = (x ^ (x >> 16)) * 0x7feb352du;
  x = (x ^ (x >> 15)) * 0x846ca68bu;
  return x ^ (x >> 16);
}

Tensor uniform(const Shape& shape, std::uint32_t seed, double scale) {
  std::vector<float> v(static_cast<std::size_t>(shape.size()));
  for (std::size_t i = 0; i < v.size(); ++i) {
    const double h = hash(static_cast<std::uint32_t>(i), seed);
    v[i] = static_cast<float>((h / 4294967296.0 - 0.5) * scale);
  }
  return from_vector(v, shape);
}

Tensor integers(const Shape& shape, std::uint32_t seed, std::uint32_t n) {
  std::vector<std::int32_t> v(static_cast<std::size_t>(shape.size()));
  for (std::size_t i = 0; i < v.size(); ++i)
    v[i] = static_cast<std::int32_t>((hash(static_cast<std::uint32_t>(i), seed) >> 8) % n);
  return from_vector(v, shape);
}

namespace {

Tensor initial(const Shape& shape, std::int64_t fan, std::uint32_t seed) {
  if (fan == 0) fan = shape.size() / shape[-1];
  return uniform(shape, seed, 2 * std::sqrt(3 / static_cast<double>(fan)));
}

}  // namespace

Variable Parameters::add(const Shape& shape, std::int64_t fan) {
  return all_.emplace_back(initial(shape, fan, ++seed_));
}
Variable Parameters::zeros(std::int64_t n) {
  ++seed_;
  return all_.emplace_back(linnet::zeros({n}));
}
Variable Parameters::ones(std::int64_t n) {
  ++seed_;
  return all_.emplace_back(linnet::ones({n}));
}
void Parameters::set(const std::vector<Variable>& variables) {
  for (const Variable& v : variables) {
    ++seed_;
    if (v.shape().rank() > 1) v.assign(initial(v.shape(), 0, seed_));
    all_.push_back(v);
  }
}

}  // namespace bench
