// resnet18 for small images: the usual one, its strided convolutions padded evenly.
#include "bench.hpp"

namespace bench {

using namespace linnet;

namespace {

/// Even padding, which "same" is not where a stride of two meets an even extent.
Tensor padded(const Tensor& x, int by) { return pad(x, {{0, 0}, {by, by}, {by, by}, {0, 0}}); }

/// Convolution without bias, then batch normalization.
class ConvNorm : public Layer {
 public:
  ConvNorm(std::int64_t filters, int kernel, int stride)
      : Layer("conv_norm"),
        padding_(stride > 1 ? kernel / 2 : 0),
        conv_(track(layers::Conv2D(
            filters, kernel,
            {.strides = stride, .padding = stride > 1 ? "valid" : "same", .use_bias = false}))),
        norm_(track(layers::BatchNormalization({.momentum = 0.9, .epsilon = 1e-5}))) {}
  Tensor call(const Tensor& x, bool training) override {
    return (*norm_)((*conv_)(padding_ > 0 ? padded(x, padding_) : x), {.training = training});
  }

 private:
  int padding_;
  std::shared_ptr<layers::Conv2D> conv_;
  std::shared_ptr<layers::BatchNormalization> norm_;
};

class BasicBlock : public Layer {
 public:
  BasicBlock(std::int64_t filters, int stride, bool projected)
      : Layer("basic_block"),
        first_(track(ConvNorm(filters, 3, stride))),
        second_(track(ConvNorm(filters, 3, 1))),
        shortcut_(projected ? track(ConvNorm(filters, 1, stride)) : nullptr) {}
  Tensor call(const Tensor& x, bool training) override {
    const CallOptions options{.training = training};
    const Tensor y = (*second_)(relu((*first_)(x, options)), options);
    return relu(y + (shortcut_ ? (*shortcut_)(x, options) : x));
  }

 private:
  std::shared_ptr<ConvNorm> first_, second_, shortcut_;
};

class Stem : public Layer {
 public:
  Stem() : Layer("stem"), conv_(track(ConvNorm(64, 7, 2))) {}
  Tensor call(const Tensor& x, bool training) override {
    // Zeros pad as well as -inf behind a relu.
    const Tensor y = padded(relu((*conv_)(x, {.training = training})), 1);
    return max_pool2d(y, 3, {.strides = 2});
  }

 private:
  std::shared_ptr<ConvNorm> conv_;
};

std::shared_ptr<Sequential> resnet18() {
  auto model = std::make_shared<Sequential>();
  model->add(Stem());
  for (const std::int64_t filters : {64, 128, 256, 512}) {
    const bool first = filters == 64;
    model->add(BasicBlock(filters, first ? 1 : 2, !first));
    model->add(BasicBlock(filters, 1, false));
  }
  model->add(layers::GlobalAveragePooling2D());
  model->add(layers::Dense(10));
  return model;
}

}  // namespace

bool make_residual(const std::string& name, Workload& out) {
  if (name != "resnet18") return false;
  const Shape input{16, 64, 64, 3};
  const auto model = resnet18();
  model->build_once(input);
  Parameters parameters;
  parameters.set(model->trainable_variables());
  out = training(std::make_shared<SGD>(0.01, SGDOptions{.momentum = 0.9}), parameters.all(),
                 uniform(input, 99, 2), integers({input[0]}, 98, 10),
                 [model](const Tensor& x, const Tensor& y) {
                   return mean_crossentropy(y, (*model)(x, {.training = true}));
                 });
  return true;
}

}  // namespace bench
