// Predicts ratings from users and films by embeddings: rating = user . film + biases.
#include <cstdio>
#include <linnet/linnet.hpp>

using namespace linnet;

struct MatrixFactorization : Model {
  MatrixFactorization(int users, int films, int dim) : Model("matrix_factorization") {
    user_ = track(layers::Embedding(users, dim, {.embeddings_initializer = "normal"}));
    film_ = track(layers::Embedding(films, dim, {.embeddings_initializer = "normal"}));
    user_bias_ = track(layers::Embedding(users, 1, {.embeddings_initializer = "zeros"}));
    film_bias_ = track(layers::Embedding(films, 1, {.embeddings_initializer = "zeros"}));
  }
  Tensor call(const Tensor& pairs, bool) override {  // [n, 2]: user, film
    const Tensor u = pairs(all, 0), f = pairs(all, 1);
    const Tensor dot = sum((*user_)(u) * (*film_)(f), {.axis = -1, .keepdims = true});
    return dot + (*user_bias_)(u) + (*film_bias_)(f);
  }
  std::shared_ptr<layers::Embedding> user_, film_, user_bias_, film_bias_;
};

int main() {
  set_random_seed(5);
  constexpr int users = 200, films = 100, ratings = 12000;
  const Tensor pairs =
      stack({random_integers({ratings}, 0, users), random_integers({ratings}, 0, films)}, 1);
  const Tensor u = gather(normal({users, 3}), pairs(all, 0)),
               f = gather(normal({films, 3}), pairs(all, 1));
  const Tensor rating =
      sum(u * f, {.axis = -1, .keepdims = true}) + normal({ratings, 1}, {.stddev = 0.1});

  MatrixFactorization model(users, films, 8);
  model.compile({.optimizer = Adam(0.02), .loss = "mse", .metrics = {"mae"}});
  const auto train = Slice(0, 10000), test = Slice(10000, end);
  const double before = model.evaluate(pairs(test), rating(test))["loss"];
  model.fit(pairs(train), rating(train), {.epochs = 12, .batch_size = 128, .verbose = 2});
  const double after = model.evaluate(pairs(test), rating(test))["loss"];
  std::printf("mean squared error on unseen ratings: %.3f before, %.3f after\n", before, after);
  return after < 0.2 * before ? 0 : 1;
}
