// mlp, lenet and cnn100, and inference with them.
#include "bench.hpp"

namespace bench {

using namespace linnet;
using namespace linnet::layers;

namespace {

Sequential mlp(int depth = 1) {
  Sequential model;
  for (int i = 0; i < depth; ++i) model.add(Dense(256, {.activation = relu}));
  model.add(Dense(10));
  return model;
}

Sequential lenet() {
  return {layers::Conv2D(32, 3, {.activation = relu}),
          MaxPooling2D(2),
          layers::Conv2D(64, 3, {.activation = relu}),
          MaxPooling2D(2),
          Flatten(),
          Dense(10)};
}

Sequential cnn100() {
  return {layers::Conv2D(32, 3, {.activation = relu}),
          MaxPooling2D(2),
          layers::Conv2D(64, 3, {.activation = relu}),
          MaxPooling2D(2),
          layers::Conv2D(128, 3, {.activation = relu}),
          MaxPooling2D(2),
          Flatten(),
          Dense(128, {.activation = relu}),
          Dense(10)};
}

std::shared_ptr<Sequential> built(Sequential model, const Shape& input, Parameters& parameters) {
  auto shared = std::make_shared<Sequential>(std::move(model));
  shared->build_once(input);
  parameters.set(shared->trainable_variables());
  return shared;
}

Workload classifier(Sequential model, const Shape& input, double learning_rate = 1e-3) {
  Parameters parameters;
  const auto shared = built(std::move(model), input, parameters);
  return training(std::make_shared<Adam>(learning_rate), parameters.all(), uniform(input, 99, 2),
                  integers({input[0]}, 98, 10), [shared](const Tensor& x, const Tensor& y) {
                    return mean_crossentropy(y, (*shared)(x, {.training = true}));
                  });
}

Workload inference(Sequential model, const Shape& input) {
  Parameters parameters;
  const auto shared = built(std::move(model), input, parameters);
  const auto forward = function([shared](const Tensor& x) { return (*shared)(x); });
  const Tensor x = uniform(input, 99, 2);
  return {[forward, x] {
            static_cast<void>(forward(x));
            return 0.0;
          },
          [forward, x] {
            const std::vector<float> v = forward(x).to_vector<float>();
            return std::vector<double>(v.begin(), v.end());
          }};
}

/// What make() makes under the policy mixed_bfloat16: products in bfloat16, weights in float32.
template <class Make>
Workload mixed(Make make) {
  struct Policy {
    Policy() { set_dtype_policy("mixed_bfloat16"); }
    ~Policy() { set_dtype_policy("float32"); }
  } policy;
  return make();
}

/// 1000 eager additions of eight floats: what an op costs beside its work.
Workload add8() {
  const Tensor a = uniform({8}, 1, 1), b = uniform({8}, 2, 1);
  return {[a, b] {
            for (int i = 0; i < 1000; ++i) static_cast<void>(a + b);
            return 0.0;
          },
          [a, b] {
            const std::vector<float> v = (a + b).to_vector<float>();
            return std::vector<double>(v.begin(), v.end());
          }};
}

/// The number behind `key` in a name like "mlp@batch=8", otherwise `standard`.
int setting(const std::string& name, const std::string& key, int standard) {
  const std::size_t at = name.find("@" + key + "=");
  return at == std::string::npos ? standard : std::stoi(name.substr(at + key.size() + 2));
}

}  // namespace

bool make_image(const std::string& full_name, Workload& out) {
  const std::string name = full_name.substr(0, full_name.find('@'));
  const int depth = setting(full_name, "depth", 1);
  const auto batch = [&](int standard) { return setting(full_name, "batch", standard); };
  if (name == "add8")
    out = add8();
  else if (name == "mlp")
    out = classifier(mlp(depth), {batch(32), 100});
  else if (name == "lenet")
    out = classifier(lenet(), {batch(128), 28, 28, 1});
  else if (name == "cnn100")
    out = classifier(cnn100(), {batch(32), 100, 100, 3}, 1e-4);
  else if (name == "cnn100_bf16")
    out = mixed([&] { return classifier(cnn100(), {batch(32), 100, 100, 3}, 1e-4); });
  else if (name == "infer1")
    out = inference(cnn100(), {1, 100, 100, 3});
  else if (name == "infer_mlp1")
    out = inference(mlp(), {1, 100});
  else
    return false;
  return true;
}

}  // namespace bench
