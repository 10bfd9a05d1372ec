#include "layers.hpp"

/// Convolutions, recurrent layers, merges, pooling along sequences, reshaping, noise.
namespace linnet_python {
namespace {

namespace layers = linnet::layers;

template <class L, class Base = Layer, class F>
py::class_<L, Base, py::smart_holder> layer(py::module_& m, const char* name, F make) {
  py::class_<L, Base, py::smart_holder> c(m, name);
  c.def(py::init([make](py::dict d) { return make(Config(std::move(d))); }));
  return c;
}

layers::LayerOptions common(const Config& c) { return {c.name(), c.input_shape()}; }

std::optional<std::uint64_t> seed_of(const Config& c) {
  if (!c.has("seed")) return {};
  return static_cast<std::uint64_t>(c.get<std::int64_t>("seed"));
}

std::int64_t length(const Config& c, const char* name) {
  const Shape s = parse_shape(c[name], name);
  if (s.rank() != 1) fail<linnet::ValueError>(name, "expected one number, got ", s.rank());
  return s[0];
}

void register_convolutions(py::module_& m) {
  layer<layers::Conv1D>(m, "Conv1D", [](const Config& c) {
    auto o = convolution_options<layers::Conv1DOptions>(c);
    kernel_weights(o, c);
    o.strides = length(c, "strides");
    o.dilation_rate = length(c, "dilation_rate");
    o.groups = c.get<int>("groups");
    return std::make_unique<layers::Conv1D>(c.get<std::int64_t>("filters"),
                                            length(c, "kernel_size"), o);
  });
  layer<layers::Conv2DTranspose>(m, "Conv2DTranspose", [](const Config& c) {
    auto o = convolution_options<layers::Conv2DTransposeOptions>(c);
    kernel_weights(o, c);
    o.strides = c.size("strides");
    o.dilation_rate = c.size("dilation_rate");
    if (c.has("output_padding")) o.output_padding = c.size("output_padding");
    return std::make_unique<layers::Conv2DTranspose>(c.get<std::int64_t>("filters"),
                                                     c.size("kernel_size"), o);
  });
  layer<layers::DepthwiseConv2D>(m, "DepthwiseConv2D", [](const Config& c) {
    auto o = convolution_options<layers::DepthwiseConv2DOptions>(c);
    o.strides = c.size("strides");
    o.dilation_rate = c.size("dilation_rate");
    o.depth_multiplier = c.get<std::int64_t>("depth_multiplier");
    o.depthwise_initializer = c.initializer("depthwise_initializer");
    o.depthwise_regularizer = c.regularizer("depthwise_regularizer");
    o.depthwise_constraint = c.constraint("depthwise_constraint");
    return std::make_unique<layers::DepthwiseConv2D>(c.size("kernel_size"), o);
  });
  layer<layers::SeparableConv2D>(m, "SeparableConv2D", [](const Config& c) {
    auto o = convolution_options<layers::SeparableConv2DOptions>(c);
    o.strides = c.size("strides");
    o.dilation_rate = c.size("dilation_rate");
    o.depth_multiplier = c.get<std::int64_t>("depth_multiplier");
    o.depthwise_initializer = c.initializer("depthwise_initializer");
    o.depthwise_regularizer = c.regularizer("depthwise_regularizer");
    o.depthwise_constraint = c.constraint("depthwise_constraint");
    o.pointwise_initializer = c.initializer("pointwise_initializer");
    o.pointwise_regularizer = c.regularizer("pointwise_regularizer");
    o.pointwise_constraint = c.constraint("pointwise_constraint");
    return std::make_unique<layers::SeparableConv2D>(c.get<std::int64_t>("filters"),
                                                     c.size("kernel_size"), o);
  });
}

template <class O>
O recurrent_options(const Config& c) {
  O o = biased_options<O>(c);
  kernel_weights(o, c);
  o.recurrent_initializer = c.initializer("recurrent_initializer");
  o.recurrent_regularizer = c.regularizer("recurrent_regularizer");
  o.recurrent_constraint = c.constraint("recurrent_constraint");
  o.dropout = c.get<double>("dropout");
  o.recurrent_dropout = c.get<double>("recurrent_dropout");
  o.seed = seed_of(c);
  o.return_sequences = c.get<bool>("return_sequences");
  o.go_backwards = c.get<bool>("go_backwards");
  return o;
}

void register_recurrent(py::module_& m) {
  py::class_<layers::Recurrent, Layer, py::smart_holder>(m, "_Recurrent")
      .def("_run", [](layers::Recurrent& l, const Tensor& x, const std::vector<Tensor>& states,
                      bool training) {
        layers::Recurrent::Result r;
        {
          const py::gil_scoped_release release;
          r = l.run(x, {.initial_state = states, .training = training});
        }
        return py::make_tuple(r.output, r.state);
      });
  layer<layers::SimpleRNN, layers::Recurrent>(m, "SimpleRNN", [](const Config& c) {
    return std::make_unique<layers::SimpleRNN>(c.get<std::int64_t>("units"),
                                               recurrent_options<layers::SimpleRNNOptions>(c));
  });
  layer<layers::LSTM, layers::Recurrent>(m, "LSTM", [](const Config& c) {
    auto o = recurrent_options<layers::LSTMOptions>(c);
    o.recurrent_activation = c.activation("recurrent_activation");
    o.unit_forget_bias = c.get<bool>("unit_forget_bias");
    return std::make_unique<layers::LSTM>(c.get<std::int64_t>("units"), o);
  });
  layer<layers::GRU, layers::Recurrent>(m, "GRU", [](const Config& c) {
    auto o = recurrent_options<layers::GRUOptions>(c);
    o.recurrent_activation = c.activation("recurrent_activation");
    o.reset_after = c.get<bool>("reset_after");
    return std::make_unique<layers::GRU>(c.get<std::int64_t>("units"), o);
  });
  layer<layers::Bidirectional>(m, "Bidirectional", [](const Config& c) {
    if (!py::isinstance<layers::Recurrent>(c["layer"]))
      fail<linnet::DTypeError>("bidirectional", "expected a SimpleRNN, LSTM or GRU");
    return std::make_unique<layers::Bidirectional>(
        c["layer"].cast<std::shared_ptr<layers::Recurrent>>(),
        layers::BidirectionalOptions{.merge_mode = c.get<std::string>("merge_mode"),
                                     .name = c.name()});
  });
  layer<layers::MultiHeadAttention>(
      m, "MultiHeadAttention",
      [](const Config& c) {
        layers::MultiHeadAttentionOptions o{.value_dim = c.get_or<std::int64_t>("value_dim", 0),
                                            .dropout = c.get<double>("dropout"),
                                            .use_bias = c.get<bool>("use_bias"),
                                            .output_dim = c.get_or<std::int64_t>("output_shape", 0),
                                            .seed = seed_of(c),
                                            .name = c.name()};
        kernel_weights(o, c);
        o.bias_initializer = c.initializer("bias_initializer");
        o.bias_regularizer = c.regularizer("bias_regularizer");
        o.bias_constraint = c.constraint("bias_constraint");
        return std::make_unique<layers::MultiHeadAttention>(c.get<std::int64_t>("num_heads"),
                                                            c.get<std::int64_t>("key_dim"), o);
      })
      .def("_attend", [](layers::MultiHeadAttention& l, const Tensor& query, const Tensor& value,
                         const py::object& key, const py::object& mask, bool causal, bool training,
                         bool scores) {
        const layers::AttentionCallOptions o{
            .key = key.is_none() ? Tensor() : as_tensor(key),
            .attention_mask = mask.is_none() ? Tensor() : as_tensor(mask),
            .use_causal_mask = causal,
            .training = training};
        layers::AttentionResult r;
        {
          const py::gil_scoped_release release;
          if (scores)
            r = l.with_scores(query, value, o);
          else
            r.output = l(query, value, o);
        }
        return py::make_tuple(r.output, scores ? py::cast(r.scores) : py::none());
      });
}

template <class L>
void merge(py::module_& m, const char* name) {
  layer<L, layers::Merge>(
      m, name, [](const Config& c) { return std::make_unique<L>(layers::MergeOptions{c.name()}); });
}

void register_merges(py::module_& m) {
  py::class_<layers::Merge, Layer, py::smart_holder>(m, "_Merge")
      .def("_merge", [](layers::Merge& l, const std::vector<Tensor>& xs, bool training) {
        const py::gil_scoped_release release;
        return l(xs, {.training = training});
      });
  merge<layers::Add>(m, "Add");
  merge<layers::Subtract>(m, "Subtract");
  merge<layers::Multiply>(m, "Multiply");
  merge<layers::Average>(m, "Average");
  merge<layers::Maximum>(m, "Maximum");
  merge<layers::Minimum>(m, "Minimum");
  layer<layers::Concatenate, layers::Merge>(m, "Concatenate", [](const Config& c) {
    return std::make_unique<layers::Concatenate>(
        layers::ConcatenateOptions{.axis = c.get<int>("axis"), .name = c.name()});
  });
  layer<layers::Dot, layers::Merge>(m, "Dot", [](const Config& c) {
    const layers::DotOptions o{.normalize = c.get<bool>("normalize"), .name = c.name()};
    const auto axes = parse_shape(c["axes"], "axes");
    if (axes.rank() == 2)
      return std::make_unique<layers::Dot>(static_cast<int>(axes[0]), static_cast<int>(axes[1]), o);
    if (axes.rank() != 1) fail<linnet::ValueError>("axes", "expected one axis or two");
    return std::make_unique<layers::Dot>(static_cast<int>(axes[0]), o);
  });
}

template <class L>
void global_pooling(py::module_& m, const char* name) {
  layer<L>(m, name, [](const Config& c) {
    return std::make_unique<L>(
        layers::GlobalPoolingOptions{.keepdims = c.get<bool>("keepdims"), .name = c.name()});
  });
}
template <class L>
void pooling_1d(py::module_& m, const char* name) {
  layer<L>(m, name, [](const Config& c) {
    return std::make_unique<L>(
        length(c, "pool_size"),
        layers::Pooling1DOptions{.strides = c.has("strides") ? length(c, "strides") : 0,
                                 .padding = c.get<std::string>("padding"),
                                 .name = c.name()});
  });
}

layers::Border border(const py::object& value, const char* name) {
  const Shape s = parse_shape(value, name);
  if (s.rank() == 1) return static_cast<int>(s[0]);
  if (s.rank() == 2) return {static_cast<int>(s[0]), static_cast<int>(s[1])};
  fail<linnet::ValueError>(name, "expected one number or two");
}
layers::Borders2D borders(const Config& c, const char* name) {
  const py::object value = c[name];
  if (PyLong_Check(value.ptr())) return static_cast<int>(border(value, name).before);
  const py::sequence list = value;
  if (list.size() != 2) fail<linnet::ValueError>(name, "expected one number or two, or two pairs");
  const auto side = [&](std::size_t i) {
    const py::object part = list[i];
    return border(part, name);
  };
  return {side(0), side(1)};
}

void register_shapes(py::module_& m) {
  global_pooling<layers::GlobalMaxPooling2D>(m, "GlobalMaxPooling2D");
  global_pooling<layers::GlobalAveragePooling1D>(m, "GlobalAveragePooling1D");
  global_pooling<layers::GlobalMaxPooling1D>(m, "GlobalMaxPooling1D");
  pooling_1d<layers::MaxPooling1D>(m, "MaxPooling1D");
  pooling_1d<layers::AveragePooling1D>(m, "AveragePooling1D");
  layer<layers::Permute>(m, "Permute", [](const Config& c) {
    std::vector<int> dims;
    for (const std::int64_t d : parse_shape(c["dims"], "dims")) dims.push_back(static_cast<int>(d));
    return std::make_unique<layers::Permute>(dims, common(c));
  });
  layer<layers::RepeatVector>(m, "RepeatVector", [](const Config& c) {
    return std::make_unique<layers::RepeatVector>(c.get<std::int64_t>("n"), common(c));
  });
  layer<layers::ZeroPadding1D>(m, "ZeroPadding1D", [](const Config& c) {
    return std::make_unique<layers::ZeroPadding1D>(border(c["padding"], "padding"), common(c));
  });
  layer<layers::ZeroPadding2D>(m, "ZeroPadding2D", [](const Config& c) {
    return std::make_unique<layers::ZeroPadding2D>(borders(c, "padding"), common(c));
  });
  layer<layers::Cropping1D>(m, "Cropping1D", [](const Config& c) {
    return std::make_unique<layers::Cropping1D>(border(c["cropping"], "cropping"), common(c));
  });
  layer<layers::Cropping2D>(m, "Cropping2D", [](const Config& c) {
    return std::make_unique<layers::Cropping2D>(borders(c, "cropping"), common(c));
  });
  layer<layers::UpSampling1D>(m, "UpSampling1D", [](const Config& c) {
    return std::make_unique<layers::UpSampling1D>(length(c, "size"), common(c));
  });
  layer<layers::UpSampling2D>(m, "UpSampling2D", [](const Config& c) {
    return std::make_unique<layers::UpSampling2D>(
        c.size("size"),
        layers::UpSampling2DOptions{.interpolation = c.get<std::string>("interpolation"),
                                    .name = c.name()});
  });
}

template <class L>
void noise(py::module_& m, const char* name, const char* amount) {
  layer<L>(m, name, [amount](const Config& c) {
    return std::make_unique<L>(c.get<double>(amount),
                               layers::NoiseOptions{.seed = seed_of(c), .name = c.name()});
  });
}

void register_rest(py::module_& m) {
  noise<layers::SpatialDropout1D>(m, "SpatialDropout1D", "rate");
  noise<layers::SpatialDropout2D>(m, "SpatialDropout2D", "rate");
  noise<layers::GaussianNoise>(m, "GaussianNoise", "stddev");
  layer<layers::Masking>(m, "Masking", [](const Config& c) {
    return std::make_unique<layers::Masking>(c.get<double>("mask_value"),
                                             layers::MaskingOptions{c.name()});
  });
  layer<layers::TimeDistributed>(m, "TimeDistributed", [](const Config& c) {
    if (!py::isinstance<linnet::Layer>(c["layer"]))
      fail<linnet::DTypeError>("time_distributed", "expected a layer");
    return std::make_unique<layers::TimeDistributed>(
        c["layer"].cast<std::shared_ptr<linnet::Layer>>(),
        layers::TimeDistributedOptions{c.name()});
  });
  layer<layers::ReLU>(m, "ReLU", [](const Config& c) {
    return std::make_unique<layers::ReLU>(
        layers::ReLUOptions{.max_value = c.maybe<double>("max_value"),
                            .negative_slope = c.get<double>("negative_slope"),
                            .threshold = c.get<double>("threshold"),
                            .name = c.name(),
                            .input_shape = c.input_shape()});
  });
  layer<layers::LeakyReLU>(m, "LeakyReLU", [](const Config& c) {
    return std::make_unique<layers::LeakyReLU>(c.get<double>("negative_slope"), common(c));
  });
  layer<layers::ELU>(m, "ELU", [](const Config& c) {
    return std::make_unique<layers::ELU>(c.get<double>("alpha"), common(c));
  });
  layer<layers::PReLU>(m, "PReLU", [](const Config& c) {
    layers::PReLUOptions o{.alpha_initializer = c.initializer("alpha_initializer"),
                           .alpha_regularizer = c.regularizer("alpha_regularizer"),
                           .alpha_constraint = c.constraint("alpha_constraint"),
                           .name = c.name()};
    if (c.has("shared_axes"))
      for (const std::int64_t a : parse_shape(c["shared_axes"], "shared_axes"))
        o.shared_axes.push_back(static_cast<int>(a));
    return std::make_unique<layers::PReLU>(o);
  });
}

}  // namespace

void register_more_layers(py::module_& m) {
  register_convolutions(m);
  register_recurrent(m);
  register_merges(m);
  register_shapes(m);
  register_rest(m);
}

}  // namespace linnet_python
