#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "linnet/core/creation.hpp"
#include "linnet/core/tensor.hpp"

/// Errors in units in the last place, against references in a wider type.
namespace ulp {

template <class T>
struct WiderOf;
template <>
struct WiderOf<float> {
  using type = double;
};
template <>
struct WiderOf<double> {
  using type = long double;
};
template <class T>
using Wider = typename WiderOf<T>::type;

/// |got - want| in units of the last place that T has for a number the size of max(|want|, floor);
/// infinity counts as the power of two after the largest number. NaN and infinities must agree.
template <class T>
double error(T got, Wider<T> want, double floor = 0) {
  using L = std::numeric_limits<T>;
  using W = Wider<T>;
  const double wrong = std::numeric_limits<double>::infinity();
  if (std::isnan(want) || std::isnan(got)) return std::isnan(want) && std::isnan(got) ? 0 : wrong;
  const W beyond = std::ldexp(W(1), L::max_exponent);
  const W top = static_cast<W>(L::max());
  if (std::fabs(want) > beyond) want = std::copysign(beyond, want);
  const W g = std::isinf(got) ? std::copysign(beyond, static_cast<W>(got)) : static_cast<W>(got);
  const W size = std::fmin(std::fmax(std::fabs(want), static_cast<W>(floor)), top);
  const int least = L::min_exponent - 1;
  const int exponent = size < static_cast<W>(L::min()) ? least : std::ilogb(size);
  const W unit = std::ldexp(W(1), exponent + 1 - L::digits);
  return static_cast<double>(std::fabs(g - want) / unit);
}

template <class T>
using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;

template <class T>
T from_bits(Bits<T> b) {
  T x;
  std::memcpy(&x, &b, sizeof x);
  return x;
}

/// Zeros, subnormals, the ends of the range, infinities, NaN, and neighbours of landmarks.
template <class T>
std::vector<T> special_values() {
  using L = std::numeric_limits<T>;
  std::vector<T> v{0, L::denorm_min(), L::min(), L::max(), L::infinity(), L::quiet_NaN()};
  const double marks[] = {1e-30,
                          1e-9,
                          1e-4,
                          0.25,
                          0.3465735902799726,
                          0.5,
                          0.625,
                          0.7071067811865476,
                          1,
                          1.4142135623730951,
                          1.5,
                          1.5707963267948966,
                          2,
                          3,
                          3.141592653589793,
                          4,
                          6,
                          6.283185307179586,
                          10,
                          14,
                          20,
                          30,
                          40,
                          88.02969,
                          88.72283,
                          87.33655,
                          103.97207,
                          104,
                          709.78,
                          745.13,
                          1000,
                          8388608,
                          16777216,
                          134217728,
                          1e9,
                          1e15,
                          1e22,
                          1e30};
  for (double m : marks) {
    const T x = static_cast<T>(m);
    for (T y : {x, std::nextafter(x, T(0)), std::nextafter(x, L::max())}) v.push_back(y);
  }
  for (T x : std::vector<T>(v)) v.push_back(-x);
  return v;
}

/// The special values, every float's exponent, and ordinary numbers in linear and in logarithmic
/// steps.
template <class T>
std::vector<T> sweep() {
  std::vector<T> v = special_values<T>();
  const auto steps = Bits<T>(30011);
  const Bits<T> step = std::numeric_limits<Bits<T>>::max() / steps;
  for (Bits<T> i = 0; i < steps; ++i) v.push_back(from_bits<T>(i * step + i * 7919));
  for (int i = 0; i < 20000; ++i) v.push_back(static_cast<T>(-12 + 24 * (i + 0.37) / 20000));
  for (int i = 0; i < 10000; ++i) {
    const double size = std::exp2(-40 + 70 * (i + 0.61) / 10000);
    v.push_back(static_cast<T>(i % 2 ? size : -size));
  }
  for (int i = 0; i < 4000; ++i) v.push_back(static_cast<T>(-110 + 210 * (i + 0.43) / 4000));
  return v;
}

template <class T>
linnet::Tensor as_tensor(const std::vector<T>& v) {
  return linnet::from_vector(v, {static_cast<std::int64_t>(v.size())});
}

}  // namespace ulp
