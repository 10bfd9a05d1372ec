#pragma once

#include <algorithm>
#include <cstring>
#include <mutex>

#include "linnet/autograd/variable_state.hpp"
#include "linnet/backend/apply.hpp"
#include "linnet/backend/eager.hpp"
#include "linnet/graph/arena_pool.hpp"
#include "linnet/graph/executable.hpp"
#include "linnet/graph/impl/plan_runner.ipp"
#include "linnet/graph/impl/prologue_memory.ipp"
#include "linnet/graph/profile_log.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

/// Variables in ascending order of id, shared or exclusive, for the length of a call.
class Borrows {
 public:
  struct Item {
    VariableState* state;
    bool exclusive;
  };
  explicit Borrows(std::span<const Item> items) : items_(items) {
    for (const Item& i : items_)
      i.exclusive ? i.state->borrow.lock() : i.state->borrow.lock_shared();
  }
  ~Borrows() {
    for (const Item& i : items_)
      i.exclusive ? i.state->borrow.unlock() : i.state->borrow.unlock_shared();
  }
  Borrows(const Borrows&) = delete;
  Borrows& operator=(const Borrows&) = delete;

 private:
  std::span<const Item> items_;
};

}  // namespace detail

struct Executable::Impl {
  Impl(Graph g, int threads)
      : graph(std::move(g)),
        plan(make_plan(graph, threads)),
        runner(plan, detail::PlanRunner::Looks::before_states_change),
        prologue(graph, plan) {
    detail::open_profile_of_environment();
    for (std::size_t s = 0; s < graph.states.size(); ++s)
      items.push_back({graph.states[s].variable.state(), plan.written_states[s]});
    std::sort(items.begin(), items.end(),
              [](const auto& a, const auto& b) { return a.state->id < b.state->id; });
  }

  std::unique_ptr<detail::Frame> take_frame() {
    {
      std::scoped_lock lock(mutex);
      if (!frames.empty()) {
        auto frame = std::move(frames.back());
        frames.pop_back();
        return frame;
      }
    }
    auto frame = std::make_unique<detail::Frame>(runner.make_frame());
    std::scoped_lock lock(mutex);
    ++frame_count;
    frames.reserve(frame_count);
    return frame;
  }
  void give_frame(std::unique_ptr<detail::Frame> frame) noexcept {
    std::scoped_lock lock(mutex);
    frames.push_back(std::move(frame));
  }

  /// A variable to be written whose memory somebody else sees gets memory of its own first.
  void own_written_states() {
    for (std::size_t s = 0; s < graph.states.size(); ++s) {
      if (!plan.written_states[s]) continue;
      Tensor& value = graph.states[s].variable.state()->value;
      if (detail::is_unshared(value)) continue;
      Tensor fresh = detail::empty(value.spec());
      if (plan.states_need_old[s])
        std::memcpy(fresh.impl()->data, value.impl()->data, value.nbytes());
      value = std::move(fresh);
    }
  }

  void* root_pointer(std::size_t r, std::span<const Tensor> inputs, const Tensor* fresh,
                     void* arena) const {
    const MemoryRoot& root = plan.roots[r];
    const auto index = static_cast<std::size_t>(root.index);
    switch (root.kind) {
      case MemoryRoot::Kind::input:
        return inputs[index].impl()->data;
      case MemoryRoot::Kind::state:
        return graph.states[index].variable.state()->value.impl()->data;
      case MemoryRoot::Kind::constant:
        return graph.values[index].constant.impl()->data;
      case MemoryRoot::Kind::output:
        return fresh[index].impl()->data;
      case MemoryRoot::Kind::kept:
        return prologue.at(root.offset);
      case MemoryRoot::Kind::arena:
        break;
    }
    return static_cast<std::byte*>(arena) + root.offset;
  }

  void bind(detail::Frame& frame, std::span<const Tensor> inputs, const Tensor* fresh,
            void* arena) const {
    runner.bind(frame, [&](std::size_t r) { return root_pointer(r, inputs, fresh, arena); });
  }

  /// All but the prologue, which profiles leave out, too.
  void execute(const detail::Frame& frame) {
    if (!detail::is_profiling()) return runner.execute(frame, [] {});
    std::vector<detail::ProfileClock::time_point> times;
    times.reserve(plan.instructions.size() + 1);
    const auto mark = [&] { times.push_back(detail::ProfileClock::now()); };
    runner.execute(frame, mark);
    mark();
    std::unique_lock lock(mutex);
    if (!profiled) profiled = detail::describe_kernels(plan);
    lock.unlock();
    detail::log_run(profiled, std::move(times));
  }

  /// Written variables hold a new value: another id, another version.
  void publish_states() const {
    for (std::size_t s = 0; s < graph.states.size(); ++s) {
      if (!plan.written_states[s]) continue;
      detail::VariableState& state = *graph.states[s].variable.state();
      state.value = detail::from_storage(state.value.impl()->storage, state.spec());
      ++state.version;
    }
  }

  Graph graph;
  Plan plan;
  detail::PlanRunner runner;
  detail::PrologueMemory prologue;
  std::vector<detail::Borrows::Item> items;
  std::mutex mutex;
  std::vector<std::unique_ptr<detail::Frame>> frames;
  std::size_t frame_count = 0;
  detail::ProfiledKernels profiled;  // made when first asked for
};

namespace detail {
/// An arena block on loan until the end of scope.
class ArenaLoan {
 public:
  ArenaLoan(std::size_t bytes, void* preferred) : block_(borrow_arena(bytes, preferred)) {}
  ~ArenaLoan() { return_arena(block_); }
  ArenaLoan(const ArenaLoan&) = delete;
  ArenaLoan& operator=(const ArenaLoan&) = delete;
  void* data() const { return block_.data; }

 private:
  ArenaBlock block_;
};
}  // namespace detail

Executable::Executable(Graph graph, int threads)
    : impl_(std::make_unique<Impl>(std::move(graph), threads)) {}
Executable::~Executable() = default;

const Graph& Executable::graph() const { return impl_->graph; }
const Plan& Executable::plan() const { return impl_->plan; }

void Executable::run(std::span<const Tensor> inputs, detail::SmallVector<Tensor, 4>& outputs) {
  Impl& self = *impl_;
  const Plan& plan = self.plan;
  detail::SmallVector<Tensor, 8> dense;
  for (const Tensor& x : inputs) dense.push_back(detail::make_dense(x));
  outputs.clear();
  for (const TensorSpec& spec : plan.output_specs) {
    const bool fresh =
        plan.outputs[outputs.size()].root >= 0 &&
        plan.roots[static_cast<std::size_t>(plan.outputs[outputs.size()].root)].kind ==
            MemoryRoot::Kind::output;
    outputs.push_back(fresh ? detail::empty(spec) : Tensor());
  }
  {
    const detail::Borrows borrows(self.items);
    self.own_written_states();
    auto frame = self.take_frame();
    const detail::ArenaLoan arena(plan.arena_bytes, frame->last_arena);
    frame->last_arena = arena.data();
    struct GiveBack {
      Impl& self;
      std::unique_ptr<detail::Frame>& frame;
      ~GiveBack() { self.give_frame(std::move(frame)); }
    } give_back{self, frame};
    self.bind(*frame, dense.span(), outputs.data(), arena.data());
    if (plan.prologue) self.prologue.refresh([&] { self.runner.execute_prologue(*frame); });
    self.execute(*frame);
    self.publish_states();
  }
  for (std::size_t o = 0; o < outputs.size(); ++o) {
    const std::int32_t r = plan.outputs[o].root;
    if (r < 0) continue;
    const MemoryRoot& root = plan.roots[static_cast<std::size_t>(r)];
    if (root.kind == MemoryRoot::Kind::input)
      outputs[o] = inputs[static_cast<std::size_t>(root.index)];
    else if (root.kind == MemoryRoot::Kind::constant)
      outputs[o] = self.graph.values[static_cast<std::size_t>(root.index)].constant;
  }
}

}  // namespace linnet::inline LINNET_ABI
