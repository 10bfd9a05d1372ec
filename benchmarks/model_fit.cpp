// model.fit from C++, for benchmarks/python/run.py to set beside the same from Python.
//     model_fit WORKLOAD FITS   prints the seconds of each fit of the workload as JSON
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <linnet/linnet.hpp>

using namespace linnet;

namespace {

struct Setup {
  Sequential model;
  Shape sample;
  std::int64_t samples = 0, batch_size = 0;
  int epochs = 1;
};

Setup make(const std::string& name) {
  if (name == "mlp")
    return {{layers::Dense(256, {.activation = relu}), layers::Dense(10)}, {100}, 3200, 32, 5};
  if (name == "lenet")
    return {{layers::Conv2D(32, 3, {.activation = relu}), layers::MaxPooling2D(2),
             layers::Conv2D(64, 3, {.activation = relu}), layers::MaxPooling2D(2),
             layers::Flatten(), layers::Dense(10)},
            {28, 28, 1},
            640,
            128,
            2};
  fail<ValueError>("model_fit", "unknown workload ", name);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: model_fit mlp|lenet FITS\n");
    return 2;
  }
  Setup setup = make(argv[1]);
  const Tensor x = normal(setup.sample.with(0, setup.samples));
  const Tensor y = random_integers({setup.samples}, 0, 10);
  setup.model.compile({.optimizer = Adam(1e-3),
                       .loss = SparseCategoricalCrossentropy({.from_logits = true}),
                       .metrics = {Accuracy()}});
  const FitOptions options{.epochs = setup.epochs, .batch_size = setup.batch_size, .verbose = 0};
  setup.model.fit(x, y, options);  // captures
  std::printf("[");
  for (int i = 0; i < std::atoi(argv[2]); ++i) {
    const auto start = std::chrono::steady_clock::now();
    setup.model.fit(x, y, options);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    std::printf("%s%.9f", i ? ", " : "", seconds.count());
  }
  std::printf("]\n");
}
