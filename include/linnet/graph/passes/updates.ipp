#pragma once

#include <algorithm>
#include <vector>

#include "linnet/backend/ew.hpp"
#include "linnet/backend/program.hpp"
#include "linnet/graph/passes/passes.hpp"
#include "linnet/ops/primitives/indexing.hpp"
#include "linnet/ops/primitives/optimizer.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

inline bool is_update(const Node& n) {
  const PrimitiveRef p = n.primitive.ref();
  return p.get_if<SgdUpdate>() || p.get_if<AdamUpdate>() || p.get_if<RmspropUpdate>();
}

/// Joins optimizer updates of one rule, learning rate and step number into one node, at the last
/// one's place. What only made their gradients joins them, too: the product with a scalar (a clip
/// by norm) and the scattering of rows into zeros (an embedding).
class UpdateMerger {
 public:
  explicit UpdateMerger(Graph& g)
      : g_(g), uses_(g.use_counts()), keep_(g.nodes.size(), true), group_of_(g.values.size(), -1) {}

  void run() {
    for (std::size_t n = 0; n < g_.nodes.size(); ++n) visit(n);
    for (Group& group : groups_) merge(group);
    g_.keep_nodes(keep_);
  }

 private:
  struct Group {
    std::vector<std::size_t> members;
    bool open = true;
  };

  void visit(std::size_t n) {
    const Node& node = g_.nodes[n];
    // New values that somebody reads must be there by now: their group ends.
    for (ValueId v : node.in)
      if (const int group = group_of_[static_cast<std::size_t>(v)]; group >= 0)
        groups_[static_cast<std::size_t>(group)].open = false;
    if (!is_update(node)) return;
    auto group = std::find_if(groups_.begin(), groups_.end(),
                              [&](const Group& other) { return other.open && fits(other, node); });
    if (group == groups_.end()) group = groups_.insert(group, Group{});
    group->members.push_back(n);
    for (ValueId v : node.out)
      group_of_[static_cast<std::size_t>(v)] = static_cast<int>(group - groups_.begin());
  }

  bool fits(const Group& group, const Node& node) const {
    const Node& first = g_.nodes[group.members[0]];
    return first.region == node.region && first.primitive.ref() == node.primitive.ref() &&
           first.in.size() == node.in.size() && first.in.end()[-1] == node.in.end()[-1] &&
           first.in.end()[-2] == node.in.end()[-2];
  }

  void merge(const Group& group) {
    Node merged{.primitive = g_.nodes[group.members[0]].primitive,
                .immediates = {},
                .region = g_.nodes[group.members[0]].region};
    std::vector<std::uint8_t> gradients;
    for (std::size_t m : group.members) {
      const Node& node = g_.nodes[m];
      merged.in.insert(merged.in.end(), node.in.begin(), node.in.end() - 3);
      gradients.push_back(add_gradient(node, node.in.end()[-3], merged.in));
      merged.out.insert(merged.out.end(), node.out.begin(), node.out.end());
    }
    if (gradients.size() == 1 && gradients[0] == MultiUpdate::dense) return;
    const Node& last = g_.nodes[group.members.back()];
    merged.in.insert(merged.in.end(), last.in.end() - 2, last.in.end());
    merged.primitive = Primitive(MultiUpdate{{merged.primitive}, gradients});
    for (std::size_t m : group.members) keep_[m] = m == group.members.back();
    g_.nodes[group.members.back()] = std::move(merged);
  }

  /// Adds what a gradient is made of to the inputs and says how.
  std::uint8_t add_gradient(const Node& update, ValueId g, std::vector<ValueId>& in) {
    std::uint8_t kind = MultiUpdate::dense;
    ValueId scale = -1;
    if (const Node* n = only_producer(update, g)) {
      if ((scale = scale_of(*n, g)) >= 0) {
        kind |= MultiUpdate::scaled;
        g = n->in[n->in[0] == scale ? 1 : 0];
        drop(*n);
      }
    }
    if (const Node* n = only_producer(update, g); n && is_scatter_of_rows(*n)) {
      kind |= MultiUpdate::rows;
      in.insert(in.end(), n->in.begin(), n->in.end());
      drop(*n);
    } else {
      in.push_back(g);
    }
    if (scale >= 0) in.push_back(scale);
    return kind;
  }

  const Node* only_producer(const Node& update, ValueId g) const {
    const NodeId p = g_.value(g).producer;
    if (p < 0 || uses_[static_cast<std::size_t>(g)] != 1) return nullptr;
    const Node& n = g_.node(p);
    return n.region == update.region ? &n : nullptr;
  }
  void drop(const Node& n) { keep_[static_cast<std::size_t>(&n - g_.nodes.data())] = false; }

  /// The 0-d factor of `g = x * factor`, x of g's spec; -1 if g is something else.
  ValueId scale_of(const Node& n, ValueId g) const {
    const auto* e = n.primitive.get_if<Elementwise>();
    if (!e || e->program.instructions != 1 || e->program.inputs != 2 || n.in.size() != 2 ||
        e->program.code[0].op->id != ew::id_mul)
      return -1;
    const TensorSpec& spec = g_.value(g).spec;
    for (std::size_t i = 0; i < 2; ++i) {
      const TensorSpec& factor = g_.value(n.in[i]).spec;
      if (factor.shape.rank() == 0 && factor.dtype == spec.dtype &&
          g_.value(n.in[1 - i]).spec == spec && n.in[0] != n.in[1])
        return n.in[i];
    }
    return -1;
  }

  /// Rows scattered along axis 0, not more of them than the result has: the updates then live on
  /// instead of the result.
  bool is_scatter_of_rows(const Node& n) const {
    const auto* p = n.primitive.get_if<GatherBackward>();
    return p && p->axis == 0 &&
           g_.value(n.in[0]).spec.shape.size() <= g_.value(n.out[0]).spec.shape.size() &&
           g_.value(n.in[1]).spec.shape.size() <= INT32_MAX;
  }

  Graph& g_;
  std::vector<int> uses_;
  std::vector<bool> keep_;
  std::vector<int> group_of_;  // by value: the group that makes it
  std::vector<Group> groups_;
};

}  // namespace detail

Graph passes::updates(Graph graph) {
  detail::UpdateMerger(graph).run();
  return graph;
}

}  // namespace linnet::inline LINNET_ABI
