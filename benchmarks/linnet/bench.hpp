#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <linnet/linnet.hpp>

/// Linnet's side of the benchmarks. What the workloads are, and where their data and weights come
/// from, is in benchmarks/workloads.md; every side follows it to the letter.
namespace bench {

/// The rule behind all data and weights: element i of sequence `seed`, 32 bits.
std::uint32_t hash(std::uint32_t i, std::uint32_t seed);
/// float32 (hash / 2^32 - 0.5) * scale.
linnet::Tensor uniform(const linnet::Shape& shape, std::uint32_t seed, double scale);
/// int32 (hash >> 8) mod n.
linnet::Tensor integers(const linnet::Shape& shape, std::uint32_t seed, std::uint32_t n);

/// Initial values by the rule, the seed counting parameters from 1: one with several axes is
/// uniform with variance 1 / fan, one with a single axis is what it is (zeros, or ones for scales).
class Parameters {
 public:
  /// `fan` 0: the product of all axes but the last.
  linnet::Variable add(const linnet::Shape& shape, std::int64_t fan = 0);
  linnet::Variable zeros(std::int64_t n);
  linnet::Variable ones(std::int64_t n);
  /// The trainable variables of a built model, in order.
  void set(const std::vector<linnet::Variable>& variables);
  const std::vector<linnet::Variable>& all() const { return all_; }

 private:
  std::vector<linnet::Variable> all_;
  std::uint32_t seed_ = 0;
};

/// One benchmark, ready to run.
struct Workload {
  std::function<double()> step;                  ///< one step; the loss, 0 if there is none
  std::function<std::vector<double>()> outputs;  ///< inference: what the sides compare instead
};

/// The captured step: loss, gradients and the optimizer's update of `variables`.
Workload training(
    std::shared_ptr<linnet::Optimizer> optimizer, const std::vector<linnet::Variable>& variables,
    const linnet::Tensor& x, const linnet::Tensor& y,
    std::function<linnet::Tensor(const linnet::Tensor& x, const linnet::Tensor& y)> loss_of);
/// The mean loss of logits against their classes.
linnet::Tensor mean_crossentropy(const linnet::Tensor& classes, const linnet::Tensor& logits);

// One function a family of models: whether it has the workload, which it then makes.
bool make_image(const std::string& name, Workload& out);
bool make_residual(const std::string& name, Workload& out);
bool make_gpt(const std::string& name, Workload& out);
bool make_lstm(const std::string& name, Workload& out);
bool make_embedding(const std::string& name, Workload& out);

/// What this machine can do at most, as JSON: fused multiply-adds on one core and on all that
/// Linnet uses, copying 128 MiB, which no cache holds, and 4 MiB, which one does.
std::string limits();

}  // namespace bench
