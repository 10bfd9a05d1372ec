#pragma once

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "linnet/graph/plan.hpp"

/// Puts the instructions of a prologue before a plan's others.
namespace linnet::inline LINNET_ABI::detail {

template <class F>
void for_slots(const PlannedInstruction& i, F f) {
  for (const Slot& s : i.in) f(s);
  for (const Slot& s : i.out) f(s);
  f(i.workspace), f(i.prepared);
}

/// Weights are prepared as soon as they are made, so that little is alive at a time.
inline void prepare_early(std::vector<PlannedInstruction>& prologue) {
  for (std::size_t i = 0; i < prologue.size(); ++i) {
    if (!prologue[i].prepares) continue;
    const auto reads = [&](std::int32_t root) {
      return std::any_of(prologue[i].in.begin(), prologue[i].in.end(),
                         [&](const Slot& s) { return s.root == root; });
    };
    std::size_t at = i;
    while (at > 0 && std::none_of(prologue[at - 1].out.begin(), prologue[at - 1].out.end(),
                                  [&](const Slot& s) { return s.root >= 0 && reads(s.root); }))
      --at;
    const auto begin = prologue.begin();
    std::rotate(begin + static_cast<std::ptrdiff_t>(at), begin + static_cast<std::ptrdiff_t>(i),
                begin + static_cast<std::ptrdiff_t>(i + 1));
  }
}

/// What nobody reads after the prologue is not kept.
inline void place_kept_roots(Plan& plan) {
  std::vector<bool> used(plan.roots.size(), false);
  const auto use = [&](const Slot& s) {
    if (s.root >= 0) used[static_cast<std::size_t>(s.root)] = true;
  };
  for (const PlannedInstruction& i : plan.instructions) for_slots(i, use);
  for (const Slot& s : plan.outputs) use(s);
  for (std::size_t r = 0; r < plan.roots.size(); ++r) {
    MemoryRoot& root = plan.roots[r];
    if (root.kind != MemoryRoot::Kind::kept) continue;
    if (used[r]) {
      root.offset = plan.kept_bytes;
      plan.kept_bytes += (root.bytes + 63) / 64 * 64;
    } else {
      root.kind = MemoryRoot::Kind::arena;
    }
  }
}

inline void place_prologue(Plan& plan, std::vector<PlannedInstruction> prologue) {
  place_kept_roots(plan);
  prepare_early(prologue);
  plan.prologue = static_cast<int>(prologue.size());
  if (plan.last_fallible >= 0) plan.last_fallible += plan.prologue;
  plan.instructions.insert(plan.instructions.begin(), std::make_move_iterator(prologue.begin()),
                           std::make_move_iterator(prologue.end()));
}

}  // namespace linnet::inline LINNET_ABI::detail
