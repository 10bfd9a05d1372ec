#include <algorithm>
#include <cmath>

#include "linnet/ops/matmul.hpp"
#include "linnet/ops/norm.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"
#include "op_cases/op_case.hpp"
#include "op_cases/random_input.hpp"

using namespace linnet;

namespace {

using Values = std::vector<double>;
using Tensors = std::vector<Tensor>;

/// Folds axis 1 of [2, 5, 3] by a function of its 5 values.
OpCase fold(const char* name, Tensor (*f)(const Tensor&, const ReduceOptions&),
            std::function<double(const Values&)> reference, bool gradient = true) {
  OpCase c{
      name, {random({2, 5, 3}, 4, 0.2, 2)}, [f](const Tensors& x) { return f(x[0], {.axis = 1}); }};
  c.reference_all = [reference](const Tensors& x) {
    const Values v = x[0].to_vector<double>();
    Values out;
    for (std::size_t i = 0; i < 2; ++i)
      for (std::size_t k = 0; k < 3; ++k) {
        Values line;
        for (std::size_t j = 0; j < 5; ++j) line.push_back(v[(i * 5 + j) * 3 + k]);
        out.push_back(reference(line));
      }
    return out;
  };
  c.gradient = c.second_order = gradient;
  return c;
}

double total(const Values& v) {
  double s = 0;
  for (double x : v) s += x;
  return s;
}
double spread(const Values& v) {
  double s = 0;
  for (double x : v) s += (x - total(v) / double(v.size())) * (x - total(v) / double(v.size()));
  return s / double(v.size());
}

const AddCases reductions{{
    fold("sum", sum, total),
    fold("mean", mean, [](const Values& v) { return total(v) / 5; }),
    fold("prod", prod,
         [](const Values& v) {
           double p = 1;
           for (double x : v) p *= x;
           return p;
         }),
    fold("max", max, [](const Values& v) { return *std::max_element(v.begin(), v.end()); }),
    fold("min", min, [](const Values& v) { return *std::min_element(v.begin(), v.end()); }),
    fold("variance", variance, spread),
    fold("stddev", stddev, [](const Values& v) { return std::sqrt(spread(v)); }),
    fold("logsumexp", logsumexp,
         [](const Values& v) {
           double s = 0;
           for (double x : v) s += std::exp(x);
           return std::log(s);
         }),
    fold("norm", norm,
         [](const Values& v) {
           double s = 0;
           for (double x : v) s += x * x;
           return std::sqrt(s);
         }),
    fold(
        "reduce_any", reduce_any, [](const Values&) { return 1.0; }, false),
    fold(
        "reduce_all", reduce_all, [](const Values&) { return 1.0; }, false),
    fold(
        "argmax", [](const Tensor& x, const ReduceOptions&) { return argmax(x, 1); },
        [](const Values& v) { return double(std::max_element(v.begin(), v.end()) - v.begin()); },
        false),
    fold(
        "argmin", [](const Tensor& x, const ReduceOptions&) { return argmin(x, 1); },
        [](const Values& v) { return double(std::min_element(v.begin(), v.end()) - v.begin()); },
        false),
}};
Values matmul_reference(const Tensor& a, const Tensor& b, int m, int k, int n) {
  const Values x = a.to_vector<double>(), y = b.to_vector<double>();
  Values out(std::size_t(m * n), 0);
  for (int i = 0; i < m; ++i)
    for (int j = 0; j < n; ++j)
      for (int p = 0; p < k; ++p)
        out[std::size_t(i * n + j)] += x[std::size_t(i * k + p)] * y[std::size_t(p * n + j)];
  return out;
}
const AddCases products{{
    general(
        "matmul", {random({3, 4}, 1), random({4, 5}, 2)},
        [](const Tensors& t) { return matmul(t[0], t[1]); },
        [](const Tensors& t) { return matmul_reference(t[0], t[1], 3, 4, 5); }),
    general(
        "matmul", {random({37, 70}, 1), random({70, 41}, 2)},
        [](const Tensors& t) { return matmul(t[0], t[1]); },
        [](const Tensors& t) { return matmul_reference(t[0], t[1], 37, 70, 41); }, false),
    general(
        "matmul", {random({4, 3}, 1), random({5, 4}, 2)},
        [](const Tensors& t) {
          return matmul(t[0], t[1], {true, true});
        },
        [](const Tensors& t) {
          return matmul_reference(transpose(t[0]), transpose(t[1]), 3, 4, 5);
        }),
}};

/// (x - mean) / sqrt(var + epsilon) * gamma + beta along rows of any length; without beta neither
/// mean nor beta.
Values normalized_rows(const Tensors& t, double epsilon) {
  const Values x = t[0].to_vector<double>(), g = t[1].to_vector<double>(),
               b = t.size() > 2 ? t[2].to_vector<double>() : Values(g.size());
  const std::size_t c = g.size();
  Values out;
  for (std::size_t r = 0; r < x.size() / c; ++r) {
    const Values row(x.begin() + std::ptrdiff_t(r * c), x.begin() + std::ptrdiff_t((r + 1) * c));
    double m = 0, squares = 0;
    if (t.size() > 2) m = total(row) / double(c);
    for (double v : row) squares += (v - m) * (v - m);
    for (std::size_t i = 0; i < c; ++i)
      out.push_back((row[i] - m) / std::sqrt(squares / double(c) + epsilon) * g[i] + b[i]);
  }
  return out;
}

/// (x - mean) / sqrt(var + 1e-3) * gamma + beta along lines of `length` values `step` apart.
Values normalized(const Tensors& t, bool columns) {
  const Values x = t[0].to_vector<double>(), g = t[1].to_vector<double>(),
               b = t[2].to_vector<double>();
  const std::size_t rows = 6, c = 4;
  Values out(x.size());
  const std::size_t lines = columns ? c : rows, length = columns ? rows : c;
  for (std::size_t l = 0; l < lines; ++l) {
    Values v;
    for (std::size_t i = 0; i < length; ++i) v.push_back(columns ? x[i * c + l] : x[l * c + i]);
    for (std::size_t i = 0; i < length; ++i) {
      const std::size_t at = columns ? i * c + l : l * c + i;
      out[at] =
          (v[i] - total(v) / double(length)) / std::sqrt(spread(v) + 1e-3) * g[at % c] + b[at % c];
    }
  }
  return out;
}

const AddCases norms{{
    general(
        "batch_norm", {random({6, 4}, 1), random({4}, 2, 0.5, 2), random({4}, 3)},
        [](const Tensors& t) { return batch_norm(t[0], t[1], t[2]).y; },
        [](const Tensors& t) { return normalized(t, true); }),
    general(
        "layer_norm", {random({6, 4}, 1), random({4}, 2, 0.5, 2), random({4}, 3)},
        [](const Tensors& t) { return layer_norm(t[0], t[1], t[2]); },
        [](const Tensors& t) { return normalized(t, false); }),
    general(
        "layer_norm", {random({70, 3, 37}, 1), random({37}, 2, 0.5, 2), random({37}, 3)},
        [](const Tensors& t) { return layer_norm(t[0], t[1], t[2], 1e-5); },
        [](const Tensors& t) { return normalized_rows(t, 1e-5); }, false),
    general(
        "rms_norm", {random({6, 4}, 1), random({4}, 2, 0.5, 2)},
        [](const Tensors& t) { return rms_norm(t[0], t[1]); },
        [](const Tensors& t) { return normalized_rows(t, 1e-6); }),
    general(
        "rms_norm", {random({3, 2100}, 1), random({2100}, 2, 0.5, 2)},
        [](const Tensors& t) { return rms_norm(t[0], t[1], 0.1); },
        [](const Tensors& t) { return normalized_rows(t, 0.1); }, false),
    general(
        "batch_norm_inference", {random({6, 4}, 1), random({4}, 2, 0.5, 2), random({4}, 3)},
        [](const Tensors& t) {
          return batch_norm_inference(t[0], t[1], t[2], mean(t[0], {.axis = 0}),
                                      variance(t[0], {.axis = 0}));
        },
        [](const Tensors& t) { return normalized(t, true); }),
}};

}  // namespace
