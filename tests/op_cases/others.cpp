#include <algorithm>
#include <cmath>

#include "linnet/core/creation.hpp"
#include "linnet/ops/conv.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/indexing.hpp"
#include "linnet/ops/loss.hpp"
#include "linnet/ops/matmul.hpp"
#include "linnet/ops/norm.hpp"
#include "linnet/ops/random.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"
#include "linnet/ops/softmax.hpp"
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

/// Cross-correlation by its definition.
Values conv_reference(const Tensor& x, const Tensor& kernel, int stride, int pad, int oh, int ow,
                      int groups) {
  const auto at = [](const Values& v, const Shape& s, std::int64_t a, std::int64_t b,
                     std::int64_t c, std::int64_t d) {
    return v[std::size_t(((a * s[1] + b) * s[2] + c) * s[3] + d)];
  };
  const Values xv = x.to_vector<double>(), kv = kernel.to_vector<double>();
  const Shape& k = kernel.shape();
  Values out;
  for (int n = 0; n < x.dim(0); ++n)
    for (int h = 0; h < oh; ++h)
      for (int w = 0; w < ow; ++w)
        for (int o = 0; o < k[3]; ++o) {
          double s = 0;
          const std::int64_t first = o / (k[3] / groups) * k[2];
          for (int a = 0; a < k[0]; ++a)
            for (int b = 0; b < k[1]; ++b)
              for (int c = 0; c < k[2]; ++c) {
                const int ih = h * stride + a - pad, iw = w * stride + b - pad;
                if (ih < 0 || iw < 0 || ih >= x.dim(1) || iw >= x.dim(2)) continue;
                s += at(xv, x.shape(), n, ih, iw, first + c) * at(kv, k, a, b, c, o);
              }
          out.push_back(s);
        }
  return out;
}

/// By scattering: every input adds its kernel to the output, `before` further to the front.
Values transposed_reference(const Tensors& t, int stride, int before, int oh, int ow) {
  const Shape &x = t[0].shape(), &k = t[1].shape();
  const Values v = t[0].to_vector<double>(), w = t[1].to_vector<double>();
  Values out(std::size_t(x[0] * oh * ow * k[2]));
  std::size_t at = 0;
  for (int n = 0; n < x[0]; ++n)
    for (int i = 0; i < x[1]; ++i)
      for (int j = 0; j < x[2]; ++j)
        for (int c = 0; c < x[3]; ++c, ++at)
          for (int a = 0; a < k[0]; ++a)
            for (int b = 0; b < k[1]; ++b)
              for (int o = 0; o < k[2]; ++o) {
                const int h = i * stride + a - before, u = j * stride + b - before;
                if (h < 0 || u < 0 || h >= oh || u >= ow) continue;
                out[std::size_t(((n * oh + h) * ow + u) * k[2] + o)] +=
                    v[at] * w[std::size_t(((a * k[1] + b) * k[2] + o) * k[3] + c)];
              }
  return out;
}

OpCase transposed(const Shape& x, const Shape& k, Conv2DTransposeOptions o, int before, int oh,
                  int ow) {
  OpCase c{"conv2d_transpose", {random(x, 1), random(k, 2)}, [o](const Tensors& t) {
             return conv2d_transpose(t[0], t[1], o);
           }};
  c.reference_all = [=](const Tensors& t) {
    return transposed_reference(t, int(o.strides.h), before, oh, ow);
  };
  c.tolerance = 2e-5;
  return c;
}

OpCase conv(const Shape& x, const Shape& k, Conv2DOptions o, int pad, int oh, int ow) {
  OpCase c{"conv2d", {random(x, 1), random(k, 2)}, [o](const Tensors& t) {
             return conv2d(t[0], t[1], o);
           }};
  c.reference_all = [=](const Tensors& t) {
    return conv_reference(t[0], t[1], int(o.strides.h), pad, oh, ow, o.groups);
  };
  c.tolerance = 2e-5;
  return c;
}

OpCase pooling(const char* name, bool average, const Pool2DOptions& o, int window, int stride,
               int oh, int ow) {
  OpCase c{name, {random({2, 5, 5, 3}, 8)}, [=](const Tensors& t) {
             return average ? avg_pool2d(t[0], window, o) : max_pool2d(t[0], window, o);
           }};
  c.reference_all = [=](const Tensors& t) {
    const Values v = t[0].to_vector<double>();
    Values out;
    for (int n = 0; n < 2; ++n)
      for (int h = 0; h < oh; ++h)
        for (int w = 0; w < ow; ++w)
          for (int ch = 0; ch < 3; ++ch) {
            double best = -1e300, s = 0;
            int count = 0;
            for (int a = h * stride; a < std::min(h * stride + window, 5); ++a)
              for (int b = w * stride; b < std::min(w * stride + window, 5); ++b, ++count) {
                const double x = v[std::size_t(((n * 5 + a) * 5 + b) * 3 + ch)];
                best = std::max(best, x), s += x;
              }
            out.push_back(average ? s / count : best);
          }
    return out;
  };
  return c;
}

OpCase general(const char* name, Tensors in, OpCase::Function f,
               std::function<Values(const Tensors&)> reference, bool gradient = true) {
  OpCase c{name, std::move(in), std::move(f)};
  c.reference_all = std::move(reference);
  c.gradient = c.second_order = gradient;
  c.tolerance = 1e-5;
  return c;
}

Values softmax_rows(const Tensor& x, bool log) {
  const Values v = x.to_vector<double>();
  const auto k = std::size_t(x.dim(-1));
  Values out;
  for (std::size_t r = 0; r < v.size() / k; ++r) {
    double s = 0;
    for (std::size_t j = 0; j < k; ++j) s += std::exp(v[r * k + j]);
    for (std::size_t j = 0; j < k; ++j)
      out.push_back(log ? v[r * k + j] - std::log(s) : std::exp(v[r * k + j]) / s);
  }
  return out;
}

const AddCases linear{{
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
    conv({2, 5, 6, 3}, {3, 3, 3, 4}, {}, 0, 3, 4),
    conv({1, 5, 5, 2}, {3, 3, 2, 3}, {.padding = "same"}, 1, 5, 5),
    conv({2, 7, 7, 2}, {3, 3, 2, 5}, {.strides = 2}, 0, 3, 3),
    conv({1, 5, 5, 4}, {3, 3, 2, 6}, {.padding = "same", .groups = 2}, 1, 5, 5),
    conv({1, 4, 4, 1}, {1, 1, 1, 2}, {}, 0, 4, 4),
    transposed({1, 3, 4, 2}, {3, 3, 3, 2}, {}, 0, 5, 6),
    transposed({2, 3, 2, 3}, {3, 3, 2, 3}, {.strides = 2}, 0, 7, 5),
    transposed({1, 3, 3, 2}, {2, 2, 1, 2}, {.strides = 3}, 0, 9, 9),
    transposed({1, 3, 4, 2}, {3, 3, 2, 2}, {.strides = 2, .padding = "same"}, 0, 6, 8),
    transposed({1, 3, 3, 2}, {4, 4, 2, 2}, {.padding = "same"}, 1, 3, 3),
    transposed({1, 2, 3, 2}, {3, 3, 2, 2}, {.strides = 2, .output_padding = 1}, 0, 6, 8),
    pooling("max_pool2d", false, {}, 2, 2, 2, 2),
    pooling("max_pool2d", false, {.strides = 2, .padding = "same"}, 2, 2, 3, 3),
    pooling("avg_pool2d", true, {}, 2, 2, 2, 2),
    pooling("avg_pool2d", true, {.strides = 2, .padding = "same"}, 2, 2, 3, 3),
    general(
        "softmax", {random({4, 7}, 3, -3, 3)}, [](const Tensors& t) { return softmax(t[0]); },
        [](const Tensors& t) { return softmax_rows(t[0], false); }),
    general(
        "log_softmax", {random({4, 7}, 3, -3, 3)},
        [](const Tensors& t) { return log_softmax(t[0]); },
        [](const Tensors& t) { return softmax_rows(t[0], true); }),
}};

/// The same along rows of any length; without beta neither mean nor beta.
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

Values rearranged(const Tensor& x, const std::vector<int>& order) {
  const Values v = x.to_vector<double>();
  Values out;
  for (int i : order) out.push_back(i < 0 ? 0 : v[std::size_t(i)]);
  return out;
}
std::function<Values(const Tensors&)> picks(std::vector<int> order) {
  return [order](const Tensors& t) { return rearranged(t[0], order); };
}

const AddCases shapes{{
    general(
        "reshape", {random({2, 3})},
        [](const Tensors& t) {
          return reshape(t[0], {3, -1});
        },
        picks({0, 1, 2, 3, 4, 5})),
    general(
        "transpose", {random({2, 3})}, [](const Tensors& t) { return transpose(t[0]); },
        picks({0, 3, 1, 4, 2, 5})),
    general(
        "swapaxes", {random({2, 3})}, [](const Tensors& t) { return swapaxes(t[0], 0, 1); },
        picks({0, 3, 1, 4, 2, 5})),
    general(
        "expand_dims", {random({3})}, [](const Tensors& t) { return expand_dims(t[0], 0); },
        picks({0, 1, 2})),
    general(
        "squeeze", {random({1, 3, 1})}, [](const Tensors& t) { return squeeze(t[0]); },
        picks({0, 1, 2})),
    general(
        "flatten", {random({2, 2})}, [](const Tensors& t) { return flatten(t[0]); },
        picks({0, 1, 2, 3})),
    general(
        "broadcast_to", {random({1, 2})},
        [](const Tensors& t) {
          return broadcast_to(t[0], {2, 2});
        },
        picks({0, 1, 0, 1})),
    general(
        "concat", {random({2, 2})},
        [](const Tensors& t) {
          return concat({t[0], t[0]}, 1);
        },
        picks({0, 1, 0, 1, 2, 3, 2, 3})),
    general(
        "stack", {random({2})},
        [](const Tensors& t) {
          return stack({t[0], t[0]}, 1);
        },
        picks({0, 0, 1, 1})),
    general(
        "unstack", {random({2, 2})}, [](const Tensors& t) { return unstack(t[0], 1)[1]; },
        picks({1, 3})),
    general(
        "split", {random({4})}, [](const Tensors& t) { return split(t[0], 2)[1]; }, picks({2, 3})),
    general(
        "pad", {random({2})},
        [](const Tensors& t) {
          return pad(t[0], {{1, 2}});
        },
        picks({-1, 0, 1, -1, -1})),
    general(
        "tile", {random({2})}, [](const Tensors& t) { return tile(t[0], {2}); },
        picks({0, 1, 0, 1})),
    general(
        "flip", {random({3})}, [](const Tensors& t) { return flip(t[0], 0); }, picks({2, 1, 0})),
    general(
        "narrow", {random({4})}, [](const Tensors& t) { return narrow(t[0], 0, 1, 2); },
        picks({1, 2})),
    general(
        "contiguous", {random({2, 2})},
        [](const Tensors& t) { return contiguous(transpose(t[0])); }, picks({0, 2, 1, 3})),
    general(
        "gather", {random({3, 2})},
        [](const Tensors& t) {
          return gather(t[0], tensor({2, 0, 2}));
        },
        picks({4, 5, 0, 1, 4, 5})),
    general(
        "one_hot", {arange(0, 3, 1, int64)}, [](const Tensors& t) { return one_hot(t[0], 3); },
        [](const Tensors&) { return Values{1, 0, 0, 0, 1, 0, 0, 0, 1}; }, false),
}};

std::function<Values(const Tensors&)> per_row(std::function<double(double, double)> f) {
  return [f](const Tensors& t) {
    const Values y = t[0].to_vector<double>(), p = t[1].to_vector<double>();
    Values out;
    for (std::size_t r = 0; r < 4; ++r) {
      double s = 0;
      for (std::size_t j = 0; j < 3; ++j) s += f(y[r * 3 + j], p[r * 3 + j]);
      out.push_back(s / 3);
    }
    return out;
  };
}

const AddCases losses{{
    general(
        "mean_squared_error", {random({4, 3}, 1), random({4, 3}, 2)},
        [](const Tensors& t) { return mean_squared_error(t[0], t[1]); },
        per_row([](double y, double p) { return (y - p) * (y - p); })),
    general(
        "mean_absolute_error", {random({4, 3}, 1), random({4, 3}, 2)},
        [](const Tensors& t) { return mean_absolute_error(t[0], t[1]); },
        per_row([](double y, double p) { return std::fabs(y - p); })),
    general(
        "huber", {random({4, 3}, 1, -2, 2), random({4, 3}, 2, -2, 2)},
        [](const Tensors& t) { return huber(t[0], t[1], 0.7); }, per_row([](double y, double p) {
          const double d = std::fabs(y - p);
          return d <= 0.7 ? d * d / 2 : 0.7 * d - 0.245;
        })),
    general(
        "binary_crossentropy", {random({4, 3}, 1, 0.1, 0.9), random({4, 3}, 2, 0.1, 0.9)},
        [](const Tensors& t) { return binary_crossentropy(t[0], t[1]); },
        per_row([](double y, double p) { return -(y * std::log(p) + (1 - y) * std::log(1 - p)); })),
    general(
        "binary_crossentropy", {random({4, 3}, 1, 0.1, 0.9), random({4, 3}, 2, 0.2, 2)},
        [](const Tensors& t) { return binary_crossentropy(t[0], t[1], {.from_logits = true}); },
        per_row([](double y, double z) { return z - z * y + std::log1p(std::exp(-z)); })),
    general(
        "categorical_crossentropy", {random({4, 3}, 1, 0.1, 0.9), random({4, 3}, 2, -2, 2)},
        [](const Tensors& t) {
          return categorical_crossentropy(t[0], t[1], {.from_logits = true});
        },
        [](const Tensors& t) {
          const Values y = t[0].to_vector<double>(), p = softmax_rows(t[1], true);
          Values out;
          for (std::size_t r = 0; r < 4; ++r)
            out.push_back(
                -(y[r * 3] * p[r * 3] + y[r * 3 + 1] * p[r * 3 + 1] + y[r * 3 + 2] * p[r * 3 + 2]));
          return out;
        }),
    general(
        "sparse_categorical_crossentropy", {random({4, 3}, 2, -2, 2)},
        [](const Tensors& t) {
          return sparse_categorical_crossentropy(tensor({0, 2, 1, 1}), t[0], {.from_logits = true});
        },
        [](const Tensors& t) {
          const Values p = softmax_rows(t[0], true);
          return Values{-p[0], -p[5], -p[7], -p[10]};
        }),
}};

OpCase drawn(const char* name, OpCase::Function f) {
  // The table checks shapes, capture and threads; distributions have tests of their own.
  OpCase c{name, {}, std::move(f)};
  c.gradient = c.second_order = false;
  return c;
}

OpCase dropped() {
  OpCase c{
      "dropout", {random({40})}, [](const Tensors& t) { return dropout(t[0], 0.4, Generator(3)); }};
  c.draws = true;
  return c;
}

const AddCases randoms{{
    drawn("uniform", [](const Tensors&) { return uniform({5}, {.generator = Generator(3)}); }),
    drawn("normal", [](const Tensors&) { return normal({5}, {.generator = Generator(3)}); }),
    drawn("truncated_normal",
          [](const Tensors&) { return truncated_normal({5}, {.generator = Generator(3)}); }),
    drawn("random_integers",
          [](const Tensors&) { return random_integers({5}, 0, 9, {.generator = Generator(3)}); }),
    drawn("permutation", [](const Tensors&) { return permutation(9, Generator(3)); }),
    dropped(),
}};

}  // namespace
