#pragma once

#include <algorithm>
#include <cstring>

#include "linnet/core/allocator.hpp"
#include "linnet/graph/impl/plan_runner.ipp"
#include "linnet/graph/subgraph.hpp"

namespace linnet::inline LINNET_ABI::detail {

std::vector<const Graph*> subgraphs(PrimitiveRef p) {
  if (const auto* c = p.get_if<Cond>()) return {c->if_true.get(), c->if_false.get()};
  if (const auto* w = p.get_if<WhileLoop>()) return {w->body.get()};
  if (const auto* g = p.get_if<WhileLoopGradient>()) return {g->body.get()};
  return {};
}

inline bool any_inside(PrimitiveRef p, bool (*predicate)(PrimitiveRef)) {
  if (!has_subgraphs(p)) return false;
  for (const Graph* g : subgraphs(p))
    for (const Node& n : g->nodes)
      if (predicate(n.primitive.ref())) return true;
  return false;
}
bool is_stateful(PrimitiveRef p) { return p.type().stateful || any_inside(p, is_stateful); }
bool may_fail(PrimitiveRef p) { return p.type().fallible || any_inside(p, may_fail); }

/// A graph planned to run inside a kernel, over memory of the kernel's operands.
class SubPlan {
 public:
  SubPlan(GraphPtr graph, int threads, PlanRunner::Looks looks)
      : graph_(std::move(graph)), plan_(make_plan(*graph_, threads)), runner_(plan_, looks) {}
  SubPlan(const SubPlan&) = delete;
  SubPlan& operator=(const SubPlan&) = delete;

  struct Memory {
    std::span<const void*const> saved, inputs;  // the graph's inputs are both, one after the other
    std::span<void*const> cells, outputs;
    void* arena;
  };

  std::size_t cells() const { return graph_->states.size(); }
  std::size_t arena_bytes() const { return plan_.arena_bytes; }
  std::size_t instructions() const { return plan_.instructions.size(); }
  bool fallible() const { return plan_.last_fallible >= 0; }
  Frame make_frame() const { return runner_.make_frame(); }
  std::size_t work() const { return runner_.work(); }

  void bind(Frame& frame, const Memory& memory) const {
    runner_.bind(frame, [&](std::size_t r) { return pointer(plan_.roots[r], memory); });
  }
  void run(const Frame& frame) const {
    runner_.execute(frame, [] {});
  }
  /// Outputs that are an input or a constant, as they are, are in nobody's way until here.
  void copy_outputs(const Memory& memory) const {
    for (std::size_t o = 0; o < plan_.outputs.size(); ++o) {
      const MemoryRoot& root = plan_.roots[static_cast<std::size_t>(plan_.outputs[o].root)];
      if (root.kind != MemoryRoot::Kind::output)
        copy_bytes(memory.outputs[o], pointer(root, memory), bytes_of(plan_.output_specs[o]));
    }
  }

  static std::size_t bytes_of(const TensorSpec& s) {
    return static_cast<std::size_t>(s.shape.size()) * itemsize(s.dtype);
  }
  static void copy_bytes(void* to, const void* from, std::size_t bytes) {
    if (bytes != 0 && to != from) std::memcpy(to, from, bytes);
  }

 private:
  void* pointer(const MemoryRoot& root, const Memory& memory) const {
    const auto i = static_cast<std::size_t>(root.index);
    switch (root.kind) {
      case MemoryRoot::Kind::input:
        return const_cast<void*>(i < memory.saved.size() ? memory.saved[i]
                                                         : memory.inputs[i - memory.saved.size()]);
      case MemoryRoot::Kind::state:
        return memory.cells[i];
      case MemoryRoot::Kind::constant:
        return graph_->values[i].constant.impl()->data;
      case MemoryRoot::Kind::output:
        return memory.outputs[i];
      case MemoryRoot::Kind::arena:
      case MemoryRoot::Kind::kept:  // a graph inside has no prologue
        break;
    }
    return static_cast<std::byte*>(memory.arena) + root.offset;
  }

  GraphPtr graph_;
  Plan plan_;
  PlanRunner runner_;
};

/// What the iterations of a loop leave for its gradient. Keeps its memory from run to run.
class LoopStack {
 public:
  LoopStack() = default;
  LoopStack(const LoopStack&) = delete;
  LoopStack& operator=(const LoopStack&) = delete;
  ~LoopStack() {
    if (data_) cpu_deallocate(data_, capacity_ * stride_);
  }

  void reset(std::size_t stride) {
    if (stride != stride_ && data_)
      cpu_deallocate(std::exchange(data_, nullptr), capacity_ * stride_);
    if (stride != stride_) capacity_ = 0;
    stride_ = stride;
    count_ = 0;
  }
  std::byte* push() {
    if (count_ == capacity_) grow();
    return data_ + stride_ * count_++;
  }
  const std::byte* at(std::size_t i) const { return data_ + stride_ * i; }
  std::size_t count() const { return count_; }

  std::vector<std::size_t> offsets;  ///< by cell, into one iteration's bytes

 private:
  void grow() {
    const std::size_t capacity = std::max<std::size_t>(16, 2 * capacity_);
    auto* data =
        static_cast<std::byte*>(cpu_allocate(std::max<std::size_t>(1, capacity * stride_)));
    if (data_) {
      SubPlan::copy_bytes(data, data_, count_ * stride_);
      cpu_deallocate(data_, capacity_ * stride_);
    }
    data_ = data;
    capacity_ = capacity;
  }

  std::byte* data_ = nullptr;
  std::size_t stride_ = 0, count_ = 0, capacity_ = 0;
};

/// The frames of a kernel's graphs.
struct SubgraphState final : KernelState {
  std::vector<Frame> frames;
  LoopStack stack;
  std::vector<const void*> saved;
  std::size_t unlooked = 0;  // bytes worked on since a loop last looked for an interrupt
};

/// What the three kernels share: cells in place, memory for the graphs, errors of theirs.
class SubgraphKernel : public Kernel {
 public:
  SubgraphKernel(std::vector<GraphPtr> graphs, const Call& call, std::size_t first_cell,
                 PlanRunner::Looks looks)
      : first_cell_(first_cell) {
    for (GraphPtr& g : graphs)
      plans_.push_back(std::make_unique<SubPlan>(std::move(g), call.threads, looks));
    for (std::size_t c = 0; c < plans_[0]->cells(); ++c) {
      in_place_.push_back({static_cast<int>(first_cell + c), static_cast<int>(c)});
      const ValueSpec& s = call.out[c];
      cell_bytes_.push_back(SubPlan::bytes_of({s.shape, s.dtype, s.device}));
    }
  }

  std::size_t workspace_bytes() const override {
    std::size_t bytes = 0;
    for (const auto& p : plans_) bytes = std::max(bytes, p->arena_bytes());
    return bytes;
  }
  std::span<const InPlace> in_place() const override { return in_place_; }
  KernelTraits traits() const override {
    return {.fallible = std::any_of(plans_.begin(), plans_.end(),
                                    [](const auto& p) { return p->fallible(); })};
  }
  std::unique_ptr<KernelState> make_state() const override {
    auto state = std::make_unique<SubgraphState>();
    for (const auto& p : plans_) state->frames.push_back(p->make_frame());
    return state;
  }
  /// Errors inside are thrown at once: nothing that outlives the run is written before the last
  /// kernel that may fail. After an error before it, it does not run: a loop might not end.
  void run(const Run& run) const override {
    if (!run.status->ok()) return;
    for (std::size_t c = 0; c < cell_bytes_.size(); ++c)
      SubPlan::copy_bytes(run.out[c], run.in[first_cell_ + c], cell_bytes_[c]);
    run_graphs(run, *static_cast<SubgraphState*>(run.state));
  }
  std::string description() const override {
    std::string text;
    for (const auto& p : plans_) {
      append(text, text.empty() ? "" : " or ");
      append(text, p->instructions());
    }
    append(text, " kernels");
    return text;
  }

 protected:
  virtual void run_graphs(const Run& run, SubgraphState& state) const = 0;

  std::size_t cells() const { return cell_bytes_.size(); }
  SubPlan::Memory memory(const Run& run) const {
    return {.saved = {},
            .inputs = run.in.subspan(first_cell_ + cells()),
            .cells = run.out.first(cells()),
            .outputs = run.out.subspan(cells()),
            .arena = run.workspace};
  }

  std::size_t first_cell_;
  std::vector<std::unique_ptr<SubPlan>> plans_;
  std::vector<InPlace> in_place_;
  std::vector<std::size_t> cell_bytes_;
};

class CondKernel final : public SubgraphKernel {
 public:
  CondKernel(const Cond& c, const Call& call)
      : SubgraphKernel({c.if_true, c.if_false}, call, 1, PlanRunner::Looks::never) {}

 protected:
  void run_graphs(const Run& run, SubgraphState& state) const override {
    const std::size_t taken = *run.input<std::uint8_t>(0) ? 0 : 1;
    const SubPlan::Memory m = memory(run);
    plans_[taken]->bind(state.frames[taken], m);
    plans_[taken]->run(state.frames[taken]);
    plans_[taken]->copy_outputs(m);
  }
};

/// A kernel that runs its graph again and again, and looks for an interrupt meanwhile.
class LoopKernel : public SubgraphKernel {
 public:
  LoopKernel(const GraphPtr& body, const Call& call, std::size_t first_cell)
      : SubgraphKernel({body}, call, first_cell, PlanRunner::Looks::everywhere),
        work_(plans_[0]->work()) {}
  KernelTraits traits() const override { return {.fallible = true}; }

 protected:
  void run_body(SubgraphState& state) const {
    if ((state.unlooked += work_) >= PlanRunner::look_bytes) {
      state.unlooked = 0;
      check_interrupt();
    }
    plans_[0]->run(state.frames[0]);
  }

 private:
  std::size_t work_;
};

class WhileLoopKernel final : public LoopKernel {
 public:
  WhileLoopKernel(const WhileLoop& w, const Call& call)
      : LoopKernel(w.body, call, 0), loop_(w), offsets_(w.body->states.size()) {
    for (const std::int32_t c : w.saved) {
      offsets_[static_cast<std::size_t>(c)] = stride_;
      stride_ += (cell_bytes_[static_cast<std::size_t>(c)] + 63) / 64 * 64;
    }
  }
  std::unique_ptr<KernelState> make_state() const override {
    auto state = LoopKernel::make_state();
    static_cast<SubgraphState&>(*state).stack.offsets = offsets_;
    return state;
  }

 protected:
  void run_graphs(const Run& run, SubgraphState& state) const override {
    plans_[0]->bind(state.frames[0], memory(run));
    if (loop_.saves) state.stack.reset(stride_);
    const auto& proceed = *static_cast<const volatile std::uint8_t*>(run.out[0]);
    for (std::int64_t i = 0; proceed && i != loop_.maximum_iterations; ++i) {
      if (loop_.saves) save(run, state.stack);
      run_body(state);
    }
    if (!loop_.saves) return;
    const LoopStack* stack = &state.stack;
    std::memcpy(run.out[cells()], &stack, sizeof(void*));
  }

 private:
  void save(const Run& run, LoopStack& stack) const {
    std::byte* to = stack.push();
    for (const std::int32_t i : loop_.saved) {
      const auto c = static_cast<std::size_t>(i);
      SubPlan::copy_bytes(to + offsets_[c], run.out[c], cell_bytes_[c]);
    }
  }

  WhileLoop loop_;
  std::vector<std::size_t> offsets_;
  std::size_t stride_ = 0;
};

class WhileLoopGradientKernel final : public LoopKernel {
 public:
  WhileLoopGradientKernel(const WhileLoopGradient& w, const Call& call)
      : LoopKernel(w.body, call, 1), saved_(w.saved) {}

 protected:
  void run_graphs(const Run& run, SubgraphState& state) const override {
    const LoopStack* stack;
    std::memcpy(&stack, run.in[0], sizeof(void*));
    state.saved.resize(saved_.size());
    SubPlan::Memory m = memory(run);
    m.saved = state.saved;
    for (std::size_t i = stack->count(); i-- > 0;) {
      for (std::size_t s = 0; s < saved_.size(); ++s)
        state.saved[s] = stack->at(i) + stack->offsets[static_cast<std::size_t>(saved_[s])];
      plans_[0]->bind(state.frames[0], m);
      run_body(state);
    }
  }

 private:
  std::vector<std::int32_t> saved_;
};

KernelPtr Cond::cpu_kernel(const Call& call) {
  return std::make_shared<CondKernel>(*call.primitive.get_if<Cond>(), call);
}
KernelPtr WhileLoop::cpu_kernel(const Call& call) {
  return std::make_shared<WhileLoopKernel>(*call.primitive.get_if<WhileLoop>(), call);
}
KernelPtr WhileLoopGradient::cpu_kernel(const Call& call) {
  return std::make_shared<WhileLoopGradientKernel>(*call.primitive.get_if<WhileLoopGradient>(),
                                                   call);
}

}  // namespace linnet::inline LINNET_ABI::detail
