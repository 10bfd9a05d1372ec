#include <cmath>

#include "linnet/core/creation.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/random.hpp"
#include "op_cases/op_case.hpp"

using namespace linnet;

std::vector<OpCase>& op_cases() {
  static std::vector<OpCase> all;
  return all;
}

namespace {

Tensor between(double low, double high, std::uint64_t seed = 11, const Shape& shape = {3, 7}) {
  return uniform(shape,
                 {.minval = low, .maxval = high, .dtype = float64, .generator = Generator(seed)});
}

using Unary = Tensor (*)(const Tensor&);
using Binary = Tensor (*)(const Operand&, const Operand&);

OpCase unary(const char* name, Unary f, double (*reference)(double), double low, double high,
             bool gradient = true) {
  OpCase c{name,
           {between(low, high)},
           [f](const auto& x) { return f(x[0]); },
           [reference](const auto& x) { return reference(x[0]); }};
  c.gradient = c.second_order = gradient;
  c.same_shape = true;
  return c;
}

OpCase binary(const char* name, Binary f, double (*reference)(double, double), double low,
              double high, bool gradient = true) {
  OpCase c{name,
           {between(low, high, 5), between(low, high, 6)},
           [f](const auto& x) { return f(x[0], x[1]); },
           [reference](const auto& x) { return reference(x[0], x[1]); }};
  c.gradient = c.second_order = gradient;
  c.same_shape = true;
  return c;
}

double sigmoid_of(double x) { return 1 / (1 + std::exp(-x)); }
/// Derivatives of log gamma, by their series and an integral of its tail.
double digamma_of(double x) {
  double y = -0.57721566490153286;
  for (int n = 0; n < 200000; ++n) y += 1.0 / (n + 1) - 1 / (n + x);
  return y + std::log((200000 + x - 0.5) / 200000.5);
}
double polygamma_of(int n, double x) {
  double y = 0, factor = 1;
  for (int k = 0; k < 200000; ++k) y += std::pow(k + x, -n - 1);
  for (int k = 1; k <= n; ++k) factor *= -k;
  return -factor * (y + std::pow(200000 + x - 0.5, -n) / n);
}
double softplus_of(double x) { return std::log1p(std::exp(x)); }

const AddCases unaries{{
    unary(
        "abs", abs, [](double x) { return std::fabs(x); }, 0.1, 2),
    unary(
        "negative", negative, [](double x) { return -x; }, -2, 2),
    unary(
        "sign", sign, [](double x) { return double((x > 0) - (x < 0)); }, -2, 2, false),
    unary(
        "square", square, [](double x) { return x * x; }, -2, 2),
    unary(
        "sqrt", sqrt, [](double x) { return std::sqrt(x); }, 0.2, 3),
    unary(
        "rsqrt", rsqrt, [](double x) { return 1 / std::sqrt(x); }, 0.2, 3),
    unary(
        "reciprocal", reciprocal, [](double x) { return 1 / x; }, 0.3, 3),
    unary(
        "exp", exp, [](double x) { return std::exp(x); }, -5, 3),
    unary(
        "expm1", expm1, [](double x) { return std::expm1(x); }, -2, 2),
    unary(
        "exp2", exp2, [](double x) { return std::exp2(x); }, -3, 3),
    unary(
        "log", log, [](double x) { return std::log(x); }, 0.05, 9),
    unary(
        "log1p", log1p, [](double x) { return std::log1p(x); }, -0.7, 5),
    unary(
        "log2", log2, [](double x) { return std::log2(x); }, 1.3, 9),
    unary(
        "log10", log10, [](double x) { return std::log10(x); }, 1.3, 9),
    unary(
        "sin", sin, [](double x) { return std::sin(x); }, -3, 3),
    unary(
        "cos", cos, [](double x) { return std::cos(x); }, -1.2, 1.2),
    unary(
        "tan", tan, [](double x) { return std::tan(x); }, -1, 1),
    unary(
        "asin", asin, [](double x) { return std::asin(x); }, -0.8, 0.8),
    unary(
        "acos", acos, [](double x) { return std::acos(x); }, -0.8, 0.8),
    unary(
        "atan", atan, [](double x) { return std::atan(x); }, -3, 3),
    unary(
        "sinh", sinh, [](double x) { return std::sinh(x); }, -2, 2),
    unary(
        "cosh", cosh, [](double x) { return std::cosh(x); }, -2, 2),
    unary(
        "tanh", tanh, [](double x) { return std::tanh(x); }, -3, 3),
    unary(
        "asinh", asinh, [](double x) { return std::asinh(x); }, -3, 3),
    unary(
        "acosh", acosh, [](double x) { return std::acosh(x); }, 1.3, 4),
    unary(
        "atanh", atanh, [](double x) { return std::atanh(x); }, -0.8, 0.8),
    unary(
        "erf", erf, [](double x) { return std::erf(x); }, -2, 2),
    unary(
        "erfc", erfc, [](double x) { return std::erfc(x); }, -2, 2),
    unary(
        "lgamma", lgamma, [](double x) { return std::lgamma(x); }, 2.5, 6),
    unary("digamma", digamma, digamma_of, 0.5, 6),
    unary(
        "floor", floor, [](double x) { return std::floor(x); }, -3, 3, false),
    unary(
        "ceil", ceil, [](double x) { return std::ceil(x); }, -3, 3, false),
    unary(
        "round", round, [](double x) { return std::nearbyint(x); }, -3, 3, false),
    unary(
        "trunc", trunc, [](double x) { return std::trunc(x); }, -3, 3, false),
    unary(
        "relu", relu, [](double x) { return x > 0 ? x : 0; }, -2, 2),
    unary(
        "relu6", relu6, [](double x) { return std::fmin(x > 0 ? x : 0, 6); }, -3, 9),
    unary(
        "selu", selu,
        [](double x) {
          return 1.0507009873554805 * (x > 0 ? x : 1.6732632423543773 * std::expm1(x));
        },
        -2, 2),
    unary(
        "silu", silu, [](double x) { return x * sigmoid_of(x); }, -3, 3),
    unary(
        "mish", mish, [](double x) { return x * std::tanh(softplus_of(x)); }, -3, 3),
    unary("sigmoid", sigmoid, sigmoid_of, -4, 4),
    unary(
        "log_sigmoid", log_sigmoid, [](double x) { return std::log(sigmoid_of(x)); }, -4, 3),
    unary(
        "hard_sigmoid", hard_sigmoid,
        [](double x) { return std::fmin(std::fmax(x / 6 + 0.5, 0), 1); }, -2.5, 4),
    unary(
        "hard_silu", hard_silu,
        [](double x) { return x * std::fmin(std::fmax(x / 6 + 0.5, 0), 1); }, -2.5, 4),
    unary("softplus", softplus, softplus_of, -4, 4),
    unary(
        "softsign", softsign, [](double x) { return x / (1 + std::fabs(x)); }, 0.1, 3),
    unary(
        "logical_not", logical_not, [](double x) { return double(x == 0); }, -1, 1, false),
    unary(
        "is_nan", is_nan, [](double x) { return double(std::isnan(x)); }, -1, 1, false),
    unary(
        "is_inf", is_inf, [](double x) { return double(std::isinf(x)); }, -1, 1, false),
    unary(
        "is_finite", is_finite, [](double x) { return double(std::isfinite(x)); }, -1, 1, false),
}};

const AddCases parameterized{{
    {"gelu",
     {between(-3, 3)},
     [](const auto& x) { return gelu(x[0]); },
     [](const auto& x) { return 0.5 * x[0] * (1 + std::erf(x[0] / std::sqrt(2.0))); }},
    {"gelu",
     {between(-3, 3)},
     [](const auto& x) { return gelu(x[0], true); },
     [](const auto& x) {
       const double v = x[0];
       return 0.5 * v * (1 + std::tanh(0.7978845608028654 * (v + 0.044715 * v * v * v)));
     }},
    {"polygamma",
     {between(0.6, 6)},
     [](const auto& x) { return polygamma(1, x[0]); },
     [](const auto& x) { return polygamma_of(1, x[0]); }},
    {"polygamma",
     {between(1, 6)},
     [](const auto& x) { return polygamma(2, x[0]); },
     [](const auto& x) { return polygamma_of(2, x[0]); }},
    {"leaky_relu",
     {between(-3, 3)},
     [](const auto& x) { return leaky_relu(x[0], 0.1); },
     [](const auto& x) { return x[0] > 0 ? x[0] : 0.1 * x[0]; }},
    {"elu",
     {between(-3, 3)},
     [](const auto& x) { return elu(x[0], 1.5); },
     [](const auto& x) { return x[0] > 0 ? x[0] : 1.5 * std::expm1(x[0]); }},
    {"clip",
     {between(-3, 3)},
     [](const auto& x) { return clip(x[0], -1, 2); },
     [](const auto& x) { return std::fmin(std::fmax(x[0], -1), 2); }},
    {"cast",
     {between(-3, 3)},
     [](const auto& x) { return cast(x[0], float64); },
     [](const auto& x) { return x[0]; }},
    {"where",
     {between(-1, 1, 3), between(-2, 2, 4), between(-2, 2, 5)},
     [](const auto& x) { return where(x[0] > 0, x[1], x[2]); },
     [](const auto& x) { return x[0] > 0 ? x[1] : x[2]; }},
}};

const AddCases binaries{{
    binary(
        "add", add, [](double x, double y) { return x + y; }, -2, 2),
    binary(
        "subtract", subtract, [](double x, double y) { return x - y; }, -2, 2),
    binary(
        "multiply", multiply, [](double x, double y) { return x * y; }, -2, 2),
    binary(
        "divide", divide, [](double x, double y) { return x / y; }, 0.4, 2),
    binary(
        "divide_no_nan", divide_no_nan, [](double x, double y) { return y == 0 ? 0 : x / y; }, 0.4,
        2),
    binary(
        "floor_divide", floor_divide, [](double x, double y) { return std::floor(x / y); }, 0.4, 9,
        false),
    binary(
        "mod", mod, [](double x, double y) { return x - y * std::floor(x / y); }, 0.4, 9),
    binary(
        "pow", pow, [](double x, double y) { return std::pow(x, y); }, 0.4, 2.5),
    binary(
        "maximum", maximum, [](double x, double y) { return std::fmax(x, y); }, -2, 2),
    binary(
        "minimum", minimum, [](double x, double y) { return std::fmin(x, y); }, -2, 2),
    binary(
        "atan2", atan2, [](double y, double x) { return std::atan2(y, x); }, 0.4, 2),
    binary(
        "squared_difference", squared_difference,
        [](double x, double y) { return (x - y) * (x - y); }, -2, 2),
    binary(
        "xlogy", xlogy, [](double x, double y) { return x * std::log(y); }, 1.4, 3),
    binary(
        "equal", equal, [](double x, double y) { return double(x == y); }, -2, 2, false),
    binary(
        "not_equal", not_equal, [](double x, double y) { return double(x != y); }, -2, 2, false),
    binary(
        "less", less, [](double x, double y) { return double(x < y); }, -2, 2, false),
    binary(
        "less_equal", less_equal, [](double x, double y) { return double(x <= y); }, -2, 2, false),
    binary(
        "greater", greater, [](double x, double y) { return double(x > y); }, -2, 2, false),
    binary(
        "greater_equal", greater_equal, [](double x, double y) { return double(x >= y); }, -2, 2,
        false),
    binary(
        "logical_and", logical_and, [](double x, double y) { return double(x != 0 && y != 0); }, -2,
        2, false),
    binary(
        "logical_or", logical_or, [](double x, double y) { return double(x != 0 || y != 0); }, -2,
        2, false),
    binary(
        "logical_xor", logical_xor, [](double x, double y) { return double((x != 0) != (y != 0)); },
        -2, 2, false),
}};

OpCase bits(const char* name, Binary f, std::int64_t (*reference)(std::int64_t, std::int64_t)) {
  const IntegersOptions o{.dtype = int64, .generator = Generator(9)};
  OpCase c{name,
           {random_integers({4, 5}, -50, 50, o), random_integers({4, 5}, 0, 9, o)},
           [f](const auto& x) { return f(x[0], x[1]); },
           [reference](const auto& x) {
             return double(reference(std::int64_t(x[0]), std::int64_t(x[1])));
           }};
  c.gradient = c.second_order = false;
  return c;
}

const AddCases integers{{
    bits("bitwise_and", bitwise_and, [](std::int64_t a, std::int64_t b) { return a & b; }),
    bits("bitwise_or", bitwise_or, [](std::int64_t a, std::int64_t b) { return a | b; }),
    bits("bitwise_xor", bitwise_xor, [](std::int64_t a, std::int64_t b) { return a ^ b; }),
    bits("left_shift", left_shift, [](std::int64_t a, std::int64_t b) { return a << b; }),
    bits("right_shift", right_shift, [](std::int64_t a, std::int64_t b) { return a >> b; }),
    {"bitwise_not",
     {arange(-8, 8, 1, int64)},
     [](const auto& x) { return bitwise_not(x[0]); },
     [](const auto& x) { return double(~std::int64_t(x[0])); },
     {},
     false,
     false},
}};

}  // namespace
