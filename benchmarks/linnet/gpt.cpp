// gpt: a small decoder, of public ops alone.
#include "bench.hpp"

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

  Tensor operator()(const Tensor& x) const {
    std::vector<Tensor> parts = split(qkv(x), 3, -1);
    for (Tensor& part : parts)  // [batch, heads, context, each]
      part = swapaxes(reshape(part, {batch, context, heads, width / heads}), 1, 2);
    const Tensor y =
        scaled_dot_product_attention(parts[0], parts[1], parts[2], {.is_causal = true});
    return out(reshape(swapaxes(y, 1, 2), {batch, context, width}));
  }
};

struct Block {
  Norm norm_1;
  Attention attention;
  Norm norm_2;
  Affine up, down;
  explicit Block(Parameters& p)
      : norm_1(p), attention(p), norm_2(p), up(p, width, 4 * width), down(p, 4 * width, width) {}

  Tensor operator()(const Tensor& x) const {
    const Tensor y = x + attention(norm_1(x));
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

  static std::vector<Block> make_blocks(Parameters& p) {
    std::vector<Block> out;
    for (std::int64_t i = 0; i < depth; ++i) out.emplace_back(p);
    return out;
  }
  Gpt() : blocks(make_blocks(parameters)), norm(parameters), head(parameters, width, vocabulary) {}

  Tensor operator()(const Tensor& ids) const {
    Tensor x = gather(tokens, ids) + positions;
    for (const Block& block : blocks) x = block(x);
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
