#pragma once

#include <algorithm>
#include <vector>

#include "linnet/graph/plan.hpp"

/// Lifetimes of a plan's roots and their places in the arena.
namespace linnet::inline LINNET_ABI::detail {

class ArenaLayout {
 public:
  explicit ArenaLayout(Plan& plan) : plan_(plan), read_states_(plan.written_states.size(), false) {}

  void run() {
    find_lifetimes();
    place_roots();
  }

 private:
  void touch(Slot s, int at, bool reads) {
    if (s.root < 0) return;
    MemoryRoot& r = root(s.root);
    if (r.last < 0) r.first = at;
    r.last = at;
    if (reads && r.kind == MemoryRoot::Kind::state)
      read_states_[static_cast<std::size_t>(r.index)] = true;
  }

  void find_lifetimes() {
    for (MemoryRoot& r : plan_.roots) r.first = r.last = -1;
    const int count = static_cast<int>(plan_.instructions.size());
    for (int i = 0; i < count; ++i) {
      const PlannedInstruction& p = plan_.instructions[static_cast<std::size_t>(i)];
      for (const Slot& s : p.in) touch(s, i, true);
      for (const Slot& s : p.out) touch(s, i, false);
      touch(p.workspace, i, false);
      touch(p.prepared, i, false);
    }
    for (const Slot& s : plan_.outputs) touch(s, count, false);
    for (std::size_t s = 0; s < read_states_.size(); ++s)
      plan_.states_need_old[s] = plan_.written_states[s] && read_states_[s];
  }

  /// Greedy by size: each root at the lowest offset where no root alive at the same time lies.
  void place_roots() {
    std::vector<std::int32_t> order;
    for (std::size_t r = 0; r < plan_.roots.size(); ++r)
      if (plan_.roots[r].kind == MemoryRoot::Kind::arena && plan_.roots[r].last >= 0)
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

  MemoryRoot& root(std::int32_t r) { return plan_.roots[static_cast<std::size_t>(r)]; }

  Plan& plan_;
  std::vector<bool> read_states_;
};

}  // namespace linnet::inline LINNET_ABI::detail
