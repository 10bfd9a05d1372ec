#pragma once

#include <vector>

#include "linnet/graph/graph.hpp"
#include "linnet/graph/subgraph.hpp"

/// When the values of a graph are needed for the last time.
namespace linnet::inline LINNET_ABI::detail {

class Liveness {
 public:
  explicit Liveness(const Graph& graph) : g_(graph), last_read_(graph.values.size(), -1) {
    for (std::size_t n = 0; n < g_.nodes.size(); ++n) {
      const PrimitiveRef p = g_.nodes[n].primitive.ref();
      if (p.is_view()) continue;
      for (ValueId v : g_.nodes[n].in)
        last_read_[static_cast<std::size_t>(origin(v))] = static_cast<NodeId>(n);
      if (may_fail(p)) last_fallible_ = static_cast<NodeId>(n);
    }
  }

  /// The value whose memory v lies in: v itself unless views made it.
  ValueId origin(ValueId v) const {
    for (NodeId p = g_.value(v).producer; p >= 0 && g_.node(p).primitive.ref().is_view();
         p = g_.value(v).producer)
      v = g_.node(p).in[0];
    return v;
  }
  /// True if a non-view node makes v, so that its memory can be chosen.
  bool is_owner(ValueId v) const {
    const NodeId p = g_.value(v).producer;
    return p >= 0 && !g_.node(p).primitive.ref().is_view();
  }
  bool is_state_view(ValueId v) const { return g_.value(origin(v)).kind == Value::Kind::state; }

  /// The last node that reads v's memory, through views, too; -1: none.
  NodeId last_read(ValueId v) const { return last_read_[static_cast<std::size_t>(origin(v))]; }

  /// True if v or any view of its memory is an output or a final state.
  bool is_kept(ValueId v) const {
    const ValueId o = origin(v);
    for (ValueId out : g_.outputs)
      if (out >= 0 && origin(out) == o) return true;
    return is_final(o);
  }
  /// The value is wanted after the run by a variable. (Outputs that show a variable's old value
  /// are copied at the start.)
  bool is_final(ValueId owner) const {
    for (const StateBinding& s : g_.states)
      if (s.final >= 0 && origin(s.final) == owner) return true;
    return false;
  }

  /// A kernel at or after `node` may record an error.
  bool may_fail_from(NodeId node) const { return last_fallible_ >= node; }

 private:
  const Graph& g_;
  std::vector<NodeId> last_read_;  // by owning value
  NodeId last_fallible_ = -1;
};

}  // namespace linnet::inline LINNET_ABI::detail
