#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <mutex>
#include <vector>

#include "linnet/autograd/variable_state.hpp"
#include "linnet/core/allocator.hpp"
#include "linnet/graph/graph.hpp"
#include "linnet/graph/plan.hpp"

/// What an executable keeps between calls: the results of its prologue, and of which values of the
/// variables they are.
namespace linnet::inline LINNET_ABI::detail {

class PrologueMemory {
 public:
  PrologueMemory(const Graph& graph, const Plan& plan) : bytes_(plan.kept_bytes) {
    for (int i = 0; i < plan.prologue; ++i)
      for (const Slot& s : plan.instructions[static_cast<std::size_t>(i)].in)
        if (s.root >= 0) add_variable(graph, plan.roots[static_cast<std::size_t>(s.root)]);
    if (bytes_) data_ = static_cast<std::byte*>(cpu_allocate(bytes_));
  }
  ~PrologueMemory() {
    if (data_) cpu_deallocate(data_, bytes_);
  }
  PrologueMemory(const PrologueMemory&) = delete;
  PrologueMemory& operator=(const PrologueMemory&) = delete;

  void* at(std::size_t offset) const { return data_ + offset; }

  /// Calls run() if a variable was assigned since the last time. The caller has borrowed all of
  /// them, as has every other call in flight: what is rewritten here nobody reads.
  template <class F>
  void refresh(F run) {
    const std::uint64_t now = versions() + 1;
    if (made_of_.load(std::memory_order_acquire) == now) return;
    const std::scoped_lock lock(mutex_);
    if (made_of_.load(std::memory_order_relaxed) == now) return;
    run();
    made_of_.store(now, std::memory_order_release);
  }

 private:
  void add_variable(const Graph& graph, const MemoryRoot& root) {
    if (root.kind != MemoryRoot::Kind::state) return;
    auto* v = graph.states[static_cast<std::size_t>(root.index)].variable.state();
    if (std::find(variables_.begin(), variables_.end(), v) == variables_.end())
      variables_.push_back(v);
  }
  /// Every version only grows, so their sum is another one when any of them is.
  std::uint64_t versions() const {
    std::uint64_t sum = 0;
    for (const VariableState* v : variables_) sum += v->version;
    return sum;
  }

  std::vector<const VariableState*> variables_;
  std::size_t bytes_;
  std::byte* data_ = nullptr;
  std::atomic<std::uint64_t> made_of_{0};  // the versions' sum, plus one; 0: nothing was made
  std::mutex mutex_;
};

}  // namespace linnet::inline LINNET_ABI::detail
