#pragma once

#define LINNET_USES_NN_LAYERS_EMBEDDING
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_NN_LAYERS_EMBEDDING
#endif

#include <string>

#include "linnet/config.hpp"
#include "linnet/nn/layer.hpp"

namespace linnet::inline LINNET_ABI::layers {

struct EmbeddingOptions {
  Handle<Initializer> embeddings_initializer = "uniform";
  Handle<Regularizer> embeddings_regularizer{};
  Handle<Constraint> embeddings_constraint{};
  bool mask_zero = false;  ///< index 0 is padding: layers that use a mask, and losses, leave it out
  std::string name{};
};
/// Integer indices [...] -> their rows [..., output_dim] of a table [input_dim, output_dim].
/// IndexError for an index outside the table.
class LINNET_EXPORT Embedding : public Layer {
 public:
  LINNET_DECL Embedding(std::int64_t input_dim, std::int64_t output_dim,
                        EmbeddingOptions options = {});
  LINNET_DECL void build(const Shape& input_shape) override;
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  LINNET_DECL Tensor compute_mask(const Tensor& x, const Tensor& mask) const override;
  std::string type_name() const override { return "Embedding"; }

 private:
  std::int64_t input_dim_, output_dim_;
  EmbeddingOptions options_;
};

}  // namespace linnet::inline LINNET_ABI::layers

#ifdef LINNET_FIRST_NN_LAYERS_EMBEDDING
#include "linnet/impl/src.hpp"
#endif
