// oneDNN beside Linnet's own kernels: what is chosen for the shapes of the benchmarks, and that
// both give the same numbers.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "linnet/backend/backend.hpp"
#include "linnet/backend/apply.hpp"
#include "linnet/linnet.hpp"
#include "linnet/ops/primitives/conv.hpp"

using namespace linnet;

namespace {

struct Case {
  const char* name;
  Shape x, kernel;
  int stride = 1, pad = 0, groups = 1, dilation = 1;

  Shape y() const {
    const auto out = [&](std::int64_t n, std::int64_t k) {
      return (n + 2 * pad - (k - 1) * dilation - 1) / stride + 1;
    };
    return {x[0], out(x[1], kernel[0]), out(x[2], kernel[1]), kernel[3]};
  }
  Conv2DAttributes attributes() const { return {stride, dilation, {pad, pad, pad, pad}, groups}; }
};

const std::vector<Case> benchmark_cases = {
    {"lenet 1", {128, 28, 28, 1}, {3, 3, 1, 32}},
    {"lenet 2", {128, 13, 13, 32}, {3, 3, 32, 64}},
    {"cnn100 1", {32, 100, 100, 3}, {3, 3, 3, 32}},
    {"cnn100 2", {32, 49, 49, 32}, {3, 3, 32, 64}},
    {"cnn100 3", {32, 23, 23, 64}, {3, 3, 64, 128}},
    {"resnet stem", {16, 64, 64, 3}, {7, 7, 3, 64}, 2, 3},
    {"resnet 3x3", {16, 16, 16, 64}, {3, 3, 64, 64}, 1, 1},
    {"resnet down", {16, 16, 16, 64}, {3, 3, 64, 128}, 2, 1},
    {"resnet skip", {16, 16, 16, 64}, {1, 1, 64, 128}, 2, 0},
    {"resnet 8x8", {16, 8, 8, 128}, {3, 3, 128, 128}, 1, 1},
    {"resnet 4x4", {16, 4, 4, 256}, {3, 3, 256, 256}, 1, 1},
    {"resnet 2x2", {16, 2, 2, 512}, {3, 3, 512, 512}, 1, 1},
    {"resnet last down", {16, 4, 4, 256}, {3, 3, 256, 512}, 2, 1},
};

std::vector<Case> odd_cases() {
  return {{"uneven parts", {5, 9, 8, 16}, {3, 3, 16, 32}},
          {"groups", {4, 8, 8, 32}, {3, 3, 16, 32}, 1, 1, 2},
          {"depthwise", {4, 8, 8, 32}, {3, 3, 1, 32}, 1, 1, 32},
          {"dilated", {4, 12, 11, 16}, {3, 3, 16, 16}, 1, 2, 1, 2},
          {"odd channels", {4, 9, 9, 5}, {3, 2, 5, 7}, 2, 1},
          {"1x1", {3, 6, 6, 24}, {1, 1, 24, 40}}};
}

template <class P>
P primitive(const Case& c) {
  P p;
  static_cast<Conv2DAttributes&>(p) = c.attributes();
  return p;
}

ValueSpec spec(const Shape& s) { return {s, DType::float32, cpu, Layout::dense()}; }

/// The result of the kernel that `backend` has, or an undefined tensor.
template <class P>
Tensor run(const Backend& backend, const P& p, const std::vector<Tensor>& inputs,
           const Shape& out) {
  std::vector<ValueSpec> in;
  for (const Tensor& t : inputs) in.push_back(spec(t.shape()));
  const ValueSpec result = spec(out);
  const KernelPtr kernel =
      backend.compile({.primitive = p, .in = in, .out = {&result, 1}, .threads = num_threads()});
  if (!kernel) return {};
  Tensor y = zeros(out);
  std::vector<const void*> in_pointers;
  for (const Tensor& t : inputs) in_pointers.push_back(t.raw_data());
  void* out_pointer = const_cast<void*>(y.raw_data());
  const Tensor workspace = zeros({static_cast<std::int64_t>(kernel->workspace_bytes())}, uint8);
  const auto state = kernel->make_state();
  Status status;
  kernel->run({.in = in_pointers,
               .out = {&out_pointer, 1},
               .immediates = {},
               .workspace = const_cast<void*>(workspace.raw_data()),
               .state = state.get(),
               .status = &status});
  return y;
}

double difference(const Tensor& a, const Tensor& b) {
  const double scale = max(abs(b)).item<double>();
  return max(abs(a - b)).item<double>() / std::max(scale, 1e-30);
}

template <class P>
void compare(const Case& c, const std::vector<Tensor>& inputs, const Shape& out) {
  const auto all = backends(DeviceType::cpu);
  REQUIRE(all.size() == 2);
  REQUIRE(all[0]->name() == "onednn");
  const Tensor theirs = run(*all[0], primitive<P>(c), inputs, out);
  if (!theirs.defined()) return;
  const Tensor own = run(*all[1], primitive<P>(c), inputs, out);
  INFO(c.name, " ", std::string(P::name));
  CHECK(difference(theirs, own) < 2e-5);
}

template <class P>
std::string chosen(const Case& c, const Shape& a, const Shape& b, const Shape& out) {
  const std::vector<ValueSpec> in{spec(a), spec(b)};
  const ValueSpec result = spec(out);
  const P p = primitive<P>(c);
  return detail::compile_kernel(
             {.primitive = p, .in = in, .out = {&result, 1}, .threads = num_threads()})
      ->description();
}

bool is_listed(const std::string& description) {
  return description == "direct_convolution" || description == "tap_convolution" ||
         description == "winograd_convolution" || description.starts_with("onednn:jit") ||
         description.starts_with("onednn:brg");
}

}  // namespace

TEST_CASE("no benchmark shape runs on a reference or im2col implementation") {
  for (const Case& c : benchmark_cases) {
    for (const std::string& d : {chosen<Conv2D>(c, c.x, c.kernel, c.y()),
                                 chosen<Conv2DBackwardInput>(c, c.y(), c.kernel, c.x),
                                 chosen<Conv2DBackwardKernel>(c, c.x, c.y(), c.kernel)}) {
      MESSAGE(std::string(c.name) << ": " << d);
      CHECK(is_listed(d));
    }
  }
}

TEST_CASE("oneDNN's convolutions equal Linnet's own") {
  auto cases = odd_cases();
  cases.insert(cases.end(), benchmark_cases.begin(), benchmark_cases.end());
  set_random_seed(3);
  for (const Case& c : cases) {
    const Tensor x = normal(c.x), k = normal(c.kernel), dy = normal(c.y());
    compare<Conv2D>(c, {x, k}, c.y());
    compare<Conv2DBackwardInput>(c, {dy, k}, c.x);
    compare<Conv2DBackwardKernel>(c, {x, dy}, c.kernel);
  }
}

TEST_CASE("bfloat16 products equal float32 ones of the same numbers, rounded") {
  set_random_seed(4);
  const auto rounded = [](const Tensor& t) { return cast(t, bfloat16); };
  for (const Case& c : benchmark_cases) {
    const Tensor x = rounded(normal(c.x)), k = rounded(normal(c.kernel)),
                 dy = rounded(normal(c.y()));
    const auto wide = [](const Tensor& t) { return cast(t, float32); };
    const Conv2DOptions o{.strides = c.stride, .padding = c.pad ? "same" : "valid"};
    INFO(c.name);
    // One rounding to 8 bits of mantissa: half an ulp is 2^-9 of the value.
    GradientTape half({.persistent = true}), full({.persistent = true});
    half.watch(x), half.watch(k);
    const Tensor wx = wide(x), wk = wide(k);
    full.watch(wx), full.watch(wk);
    const Tensor y = conv2d(x, k, o), wy = conv2d(wx, wk, o);
    CHECK(y.dtype() == bfloat16);
    CHECK(difference(wide(y), wy) < 0.005);
    const auto g = half.gradient(y, std::vector<Tensor>{x, k}, {.output_gradients = {dy}});
    const auto w = full.gradient(wy, std::vector<Tensor>{wx, wk}, {.output_gradients = {wide(dy)}});
    for (std::size_t i = 0; i < 2; ++i) CHECK(difference(wide(g[i]), w[i]) < 0.005);
  }
  for (const auto& [m, k, n] :
       {std::array{64, 100, 32}, {33, 7, 19}, {128, 1600, 10}, {1, 64, 64}}) {
    const Tensor a = rounded(normal({m, k})), b = rounded(normal({k, n}));
    const Tensor at = rounded(normal({k, m})), bt = rounded(normal({n, k}));
    const auto check = [&](const Tensor& p, const Tensor& q, const MatMulOptions& o) {
      CHECK(difference(cast(matmul(p, q, o), float32),
                       matmul(cast(p, float32), cast(q, float32), o)) < 0.005);
    };
    check(a, b, {}), check(at, b, {.transpose_a = true}), check(a, bt, {.transpose_b = true});
  }
}

TEST_CASE("bias and activation are part of the product") {
  const auto all = backends(DeviceType::cpu);
  const Case c = benchmark_cases[7];  // strided: oneDNN's
  const Tensor x = normal(c.x), k = normal(c.kernel), b = normal({128});
  for (Activation a : {Activation::none, Activation::relu, Activation::tanh, Activation::sigmoid}) {
    Conv2D p = primitive<Conv2D>(c);
    p.bias = true;
    p.activation = a;
    const Tensor theirs = run(*all[0], p, {x, k, b}, c.y());
    REQUIRE(theirs.defined());
    CHECK(max(abs(theirs - run(*all[1], p, {x, k, b}, c.y()))).item<double>() < 1e-4);
  }
}

TEST_CASE("fewer images than threads, other dtypes and empty batches are left to other kernels") {
  const auto onednn = backends(DeviceType::cpu)[0];
  const Case none{"none", {0, 9, 9, 16}, {3, 3, 16, 16}};
  CHECK_FALSE(run(*onednn, primitive<Conv2D>(none), {zeros(none.x), zeros(none.kernel)}, none.y())
                  .defined());
  const ValueSpec x{{4, 9, 9, 16}, DType::float64, cpu, Layout::dense()},
      k{{3, 3, 16, 16}, DType::float64, cpu, Layout::dense()},
      y{{4, 7, 7, 16}, DType::float64, cpu, Layout::dense()};
  const std::vector<ValueSpec> in{x, k};
  const Conv2D p;
  CHECK(onednn->compile({.primitive = p, .in = in, .out = {&y, 1}, .threads = 1}) == nullptr);
}
