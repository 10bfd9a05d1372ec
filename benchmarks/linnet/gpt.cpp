// gpt: a small decoder, of public ops alone.
#include "bench.hpp"

#include <cmath>

namespace bench {

using namespace linnet;

namespace {

constexpr std::int64_t batch = 16, context = 128, vocabulary = 96, width = 128, heads = 4,
                       depth = 4;

struct Affine {
  Variable kernel, bias;
  Affine(Parameters& p, std::int64_t in, std::int64_t units)
      : kernel(p.add({in, units})), bias(p.zeros(units)) {}
  Tensor operator()(const Tensor& x) const { return matmul(x, kernel) + bias; }
};

struct Norm {
  Variable gamma, beta;
  explicit Norm(Parameters& p) : gamma(p.ones(width)), beta(p.zeros(width)) {}
  Tensor operator()(const Tensor& x) const { return layer_norm(x, gamma, beta, 1e-5); }
};

/// [batch, context, width] -> the same; query, key and value from one product.
struct Attention {
  Affine qkv, out;
  explicit Attention(Parameters& p) : qkv(p, width, 3 * width), out(p, width, width) {}

  Tensor operator()(const Tensor& x, const Tensor& future) const {
    constexpr std::int64_t each = width / heads;
    const Tensor split = reshape(qkv(x), {batch, context, 3, heads, each});
    const std::vector<Tensor> parts =
        unstack(transpose(split, {2, 0, 3, 1, 4}));  // [batch, heads, context, each]
    const Tensor scores = matmul(parts[0], parts[1], {.transpose_b = true}) *
                          (1 / std::sqrt(static_cast<double>(each)));
    const Tensor attended = matmul(softmax(scores + future), parts[2]);
    return out(reshape(transpose(attended, {0, 2, 1, 3}), {batch, context, width}));
  }
};

struct Block {
  Norm norm_1;
  Attention attention;
  Norm norm_2;
  Affine up, down;
  explicit Block(Parameters& p)
      : norm_1(p), attention(p), norm_2(p), up(p, width, 4 * width), down(p, 4 * width, width) {}

  Tensor operator()(const Tensor& x, const Tensor& future) const {
    const Tensor y = x + attention(norm_1(x), future);
    return y + down(gelu(up(norm_2(y)), true));
  }
};

struct Gpt {
  Parameters parameters;
  Variable tokens = parameters.add({vocabulary, width}, width),
           positions = parameters.add({context, width}, width);
  std::vector<Block> blocks;
  Norm norm;
  Affine head;
  Tensor future;  // [context, context]: a large negative number where a key comes later

  static std::vector<Block> make_blocks(Parameters& p) {
    std::vector<Block> out;
    for (std::int64_t i = 0; i < depth; ++i) out.emplace_back(p);
    return out;
  }
  Gpt() : blocks(make_blocks(parameters)), norm(parameters), head(parameters, width, vocabulary) {
    const Tensor t = arange(context);
    future = where(expand_dims(t, 0) > expand_dims(t, 1), -1e9f, 0.0f);
  }

  Tensor operator()(const Tensor& ids) const {
    Tensor x = gather(tokens, ids) + positions;
    for (const Block& block : blocks) x = block(x, future);
    return head(norm(x));
  }
};

}  // namespace

bool make_gpt(const std::string& name, Workload& out) {
  if (name != "gpt") return false;
  const auto model = std::make_shared<Gpt>();
  const Tensor text = integers({batch, context + 1}, 99, vocabulary);
  out = training(
      std::make_shared<AdamW>(1e-3, AdamWOptions{.weight_decay = 0.01}), model->parameters.all(),
      contiguous(narrow(text, 1, 0, context)), contiguous(narrow(text, 1, 1, context)),
      [model](const Tensor& x, const Tensor& y) { return mean_crossentropy(y, (*model)(x)); });
  return true;
}

}  // namespace bench
