// Products of 8-bit integers: oneDNN's sums against Linnet's own.
#include <doctest/doctest.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "linnet/backend/backend.hpp"
#include "linnet/backend/onednn.hpp"
#include "linnet/linnet.hpp"
#include "linnet/ops/primitives/quantization.hpp"

using namespace linnet;

namespace {

/// oneDNN wherever it can, whatever this process otherwise prefers.
std::shared_ptr<const Backend> everything() {
  const char* before = std::getenv("LINNET_ONEDNN");
  const std::string old = before ? before : "";
  setenv("LINNET_ONEDNN", "always", 1);
  auto backend = onednn::make_backend();
  before ? setenv("LINNET_ONEDNN", old.c_str(), 1) : unsetenv("LINNET_ONEDNN");
  return backend;
}

Tensor bytes(const Shape& shape, DType t) {
  const int low = t == int8 ? -128 : 0;
  return cast(random_integers(shape, low, low + 256), t);
}

struct Product {
  std::vector<Tensor> in;
  ValueSpec out;
};

ValueSpec spec(const Shape& s, DType t) { return {s, t, cpu, Layout::dense()}; }

/// Operands with every input there can be.
Product product(const Shape& x, const Shape& w, const Shape& y, DType t, DType result) {
  const Tensor scales = uniform({w[-1]}, {.minval = 0.001, .maxval = 0.01});
  Product p{{bytes(x, t), tensor(0.02f), cast(tensor(t == int8 ? -37 : 201), t), bytes(w, int8),
             scales, normal({w[-1]})},
            spec(y, result)};
  if (result == float32) return p;
  p.in.push_back(tensor(0.1f));
  p.in.push_back(cast(tensor(60), result));
  return p;
}

KernelPtr compile(const Backend& backend, PrimitiveRef primitive, const Product& p) {
  std::vector<ValueSpec> in;
  for (const Tensor& t : p.in) in.push_back(spec(t.shape(), t.dtype()));
  return backend.compile(
      {.primitive = primitive, .in = in, .out = {&p.out, 1}, .threads = num_threads()});
}

Tensor run(const Kernel& kernel, const Product& p) {
  Tensor y = zeros(p.out.shape, p.out.dtype);
  std::vector<const void*> in;
  for (const Tensor& t : p.in) in.push_back(t.raw_data());
  void* out = const_cast<void*>(y.raw_data());
  const Tensor workspace = zeros({static_cast<std::int64_t>(kernel.workspace_bytes())}, uint8);
  const auto state = kernel.make_state();
  Status status;
  kernel.run({.in = in,
              .out = {&out, 1},
              .immediates = {},
              .workspace = const_cast<void*>(workspace.raw_data()),
              .state = state.get(),
              .status = &status});
  CHECK(status.ok());
  return y;
}

/// What oneDNN chose, "" where it has nothing; its results are Linnet's, bit by bit.
template <class P>
std::string compare(const P& p, const Shape& x, const Shape& w, const Shape& y) {
  static const auto theirs = everything();
  const auto own = backends(DeviceType::cpu).back();
  std::string chosen;
  for (DType t : {int8, uint8})
    for (DType result : {float32, int8, uint8}) {
      const Product operands = product(x, w, y, t, result);
      const KernelPtr kernel = compile(*theirs, p, operands);
      if (!kernel) continue;
      chosen = kernel->description();
      const Tensor a = run(*kernel, operands), b = run(*compile(*own, p, operands), operands);
      CHECK_MESSAGE(a.to_vector<float>() == b.to_vector<float>(),
                    chosen << to_string(x) << " by " << to_string(w));
      CHECK(kernel->traits().fallible);
    }
  return chosen;
}

bool is_exact(const std::string& chosen) {
  return (chosen.starts_with("onednn:jit") || chosen.starts_with("onednn:brg")) &&
         (chosen.find("vnni") != std::string::npos || chosen.find("amx") != std::string::npos);
}

}  // namespace

TEST_CASE("oneDNN's products of integers equal Linnet's own") {
  QuantizedMatMul p;
  p.bias = true, p.activation = Activation::relu;
  for (const Shape& s :
       {Shape{1, 1024, 1024}, Shape{37, 130, 70}, Shape{300, 64, 96}, Shape{5, 3, 2}}) {
    const std::string chosen = compare(p, {s[0], s[1]}, {s[1], s[2]}, {s[0], s[2]});
    MESSAGE(to_string(s) << ": " << chosen);
    CHECK((chosen.empty() || is_exact(chosen)));
  }
}

TEST_CASE("oneDNN's convolutions of integers equal Linnet's own") {
  struct Case {
    Shape x, w, y;
    int stride = 1, pad = 0, groups = 1, dilation = 1;
  };
  for (const Case& c : {Case{{5, 20, 20, 3}, {3, 3, 3, 32}, {5, 18, 18, 32}},
                        Case{{3, 16, 16, 64}, {3, 3, 64, 64}, {3, 16, 16, 64}, 1, 1},
                        Case{{4, 8, 8, 32}, {3, 3, 32, 48}, {4, 4, 4, 48}, 2, 1},
                        Case{{4, 8, 8, 32}, {3, 3, 1, 32}, {4, 8, 8, 32}, 1, 1, 32},
                        Case{{2, 8, 8, 32}, {3, 3, 16, 32}, {2, 8, 8, 32}, 1, 1, 2},
                        Case{{2, 12, 11, 16}, {3, 3, 16, 16}, {2, 12, 11, 16}, 1, 2, 1, 2},
                        Case{{3, 6, 6, 24}, {1, 1, 24, 40}, {3, 6, 6, 40}}}) {
    QuantizedConv2D p;
    static_cast<Conv2DAttributes&>(p) = {
        c.stride, c.dilation, {c.pad, c.pad, c.pad, c.pad}, c.groups};
    p.bias = true;
    const std::string chosen = compare(p, c.x, c.w, c.y);
    MESSAGE(to_string(c.x) << " by " << to_string(c.w) << ": " << chosen);
    CHECK((chosen.empty() || is_exact(chosen)));
  }
}
