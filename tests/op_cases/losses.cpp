#include <cmath>

#include "linnet/core/creation.hpp"
#include "linnet/ops/loss.hpp"
#include "linnet/ops/softmax.hpp"
#include "op_cases/op_case.hpp"
#include "op_cases/random_input.hpp"

using namespace linnet;

namespace {

using Values = std::vector<double>;
using Tensors = std::vector<Tensor>;

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
const AddCases softmaxes{{
    general(
        "softmax", {random({4, 7}, 3, -3, 3)}, [](const Tensors& t) { return softmax(t[0]); },
        [](const Tensors& t) { return softmax_rows(t[0], false); }),
    general(
        "log_softmax", {random({4, 7}, 3, -3, 3)},
        [](const Tensors& t) { return log_softmax(t[0]); },
        [](const Tensors& t) { return softmax_rows(t[0], true); }),
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

}  // namespace
