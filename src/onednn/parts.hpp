#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "linnet/config.hpp"
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

}  // namespace linnet::inline LINNET_ABI::onednn
