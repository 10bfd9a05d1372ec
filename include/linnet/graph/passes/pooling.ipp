#pragma once

#include <unordered_map>

#include "linnet/backend/ew.hpp"
#include "linnet/backend/program.hpp"
#include "linnet/graph/passes/passes.hpp"
#include "linnet/ops/primitives/pool.hpp"
#include "linnet/ops/primitives/reduce.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

/// The node that makes v if it is the gradient of a max pooling.
inline Node* max_pool_gradient(Graph& g, ValueId v) {
  const NodeId p = g.value(v).producer;
  if (p < 0) return nullptr;
  Node& n = g.nodes[static_cast<std::size_t>(p)];
  const auto* pool = n.primitive.get_if<Pool2DBackward>();
  return pool && !pool->average ? &n : nullptr;
}

/// relu_grad(pool_gradient(x, y, dy), x) as pool_gradient(x, y, relu_grad(dy, y)): x is y where
/// the gradient goes, and there are fewer of y. The two nodes change places.
inline void relu_before_pool(Graph& g, Node& n, const std::vector<int>& uses) {
  const auto* e = n.primitive.get_if<Elementwise>();
  if (!e || e->program.instructions != 1 || n.in.size() != 2 ||
      e->program.code[0].op->id != ew::id_relu_grad)
    return;
  const ValueId dx = n.in[e->program.code[0].a], x = n.in[e->program.code[0].b];
  Node* pool = max_pool_gradient(g, dx);
  if (!pool || pool->in[0] != x || uses[static_cast<std::size_t>(dx)] != 1 ||
      pool->region != n.region || !(g.value(dx).spec == g.value(n.out[0]).spec))
    return;
  const ValueId y = pool->in[1], dy = pool->in[2];
  g.value(dx).spec = g.value(dy).spec;
  for (ValueId& v : n.in) v = v == dx ? dy : y;
  std::swap(n.primitive, pool->primitive);
  std::swap(n.in, pool->in);
  std::swap(n.immediates, pool->immediates);
  n.in[2] = dx;
}

/// Every window has an element of the image, so that no gradient is lost.
inline bool is_every_window_inside(const Pool2DAttributes& p, const Shape& x, const Shape& y) {
  return p.padding.top < p.window.h && p.padding.left < p.window.w &&
         (y[1] - 1) * p.strides.h - p.padding.top < x[1] &&
         (y[2] - 1) * p.strides.w - p.padding.left < x[2];
}

/// The sum over all positions of a max pooling's gradient is that of what was scattered.
inline void sum_before_pool(Graph& g, Node& n) {
  const auto* sum = n.primitive.get_if<Reduce>();
  if (!sum || sum->op != ReduceOp::sum || sum->first != 0 || sum->last < 3) return;
  const Node* pool = max_pool_gradient(g, n.in[0]);
  if (!pool || pool->region != n.region) return;
  const Shape &x = g.value(pool->out[0]).spec.shape, &y = g.value(pool->in[2]).spec.shape;
  if (is_every_window_inside(*pool->primitive.get_if<Pool2DBackward>(), x, y))
    n.in[0] = pool->in[2];
}

/// Max poolings whose gradient is taken give the places of their maxima, which it reads then
/// instead of both images.
class PoolPlaces {
 public:
  explicit PoolPlaces(Graph& g) : g_(g) {}

  void run() {
    for (std::size_t n = 0; n < g_.nodes.size(); ++n) {
      Node& node = g_.nodes[n];
      if (const auto* p = node.primitive.get_if<Pool2D>()) {
        if (!p->average && p->window.h * p->window.w <= 256) forward_[node.out[0]] = n;
      } else if (const auto* b = node.primitive.get_if<Pool2DBackward>(); b && !b->average) {
        use_places(node, *b);
      }
    }
  }

 private:
  template <class P>
  static Primitive with_attributes(const Pool2DAttributes& a) {
    P p;
    static_cast<Pool2DAttributes&>(p) = a;
    return Primitive(p);
  }

  void use_places(Node& gradient, const Pool2DBackward& b) {
    const auto it = forward_.find(gradient.in[1]);
    if (it == forward_.end()) return;
    Node& pool = g_.nodes[it->second];
    if (const auto* p = pool.primitive.get_if<Pool2D>()) {
      if (!same(*p, b) || pool.in[0] != gradient.in[0]) return;
      TensorSpec places = g_.value(pool.out[0]).spec;
      places.dtype = DType::uint8;
      g_.values.push_back({.spec = places, .producer = static_cast<NodeId>(it->second)});
      pool.out.push_back(static_cast<ValueId>(g_.values.size() - 1));
      pool.primitive = with_attributes<MaxPool2DPlaces>(b);
    } else if (!same(*pool.primitive.get_if<MaxPool2DPlaces>(), b) ||
               pool.in[0] != gradient.in[0]) {
      return;
    }
    gradient.primitive = with_attributes<MaxPool2DScatter>(b);
    gradient.in = {pool.out[1], gradient.in[2]};
  }
  static bool same(const Pool2DAttributes& a, const Pool2DAttributes& b) { return a == b; }

  Graph& g_;
  std::unordered_map<ValueId, std::size_t> forward_;  // by the pooled value
};

}  // namespace detail

Graph passes::pooling(Graph graph) {
  const std::vector<int> uses = graph.use_counts();
  for (Node& n : graph.nodes) detail::relu_before_pool(graph, n, uses);
  for (Node& n : graph.nodes) detail::sum_before_pool(graph, n);
  detail::PoolPlaces(graph).run();
  return graph;
}

}  // namespace linnet::inline LINNET_ABI
