// What a consumer builds: a model, one step, an error caught by its type. An argument names a gzip
// file of IDX data, which builds with zlib read and others refuse.
#include <cstdio>
#include <linnet/linnet.hpp>

using namespace linnet;

float other_unit(const Tensor& x);

int main(int argc, char** argv) {
  Sequential model{layers::Dense(4, {.activation = relu}), layers::Dense(1)};
  model.compile({.optimizer = "adam", .loss = "mse"});
  model.fit(ones({8, 2}), zeros({8, 1}), {.verbose = 0});
  try {
    if (argc > 1) std::printf("%s\n", to_string(data::load_idx(argv[1]).shape()).c_str());
  } catch (const NotSupportedError&) {
    std::printf("no zlib\n");
  }
  try {
    matmul(ones({2, 3}), ones({2, 3}));
  } catch (const ShapeError& e) {
    std::printf("%g %s\n", other_unit(ones({3})), e.what());
    return 0;
  }
  return 1;
}
