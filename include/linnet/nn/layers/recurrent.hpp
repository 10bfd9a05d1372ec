#pragma once

#define LINNET_USES_NN_LAYERS_RECURRENT
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_NN_LAYERS_RECURRENT
#endif

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "linnet/config.hpp"
#include "linnet/nn/activations.hpp"
#include "linnet/nn/layer.hpp"
#include "linnet/ops/generator.hpp"

/// Layers over the steps of a sequence [n, t, in]. The product of all steps with the kernel is one
/// matmul; then the recurrence runs step by step. With a mask [n, t] a step that does not count
/// leaves states as they are and repeats the last output.
namespace linnet::inline LINNET_ABI::layers {

struct RecurrentOptions {
  std::int64_t units = 0;
  bool return_sequences = false, go_backwards = false;
  double dropout = 0, recurrent_dropout = 0;
  std::optional<std::uint64_t> seed{};
};
struct RunOptions {
  std::vector<Tensor> initial_state{};  ///< [n, units] each; empty: zeros
  bool training = false;
  Tensor mask{};
  bool zero_output_for_mask = false;  ///< a step that does not count gives 0 in a sequence
};

/// Base of recurrent layers. To write one: build() adds weights, project() is what steps have in
/// common, step() goes from states to states; states[0] is the output.
class LINNET_EXPORT Recurrent : public Layer {
 public:
  using States = std::vector<Tensor>;
  struct Result {
    Tensor output;  ///< as the layer returns it
    States state;   ///< after the last step: {h}, or {h, c} for an LSTM
  };
  /// The layer with states that go in and come out. ShapeError if a state does not fit.
  LINNET_DECL Result run(const Tensor& x, const RunOptions& options = {});

  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  LINNET_DECL Tensor call_masked(const Tensor& x, const Tensor& mask, bool training) override;
  LINNET_DECL Tensor compute_mask(const Tensor& x, const Tensor& mask) const override;
  /// A layer with the same options but the other direction, and weights of its own.
  virtual std::shared_ptr<Recurrent> reversed() const = 0;
  const RecurrentOptions& common() const { return common_; }

 protected:
  LINNET_DECL Recurrent(const std::string& kind, const std::string& name,
                        const RecurrentOptions& options, std::size_t states = 1);
  /// [..., in] -> [..., p]: what step() is given of each step, for all steps at once.
  virtual Tensor project(const Tensor& x) const = 0;
  /// From the states before a step to those after it.
  virtual States step(const Tensor& projected, const States& states) const = 0;
  /// All steps at once, where the layer has an op for that: nothing means step by step. `projected`
  /// [t, n, p] is in the order of the recurrence; no step is masked, no state dropped.
  virtual std::optional<Result> run_all(const Tensor& projected, const States& states) const {
    static_cast<void>(projected), static_cast<void>(states);
    return std::nullopt;
  }

 private:
  LINNET_DECL Result run_steps(const Tensor& x, States states, const Tensor& mask,
                               const Tensor& state_dropout, bool zero_output) const;
  RecurrentOptions common_;
  std::size_t state_count_;
  std::optional<Generator> generator_;
};

struct SimpleRNNOptions {
  ActivationFunction activation = "tanh";
  bool use_bias = true;
  Handle<Initializer> kernel_initializer = initializers::make_glorot_uniform();
  Handle<Initializer> recurrent_initializer = "orthogonal";
  Handle<Initializer> bias_initializer = initializers::make_zeros();
  Handle<Regularizer> kernel_regularizer{}, recurrent_regularizer{}, bias_regularizer{};
  Handle<Constraint> kernel_constraint{}, recurrent_constraint{}, bias_constraint{};
  double dropout = 0, recurrent_dropout = 0;  ///< of inputs and of states, the same for all steps
  std::optional<std::uint64_t> seed{};
  bool return_sequences = false;  ///< [n, t, units] instead of the last step's [n, units]
  bool go_backwards = false;      ///< steps from last to first; outputs in that order
  std::string name{};
  std::optional<Shape> input_shape{};  ///< of one sample: a Sequential starting with it is built
};
/// h = activation(x K + h U + b); kernel K [in, units], recurrent_kernel U [units, units], bias.
class LINNET_EXPORT SimpleRNN : public Recurrent {
 public:
  LINNET_DECL explicit SimpleRNN(std::int64_t units, SimpleRNNOptions options = {});
  LINNET_DECL void build(const Shape& input_shape) override;
  LINNET_DECL std::shared_ptr<Recurrent> reversed() const override;
  std::string type_name() const override { return "SimpleRNN"; }

 protected:
  LINNET_DECL Tensor project(const Tensor& x) const override;
  LINNET_DECL States step(const Tensor& projected, const States& states) const override;

 private:
  SimpleRNNOptions options_;
};

struct LSTMOptions {
  ActivationFunction activation = "tanh", recurrent_activation = "sigmoid";
  bool use_bias = true;
  Handle<Initializer> kernel_initializer = initializers::make_glorot_uniform();
  Handle<Initializer> recurrent_initializer = "orthogonal";
  Handle<Initializer> bias_initializer = initializers::make_zeros();
  bool unit_forget_bias = true;  ///< the forget gate's bias begins at 1
  Handle<Regularizer> kernel_regularizer{}, recurrent_regularizer{}, bias_regularizer{};
  Handle<Constraint> kernel_constraint{}, recurrent_constraint{}, bias_constraint{};
  double dropout = 0, recurrent_dropout = 0;  ///< of inputs and of states, the same for all steps
  std::optional<std::uint64_t> seed{};
  bool return_sequences = false;  ///< [n, t, units] instead of the last step's [n, units]
  bool go_backwards = false;      ///< steps from last to first; outputs in that order
  std::string name{};
  std::optional<Shape> input_shape{};  ///< of one sample: a Sequential starting with it is built
};
/// Gates i, f, g, o in the columns of x K + h U + b: c = f c + i activation(g), h = o
/// activation(c), i, f and o through the recurrent activation. kernel [in, 4 units],
/// recurrent_kernel [units, 4 units], bias [4 units]. In float32 and float64 with the default
/// activations, neither mask nor recurrent_dropout, one op runs the whole sequence.
class LINNET_EXPORT LSTM : public Recurrent {
 public:
  LINNET_DECL explicit LSTM(std::int64_t units, LSTMOptions options = {});
  LINNET_DECL void build(const Shape& input_shape) override;
  LINNET_DECL std::shared_ptr<Recurrent> reversed() const override;
  std::string type_name() const override { return "LSTM"; }

 protected:
  LINNET_DECL Tensor project(const Tensor& x) const override;
  LINNET_DECL States step(const Tensor& projected, const States& states) const override;
  LINNET_DECL std::optional<Result> run_all(const Tensor& projected,
                                            const States& states) const override;

 private:
  LSTMOptions options_;
};

struct GRUOptions {
  ActivationFunction activation = "tanh", recurrent_activation = "sigmoid";
  bool use_bias = true;
  Handle<Initializer> kernel_initializer = initializers::make_glorot_uniform();
  Handle<Initializer> recurrent_initializer = "orthogonal";
  Handle<Initializer> bias_initializer = initializers::make_zeros();
  Handle<Regularizer> kernel_regularizer{}, recurrent_regularizer{}, bias_regularizer{};
  Handle<Constraint> kernel_constraint{}, recurrent_constraint{}, bias_constraint{};
  bool reset_after = true;                    ///< the reset gate meets h U, not h
  double dropout = 0, recurrent_dropout = 0;  ///< of inputs and of states, the same for all steps
  std::optional<std::uint64_t> seed{};
  bool return_sequences = false;  ///< [n, t, units] instead of the last step's [n, units]
  bool go_backwards = false;      ///< steps from last to first; outputs in that order
  std::string name{};
  std::optional<Shape> input_shape{};  ///< of one sample: a Sequential starting with it is built
};
/// Gates z, r and the candidate in columns; h = z h + (1 - z) candidate, candidate =
/// activation(x K + b + r (h U + d)), or activation(x K + b + (r h) U) without reset_after. kernel
/// [in, 3 units], recurrent_kernel [units, 3 units], bias [2, 3 units] (b and d), or [3 units].
class LINNET_EXPORT GRU : public Recurrent {
 public:
  LINNET_DECL explicit GRU(std::int64_t units, GRUOptions options = {});
  LINNET_DECL void build(const Shape& input_shape) override;
  LINNET_DECL std::shared_ptr<Recurrent> reversed() const override;
  std::string type_name() const override { return "GRU"; }

 protected:
  LINNET_DECL Tensor project(const Tensor& x) const override;
  LINNET_DECL States step(const Tensor& projected, const States& states) const override;

 private:
  GRUOptions options_;
};

struct BidirectionalOptions {
  std::string merge_mode = "concat";  ///< or "sum", "mul", "ave"
  std::string name{};
};
/// A recurrent layer forwards and one like it (weights of its own) backwards over the same
/// sequence, whose outputs are merged step by step. ValueError for an unknown merge_mode.
///
///     layers::Bidirectional(layers::LSTM(32, {.return_sequences = true}))
class LINNET_EXPORT Bidirectional : public Layer {
 public:
  template <class R>
  requires std::is_base_of_v<Recurrent, R>
  explicit Bidirectional(R layer, const BidirectionalOptions& options = {})
      : Bidirectional(std::make_shared<R>(std::move(layer)), options) {}
  LINNET_DECL explicit Bidirectional(std::shared_ptr<Recurrent> layer,
                                     const BidirectionalOptions& options = {});
  LINNET_DECL void build(const Shape& input_shape) override;
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  LINNET_DECL Tensor call_masked(const Tensor& x, const Tensor& mask, bool training) override;
  LINNET_DECL Tensor compute_mask(const Tensor& x, const Tensor& mask) const override;
  std::string type_name() const override { return "Bidirectional"; }

 private:
  std::shared_ptr<Recurrent> layer_, reversed_;
  std::string merge_mode_;
};

}  // namespace linnet::inline LINNET_ABI::layers

#ifdef LINNET_FIRST_NN_LAYERS_RECURRENT
#include "linnet/impl/src.hpp"
#endif
