#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "linnet/core/tensor.hpp"

/// One row of the op table: what it takes, an independent reference, and what is to be checked.
struct OpCase {
  using Function = std::function<linnet::Tensor(const std::vector<linnet::Tensor>&)>;
  using Reference = std::function<double(const std::vector<double>&)>;  // elementwise, in double

  std::string name;                    // the public op's name
  std::vector<linnet::Tensor> inputs;  // float64, or integers and bools
  Function f;
  Reference reference{};  // elementwise ops: called per element
  std::function<std::vector<double>(const std::vector<linnet::Tensor>&)> reference_all{};  // others
  bool gradient = true, second_order = true;
  double tolerance = 2e-6;  // float32 against the reference, relative
  bool draws = false;       // takes random numbers: each run differs
  bool same_shape = false;  // elementwise: also run empty, scalar and strided
};

std::vector<OpCase>& op_cases();

/// Registers rows before main.
struct AddCases {
  AddCases(std::vector<OpCase> rows) {
    for (auto& r : rows) op_cases().push_back(std::move(r));
  }
};

/// A row whose reference gives the whole result.
inline OpCase general(
    const char* name, std::vector<linnet::Tensor> in, OpCase::Function f,
    std::function<std::vector<double>(const std::vector<linnet::Tensor>&)> reference,
    bool gradient = true) {
  OpCase c{name, std::move(in), std::move(f)};
  c.reference_all = std::move(reference);
  c.gradient = c.second_order = gradient;
  return c;
}
