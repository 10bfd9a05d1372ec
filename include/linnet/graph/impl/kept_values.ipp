#pragma once

#include <vector>

#include "linnet/graph/graph.hpp"
#include "linnet/graph/impl/liveness.ipp"

/// What a graph's prologue makes and the rest reads.
namespace linnet::inline LINNET_ABI::detail {

class KeptValues {
 public:
  KeptValues(const Graph& graph, const Liveness& live)
      : g_(graph),
        live_(live),
        kept_(graph.values.size(), false),
        written_(graph.values.size(), false) {
    for (auto n = static_cast<std::size_t>(g_.prologue); n < g_.nodes.size(); ++n)
      for (ValueId v : g_.nodes[n].in) keep(v);
    for (ValueId v : g_.outputs) keep(v);
    for (const StateBinding& s : g_.states) {
      keep(s.final);
      if (s.initial >= 0) written_[static_cast<std::size_t>(s.initial)] = s.final >= 0;
    }
  }

  bool is_prologue(NodeId n) const { return n < g_.prologue; }
  /// The same at every call until a variable is assigned.
  bool is_early(ValueId v) const {
    const Value& value = g_.value(v);
    if (!g_.has_prologue || value.kind == Value::Kind::input) return false;
    return value.producer >= 0 ? is_prologue(value.producer)
                               : !written_[static_cast<std::size_t>(v)];
  }
  /// Somebody needs what lies in its memory after the prologue.
  bool is_kept(ValueId owner) const { return kept_[static_cast<std::size_t>(owner)]; }

 private:
  void keep(ValueId v) {
    if (v >= 0) kept_[static_cast<std::size_t>(live_.origin(v))] = true;
  }

  const Graph& g_;
  const Liveness& live_;
  std::vector<bool> kept_, written_;  // by value
};

}  // namespace linnet::inline LINNET_ABI::detail
