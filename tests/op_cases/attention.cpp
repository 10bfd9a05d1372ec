#include "linnet/ops/attention.hpp"

#include <cmath>
#include <limits>

#include "linnet/core/creation.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/random.hpp"
#include "linnet/ops/shape.hpp"
#include "op_cases/op_case.hpp"

using namespace linnet;

namespace {

using Values = std::vector<double>;
using Tensors = std::vector<Tensor>;

Tensor random(const Shape& shape, std::uint64_t seed) {
  return uniform(shape,
                 {.minval = -2, .maxval = 2, .dtype = float64, .generator = Generator(seed)});
}

/// By its definition in doubles: q [n, h, t, d], k, v; mask(n, h, i, j) is added.
template <class Mask>
Values reference(const Tensors& x, double scale, Mask mask) {
  const std::int64_t n = x[0].dim(0), heads = x[0].dim(1), t = x[0].dim(2), d = x[0].dim(3),
                     s = x[1].dim(2), e = x[2].dim(3);
  const Values q = x[0].to_vector<double>(), k = x[1].to_vector<double>(),
               v = x[2].to_vector<double>();
  Values out;
  for (std::int64_t b = 0; b < n; ++b)
    for (std::int64_t h = 0; h < heads; ++h)
      for (std::int64_t i = 0; i < t; ++i) {
        Values y(static_cast<std::size_t>(e));
        double total = 0;
        for (std::int64_t j = 0; j < s; ++j) {
          double dot = 0;
          for (std::int64_t p = 0; p < d; ++p)
            dot += q[std::size_t(((b * heads + h) * t + i) * d + p)] *
                   k[std::size_t(((b * heads + h) * s + j) * d + p)];
          const double w = std::exp(dot * scale + mask(b, h, i, j));
          total += w;
          for (std::int64_t p = 0; p < e; ++p)
            y[std::size_t(p)] += w * v[std::size_t(((b * heads + h) * s + j) * e + p)];
        }
        for (double value : y) out.push_back(total == 0 ? 0 : value / total);
      }
  return out;
}

struct Sizes {
  std::int64_t n, heads, t, s, d, e;
};
Tensors operands(const Sizes& z) {
  return {random({z.n, z.heads, z.t, z.d}, 1), random({z.n, z.heads, z.s, z.d}, 2),
          random({z.n, z.heads, z.s, z.e}, 3)};
}

constexpr double hidden = -std::numeric_limits<double>::infinity();

OpCase attention(const Sizes& z, bool causal, bool gradient) {
  OpCase c{"scaled_dot_product_attention", operands(z), [causal](const Tensors& x) {
             return scaled_dot_product_attention(x[0], x[1], x[2], {.is_causal = causal});
           }};
  c.reference_all = [z, causal](const Tensors& x) {
    return reference(x, 1 / std::sqrt(double(z.d)),
                     [&](auto, auto, auto i, auto j) { return causal && j > i ? hidden : 0; });
  };
  c.gradient = c.second_order = gradient;
  c.tolerance = 5e-6;
  return c;
}

/// A mask of bools, one row of which hides all keys.
OpCase with_bools(const Sizes& z, bool gradient) {
  OpCase c{"scaled_dot_product_attention", operands(z)};
  const Tensor i = reshape(arange(z.t), {z.t, 1}), j = reshape(arange(z.s), {1, z.s});
  const Tensor seen = logical_and((i + j * 3) % 4 != 1, i != 1);
  c.f = [seen](const Tensors& x) {
    return scaled_dot_product_attention(x[0], x[1], x[2], {.mask = seen, .scale = 0.3});
  };
  c.reference_all = [](const Tensors& x) {
    return reference(x, 0.3, [&](auto, auto, auto row, auto column) {
      return (row + column * 3) % 4 == 1 || row == 1 ? hidden : 0;
    });
  };
  c.gradient = c.second_order = gradient;
  c.tolerance = 5e-6;
  return c;
}

/// A number for each pair and head, one row -infinity; with causality, too.
OpCase with_bias(const Sizes& z, bool gradient) {
  OpCase c{"scaled_dot_product_attention", operands(z)};
  const Tensor bias =
      where(reshape(arange(z.t), {z.t, 1}) == 2, hidden, random({z.heads, z.t, z.s}, 5));
  c.f = [bias](const Tensors& x) {
    return scaled_dot_product_attention(x[0], x[1], x[2], {.mask = bias, .is_causal = true});
  };
  c.reference_all = [z, values = bias.to_vector<double>()](const Tensors& x) {
    return reference(x, 1 / std::sqrt(double(z.d)), [&](auto, auto h, auto i, auto j) {
      return j > i ? hidden : values[std::size_t((h * z.t + i) * z.s + j)];
    });
  };
  c.gradient = c.second_order = gradient;
  c.tolerance = 5e-6;
  return c;
}

/// A gradient of the mask, which the kernel does not have.
OpCase of_mask() {
  OpCase c{"scaled_dot_product_attention", operands({1, 2, 3, 4, 2, 2})};
  c.inputs.push_back(random({3, 4}, 7));
  c.f = [](const Tensors& x) {
    return scaled_dot_product_attention(x[0], x[1], x[2], {.mask = x[3]});
  };
  c.reference_all = [](const Tensors& x) {
    return reference(x, 1 / std::sqrt(2.0),
                     [m = x[3].to_vector<double>()](auto, auto, auto i, auto j) {
                       return m[std::size_t(i * 4 + j)];
                     });
  };
  c.tolerance = 5e-6;
  return c;
}

// One query, tails of every vector, several blocks of keys and of queries, more keys than queries
// and the reverse.
const AddCases cases{{
    attention({2, 2, 3, 4, 2, 3}, false, true),
    attention({1, 2, 5, 5, 3, 2}, true, true),
    attention({1, 1, 1, 1, 1, 1}, false, true),
    attention({1, 2, 1, 7, 8, 8}, true, false),
    attention({2, 3, 7, 129, 33, 16}, false, false),
    attention({1, 2, 129, 129, 8, 33}, true, false),
    attention({1, 1, 70, 300, 32, 32}, true, false),
    attention({1, 1, 300, 70, 32, 48}, true, false),
    attention({1, 2, 200, 260, 16, 64}, false, false),
    with_bools({1, 2, 4, 5, 2, 3}, true),
    with_bools({2, 1, 70, 140, 33, 32}, false),
    with_bias({1, 2, 4, 5, 3, 2}, true),
    with_bias({1, 2, 66, 150, 8, 16}, false),
    of_mask(),
}};

}  // namespace
