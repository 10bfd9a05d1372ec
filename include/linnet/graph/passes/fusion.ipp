#pragma once

#include <algorithm>
#include <optional>

#include "linnet/backend/program.hpp"
#include "linnet/graph/passes/passes.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

/// Copies the instructions of `from` into `to`, renaming registers: inputs by `input`, immediates
/// and temporaries to the next free ones. Returns the register of from's single output.
class ProgramMerger {
 public:
  ProgramMerger(Program& to, std::vector<Scalar>& immediates) : to_(to), immediates_(immediates) {
    for (const Instruction& i : to.instruction_span())
      next_temporary_ = std::max<int>(next_temporary_, i.dst + 1);
  }

  std::optional<std::uint8_t> append(const Program& from, const std::vector<Scalar>& numbers,
                                     const std::vector<std::uint8_t>& input) {
    if (to_.instructions + from.instructions > Program::max_instructions ||
        to_.immediates + from.immediates > Program::max_immediates)
      return {};
    std::uint8_t map[64] = {};
    for (std::size_t i = 0; i < from.inputs; ++i) map[i] = input[i];
    for (std::size_t i = 0; i < from.immediates; ++i) {
      map[Program::first_immediate + i] =
          static_cast<std::uint8_t>(Program::first_immediate + to_.immediates++);
      immediates_.push_back(numbers[i]);
    }
    for (const Instruction& i : from.instruction_span()) {
      if (next_temporary_ >= 64) return {};
      const auto dst = static_cast<std::uint8_t>(next_temporary_++);
      to_.code[to_.instructions++] = {i.op, dst, map[i.a], map[i.b], map[i.c]};
      map[i.dst] = dst;
    }
    return map[from.out[0]];
  }

 private:
  Program& to_;
  std::vector<Scalar>& immediates_;
  int next_temporary_ = Program::first_temporary;
};

/// A value may stay in a register instead of passing through memory if the compute type holds it
/// exactly: then the fused program rounds no less and no more than the separate ones. The 16-bit
/// floats are the stated exception: a fused chain rounds once.
inline bool stays_exact(DType value, ComputeType compute) {
  switch (compute) {
    case ComputeType::f32:
      return value == DType::float32 || itemsize(value) == 2 || value == DType::boolean;
    case ComputeType::f64:
      return value == DType::float64;
    case ComputeType::i32:
      return value == DType::int32 || value == DType::boolean;
    case ComputeType::i64:
      return value == DType::int64;
    default:
      return value == DType::uint64;
  }
}

/// Joins producers with a single consumer into that consumer.
class Fuser {
 public:
  explicit Fuser(Graph& g) : g_(g), uses_(g.use_counts()), keep_(g.nodes.size(), true) {}

  void run() {
    for (std::size_t n = 0; n < g_.nodes.size(); ++n)
      while (fuse_one(n)) {
      }
    g_.keep_nodes(keep_);
  }

 private:
  const Program* program(const Node& n) const {
    const auto* e = n.primitive.get_if<Elementwise>();
    return e && e->program.outputs == 1 ? &e->program : nullptr;
  }

  bool fuse_one(std::size_t n) {
    if (!keep_[n] || !program(g_.nodes[n])) return false;
    for (std::size_t i = 0; i < g_.nodes[n].in.size(); ++i)
      if (try_fuse(n, i)) return true;
    return false;
  }

  /// The producer may join if all its uses are operands of this node, it computes what the consumer
  /// reads, over the same elements.
  bool can_join(const Node& consumer, ValueId v) const {
    const NodeId p = g_.value(v).producer;
    if (p < 0 || !keep_[static_cast<std::size_t>(p)]) return false;
    const Node& producer = g_.node(p);
    const Program *from = program(producer), *to = program(consumer);
    if (!from || producer.region != consumer.region || from->compute != to->compute) return false;
    const auto operands = std::count(consumer.in.begin(), consumer.in.end(), v);
    if (uses_[static_cast<std::size_t>(v)] != operands) return false;
    const TensorSpec &made = g_.value(v).spec, &out = g_.value(consumer.out[0]).spec;
    if (!(made.shape == out.shape) || !stays_exact(made.dtype, from->compute)) return false;
    // A predicate's 0 and 1 read as the compute type; anything else stored as bool would be lost.
    return made.dtype != DType::boolean || ends_in_predicate(*from);
  }

  static bool ends_in_predicate(const Program& p) {
    for (const Instruction& i : p.instruction_span())
      if (i.dst == p.out[0]) return i.op->predicate;
    return false;
  }

  bool try_fuse(std::size_t n, std::size_t operand) {
    Node& consumer = g_.nodes[n];
    const ValueId v = consumer.in[operand];
    if (!can_join(consumer, v)) return false;
    const NodeId p = g_.value(v).producer;
    const Node& producer = g_.node(p);
    Elementwise joined;
    joined.program.compute = program(consumer)->compute;
    std::vector<Scalar> immediates;
    std::vector<ValueId> inputs;
    if (!join(*program(producer), producer, *program(consumer), consumer, v, joined.program, inputs,
              immediates))
      return false;
    recount(producer, consumer, inputs);
    consumer.primitive = Primitive(joined);
    consumer.in = inputs;
    consumer.immediates = immediates;
    keep_[static_cast<std::size_t>(p)] = false;
    return true;
  }

  void recount(const Node& producer, const Node& consumer, const std::vector<ValueId>& inputs) {
    for (ValueId in : producer.in) --uses_[static_cast<std::size_t>(in)];
    for (ValueId in : consumer.in) --uses_[static_cast<std::size_t>(in)];
    for (ValueId in : inputs) ++uses_[static_cast<std::size_t>(in)];
  }

  static std::optional<std::uint8_t> input_register(std::vector<ValueId>& inputs, ValueId v) {
    const auto it = std::find(inputs.begin(), inputs.end(), v);
    if (it == inputs.end() && inputs.size() == Program::max_inputs) return {};
    const auto at = it - inputs.begin();
    if (it == inputs.end()) inputs.push_back(v);
    return static_cast<std::uint8_t>(at);
  }

  /// producer's program, then consumer's with `v` read from producer's output register.
  static bool join(const Program& from, const Node& producer, const Program& to,
                   const Node& consumer, ValueId v, Program& joined, std::vector<ValueId>& inputs,
                   std::vector<Scalar>& immediates) {
    std::vector<std::uint8_t> map;
    for (ValueId in : producer.in) {
      const auto r = input_register(inputs, in);
      if (!r) return false;
      map.push_back(*r);
    }
    const auto made = ProgramMerger(joined, immediates).append(from, producer.immediates, map);
    if (!made) return false;
    map.clear();
    for (ValueId in : consumer.in) {
      const auto r = in == v ? made : input_register(inputs, in);
      if (!r) return false;
      map.push_back(*r);
    }
    const auto result = ProgramMerger(joined, immediates).append(to, consumer.immediates, map);
    if (!result) return false;
    joined.inputs = static_cast<std::uint8_t>(inputs.size());
    joined.outputs = 1;
    joined.out[0] = *result;
    return true;
  }

  Graph& g_;
  std::vector<int> uses_;
  std::vector<bool> keep_;
};

}  // namespace detail

Graph passes::fusion(Graph graph) {
  detail::Fuser(graph).run();
  return graph;
}

}  // namespace linnet::inline LINNET_ABI
