#pragma once

#include "linnet/backend/apply.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/nn/sequential.hpp"
#include "linnet/ops/shape.hpp"

namespace linnet::inline LINNET_ABI {

/// What a model's virtual functions ask of what compile() made; a program that never compiles one
/// needs no more.
struct Model::Steps {
  Steps() = default;
  Steps(const Steps&) = delete;
  Steps& operator=(const Steps&) = delete;
  virtual ~Steps() = default;
  virtual void train_step(Model& model, const std::vector<Tensor>& batch) = 0;
  virtual void test_step(Model& model, const std::vector<Tensor>& batch) = 0;
  virtual void reset() = 0;
  virtual void forget_traces() const = 0;
};

Model::Model(const std::string& kind, const std::string& name) : Layer(kind, name) {}
Model::~Model() = default;

void Model::build(const Shape& input_shape) {
  if (input_shape.rank() == 0) return;
  Shape shape = input_shape;
  shape.set(0, 1);  // one sample is enough to find the shapes
  const EagerScope eager;
  state().output_shape = call(zeros(shape), false).shape();
}

Model::Steps& Model::steps() const {
  if (!steps_) fail<ValueError>(name(), "You must call `compile()` before using the model");
  return *steps_;
}

StepLogs Model::train_step(const std::vector<Tensor>& batch) {
  steps().train_step(*this, batch);
  return {};
}
StepLogs Model::test_step(const std::vector<Tensor>& batch) {
  steps().test_step(*this, batch);
  return {};
}
void Model::prepare(const std::vector<Tensor>& batch) { build_once(batch[0].shape()); }
void Model::reset_metrics() {
  if (steps_) steps_->reset();
}

void Model::set_trainable(bool trainable) {
  Layer::set_trainable(trainable);
  if (steps_) steps_->forget_traces();
}

Sequential::Sequential() : Model("sequential") {}
Sequential::Sequential(std::initializer_list<Item> layers) : Model("sequential") {
  for (const Item& item : layers) state().sublayers.push_back(item.layer);
  build_if_known();
}

void Sequential::add(Item item) {
  state().sublayers.push_back(std::move(item.layer));
  try {
    build_if_known();
  } catch (...) {
    state().sublayers.pop_back();
    state().built = built_before_add_;
    throw;
  }
}

void Sequential::build_if_known() {
  built_before_add_ = built();
  if (layers().empty()) return;
  const std::optional<Shape>& declared = layers().front()->declared_input_shape();
  if (!built() && !declared) return;
  const Shape shape = built() ? state().input_shape : declared->with(0, 1);
  state().built = false;
  build_once(shape);
}

Tensor Sequential::call(const Tensor& x, bool training) {
  const Shape& built_for = state().input_shape;
  const bool column = built_for.rank() == x.rank() + 1 && built_for[-1] == 1;
  Tensor y = column ? expand_dims(x, -1) : x;  // one feature needs no axis of its own
  for (const auto& layer : state().sublayers) y = (*layer)(y, {.training = training});
  return y;
}

}  // namespace linnet::inline LINNET_ABI
