// Poolings, normalizations, softmax and activations, on shapes of the workloads.
#include "compare.hpp"

#include "linnet/ops/primitives/batch_norm.hpp"
#include "linnet/ops/primitives/norm.hpp"
#include "linnet/ops/primitives/pool.hpp"
#include "linnet/ops/primitives/reduce.hpp"

namespace compare {

using namespace linnet;

namespace {

using dnnl::memory;
using dnnl::prop_kind;
constexpr const char* table = "layers";

Tensor numbers(const Shape& s) { return uniform(s, {.minval = 0.1, .maxval = 1.1}); }
TensorSpec spec(const Shape& s, DType t = float32) { return {s, t, cpu}; }
/// A call of a captured function of x.
std::function<void()> captured(const Shape& x, std::function<Tensor(const Tensor&)> f) {
  return [call = linnet::function(std::move(f)), t = numbers(x)] { static_cast<void>(call(t)); };
}

struct Pool {
  Shape x;
  int window, stride, pad = 0;
  bool average = false;
  Shape y() const {
    const auto out = [&](std::int64_t n) { return (n + 2 * pad - window) / stride + 1; };
    return {x[0], out(x[1]), out(x[2]), x[3]};
  }
  template <class P>
  P primitive() const {
    P p;
    static_cast<Pool2DAttributes&>(p) = {average, window, stride, {pad, pad, pad, pad}};
    return p;
  }
  dnnl::pooling_forward::primitive_desc forward(prop_kind kind) const {
    const auto algorithm =
        average ? dnnl::algorithm::pooling_avg_exclude_padding : dnnl::algorithm::pooling_max;
    return {Theirs::engine(), kind,   algorithm,  images(x), images(y()), {stride, stride},
            {window, window}, {0, 0}, {pad, pad}, {pad, pad}};
  }
};

void add_pool(std::vector<Row>& rows, const Pool& p) {
  const std::string name = p.average ? "average pooling" : "max pooling";
  const std::string shape = detail::concat_message(p.x, ", ", p.window, " by ", p.window);
  const auto inference = p.forward(prop_kind::forward_inference);
  Theirs f;
  f.set(dnnl::pooling_forward(inference));
  f.with(DNNL_ARG_SRC, inference.src_desc()).with(DNNL_ARG_DST, inference.dst_desc());
  const Tensor x = numbers(p.x), dy = numbers(p.y());
  rows.push_back({table, name, shape, Own(p.primitive<Pool2D>(), {x}, {spec(p.y())}), f,
                  inference.impl_info_str()});
  const auto training = p.forward(prop_kind::forward_training);
  const dnnl::pooling_backward::primitive_desc b(
      Theirs::engine(),
      p.average ? dnnl::algorithm::pooling_avg_exclude_padding : dnnl::algorithm::pooling_max,
      images(p.x), images(p.y()), {p.stride, p.stride}, {p.window, p.window}, {0, 0},
      {p.pad, p.pad}, {p.pad, p.pad}, training);
  Theirs backward;
  backward.set(dnnl::pooling_backward(b));
  backward.with(DNNL_ARG_DIFF_DST, b.diff_dst_desc()).with(DNNL_ARG_DIFF_SRC, b.diff_src_desc());
  if (p.average) {
    rows.push_back({table, name + ", backward", shape,
                    Own(p.primitive<Pool2DBackward>(), {dy}, {spec(p.x)}), backward,
                    b.impl_info_str()});
    return;
  }
  Theirs t;
  t.set(dnnl::pooling_forward(training));
  t.with(DNNL_ARG_SRC, training.src_desc()).with(DNNL_ARG_DST, training.dst_desc());
  t.with(DNNL_ARG_WORKSPACE, training.workspace_desc());
  backward.with(DNNL_ARG_WORKSPACE, b.workspace_desc());
  rows.push_back({table, name + ", training", shape,
                  Own(p.primitive<MaxPool2DPlaces>(), {x}, {spec(p.y()), spec(p.y(), uint8)}), t,
                  training.impl_info_str()});
  const Tensor places = ones(p.y(), uint8);
  rows.push_back({table, name + ", backward", shape,
                  Own(p.primitive<MaxPool2DScatter>(), {places, dy}, {spec(p.x)}), backward,
                  b.impl_info_str()});
}

void add_batch_norm(std::vector<Row>& rows, const Shape& x) {
  const auto flags = dnnl::normalization_flags::use_scale | dnnl::normalization_flags::use_shift;
  const dnnl::batch_normalization_forward::primitive_desc f(
      Theirs::engine(), prop_kind::forward_training, images(x), images(x), 1e-5f, flags);
  Theirs forward;
  forward.set(dnnl::batch_normalization_forward(f));
  forward.with(DNNL_ARG_SRC, f.src_desc()).with(DNNL_ARG_DST, f.dst_desc());
  forward.with(DNNL_ARG_MEAN, f.mean_desc()).with(DNNL_ARG_VARIANCE, f.variance_desc());
  const memory::desc channels({x[3]}, memory::data_type::f32, memory::format_tag::x);
  forward.with(DNNL_ARG_SCALE, channels).with(DNNL_ARG_SHIFT, channels);
  const Tensor gamma = numbers({x[3]}), beta = numbers({x[3]});
  rows.push_back({table, "batch normalization, training", to_string(x),
                  captured(x, [=](const Tensor& t) { return batch_norm(t, gamma, beta, 1e-5).y; }),
                  forward, f.impl_info_str()});
  const dnnl::batch_normalization_backward::primitive_desc b(
      Theirs::engine(), prop_kind::backward, images(x), images(x), images(x), 1e-5f, flags, f);
  Theirs backward;
  backward.set(dnnl::batch_normalization_backward(b));
  backward.with(DNNL_ARG_SRC, b.src_desc()).with(DNNL_ARG_DIFF_DST, b.diff_dst_desc());
  backward.with(DNNL_ARG_DIFF_SRC, b.diff_src_desc()).with(DNNL_ARG_SCALE, channels);
  backward.with(DNNL_ARG_MEAN, b.mean_desc()).with(DNNL_ARG_VARIANCE, b.variance_desc());
  backward.with(DNNL_ARG_DIFF_SCALE, channels).with(DNNL_ARG_DIFF_SHIFT, channels);
  const Tensor dy = numbers(x);
  rows.push_back({table, "batch normalization, backward", to_string(x),
                  Own(BatchNormBackward{1e-5}, {dy, numbers(x), gamma, beta, gamma},
                      {spec(x), spec({x[3]}), spec({x[3]})}),
                  backward, b.impl_info_str()});
}

void add_layer_norm(std::vector<Row>& rows, std::int64_t n, std::int64_t c) {
  const auto flags = dnnl::normalization_flags::use_scale | dnnl::normalization_flags::use_shift;
  const memory::desc d = matrix(n, c), row({n}, memory::data_type::f32, memory::format_tag::x),
                     channels({c}, memory::data_type::f32, memory::format_tag::x);
  const dnnl::layer_normalization_forward::primitive_desc f(
      Theirs::engine(), prop_kind::forward_training, d, d, row, 1e-5f, flags);
  Theirs forward;
  forward.set(dnnl::layer_normalization_forward(f));
  forward.with(DNNL_ARG_SRC, d).with(DNNL_ARG_DST, d).with(DNNL_ARG_MEAN, row);
  forward.with(DNNL_ARG_VARIANCE, row)
      .with(DNNL_ARG_SCALE, channels)
      .with(DNNL_ARG_SHIFT, channels);
  const Tensor x = numbers({n, c}), gamma = numbers({c}), of_rows = numbers({n});
  rows.push_back({table, "layer normalization", to_string(x.shape()),
                  Own(LayerNorm{1e-5}, {x, gamma, gamma}, {spec({n, c}), spec({n}), spec({n})}),
                  forward, f.impl_info_str()});
  const dnnl::layer_normalization_backward::primitive_desc b(Theirs::engine(), prop_kind::backward,
                                                             d, d, d, row, 1e-5f, flags, f);
  Theirs backward;
  backward.set(dnnl::layer_normalization_backward(b));
  backward.with(DNNL_ARG_SHIFT, channels);
  backward.with(DNNL_ARG_SRC, d).with(DNNL_ARG_DIFF_DST, d).with(DNNL_ARG_DIFF_SRC, d);
  backward.with(DNNL_ARG_MEAN, row).with(DNNL_ARG_VARIANCE, row).with(DNNL_ARG_SCALE, channels);
  backward.with(DNNL_ARG_DIFF_SCALE, channels).with(DNNL_ARG_DIFF_SHIFT, channels);
  rows.push_back({table, "layer normalization, backward", to_string(x.shape()),
                  Own(LayerNormBackward{}, {x, x, gamma, of_rows, of_rows},
                      {spec({n, c}), spec({c}), spec({c})}),
                  backward, b.impl_info_str()});
}

void add_softmax(std::vector<Row>& rows, std::int64_t n, std::int64_t c, bool log) {
  const dnnl::softmax_forward::primitive_desc f(
      Theirs::engine(), prop_kind::forward_training,
      log ? dnnl::algorithm::softmax_log : dnnl::algorithm::softmax_accurate, matrix(n, c),
      matrix(n, c), 1);
  Theirs theirs;
  theirs.set(dnnl::softmax_forward(f));
  theirs.with(DNNL_ARG_SRC, matrix(n, c)).with(DNNL_ARG_DST, matrix(n, c));
  rows.push_back({table, log ? "log softmax" : "softmax", to_string(Shape{n, c}),
                  Own(Softmax{log}, {numbers({n, c})}, {spec({n, c})}), theirs, f.impl_info_str()});
}

void add_activation(std::vector<Row>& rows, const char* name, Tensor (*f)(const Tensor&),
                    dnnl::algorithm algorithm) {
  constexpr std::int64_t n = 2048, c = 512;
  const dnnl::eltwise_forward::primitive_desc d(Theirs::engine(), prop_kind::forward_inference,
                                                algorithm, matrix(n, c), matrix(n, c));
  Theirs theirs;
  theirs.set(dnnl::eltwise_forward(d));
  theirs.with(DNNL_ARG_SRC, matrix(n, c)).with(DNNL_ARG_DST, matrix(n, c));
  rows.push_back(
      {table, name, to_string(Shape{n, c}), captured({n, c}, f), theirs, d.impl_info_str()});
}

}  // namespace

std::vector<Row> rows_of_layers() {
  std::vector<Row> rows;
  for (const Pool& p :
       {Pool{{128, 26, 26, 32}, 2, 2}, Pool{{32, 98, 98, 32}, 2, 2}, Pool{{32, 47, 47, 64}, 2, 2},
        Pool{{16, 32, 32, 64}, 3, 2, 1}, Pool{{32, 47, 47, 64}, 2, 2, 0, true},
        Pool{{16, 8, 8, 512}, 8, 8, 0, true}})
    add_pool(rows, p);
  for (const Shape& x : {Shape{16, 32, 32, 64}, Shape{16, 16, 16, 64}, Shape{16, 8, 8, 128},
                         Shape{16, 4, 4, 256}, Shape{16, 2, 2, 512}})
    add_batch_norm(rows, x);
  add_layer_norm(rows, 2048, 128);
  add_layer_norm(rows, 512, 1024);
  add_softmax(rows, 2048, 96, false);
  add_softmax(rows, 8192, 128, false);
  add_softmax(rows, 2048, 96, true);
  add_softmax(rows, 128, 10, true);
  add_activation(
      rows, "relu", [](const Tensor& x) { return relu(x); }, dnnl::algorithm::eltwise_relu);
  add_activation(
      rows, "tanh", [](const Tensor& x) { return tanh(x); }, dnnl::algorithm::eltwise_tanh);
  add_activation(
      rows, "sigmoid", [](const Tensor& x) { return sigmoid(x); },
      dnnl::algorithm::eltwise_logistic);
  add_activation(
      rows, "gelu (tanh)", [](const Tensor& x) { return gelu(x, true); },
      dnnl::algorithm::eltwise_gelu_tanh);
  return rows;
}

}  // namespace compare
