#pragma once

#include <algorithm>
#include <vector>

#include "linnet/backend/ew.hpp"
#include "linnet/backend/program.hpp"
#include "linnet/graph/passes/passes.hpp"
#include "linnet/ops/primitives/shape.hpp"

/// The gradient of a tensor cut into slices is a sum of tensors of zeros, each with one slice's
/// gradient in it. Where the slices lie side by side and fill the axis, that is a concat.
namespace linnet::inline LINNET_ABI::detail {

class SliceJoiner {
 public:
  explicit SliceJoiner(Graph& g) : g_(g), uses_(g.use_counts()) {}

  void run() {
    for (Node& n : g_.nodes)
      if (is_sum(n)) join(n);
  }

 private:
  bool is_sum(const Node& n) const {
    const auto* e = n.primitive.get_if<Elementwise>();
    if (!e || e->program.instructions != 1 || e->program.inputs != 2 ||
        e->program.code[0].op->id != ew::id_add || n.in.size() != 2)
      return false;
    const TensorSpec& out = g_.value(n.out[0]).spec;
    return g_.value(n.in[0]).spec == out && g_.value(n.in[1]).spec == out;
  }

  /// The slices that v is the sum of, for this sum alone; false if it is anything else.
  bool collect(ValueId v, std::int32_t region, std::vector<const Node*>& slices) const {
    const NodeId p = g_.value(v).producer;
    if (p < 0 || uses_[static_cast<std::size_t>(v)] != 1 || g_.node(p).region != region)
      return false;
    const Node& n = g_.node(p);
    if (is_sum(n)) return collect(n.in[0], region, slices) && collect(n.in[1], region, slices);
    if (!n.primitive.get_if<SliceScatter>()) return false;
    slices.push_back(&n);
    return true;
  }

  const Shape& start(const Node* n) const { return n->primitive.get_if<SliceScatter>()->start; }

  /// The one axis that the slices do not fill, -1 if there is none or another.
  int cut_axis(const Shape& whole, const std::vector<const Node*>& slices) const {
    int axis = -1;
    for (const Node* n : slices) {
      const Shape &part = g_.value(n->in[0]).spec.shape,
                  &step = n->primitive.get_if<SliceScatter>()->step;
      for (int a = 0; a < whole.rank(); ++a) {
        if (step[a] != 1) return -1;
        if (part[a] == whole[a]) continue;
        if (axis >= 0 && axis != a) return -1;
        axis = a;
      }
    }
    return axis;
  }

  void join(Node& n) {
    std::vector<const Node*> slices;
    if (!collect(n.in[0], n.region, slices) || !collect(n.in[1], n.region, slices)) return;
    const Shape& whole = g_.value(n.out[0]).spec.shape;
    const int axis = cut_axis(whole, slices);
    if (axis < 0) return;
    std::sort(slices.begin(), slices.end(),
              [&](const Node* a, const Node* b) { return start(a)[axis] < start(b)[axis]; });
    std::int64_t end = 0;
    std::vector<ValueId> parts;
    for (const Node* s : slices) {
      if (start(s)[axis] != end) return;
      parts.push_back(s->in[0]);
      end += g_.value(s->in[0]).spec.shape[axis];
    }
    if (end != whole[axis]) return;
    n.primitive = Primitive(Concat{axis});
    n.in = parts;
    n.immediates.clear();
  }

  Graph& g_;
  std::vector<int> uses_;
};

}  // namespace linnet::inline LINNET_ABI::detail
