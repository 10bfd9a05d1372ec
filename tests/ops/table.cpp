#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <regex>
#include <set>

#include "linnet/autograd/gradcheck.hpp"
#include "linnet/autograd/tape.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/core/print.hpp"
#include "linnet/core/threads.hpp"
#include "linnet/graph/function.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"
#include "op_cases/op_case.hpp"

using namespace linnet;

namespace {

std::vector<double> expected(const OpCase& c, const std::vector<Tensor>& in) {
  if (c.reference_all) return c.reference_all(in);
  std::vector<std::vector<double>> values;
  for (const Tensor& t : in) values.push_back(t.to_vector<double>());
  std::vector<double> out;
  for (std::size_t i = 0; i < values[0].size(); ++i) {
    std::vector<double> x;
    for (const auto& v : values) x.push_back(v[i]);
    out.push_back(c.reference(x));
  }
  return out;
}

bool has_reference(const OpCase& c) { return c.reference || c.reference_all; }

void check_close(const OpCase& c, const Tensor& y, const std::vector<double>& want,
                 double tolerance) {
  const std::vector<double> got = y.to_vector<double>();
  REQUIRE_MESSAGE(got.size() == want.size(), c.name);
  for (std::size_t i = 0; i < got.size(); ++i)
    CHECK_MESSAGE(std::abs(got[i] - want[i]) <= tolerance * (1 + std::abs(want[i])),
                  c.name << " element " << i << ": " << got[i] << " instead of " << want[i]);
}

std::vector<Tensor> converted(const std::vector<Tensor>& in, DType t) {
  std::vector<Tensor> out;
  for (const Tensor& x : in) out.push_back(is_floating(x.dtype()) ? cast(x, t) : x);
  return out;
}

std::vector<double> bits(const Tensor& t) { return t.to_vector<double>(); }

/// Equal, NaN included.
bool same(const Tensor& a, const Tensor& b) {
  const auto x = bits(a), y = bits(b);
  if (!(a.shape() == b.shape()) || a.dtype() != b.dtype()) return false;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (!(x[i] == y[i] || (x[i] != x[i] && y[i] != y[i]))) return false;
  return true;
}

}  // namespace

TEST_CASE("values against references, float64 and float32") {
  for (const OpCase& c : op_cases()) {
    if (!has_reference(c)) continue;
    check_close(c, c.f(c.inputs), expected(c, c.inputs), 1e-9);
    const auto narrow = converted(c.inputs, float32);
    check_close(c, c.f(narrow), expected(c, narrow), c.tolerance);
  }
}

TEST_CASE("16-bit floats round the float32 result once") {
  for (const OpCase& c : op_cases()) {
    if (!c.same_shape || !has_reference(c)) continue;
    for (DType t : {float16, bfloat16}) {
      const auto in = converted(c.inputs, t);
      check_close(c, c.f(in), expected(c, in), t == float16 ? 2e-3 : 1.6e-2);
    }
  }
}

TEST_CASE("gradients against central differences") {
  for (const OpCase& c : op_cases()) {
    if (!c.gradient) continue;
    const auto r = gradcheck(c.f, c.inputs);
    CHECK_MESSAGE(r.passed, c.name << ": " << r.message);
  }
}

TEST_CASE("second derivatives against central differences of the gradient") {
  for (const OpCase& c : op_cases()) {
    if (!c.second_order || c.inputs.empty()) continue;
    const auto gradient = [&](const std::vector<Tensor>& x) {
      GradientTape tape;
      for (const Tensor& t : x) tape.watch(t);
      const Tensor y = c.f(x);
      const Tensor total = sum(y * reshape(linspace(0.5, 1.5, y.size(), float64), y.shape()));
      Tensor g =
          tape.gradient(total, x.back(), {.unconnected_gradients = UnconnectedGradients::zero});
      return g;
    };
    const auto r = gradcheck(gradient, c.inputs, {.rtol = 1e-4, .atol = 1e-6});
    CHECK_MESSAGE(r.passed, c.name << ": " << r.message);
  }
}

TEST_CASE("captured equals eager, with each pass on and off") {
  std::vector<PassOptions> variants{{}, PassOptions::none()};
  for (auto pass :
       {&PassOptions::simplify, &PassOptions::constants, &PassOptions::common_subexpressions,
        &PassOptions::padding, &PassOptions::affine, &PassOptions::epilogue, &PassOptions::pooling,
        &PassOptions::updates, &PassOptions::fusion, &PassOptions::dead_code,
        &PassOptions::prologue}) {
    PassOptions off, only = PassOptions::none();
    off.*pass = false;
    only.*pass = true;
    variants.push_back(off);
    variants.push_back(only);
  }
  for (const OpCase& c : op_cases()) {
    if (c.inputs.empty()) continue;
    const auto in = converted(c.inputs, float32);
    const Tensor eager = c.f(in);
    for (const PassOptions& passes : variants) {
      const auto f = linnet::function([&](const std::vector<Tensor>& x) { return c.f(x); },
                                      {.passes = passes});
      CHECK_MESSAGE(same(f(in), eager), c.name);
      if (!c.draws) CHECK_MESSAGE(same(f(in), eager), c.name << " on replay");
    }
  }
}

TEST_CASE("a captured gradient equals the eager one") {
  for (const OpCase& c : op_cases()) {
    if (!c.gradient || c.inputs.empty()) continue;
    const auto in = converted(c.inputs, float32);
    const auto gradient = [&](const std::vector<Tensor>& x) {
      GradientTape tape;
      for (const Tensor& t : x) tape.watch(t);
      return tape.gradient(sum(c.f(x)), x.back(),
                           {.unconnected_gradients = UnconnectedGradients::zero});
    };
    CHECK_MESSAGE(same(linnet::function(gradient)(in), gradient(in)), c.name);
  }
}

TEST_CASE("strided inputs give what contiguous ones give") {
  for (const OpCase& c : op_cases()) {
    std::vector<Tensor> strided;
    for (const Tensor& x : converted(c.inputs, float32)) {
      // The same values seen through a transposed copy with gaps.
      const auto spread = [](const Tensor& t) {
        return transpose(narrow(concat({transpose(t), transpose(t)}, 0), 0, 0, t.dim(-1)));
      };
      strided.push_back(x.rank() < 2 ? x : spread(x));
      CHECK(same(strided.back(), x));
    }
    if (!c.inputs.empty())
      CHECK_MESSAGE(same(c.f(strided), c.f(converted(c.inputs, float32))), c.name);
  }
}

TEST_CASE("empty and scalar inputs") {
  for (const OpCase& c : op_cases()) {
    if (!c.same_shape) continue;
    std::vector<Tensor> empties, scalars;
    for (const Tensor& x : c.inputs) {
      empties.push_back(zeros({0, 3}, x.dtype()));
      scalars.push_back(x(0, 0));
    }
    CHECK_MESSAGE(c.f(empties).shape() == Shape({0, 3}), c.name);
    CHECK_MESSAGE(c.f(scalars).shape() == Shape(), c.name);
    check_close(c, c.f(scalars), expected(c, scalars), 1e-9);
  }
}

TEST_CASE("the same bits for one and two threads") {
  for (const OpCase& c : op_cases()) {
    std::vector<Tensor> large;
    for (const Tensor& x : converted(c.inputs, float32))
      large.push_back(c.same_shape ? contiguous(broadcast_to(x, {9000, x.dim(0), x.dim(1)})) : x);
    set_num_threads(1);
    const Tensor one = c.f(large);
    set_num_threads(2);
    const Tensor two = c.f(large);
    set_num_threads(0);
    CHECK_MESSAGE(same(one, two), c.name);
  }
}

TEST_CASE("every declared op has a row") {
  std::set<std::string> rows;
  for (const OpCase& c : op_cases()) rows.insert(c.name);
  int declared = 0;
  for (const char* header : {"elementwise", "reduce", "matmul", "attention", "conv", "softmax",
                             "norm", "shape", "indexing", "random", "loss", "quantization", "scan",
                             "sort", "scatter", "rearrange", "contract", "linalg"}) {
    std::ifstream file(std::string(LINNET_SOURCE_DIR) + "/include/linnet/ops/" + header + ".hpp");
    REQUIRE(file.good());
    const std::regex declaration(
        R"(LINNET_DECL (?:Tensor|std::vector<Tensor>|BatchNormResult|TopK) (\w+)\()");
    for (std::string line; std::getline(file, line);) {
      std::smatch m;
      if (!std::regex_search(line, m, declaration)) continue;
      ++declared;
      CHECK_MESSAGE(rows.contains(m[1]),
                    "no row for " << m[1].str() << " of " << std::string(header) << ".hpp");
    }
  }
  CHECK(declared > 100);
}
