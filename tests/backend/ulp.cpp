#include "backend/ulp.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <set>
#include <utility>

#include "backend/unary_rows.hpp"

using namespace linnet;

namespace {

/// The largest error of one row over inputs, and where.
template <class T>
struct Worst {
  double error = 0;
  T at = 0, got = 0;
};

template <class T, class Reference>
Worst<T> worst_of(const unary_rows::Row& row, Reference reference, const std::vector<T>& x) {
  const std::vector<T> y = row.op(ulp::as_tensor(x)).template to_vector<T>();
  Worst<T> worst;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const ulp::Wider<T> want = reference(x[i]);
    if (x[i] == 0 && want == 0)
      CHECK_MESSAGE(std::signbit(y[i]) == std::signbit(want), std::string(row.name)
                                                                  << ": sign of a zero");
    const double e = ulp::error<T>(y[i], want, sizeof(T) == 8 ? row.floor64 : row.floor32);
    if (e > worst.error || (e == worst.error && i == 0)) worst = {e, x[i], y[i]};
  }
  return worst;
}

template <class T, class Reference>
void check_row(const unary_rows::Row& row, Reference reference, const std::vector<T>& x,
               double bound) {
  const Worst<T> w = worst_of(row, reference, x);
  if (std::getenv("LINNET_PRINT_ULP"))
    MESSAGE(std::string(row.name) << (sizeof(T) == 4 ? " float32 " : " float64 ") << w.error
                                  << " at " << w.at << ": " << w.got);
  CHECK_MESSAGE(w.error <= bound, std::string(row.name)
                                      << " of " << w.at << " gives " << w.got << ", off by "
                                      << w.error << " units of "
                                      << (sizeof(T) == 4 ? "float32" : "float64"));
}

}  // namespace

TEST_CASE("every unary row keeps its bound in float32") {
  const std::vector<float> x = ulp::sweep<float>();
  for (const auto& row : unary_rows::all()) check_row(row, row.wide, x, row.float32);
}

TEST_CASE("every unary row keeps its bound in float64") {
  const std::vector<double> x = ulp::sweep<double>();
  for (const auto& row : unary_rows::all()) check_row(row, row.widest, x, row.float64);
}

TEST_CASE("every unary row has a bound") {
  std::set<std::string> bounded;
  for (const auto& row : unary_rows::all()) bounded.insert(row.name);
  const std::pair<std::string, std::string> rows[] = {
#define LINNET_UNARY(name, domain, formula) {#name, #domain},
#define LINNET_PREDICATE1(name, domain, formula)
#define LINNET_BINARY(name, domain, formula)
#define LINNET_PREDICATE2(name, domain, formula)
#define LINNET_TERNARY(name, domain, formula)
#include "linnet/backend/cpu/elementwise_ops.def"
  };
  for (const auto& row : rows)
    if (row.second != "integral") CHECK_MESSAGE(bounded.count(row.first) == 1, row.first);
}
