#pragma once

#define LINNET_USES_NN_LAYERS_DENSE
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_NN_LAYERS_DENSE
#endif

#include "linnet/config.hpp"
#include "linnet/nn/activations.hpp"
#include "linnet/nn/layer.hpp"

namespace linnet::inline LINNET_ABI::layers {

struct DenseOptions {
  ActivationFunction activation{};
  bool use_bias = true;
  Handle<Initializer> kernel_initializer = initializers::make_glorot_uniform();
  Handle<Initializer> bias_initializer = initializers::make_zeros();
  Handle<Regularizer> kernel_regularizer{}, bias_regularizer{};
  Handle<Constraint> kernel_constraint{}, bias_constraint{};
  Handle<Regularizer> activity_regularizer{};  ///< of the output, divided by the batch
  std::string name{};
  std::optional<Shape> input_shape{};  ///< of one sample: a Sequential starting with it is built
};

/// activation(x K + b) on the last axis: x [..., in], K [in, units], b [units]. ValueError unless
/// units >= 1, ShapeError for rank 1 or another last axis.
class LINNET_EXPORT Dense : public Layer {
 public:
  LINNET_DECL explicit Dense(std::int64_t units, DenseOptions options = {});
  LINNET_DECL void build(const Shape& input_shape) override;
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "Dense"; }

 private:
  std::int64_t units_;
  DenseOptions options_;
};

}  // namespace linnet::inline LINNET_ABI::layers

#ifdef LINNET_FIRST_NN_LAYERS_DENSE
#include "linnet/impl/src.hpp"
#endif
