#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "linnet/backend/kernel.hpp"
#include "linnet/config.hpp"
#include "linnet/core/threads.hpp"
#include "operation.hpp"

namespace linnet::inline LINNET_ABI::onednn {

/// `total` of something (images, rows) in parts of at most two sizes, each enough work to be worth
/// a thread. The number of threads has no say, so that results do not depend on it.
struct Parts {
  static constexpr double flops_of_part = 8e6;
  Parts(std::int64_t total_, double flops) : count(1), total(total_) {
    constexpr std::int64_t most = 16;
    const auto worth = static_cast<std::int64_t>(std::min(flops / flops_of_part, 1e6));
    count = std::max<std::int64_t>(1, std::min({total, most, worth}));
  }
  std::int64_t begin(std::int64_t part) const { return total * part / count; }
  std::int64_t size(std::int64_t part) const { return begin(part + 1) - begin(part); }
  std::int64_t largest() const { return (total + count - 1) / count; }
  std::int64_t count, total;
};

/// Operations of the parts: one for each of the two sizes.
class PartOperations {
 public:
  /// make(size) returns the Operation of a part.
  template <class F>
  PartOperations(const Parts& parts, F make) : parts_(parts) {
    operations_.push_back(make(parts.largest()));
    if (parts.total % parts.count != 0) operations_.push_back(make(parts.largest() - 1));
  }
  const Operation& of(std::int64_t part) const {
    return operations_[parts_.size(part) == parts_.largest() ? 0 : 1];
  }
  std::vector<Runner> runners() const {
    std::vector<Runner> r;
    for (std::int64_t p = 0; p < parts_.count; ++p) r.emplace_back(of(p));
    return r;
  }

 private:
  Parts parts_;
  std::vector<Operation> operations_;
};

constexpr std::size_t aligned(std::size_t bytes) { return (bytes + 63) / 64 * 64; }

/// A kernel that runs an operation on each part, several parts at once.
class PartsKernel : public Kernel {
 public:
  std::string description() const override { return "onednn:" + implementation_; }
  std::unique_ptr<KernelState> make_state() const override {
    const OneThread one;
    auto state = std::make_unique<State>();
    state->parts = operations_.runners();
    if (reorder_) state->reorder.emplace(*reorder_);
    return state;
  }

 protected:
  struct State final : KernelState {
    std::vector<Runner> parts;
    std::optional<Runner> reorder;
  };

  PartsKernel(const Parts& parts, PartOperations operations, const char* implementation)
      : parts_(parts), operations_(std::move(operations)), implementation_(implementation) {}

  /// Calls f(part, its runner) on Linnet's team.
  template <class F>
  void for_parts(const Run& run, F f) const {
    auto& state = *static_cast<State*>(run.state);
    detail::parallel_for(parts_.count, 1, [&](std::int64_t begin, std::int64_t end) {
      const OneThread one;
      for (std::int64_t p = begin; p < end; ++p) f(p, state.parts[static_cast<std::size_t>(p)]);
    });
  }
  /// Runs reorder_, which is there.
  void run_reorder(const Run& run, void* from, void* to) const {
    const OneThread one;
    static_cast<State*>(run.state)->reorder->run(std::array{from, to});
  }

  Parts parts_;
  PartOperations operations_;
  std::optional<Operation> reorder_;

 private:
  std::string implementation_;
};

}  // namespace linnet::inline LINNET_ABI::onednn
