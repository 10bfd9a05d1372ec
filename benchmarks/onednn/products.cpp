// Matrix products of the workloads in float32, and products of 8-bit integers.
#include "compare.hpp"

#include "linnet/ops/primitives/conv.hpp"
#include "linnet/ops/primitives/matmul.hpp"
#include "linnet/ops/primitives/quantization.hpp"

namespace compare {

using namespace linnet;

namespace {

using dnnl::memory;
using Type = memory::data_type;
using Tag = memory::format_tag;

TensorSpec spec(const Shape& s) { return {s, float32, cpu}; }
Tensor numbers(const Shape& s) { return uniform(s, {.minval = 0.1, .maxval = 1.1}); }

/// a [m, k] times b [k, n]; `ta`: a lies transposed, as for the gradient of weights; `tb` alike.
Row product(const char* of, std::int64_t m, std::int64_t k, std::int64_t n, bool ta = false,
            bool tb = false) {
  const auto lying = [](std::int64_t rows, std::int64_t columns, bool transposed) {
    return memory::desc({rows, columns}, Type::f32, transposed ? Tag::ba : Tag::ab);
  };
  const dnnl::matmul::primitive_desc d(Theirs::engine(), lying(m, k, ta), lying(k, n, tb),
                                       matrix(m, n));
  Theirs theirs;
  theirs.set(dnnl::matmul(d));
  theirs.with(DNNL_ARG_SRC, d.src_desc()).with(DNNL_ARG_WEIGHTS, d.weights_desc());
  theirs.with(DNNL_ARG_DST, d.dst_desc());
  const Tensor a = ta ? transpose(numbers({k, m})) : numbers({m, k});
  const Tensor b = tb ? transpose(numbers({n, k})) : numbers({k, n});
  return {"products",
          detail::concat_message("matmul", ta ? ", a transposed" : "", tb ? ", b transposed" : ""),
          detail::concat_message(of, ": ", m, " x ", k, " x ", n),
          Own(MatMul{}, {a, b}, {spec({m, n})}),
          theirs,
          d.impl_info_str()};
}

dnnl::primitive_attr integer_attributes(int channels_mask) {
  dnnl::primitive_attr attr;
  attr.set_scales_mask(DNNL_ARG_SRC, 0);
  attr.set_scales_mask(DNNL_ARG_WEIGHTS, channels_mask);
  attr.set_zero_points_mask(DNNL_ARG_SRC, 0);
  return attr;
}
void with_scales(Theirs& theirs, std::int64_t columns) {
  theirs.with(DNNL_ARG_ATTR_SCALES | DNNL_ARG_SRC, {{1}, Type::f32, Tag::x});
  theirs.with(DNNL_ARG_ATTR_SCALES | DNNL_ARG_WEIGHTS, {{columns}, Type::f32, Tag::x});
  theirs.with(DNNL_ARG_ATTR_ZERO_POINTS | DNNL_ARG_SRC, {{1}, Type::s32, Tag::x});
}
std::vector<Tensor> integer_operands(const Shape& x, const Shape& w) {
  const auto bytes = [](const Shape& s, DType t) { return cast(random_integers(s, 0, 127), t); };
  return {bytes(x, uint8), tensor(0.1f), ones({}, uint8), bytes(w, int8), numbers({w[-1]})};
}

Row integer_product(std::int64_t m, std::int64_t k, std::int64_t n) {
  const dnnl::matmul::primitive_desc d(Theirs::engine(), memory::desc({m, k}, Type::u8, Tag::ab),
                                       memory::desc({k, n}, Type::s8, Tag::any), matrix(m, n),
                                       integer_attributes(1 << 1));
  Theirs theirs;
  theirs.set(dnnl::matmul(d));
  theirs.with(DNNL_ARG_SRC, d.src_desc()).with(DNNL_ARG_WEIGHTS, d.weights_desc());
  theirs.with(DNNL_ARG_DST, d.dst_desc());
  with_scales(theirs, n);
  return {"integers",
          "dense",
          detail::concat_message(m, " x ", k, " x ", n),
          Own(QuantizedMatMul{}, integer_operands({m, k}, {k, n}), {spec({m, n})}),
          theirs,
          d.impl_info_str(),
          Own(MatMul{}, {numbers({m, k}), numbers({k, n})}, {spec({m, n})}, true)};
}

Row integer_convolution(const Shape& x, const Shape& w, int stride = 1, int pad = 0) {
  const auto out = [&](std::int64_t n, std::int64_t k) { return (n + 2 * pad - k) / stride + 1; };
  const Shape y{x[0], out(x[1], w[0]), out(x[2], w[1]), w[3]};
  const dnnl::convolution_forward::primitive_desc d(
      Theirs::engine(), dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct,
      memory::desc({x[0], x[3], x[1], x[2]}, Type::u8, Tag::nhwc),
      memory::desc({w[3], w[2], w[0], w[1]}, Type::s8, Tag::any), images(y), {stride, stride},
      {pad, pad}, {pad, pad}, integer_attributes(1 << 0));
  Theirs theirs;
  theirs.set(dnnl::convolution_forward(d));
  theirs.with(DNNL_ARG_SRC, d.src_desc()).with(DNNL_ARG_WEIGHTS, d.weights_desc());
  theirs.with(DNNL_ARG_DST, d.dst_desc());
  with_scales(theirs, w[3]);
  QuantizedConv2D p;
  static_cast<Conv2DAttributes&>(p) = {stride, 1, {pad, pad, pad, pad}, 1};
  Conv2D wide;
  static_cast<Conv2DAttributes&>(wide) = p;
  return {"integers",
          "convolution",
          detail::concat_message(x, " by ", w, stride > 1 ? ", strided" : ""),
          Own(p, integer_operands(x, w), {spec(y)}),
          theirs,
          d.impl_info_str(),
          Own(wide, {numbers(x), numbers(w)}, {spec(y)}, true)};
}

}  // namespace

std::vector<Row> rows_of_products() {
  return {product("mlp", 32, 100, 256),
          product("lenet", 128, 1600, 10),
          product("cnn100", 32, 12800, 128),
          product("cnn100", 12800, 32, 128, true),
          product("cnn100", 32, 128, 12800, false, true),
          product("cnn100, one image", 1, 12800, 128),
          product("gpt", 2048, 128, 384),
          product("gpt", 2048, 128, 512),
          product("gpt", 2048, 512, 128),
          product("gpt", 2048, 128, 96),
          product("gpt", 128, 2048, 512, true),
          product("gpt", 2048, 512, 128, false, true),
          product("lstm", 32, 128, 512),
          product("square", 1024, 1024, 1024)};
}

std::vector<Row> rows_of_integers() {
  std::vector<Row> rows;
  for (std::int64_t m : {1, 32, 256}) rows.push_back(integer_product(m, 1024, 1024));
  for (std::int64_t n : {1, 32}) {
    rows.push_back(integer_convolution({n, 100, 100, 3}, {3, 3, 3, 32}));
    rows.push_back(integer_convolution({n, 49, 49, 32}, {3, 3, 32, 64}));
    rows.push_back(integer_convolution({n, 23, 23, 64}, {3, 3, 64, 128}));
  }
  rows.push_back(integer_convolution({16, 16, 16, 64}, {3, 3, 64, 64}, 1, 1));
  rows.push_back(integer_convolution({16, 4, 4, 256}, {3, 3, 256, 512}, 2, 1));
  rows.push_back(integer_convolution({16, 2, 2, 512}, {3, 3, 512, 512}, 1, 1));
  return rows;
}

}  // namespace compare
