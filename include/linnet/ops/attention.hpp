#pragma once

#define LINNET_USES_OPS_ATTENTION
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_ATTENTION
#endif

#include <optional>

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"
#include "linnet/ops/generator.hpp"

namespace linnet::inline LINNET_ABI {

/// PyTorch's options, by its names.
struct AttentionOptions {
  /// bool, true where a query may see a key, or floats added to the scores; broadcast to
  /// [..., t, s]. Undefined: none.
  Tensor mask{};
  bool is_causal = false;  ///< query i sees keys 0 to i alone, whatever the mask says of others
  double dropout = 0;      ///< of the weights; ValueError unless in [0, 1]
  std::optional<double> scale{};         ///< 1 / sqrt(d) if none
  std::optional<Generator> generator{};  ///< of the dropout
};

/// softmax(scale q k^T + mask) v of queries [..., t, d], keys [..., s, d] and values [..., s, e]:
/// [..., t, e]. Leading axes (batch, heads) broadcast; floating dtypes promote, 16-bit floats are
/// computed in float32. A query that sees no key gives zeros. ShapeError if shapes do not fit,
/// DTypeError for other dtypes.
///
/// Scores and weights never go to memory as a whole, backwards neither, and operands are read where
/// they lie: heads cut out of one projection [n, t, heads * d] by reshape and transpose cost no
/// copy. With dropout, or where a gradient of the mask is wanted, the same is computed op by op.
///
///     Tensor y = scaled_dot_product_attention(q, k, v, {.is_causal = true});
LINNET_DECL Tensor scaled_dot_product_attention(const Tensor& query, const Tensor& key,
                                                const Tensor& value,
                                                const AttentionOptions& options = {});

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_OPS_ATTENTION
#include "linnet/impl/src.hpp"
#endif
