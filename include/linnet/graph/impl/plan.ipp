#pragma once

#include <algorithm>

#include "linnet/autograd/variable_state.hpp"
#include "linnet/backend/backend.hpp"
#include "linnet/backend/apply.hpp"
#include "linnet/backend/eager.hpp"
#include "linnet/graph/plan.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

/// How a value lies in its root.
struct Place {
  std::int32_t root = -1;
  Strides strides;
  std::int64_t offset = 0;  // elements
};

/// Builds a Plan: one pass chooses kernels and roots in program order, then roots that can share
/// memory are merged, then the arena is laid out.
class Planner {
 public:
  Planner(const Graph& graph, int threads) : g_(graph), threads_(threads) {}

  Plan run() {
    places_.resize(g_.values.size());
    dense_.assign(g_.values.size(), -1);
    plan_.written_states.assign(g_.states.size(), false);
    plan_.states_need_old.assign(g_.states.size(), false);
    place_sources();
    count_reads();
    choose_output_owners();
    copy_state_outputs();
    for (NodeId n = 0; n < static_cast<NodeId>(g_.nodes.size()); ++n) add_node(n);
    finish_outputs();
    finish_states();
    find_lifetimes();
    lay_out_arena();
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

  ValueId origin(ValueId v) const {
    for (NodeId p = g_.value(v).producer; p >= 0 && g_.node(p).primitive.ref().is_view();
         p = g_.value(v).producer)
      v = g_.node(p).in[0];
    return v;
  }

  /// For each value that owns memory: the last node that reads it, views included.
  void count_reads() {
    last_read_.assign(g_.values.size(), -1);
    for (std::size_t n = 0; n < g_.nodes.size(); ++n) {
      if (g_.nodes[n].primitive.ref().is_view()) continue;
      for (ValueId v : g_.nodes[n].in)
        last_read_[static_cast<std::size_t>(origin(v))] = static_cast<NodeId>(n);
    }
    state_of_final_.assign(g_.values.size(), -1);
    for (std::size_t s = 0; s < g_.states.size(); ++s)
      if (const ValueId f = g_.states[s].final;
          f >= 0 && is_dense_owner(f) && state_of_final_[static_cast<std::size_t>(f)] < 0)
        state_of_final_[static_cast<std::size_t>(f)] = static_cast<std::int32_t>(s);
  }

  /// True if a non-view node makes v, so that its memory can be chosen.
  bool is_dense_owner(ValueId v) const {
    const NodeId p = g_.value(v).producer;
    return p >= 0 && !g_.node(p).primitive.ref().is_view();
  }

  /// An output computed by a kernel is written straight into the memory the caller gets.
  void choose_output_owners() {
    output_of_.assign(g_.values.size(), -1);
    for (std::size_t o = 0; o < g_.outputs.size(); ++o) {
      const ValueId v = g_.outputs[o];
      if (v < 0 || !is_dense_owner(v) || state_of_final_[static_cast<std::size_t>(v)] >= 0)
        continue;
      auto& owner = output_of_[static_cast<std::size_t>(v)];
      if (owner < 0) owner = static_cast<std::int32_t>(o);
    }
  }

  bool is_state_view(ValueId v) const { return g_.value(origin(v)).kind == Value::Kind::state; }

  /// Outputs that show a variable's old value are copied before anything is written.
  void copy_state_outputs() {
    plan_.outputs.resize(g_.outputs.size());
    for (std::size_t o = 0; o < g_.outputs.size(); ++o) {
      const ValueId v = g_.outputs[o];
      plan_.output_specs.push_back(v < 0 ? TensorSpec{} : g_.value(v).spec);
      if (v >= 0 && is_state_view(v)) {
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
  void add_copy(ValueId v, Slot to) {
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
    plan_.instructions.push_back({.kernel = kernel,
                                  .primitive = Primitive(copy),
                                  .in = {slot(v)},
                                  .out = {to},
                                  .in_specs = {g_.value(v).spec},
                                  .out_specs = {g_.value(v).spec}});
    add_workspace(plan_.instructions.back());
  }

  /// A dense copy of a strided value, made once.
  Slot dense_slot(ValueId v) {
    std::int32_t& r = dense_[static_cast<std::size_t>(v)];
    if (r < 0) {
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
    if (const std::size_t bytes = i.kernel->workspace_bytes())
      i.workspace = {new_root(Kind::arena, 0, bytes), 0};
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
    if (instruction.kernel->traits().fallible) plan_.last_fallible = here();
    for (std::size_t o = 0; o < n.out.size(); ++o) {
      place_dense(n.out[o], owner_root(id, n.out[o], *instruction.kernel, instruction.in, o));
      instruction.out.push_back(slot(n.out[o]));
    }
    add_workspace(instruction);
    plan_.instructions.push_back(std::move(instruction));
  }

  /// The memory for a kernel's output: an output of the call, the variable it will become, the
  /// input it may overwrite, or a new place in the arena.
  std::int32_t owner_root(NodeId id, ValueId v, const Kernel& kernel, const std::vector<Slot>& in,
                          std::size_t out_index) {
    const std::size_t bytes = bytes_of(g_.value(v).spec);
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
      return last_direct_read(operand) <= id && !is_kept(operand);
    }
    for (std::size_t v = 0; v < places_.size(); ++v) {
      if (places_[v].root != r) continue;
      const auto value = static_cast<ValueId>(v);
      if (last_read_[static_cast<std::size_t>(origin(value))] > id) return false;
      if (is_kept_through_views(value)) return false;
    }
    return true;
  }

  NodeId last_direct_read(ValueId v) const {
    return last_read_[static_cast<std::size_t>(origin(v))];
  }
  bool is_kept(ValueId v) const { return is_kept_through_views(origin(v)); }

  /// True if v or any view of it is an output or a final state.
  bool is_kept_through_views(ValueId v) const {
    const ValueId o = origin(v);
    for (ValueId out : g_.outputs)
      if (out >= 0 && origin(out) == o) return true;
    for (const StateBinding& s : g_.states)
      if (s.final >= 0 && origin(s.final) == o) return true;
    return false;
  }

  /// The final value of a variable may be computed in the variable's own memory if every reader of
  /// the old value has run, nothing later can fail, and this kernel reads it in place if at all.
  bool can_write_state(NodeId id, std::int32_t state, const Kernel& kernel,
                       const std::vector<Slot>& in, std::size_t out_index) {
    const StateBinding& s = g_.states[static_cast<std::size_t>(state)];
    const std::int32_t r = state_roots_[static_cast<std::size_t>(state)];
    if (fallible_later(id) || kernel.traits().fallible) return false;
    if (s.initial >= 0) {
      if (last_read_[static_cast<std::size_t>(s.initial)] > id || old_value_is_kept(s.initial))
        return false;
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

  /// The old value is wanted after the run: by another variable's final value. (Outputs that show
  /// it are copied at the start.)
  bool old_value_is_kept(ValueId initial) const {
    for (const StateBinding& s : g_.states)
      if (s.final >= 0 && origin(s.final) == initial) return true;
    return false;
  }

  bool fallible_later(NodeId id) {
    if (!fallible_known_) find_fallible();
    return last_fallible_node_ > id;
  }

  /// Whether a kernel is fallible is asked of the kernel, so it is compiled; views aside, dense
  /// operands give the same answer.
  void find_fallible() {
    fallible_known_ = true;
    for (NodeId n = static_cast<NodeId>(g_.nodes.size()) - 1; n >= 0; --n) {
      if (g_.node(n).primitive.ref().is_view() || !may_fail(n)) continue;
      last_fallible_node_ = n;
      return;
    }
  }

  bool may_fail(NodeId id) {
    const Node& n = g_.node(id);
    std::vector<ValueSpec> in, out;
    for (ValueId v : n.in)
      in.push_back({g_.value(v).spec.shape, g_.value(v).spec.dtype, g_.value(v).spec.device, {}});
    for (ValueId v : n.out)
      out.push_back({g_.value(v).spec.shape, g_.value(v).spec.dtype, g_.value(v).spec.device, {}});
    const Device device = out.empty() ? cpu : out[0].device;
    return compile_kernel({.primitive = n.primitive.ref(),
                           .in = in,
                           .out = out,
                           .device = device,
                           .threads = threads_,
                           .captured = true,
                           .immediates = static_cast<int>(n.immediates.size())})
        ->traits()
        .fallible;
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

  void touch(Slot s, int at, bool reads) {
    if (s.root < 0) return;
    MemoryRoot& r = root(s.root);
    if (r.last < 0) r.first = at;
    r.last = at;
    if (reads && r.kind == Kind::state) read_states_[static_cast<std::size_t>(r.index)] = true;
  }

  void find_lifetimes() {
    for (MemoryRoot& r : plan_.roots) r.first = r.last = -1;
    read_states_.assign(g_.states.size(), false);
    for (int i = 0; i < here(); ++i) {
      const PlannedInstruction& p = plan_.instructions[static_cast<std::size_t>(i)];
      for (const Slot& s : p.in) touch(s, i, true);
      for (const Slot& s : p.out) touch(s, i, false);
      touch(p.workspace, i, false);
    }
    for (const Slot& s : plan_.outputs) touch(s, here(), false);
    for (std::size_t s = 0; s < g_.states.size(); ++s)
      plan_.states_need_old[s] = plan_.written_states[s] && read_states_[s];
  }

  /// Greedy by size: each root at the lowest offset where no root alive at the same time lies.
  void lay_out_arena() {
    std::vector<std::int32_t> order;
    for (std::size_t r = 0; r < plan_.roots.size(); ++r)
      if (plan_.roots[r].kind == Kind::arena && plan_.roots[r].last >= 0)
        order.push_back(static_cast<std::int32_t>(r));
    std::stable_sort(order.begin(), order.end(),
                     [&](std::int32_t a, std::int32_t b) { return root(a).bytes > root(b).bytes; });
    std::vector<std::int32_t> placed;  // by offset
    for (std::int32_t r : order) {
      root(r).offset = lowest_offset(r, placed);
      plan_.arena_bytes = std::max(plan_.arena_bytes, root(r).offset + padded(root(r).bytes));
      const auto at = std::upper_bound(
          placed.begin(), placed.end(), r,
          [&](std::int32_t a, std::int32_t b) { return root(a).offset < root(b).offset; });
      placed.insert(at, r);
    }
  }

  static std::size_t padded(std::size_t bytes) { return (bytes + 63) / 64 * 64; }

  std::size_t lowest_offset(std::int32_t r, const std::vector<std::int32_t>& placed) {
    std::size_t offset = 0;
    const std::size_t bytes = padded(root(r).bytes);
    for (std::int32_t other : placed) {
      const MemoryRoot& o = root(other);
      if (o.last < root(r).first || root(r).last < o.first) continue;
      if (offset + bytes <= o.offset) break;
      offset = std::max(offset, o.offset + padded(o.bytes));
    }
    return offset;
  }

  const Graph& g_;
  int threads_;
  Plan plan_;
  std::vector<Place> places_;                             // by value
  std::vector<std::int32_t> dense_;                       // by value: root of its dense copy
  std::vector<NodeId> last_read_;                         // by owning value
  std::vector<std::int32_t> state_of_final_, output_of_;  // by value
  std::vector<std::int32_t> state_roots_;
  std::vector<std::pair<std::size_t, Slot>> staged_;  // state, its final value's copy
  std::vector<bool> read_states_;
  bool fallible_known_ = false;
  NodeId last_fallible_node_ = -1;
};

inline void append_slot(std::string& out, const Plan& plan, const Slot& s) {
  if (s.root < 0) return append(out, "none");
  const char* names[] = {"input", "variable", "constant", "arena", "output"};
  const MemoryRoot& r = plan.roots[static_cast<std::size_t>(s.root)];
  append(out, names[static_cast<int>(r.kind)]);
  append(out, "[");
  if (r.kind == MemoryRoot::Kind::arena)
    append(out, r.offset + static_cast<std::size_t>(s.byte_offset));
  else
    append(out, r.index);
  append(out, "]");
}

}  // namespace detail

Plan make_plan(const Graph& graph, int threads) { return detail::Planner(graph, threads).run(); }

std::string to_string(const Plan& plan) {
  std::string out;
  for (const PlannedInstruction& i : plan.instructions) {
    const char* separator = "";
    for (const Slot& s : i.out)
      detail::append(out, separator), detail::append_slot(out, plan, s), separator = ", ";
    detail::append(out, " = ");
    detail::append(out, i.primitive.name());
    detail::append(out, " <"), detail::append(out, i.kernel->description());
    detail::append(out, ">(");
    separator = "";
    for (const Slot& s : i.in)
      detail::append(out, separator), detail::append_slot(out, plan, s), separator = ", ";
    detail::append(out, ")\n");
  }
  detail::append(out, "arena "), detail::append(out, plan.arena_bytes);
  detail::append(out, " bytes\n");
  return out;
}

}  // namespace linnet::inline LINNET_ABI
