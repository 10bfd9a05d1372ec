#include <algorithm>
#include <cmath>
#include <numeric>

#include "linnet/core/creation.hpp"
#include "linnet/ops/contract.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/linalg.hpp"
#include "linnet/ops/random.hpp"
#include "linnet/ops/rearrange.hpp"
#include "linnet/ops/scan.hpp"
#include "linnet/ops/scatter.hpp"
#include "linnet/ops/shape.hpp"
#include "linnet/ops/sort.hpp"
#include "op_cases/op_case.hpp"
#include "op_cases/random_input.hpp"

using namespace linnet;

namespace {

using Values = std::vector<double>;
using Tensors = std::vector<Tensor>;

/// A scan along axis 1 of [2, 5, 3] by its definition.
OpCase scanned(const char* name, bool product, Tensor x, bool exclusive, bool reverse) {
  const ScanOptions o{.axis = 1, .exclusive = exclusive, .reverse = reverse};
  return general(
      name, {std::move(x)},
      [product, o](const Tensors& t) { return product ? cumprod(t[0], o) : cumsum(t[0], o); },
      [product, o](const Tensors& t) {
        const Values v = t[0].to_vector<double>();
        Values out;
        for (int at = 0; at < 30; ++at) {
          const int k = at / 3 % 5;
          double total = product ? 1 : 0;
          for (int j = 0; j < 5; ++j) {
            if (o.reverse ? j < k : j > k) continue;
            if (o.exclusive && j == k) continue;
            const double x = v[std::size_t(at + (j - k) * 3)];
            total = product ? total * x : total + x;
          }
          out.push_back(total);
        }
        return out;
      });
}

/// Two elements of a line are 0: what dividing by x would get wrong.
Tensor with_zeros() {
  Tensor x = random({2, 5, 3}, 8, 0.5, 2);
  Values keep(30, 1);
  keep[4] = keep[10] = keep[20] = 0;
  return x * from_vector(keep, {2, 5, 3});
}

const AddCases scans{{
    scanned("cumsum", false, random({2, 5, 3}), false, false),
    scanned("cumsum", false, random({2, 5, 3}), true, false),
    scanned("cumsum", false, random({2, 5, 3}), false, true),
    scanned("cumsum", false, random({2, 5, 3}), true, true),
    scanned("cumprod", true, random({2, 5, 3}, 4, 0.5, 2), false, false),
    scanned("cumprod", true, with_zeros(), false, false),
    scanned("cumprod", true, with_zeros(), true, false),
    scanned("cumprod", true, with_zeros(), false, true),
    scanned("cumprod", true, with_zeros(), true, true),
}};

/// The places that sort each row of [4, 7]; stable.
std::vector<int> row_order(const Tensor& x, bool descending) {
  const Values v = x.to_vector<double>();
  std::vector<int> out(28);
  for (int r = 0; r < 4; ++r) {
    const auto row = out.begin() + r * 7;
    std::iota(row, row + 7, 0);
    std::stable_sort(row, row + 7, [&](int a, int b) {
      const double left = v[std::size_t(r * 7 + a)], right = v[std::size_t(r * 7 + b)];
      return descending ? left > right : left < right;
    });
  }
  return out;
}

Values sorted_rows(const Tensor& x, bool descending, int k, bool places) {
  const Values v = x.to_vector<double>();
  const std::vector<int> order = row_order(x, descending);
  Values out;
  for (int r = 0; r < 4; ++r)
    for (int i = 0; i < k; ++i) {
      const int at = order[std::size_t(r * 7 + i)];
      out.push_back(places ? at : v[std::size_t(r * 7 + at)]);
    }
  return out;
}

const AddCases sorts{{
    general(
        "sort", {random({4, 7})}, [](const Tensors& t) { return sort(t[0]); },
        [](const Tensors& t) { return sorted_rows(t[0], false, 7, false); }),
    general(
        "sort", {random({4, 7})},
        [](const Tensors& t) {
          return transpose(sort(transpose(t[0]), {.axis = 0, .descending = true}));
        },
        [](const Tensors& t) { return sorted_rows(t[0], true, 7, false); }),
    general(
        "argsort", {floor(random({4, 7}, 3, 0, 4))}, [](const Tensors& t) { return argsort(t[0]); },
        [](const Tensors& t) { return sorted_rows(t[0], false, 7, true); }, false),
    general(
        "argsort", {floor(random({4, 7}, 3, 0, 4))},
        [](const Tensors& t) { return argsort(t[0], {.descending = true}); },
        [](const Tensors& t) { return sorted_rows(t[0], true, 7, true); }, false),
    general(
        "top_k", {random({4, 7})}, [](const Tensors& t) { return top_k(t[0], 3).values; },
        [](const Tensors& t) { return sorted_rows(t[0], true, 3, false); }),
    general(
        "top_k", {floor(random({4, 7}, 3, 0, 4))},
        [](const Tensors& t) { return top_k(t[0], 3).indices; },
        [](const Tensors& t) { return sorted_rows(t[0], true, 3, true); }, false),
}};

/// [3, 2] index tuples into [4, 3, 2], one of them twice.
Tensor tuples() { return tensor({{2, 1}, {0, 2}, {2, 1}}); }

/// What a scatter makes of x [4, 3, 2] and updates [3, 2], by a function of old and new value.
std::function<Values(const Tensors&)> scattered(double (*f)(double, double)) {
  return [f](const Tensors& t) {
    Values out = t.size() > 1 ? t[0].to_vector<double>() : Values(24, 0);
    const Values u = t.back().to_vector<double>();
    const std::size_t rows[] = {7, 2, 7};
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t j = 0; j < 2; ++j)
        out[rows[i] * 2 + j] = f(out[rows[i] * 2 + j], u[i * 2 + j]);
    return out;
  };
}

OpCase scattering(const char* name, Tensor (*f)(const Tensor&, const Tensor&, const Tensor&),
                  double (*reference)(double, double)) {
  return general(
      name, {random({4, 3, 2}, 1), random({3, 2}, 2)},
      [f](const Tensors& t) { return f(t[0], tuples(), t[1]); }, scattered(reference));
}

const AddCases scatters{{
    scattering("tensor_scatter_nd_update", tensor_scatter_nd_update,
               [](double, double u) { return u; }),
    scattering("tensor_scatter_nd_add", tensor_scatter_nd_add,
               [](double x, double u) { return x + u; }),
    scattering("tensor_scatter_nd_sub", tensor_scatter_nd_sub,
               [](double x, double u) { return x - u; }),
    scattering("tensor_scatter_nd_min", tensor_scatter_nd_min,
               [](double x, double u) { return std::min(x, u); }),
    scattering("tensor_scatter_nd_max", tensor_scatter_nd_max,
               [](double x, double u) { return std::max(x, u); }),
    general(
        "scatter_nd", {random({3, 2}, 2)},
        [](const Tensors& t) {
          return scatter_nd(tuples(), t[0], {4, 3, 2});
        },
        scattered([](double x, double u) { return x + u; })),
    general(
        "gather_nd", {random({4, 3, 2})},
        [](const Tensors& t) { return gather_nd(t[0], tuples()); },
        [](const Tensors& t) {
          const Values v = t[0].to_vector<double>();
          return Values{v[14], v[15], v[4], v[5], v[14], v[15]};
        }),
    general(
        "gather_nd", {random({4, 3, 2})},
        [](const Tensors& t) {
          return gather_nd(t[0], tensor({{2}, {0}, {1}, {2}}), 1);
        },
        [](const Tensors& t) {
          const Values v = t[0].to_vector<double>();
          return Values{v[4], v[5], v[6], v[7], v[14], v[15], v[22], v[23]};
        }),
    general(
        "take_along_axis", {random({2, 3})},
        [](const Tensors& t) {
          return take_along_axis(t[0], tensor({{2, 0, 0, 1}, {1, 1, 2, 0}}));
        },
        [](const Tensors& t) {
          const Values v = t[0].to_vector<double>();
          return Values{v[2], v[0], v[0], v[1], v[4], v[4], v[5], v[3]};
        }),
    general(
        "take_along_axis", {random({2, 3})},
        [](const Tensors& t) {
          return take_along_axis(t[0], tensor({{1, 0, 1}}), 0);
        },
        [](const Tensors& t) {
          const Values v = t[0].to_vector<double>();
          return Values{v[3], v[1], v[5]};
        }),
}};

const AddCases rearranged{{
    general(
        "roll", {random({3, 4})},
        [](const Tensors& t) {
          return roll(t[0], {1, -6}, {0, -1});
        },
        [](const Tensors& t) {
          const Values v = t[0].to_vector<double>();
          Values out;
          for (int i = 0; i < 3; ++i)
            for (int j = 0; j < 4; ++j)
              out.push_back(v[std::size_t((i + 2) % 3 * 4 + (j + 6) % 4)]);
          return out;
        }),
    general(
        "repeat", {random({3, 2})},
        [](const Tensors& t) {
          return repeat(t[0], {2, 0, 1});
        },
        [](const Tensors& t) {
          const Values v = t[0].to_vector<double>();
          return Values{v[0], v[1], v[0], v[1], v[4], v[5]};
        }),
    general(
        "repeat", {random({2, 2})}, [](const Tensors& t) { return repeat(t[0], {2}, 1); },
        [](const Tensors& t) {
          const Values v = t[0].to_vector<double>();
          return Values{v[0], v[0], v[1], v[1], v[2], v[2], v[3], v[3]};
        }),
    general(
        "meshgrid", {random({2}, 1), random({3}, 2)},
        [](const Tensors& t) { return stack(meshgrid(t)); },
        [](const Tensors& t) {
          const Values a = t[0].to_vector<double>(), b = t[1].to_vector<double>();
          return Values{a[0], a[1], a[0], a[1], a[0], a[1], b[0], b[0], b[1], b[1], b[2], b[2]};
        }),
}};

/// x [4, 4] far from singular.
Tensor square_matrices() { return random({2, 4, 4}, 6) + 3 * eye(4, -1, float64); }

/// a y for the solution y, which is b.
OpCase solving(bool adjoint) {
  return general(
      "solve", {square_matrices(), random({2, 4, 3}, 9)},
      [adjoint](const Tensors& t) { return solve(t[0], t[1], adjoint); },
      [adjoint](const Tensors& t) {
        // Cramer's rule.
        const Values a = t[0].to_vector<double>(), b = t[1].to_vector<double>();
        const auto determinant = [](Values m) {
          double d = 1;
          for (std::size_t c = 0; c < 4; ++c)
            for (std::size_t r = c + 1; r < 4; ++r) {
              const double f = m[r * 4 + c] / m[c * 4 + c];
              for (std::size_t j = c; j < 4; ++j) m[r * 4 + j] -= f * m[c * 4 + j];
            }
          for (std::size_t c = 0; c < 4; ++c) d *= m[c * 5];
          return d;
        };
        Values out;
        for (std::size_t n = 0; n < 2; ++n)
          for (std::size_t i = 0; i < 4; ++i)
            for (std::size_t j = 0; j < 3; ++j) {
              Values whole(16), part(16);
              for (std::size_t r = 0; r < 4; ++r)
                for (std::size_t c = 0; c < 4; ++c) {
                  whole[r * 4 + c] = a[n * 16 + (adjoint ? c * 4 + r : r * 4 + c)];
                  part[r * 4 + c] = c == i ? b[n * 12 + r * 3 + j] : whole[r * 4 + c];
                }
              out.push_back(determinant(part) / determinant(whole));
            }
        return out;
      });
}

/// c[i, k] = sum over j of a[i, j] b[j, k] for [3, 4] and [4, 2].
Values product(const Tensors& t) {
  const Values a = t[0].to_vector<double>(), b = t[1].to_vector<double>();
  Values out(6, 0);
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t k = 0; k < 2; ++k)
      for (std::size_t j = 0; j < 4; ++j) out[i * 2 + k] += a[i * 4 + j] * b[j * 2 + k];
  return out;
}

OpCase einsum_case(const char* equation, Tensors in, std::function<Values(const Tensors&)> f) {
  return general(
      "einsum", std::move(in), [equation](const Tensors& t) { return einsum(equation, t); },
      std::move(f));
}

const AddCases contractions{{
    einsum_case("ij,jk", {random({3, 4}, 1), random({4, 2}, 2)}, product),
    einsum_case("i j, j k -> i k", {random({3, 4}, 1), random({4, 2}, 2)}, product),
    einsum_case("bihd,bjhd->bhij", {random({2, 3, 2, 2}, 1), random({2, 4, 2, 2}, 2)},
                [](const Tensors& t) {
                  const Values a = t[0].to_vector<double>(), b = t[1].to_vector<double>();
                  Values out;
                  for (std::size_t n = 0; n < 2; ++n)
                    for (std::size_t h = 0; h < 2; ++h)
                      for (std::size_t i = 0; i < 3; ++i)
                        for (std::size_t j = 0; j < 4; ++j)
                          out.push_back(
                              a[((n * 3 + i) * 2 + h) * 2] * b[((n * 4 + j) * 2 + h) * 2] +
                              a[((n * 3 + i) * 2 + h) * 2 + 1] * b[((n * 4 + j) * 2 + h) * 2 + 1]);
                  return out;
                }),
    einsum_case("...i,i->...", {random({2, 3, 2}, 1), random({2}, 2)},
                [](const Tensors& t) {
                  const Values a = t[0].to_vector<double>(), b = t[1].to_vector<double>();
                  Values out;
                  for (std::size_t i = 0; i < 6; ++i)
                    out.push_back(a[i * 2] * b[0] + a[i * 2 + 1] * b[1]);
                  return out;
                }),
    einsum_case("ii->i", {random({3, 3})},
                [](const Tensors& t) {
                  const Values v = t[0].to_vector<double>();
                  return Values{v[0], v[4], v[8]};
                }),
    einsum_case("iji->j", {random({2, 3, 2})},
                [](const Tensors& t) {
                  const Values v = t[0].to_vector<double>();
                  return Values{v[0] + v[7], v[2] + v[9], v[4] + v[11]};
                }),
    einsum_case("ij->", {random({2, 3})},
                [](const Tensors& t) {
                  const Values v = t[0].to_vector<double>();
                  return Values{std::accumulate(v.begin(), v.end(), 0.0)};
                }),
    einsum_case("i,j,k->kji", {random({2}, 1), random({2}, 2), random({2}, 3)},
                [](const Tensors& t) {
                  const Values a = t[0].to_vector<double>(), b = t[1].to_vector<double>(),
                               c = t[2].to_vector<double>();
                  Values out;
                  for (std::size_t i = 0; i < 8; ++i)
                    out.push_back(c[i / 4] * b[i / 2 % 2] * a[i % 2]);
                  return out;
                }),
    general(
        "tensordot", {random({3, 4}, 1), random({4, 2}, 2)},
        [](const Tensors& t) { return tensordot(t[0], t[1], 1); }, product),
    general(
        "tensordot", {random({3, 4}, 1), random({4, 2}, 2)},
        [](const Tensors& t) {
          return tensordot(reshape(t[0], {3, 2, 2}), reshape(transpose(t[1]), {2, 2, 2}), {1, 2},
                           {-2, -1});
        },
        product),
    solving(false),
    solving(true),
    general(
        "inverse", {square_matrices()},
        [](const Tensors& t) {
          return einsum("bij,bjk->bik", {inverse(t[0]), t[0]});
        },
        [](const Tensors&) {
          Values out(32, 0);
          for (std::size_t i = 0; i < 8; ++i) out[i / 4 * 16 + i % 4 * 5] = 1;
          return out;
        }),
}};

}  // namespace
