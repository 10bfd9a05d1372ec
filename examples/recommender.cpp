// Recommends one of several items from a user's features: two dense layers, compile, fit, evaluate.
#include <cstdio>
#include <linnet/linnet.hpp>

using namespace linnet;

int main() {
  set_random_seed(7);
  constexpr int users = 2000, features = 100, items = 12;
  // What a user likes is a hidden linear taste; the target is the best item, one-hot.
  const Tensor x = normal({users, features});
  const Tensor taste = normal({features, items});
  const Tensor liked = one_hot(argmax(matmul(x, taste)), items);

  Sequential model{layers::Dense(256, {.activation = relu}),
                   layers::Dense(items, {.activation = softmax})};
  model.compile({.optimizer = "adam", .loss = "categorical_crossentropy", .metrics = {"accuracy"}});
  model.fit(x(Slice(0, 1600)), liked(Slice(0, 1600)), {.epochs = 10, .verbose = 2});

  const Logs logs = model.evaluate(x(Slice(1600, end)), liked(Slice(1600, end)));
  const Tensor scores = model.predict(x(Slice(0, 1)));
  std::printf("accuracy on new users %.3f; the first user gets item %d\n", logs["accuracy"],
              argmax(scores).item<int>());
  return logs["accuracy"] > 0.6 ? 0 : 1;
}
