// Single ops, called eagerly. Elementwise ones are the rows of the tests' op table, on a million
// elements of positive numbers; the others are on shapes that networks have.
// The table's first row of a name counts; integers are left out.
#include "ops.hpp"

#include <algorithm>
#include <sstream>

#include "op_cases/op_case.hpp"

namespace bench {

using namespace linnet;

namespace {

constexpr std::int64_t elements = 1 << 20;

using Call = std::function<Tensor(const std::vector<Tensor>&)>;

struct Op {
  std::string name;
  std::vector<Shape> inputs;
  Call call;
  double multiply_adds = 0;  // 0: bound by memory
  double offset = 0;         // inputs are uniform in offset + [-0.5, 0.5)
  bool draws = false;
};

Tensor gathered(const std::vector<Tensor>& x) { return gather(x[0], integers({65536}, 97, 10000)); }

/// Gradients of `inputs` for the sum of `call`, the one of input `i`.
Call gradient_of(Call call, std::size_t i) {
  return [call, i](const std::vector<Tensor>& x) {
    GradientTape tape;
    tape.watch(x[i]);
    const Tensor y = call(x);
    return tape.gradient(y, x[i]);
  };
}

Op convolution(const std::string& name, const Shape& x, const Shape& kernel, int strides = 1,
               int groups = 1) {
  const std::int64_t rows = (x[1] + strides - 1) / strides,
                     columns = (x[2] + strides - 1) / strides;
  return {name,
          {x, kernel},
          [=](const auto& v) {
            return conv2d(v[0], v[1], {.strides = strides, .padding = "same", .groups = groups});
          },
          static_cast<double>(x[0] * rows * columns * kernel.size())};
}

Op product(const std::string& name, std::int64_t m, std::int64_t k, std::int64_t n) {
  return {name,
          {{m, k}, {k, n}},
          [](const auto& x) { return matmul(x[0], x[1]); },
          static_cast<double>(m * k * n)};
}

std::vector<Op> other_ops() {
  const Shape rows{4096, 256};
  std::vector<Op> all{
      product("matmul_128", 128, 128, 128),
      product("matmul_512", 512, 512, 512),
      product("matmul_1024", 1024, 1024, 1024),
      product("matmul_vector", 1, 4096, 1024),
      {"matmul_batched",
       {{64, 128, 32}, {64, 32, 128}},
       [](const auto& x) { return matmul(x[0], x[1]); },
       64.0 * 128 * 32 * 128},
      convolution("conv2d_3x3_64", {8, 56, 56, 64}, {3, 3, 64, 64}),
      convolution("conv2d_3x3_256", {8, 14, 14, 256}, {3, 3, 256, 256}),
      convolution("conv2d_1x1", {8, 28, 28, 128}, {1, 1, 128, 256}),
      convolution("conv2d_7x7_strided", {8, 112, 112, 3}, {7, 7, 3, 64}, 2),
      convolution("conv2d_depthwise", {8, 56, 56, 64}, {3, 3, 1, 64}, 1, 64),
      {"max_pool2d", {{8, 56, 56, 64}}, [](const auto& x) { return max_pool2d(x[0], 2); }},
      {"avg_pool2d", {{8, 56, 56, 64}}, [](const auto& x) { return avg_pool2d(x[0], 2); }},
      {"sum_all", {rows}, [](const auto& x) { return sum(x[0]); }},
      {"sum_rows", {rows}, [](const auto& x) { return sum(x[0], {.axis = {1}}); }},
      {"sum_columns", {rows}, [](const auto& x) { return sum(x[0], {.axis = {0}}); }},
      {"max_rows", {rows}, [](const auto& x) { return max(x[0], {.axis = {1}}); }},
      {"argmax_rows", {rows}, [](const auto& x) { return argmax(x[0], 1); }},
      {"logsumexp_rows", {rows}, [](const auto& x) { return logsumexp(x[0], {.axis = {1}}); }},
      {"softmax", {rows}, [](const auto& x) { return softmax(x[0]); }},
      {"log_softmax", {rows}, [](const auto& x) { return log_softmax(x[0]); }},
      {"layer_norm",
       {rows, {256}, {256}},
       [](const auto& x) { return layer_norm(x[0], x[1], x[2], 1e-5); }},
      {"transpose", {{1024, 1024}}, [](const auto& x) { return contiguous(transpose(x[0])); }},
      {"permute_heads",
       {{16, 128, 4, 32}},
       [](const auto& x) {
         return contiguous(transpose(x[0], {0, 2, 1, 3}));
       }},
      {"broadcast_add_row", {rows, {256}}, [](const auto& x) { return x[0] + x[1]; }},
      {"broadcast_add_column", {rows, {4096, 1}}, [](const auto& x) { return x[0] + x[1]; }},
      {"concat",
       {rows, rows},
       [](const auto& x) {
         return concat({x[0], x[1]}, 1);
       }},
      {"gather_rows", {{10000, 32}}, gathered},
      {.name = "normal",
       .inputs = {},
       .call = [](const auto&) { return normal({elements}); },
       .draws = true},
  };
  const std::pair<const char*, std::size_t> gradients[] = {
      {"conv2d_3x3_64", 0}, {"conv2d_3x3_64", 1}, {"max_pool2d", 0},
      {"softmax", 0},       {"layer_norm", 0},    {"gather_rows", 0},
  };
  for (const auto& [name, input] : gradients) {
    const auto of = std::find_if(
        all.begin(), all.end(), [name = std::string(name)](const Op& o) { return o.name == name; });
    Op gradient = *of;
    gradient.name += "_gradient" + std::string(of->inputs.size() == 2 ? std::to_string(input) : "");
    gradient.multiply_adds *= 2;  // forward, then one of the two products backward
    gradient.call = gradient_of(of->call, input);
    all.push_back(std::move(gradient));
  }
  return all;
}

std::vector<Op> elementwise() {
  std::vector<Op> all;
  for (const OpCase& c : op_cases()) {
    const bool seen =
        std::any_of(all.begin(), all.end(), [&](const Op& o) { return o.name == c.name; });
    if (!c.reference || c.inputs[0].dtype() != float64 || seen) continue;
    all.push_back({c.name, std::vector<Shape>(c.inputs.size(), {elements}), c.f});
    all.back().offset = c.name == "acosh" ? 1.6 : 0.6;
  }
  return all;
}

const std::vector<Op>& all_ops() {
  static const std::vector<Op> all = [] {
    std::vector<Op> ops = elementwise();
    for (Op& o : other_ops()) ops.push_back(std::move(o));
    return ops;
  }();
  return all;
}

std::vector<Tensor> inputs_of(const Op& op) {
  std::vector<Tensor> inputs;
  for (const Shape& shape : op.inputs)
    inputs.push_back(uniform(shape, static_cast<std::uint32_t>(inputs.size() + 1), 1) + op.offset);
  return inputs;
}

/// What is read and written at least; float32, whatever comes out.
double bytes_of(const Op& op, const Tensor& y) {
  double bytes = static_cast<double>(y.nbytes());
  for (const Shape& shape : op.inputs) bytes += 4.0 * static_cast<double>(shape.size());
  return bytes;
}

}  // namespace

bool make_op(const std::string& name, Workload& out) {
  if (name.rfind("op:", 0) != 0) return false;
  const auto& all = all_ops();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Op& o) { return "op:" + o.name == name; });
  if (found == all.end()) fail<ValueError>("linnet_bench", "unknown op ", name);
  const auto inputs = inputs_of(*found);
  out.step = [call = found->call, inputs] {
    static_cast<void>(call(inputs));
    return 0.0;
  };
  out.outputs = [op = *found, inputs] {
    if (op.draws) return std::vector<double>{};
    const Tensor y = cast(flatten(op.call(inputs)), float64);
    return narrow(y, 0, 0, std::min<std::int64_t>(8, y.size())).to_vector<double>();
  };
  return true;
}

std::string ops() {
  std::ostringstream out;
  out << "{\"ops\": [";
  const char* separator = "";
  for (const Op& op : all_ops()) {
    out << separator << "{\"name\": \"" << op.name << "\", \"inputs\": \"";
    for (std::size_t i = 0; i < op.inputs.size(); ++i) out << (i ? ", " : "") << op.inputs[i];
    out << "\", \"flops\": " << 2 * op.multiply_adds
        << ", \"bytes\": " << bytes_of(op, op.call(inputs_of(op))) << "}";
    separator = ", ";
  }
  out << "]}";
  return out.str();
}

}  // namespace bench
