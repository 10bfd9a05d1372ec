#pragma once

#include <algorithm>

#include "linnet/autograd/variable_state.hpp"
#include "linnet/backend/backend.hpp"
#include "linnet/backend/apply.hpp"
#include "linnet/backend/eager.hpp"
#include "linnet/graph/impl/arena_layout.ipp"
#include "linnet/graph/impl/kept_values.ipp"
#include "linnet/graph/impl/liveness.ipp"
#include "linnet/graph/impl/plan_prologue.ipp"
#include "linnet/graph/plan.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

/// How a value lies in its root.
struct Place {
  std::int32_t root = -1;
  Strides strides;
  std::int64_t offset = 0;  // elements
};

/// Builds a Plan: one pass chooses kernels and roots in program order, with results in their
/// inputs' memory where that is free; then the arena is laid out.
class Planner {
 public:
  Planner(const Graph& graph, int threads)
      : g_(graph), live_(graph), kept_(graph, live_), threads_(threads) {}

  Plan run() {
    places_.resize(g_.values.size());
    dense_.assign(g_.values.size(), -1);
    plan_.written_states.assign(g_.states.size(), false);
    plan_.states_need_old.assign(g_.states.size(), false);
    place_sources();
    find_final_states();
    choose_output_owners();
    copy_state_outputs();
    for (NodeId n = 0; n < static_cast<NodeId>(g_.nodes.size()); ++n) add_node(n);
    finish_outputs();
    finish_states();
    place_prologue(plan_, std::move(prologue_));
    ArenaLayout(plan_).run();
    return std::move(plan_);
  }

 private:
  using Kind = MemoryRoot::Kind;

  std::int32_t new_root(Kind kind, std::int32_t index, std::size_t bytes) {
    plan_.roots.push_back({.kind = kind, .index = index, .bytes = bytes});
    return static_cast<std::int32_t>(plan_.roots.size() - 1);
  }
  static std::size_t bytes_of(const TensorSpec& s) {
    return static_cast<std::size_t>(s.shape.size()) * itemsize(s.dtype);
  }
  void place_dense(ValueId v, std::int32_t root) {
    places_[static_cast<std::size_t>(v)] = {root, dense_strides(g_.value(v).spec.shape), 0};
  }
  Place& place(ValueId v) { return places_[static_cast<std::size_t>(v)]; }
  Slot slot(ValueId v) {
    const Place& p = place(v);
    return {p.root, p.offset * static_cast<std::int64_t>(itemsize(g_.value(v).spec.dtype))};
  }
  int here() const { return static_cast<int>(plan_.instructions.size()); }
  MemoryRoot& root(std::int32_t r) { return plan_.roots[static_cast<std::size_t>(r)]; }

  void place_sources() {
    for (std::size_t i = 0; i < g_.inputs.size(); ++i)
      place_dense(g_.inputs[i], new_root(Kind::input, static_cast<std::int32_t>(i), 0));
    for (std::size_t s = 0; s < g_.states.size(); ++s) {
      state_roots_.push_back(new_root(Kind::state, static_cast<std::int32_t>(s), 0));
      if (g_.states[s].initial >= 0) place_dense(g_.states[s].initial, state_roots_.back());
    }
    for (std::size_t v = 0; v < g_.values.size(); ++v)
      if (g_.values[v].kind == Value::Kind::constant)
        place_dense(static_cast<ValueId>(v),
                    new_root(Kind::constant, static_cast<std::int32_t>(v), 0));
  }

  /// Which variable's final value a value is, if its memory can be chosen.
  void find_final_states() {
    state_of_final_.assign(g_.values.size(), -1);
    for (std::size_t s = 0; s < g_.states.size(); ++s)
      if (const ValueId f = g_.states[s].final;
          f >= 0 && live_.is_owner(f) && state_of_final_[static_cast<std::size_t>(f)] < 0)
        state_of_final_[static_cast<std::size_t>(f)] = static_cast<std::int32_t>(s);
  }

  std::int32_t new_kept_root(std::size_t bytes) { return new_root(Kind::kept, 0, bytes); }

  /// An output computed by a kernel is written straight into the memory the caller gets.
  void choose_output_owners() {
    output_of_.assign(g_.values.size(), -1);
    for (std::size_t o = 0; o < g_.outputs.size(); ++o) {
      const ValueId v = g_.outputs[o];
      if (v < 0 || !live_.is_owner(v) || state_of_final_[static_cast<std::size_t>(v)] >= 0)
        continue;
      auto& owner = output_of_[static_cast<std::size_t>(v)];
      if (owner < 0) owner = static_cast<std::int32_t>(o);
    }
  }

  /// Outputs that show a variable's old value are copied before anything is written.
  void copy_state_outputs() {
    plan_.outputs.resize(g_.outputs.size());
    for (std::size_t o = 0; o < g_.outputs.size(); ++o) {
      const ValueId v = g_.outputs[o];
      plan_.output_specs.push_back(v < 0 ? TensorSpec{} : g_.value(v).spec);
      if (v >= 0 && live_.is_state_view(v)) {
        place_view_chain(v);
        copy_to_output(v, o);
      }
    }
  }

  void place_view_chain(ValueId v) {
    if (place(v).root >= 0) return;
    const Node& n = g_.node(g_.value(v).producer);
    place_view_chain(n.in[0]);
    add_view(n);
  }

  void copy_to_output(ValueId v, std::size_t o) {
    const auto r = new_root(Kind::output, static_cast<std::int32_t>(o), bytes_of(g_.value(v).spec));
    add_copy(v, {r, 0});
    plan_.outputs[o] = {r, 0};
  }

  ValueSpec spec_at(ValueId v) {
    const TensorSpec& s = g_.value(v).spec;
    return {s.shape, s.dtype, s.device, Layout::of(s.shape, place(v).strides)};
  }

  /// An instruction that writes v's elements densely to `to`.
  void add_copy(ValueId v, Slot to) { add_copy(v, to, plan_.instructions); }
  void add_copy(ValueId v, Slot to, std::vector<PlannedInstruction>& list) {
    const PrimitiveRef copy = copy_primitive(g_.value(v).spec.dtype);
    const ValueSpec in = spec_at(v);
    ValueSpec out = in;
    out.layout = Layout::dense();
    const KernelPtr kernel = compile_kernel({.primitive = copy,
                                             .in = {&in, 1},
                                             .out = {&out, 1},
                                             .device = in.device,
                                             .threads = threads_,
                                             .captured = true});
    list.push_back({.kernel = kernel,
                    .primitive = Primitive(copy),
                    .in = {slot(v)},
                    .out = {to},
                    .in_specs = {g_.value(v).spec},
                    .out_specs = {g_.value(v).spec}});
    add_workspace(list.back());
  }

  /// A dense copy of a strided value, made once.
  Slot dense_slot(ValueId v) {
    std::int32_t& r = dense_[static_cast<std::size_t>(v)];
    if (r < 0 && kept_.is_early(v)) {
      r = new_kept_root(bytes_of(g_.value(v).spec));
      add_copy(v, {r, 0}, prologue_);
    } else if (r < 0) {
      r = new_root(Kind::arena, 0, bytes_of(g_.value(v).spec));
      add_copy(v, {r, 0});
    }
    return {r, 0};
  }

  void add_node(NodeId id) {
    const Node& n = g_.node(id);
    if (!n.primitive.ref().is_view()) return add_kernel(id);
    if (place(n.out[0]).root < 0) add_view(n);
  }

  void add_view(const Node& n) {
    const ValueId x = n.in[0], y = n.out[0];
    const auto view = n.primitive.type().view;
    const void* attributes = n.primitive.ref().attributes();
    StridedView out;
    if (view(attributes, {g_.value(x).spec.shape, place(x).strides, 0}, out)) {
      place(y) = {place(x).root, out.strides, place(x).offset + out.offset};
      return;
    }
    const Slot dense = dense_slot(x);
    const Shape& shape = g_.value(x).spec.shape;
    if (!view(attributes, {shape, dense_strides(shape), 0}, out))
      fail<ShapeError>(n.primitive.name(), "cannot view a tensor of shape ", shape, " as ",
                       g_.value(y).spec.shape);
    place(y) = {dense.root, out.strides, out.offset};
  }

  void add_workspace(PlannedInstruction& i) {
    std::size_t bytes = i.kernel->workspace_bytes();
    if (i.prepared.root >= 0) bytes -= i.kernel->prepared().bytes;
    if (bytes) i.workspace = {new_root(Kind::arena, 0, bytes), 0};
  }

  void add_kernel(NodeId id) {
    const Node& n = g_.node(id);
    std::vector<ValueSpec> in, out;
    for (ValueId v : n.in) in.push_back(spec_at(v));
    for (ValueId v : n.out)
      out.push_back({g_.value(v).spec.shape, g_.value(v).spec.dtype, g_.value(v).spec.device, {}});
    const Device device = out.empty() ? cpu : out[0].device;
    PlannedInstruction instruction{.primitive = n.primitive, .immediates = n.immediates};
    instruction.kernel = compile_kernel({.primitive = n.primitive.ref(),
                                         .in = in,
                                         .out = out,
                                         .device = device,
                                         .threads = threads_,
                                         .captured = true,
                                         .immediates = static_cast<int>(n.immediates.size())});
    for (ValueId v : n.in) instruction.in_specs.push_back(g_.value(v).spec);
    for (ValueId v : n.out) instruction.out_specs.push_back(g_.value(v).spec);
    const auto wanted = instruction.kernel->in_layouts();
    for (std::size_t i = 0; i < n.in.size(); ++i) {
      const Layout want = wanted.empty() ? Layout::dense() : wanted[i];
      const bool fits = want.kind == Layout::Kind::any || want == in[i].layout;
      instruction.in.push_back(fits ? slot(n.in[i]) : dense_slot(n.in[i]));
    }
    if (instruction.kernel->traits().fallible) note_fallible(n);
    for (std::size_t o = 0; o < n.out.size(); ++o) {
      place_dense(n.out[o], owner_root(id, n.out[o], *instruction.kernel, instruction.in, o));
      instruction.out.push_back(slot(n.out[o]));
    }
    const bool early = kept_.is_prologue(id);
    if (!early) add_prepared(n, instruction);
    add_workspace(instruction);
    (early ? prologue_ : plan_.instructions).push_back(std::move(instruction));
  }

  /// Weights of the kernel's own form are prepared by the prologue if they are early.
  void add_prepared(const Node& n, PlannedInstruction& instruction) {
    const Prepared p = instruction.kernel->prepared();
    if (p.input < 0 || !kept_.is_early(n.in[static_cast<std::size_t>(p.input)])) return;
    instruction.prepared = {new_kept_root(p.bytes), 0};
    PlannedInstruction prepare = instruction;
    prepare.prepares = true;
    for (std::size_t i = 0; i < prepare.in.size(); ++i)
      if (static_cast<int>(i) != p.input) prepare.in[i] = {};
    for (Slot& s : prepare.out) s = {};
    instruction.in[static_cast<std::size_t>(p.input)] = {};  // only what was prepared is read
    prologue_.push_back(std::move(prepare));
  }

  /// Variables are written in place only after the last fallible primitive, so kernels may not
  /// fail where the primitive does not say so.
  void note_fallible(const Node& n) {
    if (!may_fail(n.primitive.ref()))
      fail<NotSupportedError>(n.primitive.name(), "a kernel is fallible, the primitive is not");
    plan_.last_fallible = here();
  }

  /// The memory for a kernel's output: an output of the call, the variable it will become, the
  /// input it may overwrite, or a new place in the arena.
  std::int32_t owner_root(NodeId id, ValueId v, const Kernel& kernel, const std::vector<Slot>& in,
                          std::size_t out_index) {
    const std::size_t bytes = bytes_of(g_.value(v).spec);
    if (kept_.is_prologue(id) && kept_.is_kept(v)) return new_kept_root(bytes);
    if (const auto o = output_of_[static_cast<std::size_t>(v)]; o >= 0) {
      const auto r = new_root(Kind::output, o, bytes);
      plan_.outputs[static_cast<std::size_t>(o)] = {r, 0};
      return r;
    }
    if (const auto s = state_of_final_[static_cast<std::size_t>(v)]; s >= 0)
      if (can_write_state(id, s, kernel, in, out_index)) {
        ++plan_.in_place;
        return state_roots_[static_cast<std::size_t>(s)];
      }
    for (const InPlace p : kernel.in_place())
      if (p.out == static_cast<int>(out_index) && can_overwrite(id, p.in, in, bytes)) {
        ++plan_.in_place;
        return in[static_cast<std::size_t>(p.in)].root;
      }
    return new_root(Kind::arena, 0, bytes);
  }

  static int uses_of_root(const std::vector<Slot>& in, std::int32_t root) {
    return static_cast<int>(
        std::count_if(in.begin(), in.end(), [&](const Slot& s) { return s.root == root; }));
  }

  /// An arena value that dies at this node, whole and read only through this operand.
  bool can_overwrite(NodeId id, int operand, const std::vector<Slot>& in, std::size_t bytes) {
    const ValueId v = g_.node(id).in[static_cast<std::size_t>(operand)];
    const Slot s = in[static_cast<std::size_t>(operand)];
    if (root(s.root).kind != Kind::arena || root(s.root).bytes != bytes || s.byte_offset != 0)
      return false;
    if (uses_of_root(in, s.root) != 1 || taken_this_node(id, s.root)) return false;
    return dies_here(id, s.root, v);
  }

  bool taken_this_node(NodeId id, std::int32_t r) {
    for (ValueId v : g_.node(id).out)
      if (place(v).root == r) return true;
    return false;
  }

  /// No later node, output or final state needs any value that lies in the root.
  bool dies_here(NodeId id, std::int32_t r, ValueId operand) {
    if (dense_[static_cast<std::size_t>(operand)] == r) {  // a private dense copy
      return live_.last_read(operand) <= id && !live_.is_kept(operand);
    }
    for (std::size_t v = 0; v < places_.size(); ++v) {
      if (places_[v].root != r) continue;
      const auto value = static_cast<ValueId>(v);
      if (live_.last_read(value) > id || live_.is_kept(value)) return false;
    }
    return true;
  }

  /// The final value of a variable may be computed in the variable's own memory if every reader of
  /// the old value has run, nothing later can fail, and this kernel reads it in place if at all.
  bool can_write_state(NodeId id, std::int32_t state, const Kernel& kernel,
                       const std::vector<Slot>& in, std::size_t out_index) {
    const StateBinding& s = g_.states[static_cast<std::size_t>(state)];
    const std::int32_t r = state_roots_[static_cast<std::size_t>(state)];
    if (live_.may_fail_from(id)) return false;
    if (s.initial >= 0) {
      if (live_.last_read(s.initial) > id || live_.is_final(s.initial)) return false;
      const int uses = uses_of_root(in, r);
      if (uses > 1 || (uses == 1 && !reads_in_place(kernel, in, r, out_index))) return false;
    }
    plan_.written_states[static_cast<std::size_t>(state)] = true;
    return true;
  }

  static bool reads_in_place(const Kernel& kernel, const std::vector<Slot>& in, std::int32_t r,
                             std::size_t out_index) {
    for (const InPlace p : kernel.in_place()) {
      const Slot s = in[static_cast<std::size_t>(p.in)];
      if (p.out == static_cast<int>(out_index) && s.root == r && s.byte_offset == 0) return true;
    }
    return false;
  }

  /// The rest of the outputs: arguments and constants are returned as they are, views and
  /// duplicates are copied.
  void finish_outputs() {
    for (std::size_t o = 0; o < g_.outputs.size(); ++o) {
      const ValueId v = g_.outputs[o];
      if (v < 0 || plan_.outputs[o].root >= 0) continue;
      const Kind kind = root(place(v).root).kind;
      const bool whole = g_.value(v).producer < 0;
      if (whole && (kind == Kind::input || kind == Kind::constant))
        plan_.outputs[o] = slot(v);
      else
        copy_to_output(v, o);
    }
  }

  /// Final values that were not computed in place are copied into their variables at the end;
  /// those that lie in some variable's memory first go to the arena, before any is overwritten.
  void finish_states() {
    std::vector<std::pair<std::size_t, ValueId>> pending;
    for (std::size_t s = 0; s < g_.states.size(); ++s) {
      const ValueId v = g_.states[s].final;
      if (v < 0 || plan_.written_states[s]) continue;
      plan_.written_states[s] = true;
      pending.push_back({s, v});
    }
    for (const auto& [s, v] : pending)
      if (root(place(v).root).kind == Kind::state) {
        const auto r = new_root(Kind::arena, 0, bytes_of(g_.value(v).spec));
        add_copy(v, {r, 0});
        staged_.push_back({s, {r, 0}});
      }
    for (const auto& [s, v] : pending) {
      const auto staged = std::find_if(staged_.begin(), staged_.end(),
                                       [s = s](const auto& p) { return p.first == s; });
      if (staged != staged_.end()) place_dense(v, staged->second.root);
      add_copy(v, {state_roots_[s], 0});
    }
  }

  const Graph& g_;
  const Liveness live_;
  const KeptValues kept_;
  int threads_;
  Plan plan_;
  std::vector<Place> places_;                             // by value
  std::vector<std::int32_t> dense_;                       // by value: root of its dense copy
  std::vector<std::int32_t> state_of_final_, output_of_;  // by value
  std::vector<std::int32_t> state_roots_;
  std::vector<std::pair<std::size_t, Slot>> staged_;  // state, its final value's copy
  std::vector<PlannedInstruction> prologue_;
};

}  // namespace detail

Plan make_plan(const Graph& graph, int threads) { return detail::Planner(graph, threads).run(); }

}  // namespace linnet::inline LINNET_ABI
