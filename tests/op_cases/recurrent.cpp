#include "linnet/ops/recurrent.hpp"

#include <cmath>
#include <utility>

#include "linnet/ops/random.hpp"
#include "op_cases/op_case.hpp"

using namespace linnet;

namespace {

using Values = std::vector<double>;
using Tensors = std::vector<Tensor>;

Tensor random(const Shape& shape, std::uint64_t seed, double bound = 1) {
  return uniform(
      shape, {.minval = -bound, .maxval = bound, .dtype = float64, .generator = Generator(seed)});
}

/// h of each step, by its definition in doubles.
Values lstm_reference(const Tensors& x) {
  const auto t = std::size_t(x[0].dim(0)), n = std::size_t(x[0].dim(1)),
             u = std::size_t(x[1].dim(0));
  const Values gx = x[0].to_vector<double>(), k = x[1].to_vector<double>();
  Values h = x[2].to_vector<double>(), c = x[3].to_vector<double>(), out = h;
  const auto sigma = [](double v) { return 1 / (1 + std::exp(-v)); };
  for (std::size_t s = 0; s < t; ++s) {
    const Values before = h;
    for (std::size_t r = 0; r < n; ++r)
      for (std::size_t q = 0; q < u; ++q) {
        double z[4];
        for (std::size_t g = 0; g < 4; ++g) {
          z[g] = gx[((s * n + r) * 4 + g) * u + q];
          for (std::size_t p = 0; p < u; ++p) z[g] += before[r * u + p] * k[(p * 4 + g) * u + q];
        }
        double& state = c[r * u + q];
        state = sigma(z[1]) * state + sigma(z[0]) * std::tanh(z[2]);
        h[r * u + q] = sigma(z[3]) * std::tanh(state);
      }
    out.insert(out.end(), h.begin(), h.end());
  }
  out.insert(out.end(), c.begin(), c.end());
  return out;
}
OpCase lstm(std::int64_t t, std::int64_t n, std::int64_t u, bool gradient) {
  OpCase c{
      "lstm_sequence",
      {random({t, n, 4 * u}, 1, 2), random({u, 4 * u}, 2), random({n, u}, 3), random({n, u}, 4)},
      [](const Tensors& x) { return detail::lstm_sequence(x[0], x[1], x[2], x[3]); }};
  c.reference_all = lstm_reference;
  c.gradient = c.second_order = gradient;
  c.tolerance = 1e-5;
  return c;
}

/// The kernel comes last: second derivatives are taken of the last input's gradient.
OpCase lstm_of_kernel() {
  OpCase c = lstm(3, 2, 2, true);
  std::swap(c.inputs[1], c.inputs[3]);
  c.f = [](const Tensors& x) { return detail::lstm_sequence(x[0], x[3], x[2], x[1]); };
  c.reference_all = [](const Tensors& x) { return lstm_reference({x[0], x[3], x[2], x[1]}); };
  return c;
}

// Units that fill no vector, and some more; rows for several tiles, k for several blocks, and
// products large enough for two threads.
const AddCases recurrent{{lstm(3, 2, 3, true), lstm(1, 1, 1, true), lstm(2, 3, 17, true),
                          lstm_of_kernel(), lstm(3, 70, 33, false), lstm(4, 11, 64, false),
                          lstm(2, 9, 201, false)}};

}  // namespace
