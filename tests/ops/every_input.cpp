#include <doctest/doctest.h>

#include "linnet/autograd/gradcheck.hpp"
#include "linnet/autograd/tape.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/graph/function.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"
#include "op_cases/op_case.hpp"

using namespace linnet;

// The table's gradients with respect to all inputs at once: mixed second derivatives, and capture
// of the whole backward pass with each graph pass switched off.
namespace {

/// The gradients of a weighted sum of c's result, flattened into one tensor.
Tensor all_gradients(const OpCase& c, const std::vector<Tensor>& x) {
  GradientTape tape;
  std::vector<Tensor> sources;
  for (const Tensor& t : x)
    if (is_floating(t.dtype())) tape.watch(t), sources.push_back(t);
  const Tensor y = c.f(x);
  const Tensor weights = reshape(linspace(0.5, 1.5, y.size(), y.dtype()), y.shape());
  std::vector<Tensor> parts;
  for (const Tensor& g : tape.gradient(sum(y * weights), sources,
                                       {.unconnected_gradients = UnconnectedGradients::zero}))
    parts.push_back(flatten(g));
  return concat(parts);
}

bool same(const Tensor& a, const Tensor& b) {
  const auto x = a.to_vector<double>(), y = b.to_vector<double>();
  for (std::size_t i = 0; i < x.size(); ++i)
    if (!(x[i] == y[i] || (x[i] != x[i] && y[i] != y[i]))) return false;
  return x.size() == y.size();
}

}  // namespace

TEST_CASE("second derivatives with respect to every pair of inputs") {
  for (const OpCase& c : op_cases()) {
    if (!c.second_order || c.inputs.empty()) continue;
    const auto r = gradcheck([&](const auto& x) { return all_gradients(c, x); }, c.inputs,
                             {.rtol = 1e-4, .atol = 1e-6});
    CHECK_MESSAGE(r.passed, c.name << ": " << r.message);
  }
}

TEST_CASE("captured gradients equal eager ones with each pass off") {
  std::vector<PassOptions> variants{{}, PassOptions::none()};
  for (bool PassOptions::*pass :
       {&PassOptions::simplify, &PassOptions::constants, &PassOptions::common_subexpressions,
        &PassOptions::epilogue, &PassOptions::affine, &PassOptions::pooling, &PassOptions::updates,
        &PassOptions::prologue, &PassOptions::fusion, &PassOptions::dead_code}) {
    variants.emplace_back();
    variants.back().*pass = false;
  }
  for (const OpCase& c : op_cases()) {
    if (!c.gradient || c.inputs.empty() || c.draws) continue;
    std::vector<Tensor> in;
    for (const Tensor& x : c.inputs) in.push_back(is_floating(x.dtype()) ? cast(x, float32) : x);
    const Tensor eager = all_gradients(c, in);
    for (const PassOptions& passes : variants) {
      const auto f = linnet::function(
          [&](const std::vector<Tensor>& x) { return all_gradients(c, x); }, {.passes = passes});
      CHECK_MESSAGE(same(f(in), eager), c.name);
      CHECK_MESSAGE(same(f(in), eager), c.name << " on replay");
    }
  }
}
