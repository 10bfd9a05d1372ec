// Trains a convolutional network on Fashion-MNIST, saves and reloads its weights, and shows what it
// thinks of some test images.
//
//     fashion_mnist [--path FOLDER] [--epochs N] [--samples N] [--out FOLDER]
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <linnet/linnet.hpp>

#include "svg_chart.hpp"
#include "terminal_images.hpp"

using namespace linnet;

static Sequential make_model() {
  return Sequential{layers::Conv2D(32, 3, {.activation = relu}),
                    layers::MaxPooling2D(2),
                    layers::Conv2D(64, 3, {.activation = relu}),
                    layers::MaxPooling2D(2),
                    layers::Flatten(),
                    layers::Dropout(0.3),
                    layers::Dense(128, {.activation = relu}),
                    layers::Dense(10)};
}

static const char* option(int argc, char** argv, const char* name, const char* otherwise) {
  for (int i = 1; i + 1 < argc; ++i)
    if (std::strcmp(argv[i], name) == 0) return argv[i + 1];
  return otherwise;
}

int main(int argc, char** argv) try {
  const int epochs = std::atoi(option(argc, argv, "--epochs", "8"));
  const std::string out = option(argc, argv, "--out", ".");
  set_random_seed(1);
  auto [train, test] = data::fashion_mnist({.path = option(argc, argv, "--path", "")});
  const int samples = std::atoi(option(argc, argv, "--samples", "0"));
  if (samples > 0) train = {narrow(train.x, 0, 0, samples), narrow(train.y, 0, 0, samples)};

  Sequential model = make_model();
  model.build_once(train.x.shape());
  model.compile({.optimizer = Adam(1e-3),
                 .loss = SparseCategoricalCrossentropy({.from_logits = true}),
                 .metrics = {Accuracy()}});
  model.summary();
  const History history =
      model.fit(train, {.epochs = epochs, .batch_size = 128, .validation_data = test});

  std::printf("\n%5s %9s %9s %9s %9s\n", "epoch", "loss", "accuracy", "val_loss", "val_acc");
  for (int e = 0; e < static_cast<int>(history.epoch().size()); ++e) {
    const auto i = static_cast<std::size_t>(e);
    std::printf("%5d %9.4f %9.4f %9.4f %9.4f\n", e + 1, history["loss"][i], history["accuracy"][i],
                history["val_loss"][i], history["val_accuracy"][i]);
  }
  const bool drawn = write_svg(history, {"accuracy", "val_accuracy"}, out + "/fashion_mnist.svg");

  const std::string weights = out + "/fashion_mnist.safetensors";
  model.save(weights);
  Sequential reloaded = make_model();
  reloaded.build_once(train.x.shape());
  reloaded.load_weights(weights);
  const Tensor logits = model.predict(test.x, {.batch_size = 500});
  const bool same = bool(reduce_all(logits == reloaded.predict(test.x, {.batch_size = 500})));
  const double accuracy = mean(cast(argmax(logits) == test.y, float32)).item<double>();

  const char* names[] = {"T-shirt", "trouser", "pullover", "dress", "coat",
                         "sandal",  "shirt",   "sneaker",  "bag",   "boot"};
  const Tensor p = softmax(logits);
  for (int i = 0; i < 3; ++i) {
    const int guess = argmax(p(i)).item<int>();
    draw_image(test.x(i, all, all, 0));
    std::printf("%s (it is a %s), probability %.3f\n\n", names[guess], names[test.y(i).item<int>()],
                p(i, guess).item<double>());
  }
  std::printf("test accuracy %.4f; weights in %s, the reloaded model predicts %s\n", accuracy,
              weights.c_str(), same ? "the same" : "something else");
  // The full run must reach 90%; a shorter one must at least beat a guess by far.
  return same && drawn && accuracy >= (samples > 0 || epochs < 8 ? 0.5 : 0.9) ? 0 : 1;
} catch (const Error& e) {
  std::fprintf(stderr, "%s\n", e.what());
  return 1;
}
