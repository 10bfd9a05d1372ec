#pragma once

#define LINNET_USES_NN_LAYER
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_NN_LAYER
#endif

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "linnet/autograd/variable.hpp"
#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"
#include "linnet/nn/constraints.hpp"
#include "linnet/nn/dtype_policy.hpp"
#include "linnet/nn/handle.hpp"
#include "linnet/nn/initializers.hpp"
#include "linnet/nn/regularizers.hpp"

namespace linnet::inline LINNET_ABI {

class Layer;

namespace detail {
/// What copies of a layer share.
struct LayerState {
  std::string kind, name;
  bool built = false, trainable = true, supports_masking = false;
  DTypePolicy policy = dtype_policy();
  Shape input_shape;
  std::optional<Shape> output_shape;    // of the first call
  std::optional<Shape> declared_input;  // the input_shape option: one sample
  std::vector<Variable> weights;
  std::vector<Variable> random_states;            // of generators of its own, for checkpoints
  std::vector<Handle<Regularizer>> regularizers;  // by weight
  Handle<Regularizer> activity_regularizer{};     // of the output
  std::vector<Tensor> added_losses;               // by the last call of the outermost layer
  std::vector<std::shared_ptr<Layer>> sublayers;
};
/// "dense", "dense_1", ... as Keras counts them.
LINNET_DECL std::string unique_name(const std::string& base);
}  // namespace detail

/// Restarts the counters of automatic layer names.
LINNET_DECL void clear_session();

struct CallOptions {
  bool training = false;
  /// Which steps of a sequence count, bool [n, t]. Undefined: what the layer that made the input
  /// noted, inside one outermost call of a layer or model; else all count.
  Tensor mask{};
};

struct WeightOptions {
  Handle<Initializer> initializer = initializers::make_glorot_uniform();
  bool trainable = true;
  Handle<Regularizer> regularizer{};
  Handle<Constraint> constraint{};
  std::optional<DType> dtype{};  ///< none: the policy's variable dtype
  bool autocast = true;          ///< read in the compute dtype within the layer's call
};

/// A step of a model with weights of its own. Copies share weights. To write one:
///
///     struct Scale : Layer {
///       Scale() : Layer("scale") {}
///       void build(const Shape& input) override {
///         add_weight("factor", {input[-1]}, {.initializer = "ones"});
///       }
///       Tensor call(const Tensor& x, bool training) override { return x * weight(0); }
///     };
class LINNET_EXPORT Layer {
 public:
  /// `kind` is the layer's type in snake case; `name` replaces the automatic name.
  LINNET_DECL explicit Layer(const std::string& kind, const std::string& name = "");
  LINNET_DECL virtual ~Layer();
  Layer(const Layer&) = default;
  Layer& operator=(const Layer&) = default;

  /// Makes the weights for inputs of this shape (axis 0 is the batch); called once. If it throws,
  /// the weights made so far are dropped, those of sublayers too.
  LINNET_DECL virtual void build(const Shape& input_shape);
  virtual Tensor call(const Tensor& x, bool training) = 0;
  /// What layers that use a mask override beside call(); `mask` may be undefined.
  LINNET_DECL virtual Tensor call_masked(const Tensor& x, const Tensor& mask, bool training);
  /// The output's mask: the input's where a layer that keeps axes 0 and 1 apart says, in its
  /// constructor, state().supports_masking = true; else none.
  LINNET_DECL virtual Tensor compute_mask(const Tensor& x, const Tensor& mask) const;
  /// Builds on first use, then calls. ShapeError if the input does not fit.
  LINNET_DECL Tensor operator()(const Tensor& x, const CallOptions& options = {});
  LINNET_DECL void build_once(const Shape& input_shape);

  const std::string& name() const { return state_->name; }
  virtual std::string type_name() const { return "Layer"; }  ///< as summary() shows it
  bool built() const { return state_->built; }
  /// That of set_dtype_policy() when the layer was made, unless it has one of its own.
  const DTypePolicy& policy() const { return state_->policy; }
  /// Before the layer is built, else ValueError: a float32 head of a mixed model, for one.
  LINNET_DECL void set_policy(const DTypePolicy& policy);
  const std::optional<Shape>& output_shape() const { return state_->output_shape; }
  bool trainable() const { return state_->trainable; }
  LINNET_DECL virtual void set_trainable(bool trainable);  ///< cascades to sublayers

  LINNET_DECL std::vector<Variable> variables() const;  ///< own, then those of sublayers
  LINNET_DECL std::vector<Variable> trainable_variables() const;
  LINNET_DECL std::vector<Variable> non_trainable_variables() const;
  /// Paths in the order of variables(): kinds of layers counted within the model, "conv2d/kernel",
  /// "conv2d_1/kernel", so that models made alike agree whatever their layers' names.
  LINNET_DECL std::vector<std::pair<std::string, Variable>> named_variables() const;
  /// States of the layers' own random generators: no weights, but part of a checkpoint.
  LINNET_DECL std::vector<Variable> random_states() const;
  /// The input_shape option (one sample, without the batch), if it was given.
  const std::optional<Shape>& declared_input_shape() const { return state_->declared_input; }
  LINNET_DECL std::vector<Tensor> get_weights() const;
  /// ValueError / ShapeError if number or shapes differ; nothing is set then.
  LINNET_DECL void set_weights(const std::vector<Tensor>& weights);
  LINNET_DECL std::int64_t count_params() const;
  /// The regularizers' penalties, of outputs divided by the batch, and what the last call added by
  /// add_loss().
  LINNET_DECL std::vector<Tensor> losses() const;

 protected:
  LINNET_DECL Variable add_weight(const std::string& name, const Shape& shape,
                                  const WeightOptions& options = {});
  /// Weight i, in the order of add_weight.
  const Variable& weight(std::size_t i) const { return state_->weights[i]; }
  /// Within call(): a scalar that training adds to the loss.
  LINNET_DECL void add_loss(const Tensor& loss);
  /// Makes a member layer known; returns it.
  template <class L>
  std::shared_ptr<L> track(L layer) {
    auto shared = std::make_shared<L>(std::move(layer));
    state_->sublayers.push_back(shared);
    return shared;
  }
  detail::LayerState& state() const { return *state_; }

 private:
  friend class LayerCall;
  LINNET_DECL void forget_losses() const;
  LINNET_DECL void collect(const std::string& prefix,
                           std::vector<std::pair<std::string, Variable>>& out) const;
  std::shared_ptr<detail::LayerState> state_;
};

/// Within its life a call of the layer is under way in this thread: the outermost one forgets the
/// losses that the one before has added. Calling a layer makes one.
class LINNET_EXPORT LayerCall {
 public:
  LINNET_DECL explicit LayerCall(const Layer& layer);
  LINNET_DECL ~LayerCall();
  LayerCall(const LayerCall&) = delete;
  LayerCall& operator=(const LayerCall&) = delete;
};

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_NN_LAYER
#include "linnet/impl/src.hpp"
#endif
