#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "linnet/core/interrupt.hpp"
#include "linnet/graph/plan.hpp"

/// Running a plan's kernels once every root has its memory.
namespace linnet::inline LINNET_ABI::detail {

/// The pointers of one concurrent call, and what they were last bound to.
struct Frame {
  std::vector<const void*> in;
  std::vector<void*> out;    // outputs, workspace and prepared weights of all instructions
  std::vector<void*> bound;  // by root
  std::vector<std::unique_ptr<KernelState>> states;
  void* last_arena = nullptr;
};

/// Knows which operands point into which root of a plan, which must outlive it.
class PlanRunner {
 public:
  /// Where execute() may look for an interrupt, and so throw.
  enum class Looks : std::uint8_t { never, before_states_change, everywhere };
  /// Bytes worked on between two looks: some tens of microseconds.
  static constexpr std::size_t look_bytes = std::size_t{1} << 20;

  PlanRunner(const Plan& plan, Looks looks)
      : plan_(plan), bindings_(plan.roots.size()), looks_(plan.instructions.size()) {
    place_looks(looks);
    const auto bind = [&](const Slot& s, std::uint32_t& next, bool is_output) {
      if (s.root >= 0)
        bindings_[static_cast<std::size_t>(s.root)].push_back({next, is_output, s.byte_offset});
      ++next;
    };
    for (const PlannedInstruction& i : plan.instructions) {
      if (&i == plan.instructions.data() + plan.prologue)
        main_in_ = in_operands_, main_out_ = out_operands_;
      for (const Slot& s : i.in) bind(s, in_operands_, false);
      for (const Slot& s : i.out) bind(s, out_operands_, true);
      bind(i.workspace, out_operands_, true);
      bind(i.prepared, out_operands_, true);
    }
  }

  Frame make_frame() const {
    Frame frame;
    frame.in.resize(in_operands_);
    frame.out.resize(out_operands_);
    frame.bound.resize(plan_.roots.size());
    for (const PlannedInstruction& i : plan_.instructions)
      frame.states.push_back(i.kernel->make_state());
    return frame;
  }

  /// Bytes that one run works on, and something for each kernel's overhead.
  std::size_t work() const {
    std::size_t bytes = 0;
    for (const PlannedInstruction& i : plan_.instructions) bytes += work_of(i);
    return bytes;
  }

  /// Lets the operands point to `pointer(root)`.
  template <class F>
  void bind(Frame& frame, F pointer) const {
    for (std::size_t r = 0; r < bindings_.size(); ++r) {
      void* p = pointer(r);
      if (frame.bound[r] == p) continue;
      frame.bound[r] = p;
      for (const Binding& b : bindings_[r]) {
        std::byte* at = static_cast<std::byte*>(p) + b.byte_offset;
        if (b.is_output)
          frame.out[b.index] = at;
        else
          frame.in[b.index] = at;
      }
    }
  }

  /// Runs what the prologue consists of.
  void execute_prologue(const Frame& frame) const {
    run_range(frame, 0, plan_.prologue, frame.in.data(), frame.out.data(), [] {});
  }
  /// Runs the other kernels in order; before() is called before each. Throws what a fallible one
  /// reports.
  template <class F>
  void execute(const Frame& frame, F before) const {
    run_range(frame, plan_.prologue, static_cast<int>(plan_.instructions.size()),
              frame.in.data() + main_in_, frame.out.data() + main_out_, before);
  }

 private:
  template <class F>
  void run_range(const Frame& frame, int begin, int end, const void* const* in, void* const* out,
                 F before) const {
    Status status;
    for (int i = begin; i < end; ++i) {
      const PlannedInstruction& p = plan_.instructions[static_cast<std::size_t>(i)];
      if (looks_[static_cast<std::size_t>(i)]) check_interrupt();
      before();
      const Run run{.in = {in, p.in.size()},
                    .out = {out, p.out.size()},
                    .immediates = p.immediates,
                    .workspace = out[p.out.size()],
                    .state = frame.states[static_cast<std::size_t>(i)].get(),
                    .status = &status,
                    .node = i,
                    .prepared = out[p.out.size() + 1]};
      p.prepares ? p.kernel->prepare(run) : p.kernel->run(run);
      in += p.in.size();
      out += p.out.size() + 2;
      if (i == plan_.last_fallible && !status.ok()) throw_status(status);
    }
  }

  static std::size_t work_of(const PlannedInstruction& i) {
    std::size_t bytes = 1024;
    for (const auto* specs : {&i.in_specs, &i.out_specs})
      for (const TensorSpec& s : *specs)
        bytes += static_cast<std::size_t>(s.shape.size()) * itemsize(s.dtype);
    return bytes;
  }
  bool writes_state(const PlannedInstruction& i) const {
    return std::any_of(i.out.begin(), i.out.end(), [&](const Slot& s) {
      return s.root >= 0 &&
             plan_.roots[static_cast<std::size_t>(s.root)].kind == MemoryRoot::Kind::state;
    });
  }
  void place_looks(Looks looks) {
    std::size_t since = 0;
    for (std::size_t i = 0; i < looks_.size() && looks != Looks::never; ++i) {
      looks_[i] = since >= look_bytes;
      if (looks_[i]) since = 0;
      since += work_of(plan_.instructions[i]);
      if (looks == Looks::before_states_change && writes_state(plan_.instructions[i])) return;
    }
  }

  /// Where a root's pointer goes: `index` in the frame's input or output operands.
  struct Binding {
    std::uint32_t index;
    bool is_output;
    std::int64_t byte_offset;
  };

  void throw_status(const Status& status) const {
    const auto at = static_cast<std::size_t>(status.node.load());
    plan_.instructions[at].kernel->throw_error(status.code, status.value);
  }

  const Plan& plan_;
  std::vector<std::vector<Binding>> bindings_;  // by root
  std::vector<bool> looks_;                     // for an interrupt, before that instruction
  std::uint32_t in_operands_ = 0, out_operands_ = 0;
  std::uint32_t main_in_ = 0, main_out_ = 0;  // where the operands after the prologue begin
};

}  // namespace linnet::inline LINNET_ABI::detail
