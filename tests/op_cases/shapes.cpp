#include "linnet/core/creation.hpp"
#include "linnet/ops/indexing.hpp"
#include "linnet/ops/random.hpp"
#include "linnet/ops/shape.hpp"
#include "op_cases/op_case.hpp"
#include "op_cases/random_input.hpp"

using namespace linnet;

namespace {

using Values = std::vector<double>;
using Tensors = std::vector<Tensor>;

Values rearranged(const Tensor& x, const std::vector<int>& order) {
  const Values v = x.to_vector<double>();
  Values out;
  for (int i : order) out.push_back(i < 0 ? 0 : v[std::size_t(i)]);
  return out;
}
std::function<Values(const Tensors&)> picks(std::vector<int> order) {
  return [order](const Tensors& t) { return rearranged(t[0], order); };
}

const AddCases shapes{{
    general(
        "reshape", {random({2, 3})},
        [](const Tensors& t) {
          return reshape(t[0], {3, -1});
        },
        picks({0, 1, 2, 3, 4, 5})),
    general(
        "transpose", {random({2, 3})}, [](const Tensors& t) { return transpose(t[0]); },
        picks({0, 3, 1, 4, 2, 5})),
    general(
        "swapaxes", {random({2, 3})}, [](const Tensors& t) { return swapaxes(t[0], 0, 1); },
        picks({0, 3, 1, 4, 2, 5})),
    general(
        "expand_dims", {random({3})}, [](const Tensors& t) { return expand_dims(t[0], 0); },
        picks({0, 1, 2})),
    general(
        "squeeze", {random({1, 3, 1})}, [](const Tensors& t) { return squeeze(t[0]); },
        picks({0, 1, 2})),
    general(
        "flatten", {random({2, 2})}, [](const Tensors& t) { return flatten(t[0]); },
        picks({0, 1, 2, 3})),
    general(
        "broadcast_to", {random({1, 2})},
        [](const Tensors& t) {
          return broadcast_to(t[0], {2, 2});
        },
        picks({0, 1, 0, 1})),
    general(
        "concat", {random({2, 2})},
        [](const Tensors& t) {
          return concat({t[0], t[0]}, 1);
        },
        picks({0, 1, 0, 1, 2, 3, 2, 3})),
    general(
        "stack", {random({2})},
        [](const Tensors& t) {
          return stack({t[0], t[0]}, 1);
        },
        picks({0, 0, 1, 1})),
    general(
        "unstack", {random({2, 2})}, [](const Tensors& t) { return unstack(t[0], 1)[1]; },
        picks({1, 3})),
    general(
        "split", {random({4})}, [](const Tensors& t) { return split(t[0], 2)[1]; }, picks({2, 3})),
    general(
        "pad", {random({2})},
        [](const Tensors& t) {
          return pad(t[0], {{1, 2}});
        },
        picks({-1, 0, 1, -1, -1})),
    general(
        "tile", {random({2})}, [](const Tensors& t) { return tile(t[0], {2}); },
        picks({0, 1, 0, 1})),
    general(
        "flip", {random({3})}, [](const Tensors& t) { return flip(t[0], 0); }, picks({2, 1, 0})),
    general(
        "narrow", {random({4})}, [](const Tensors& t) { return narrow(t[0], 0, 1, 2); },
        picks({1, 2})),
    general(
        "contiguous", {random({2, 2})},
        [](const Tensors& t) { return contiguous(transpose(t[0])); }, picks({0, 2, 1, 3})),
    general(
        "gather", {random({3, 2})},
        [](const Tensors& t) {
          return gather(t[0], tensor({2, 0, 2}));
        },
        picks({4, 5, 0, 1, 4, 5})),
    general(
        "one_hot", {arange(0, 3, 1, int64)}, [](const Tensors& t) { return one_hot(t[0], 3); },
        [](const Tensors&) { return Values{1, 0, 0, 0, 1, 0, 0, 0, 1}; }, false),
}};
OpCase drawn(const char* name, OpCase::Function f) {
  // The table checks shapes, capture and threads; distributions have tests of their own.
  OpCase c{name, {}, std::move(f)};
  c.gradient = c.second_order = false;
  return c;
}

OpCase dropped() {
  OpCase c{
      "dropout", {random({40})}, [](const Tensors& t) { return dropout(t[0], 0.4, Generator(3)); }};
  c.draws = true;
  return c;
}

const AddCases randoms{{
    drawn("uniform", [](const Tensors&) { return uniform({5}, {.generator = Generator(3)}); }),
    drawn("normal", [](const Tensors&) { return normal({5}, {.generator = Generator(3)}); }),
    drawn("truncated_normal",
          [](const Tensors&) { return truncated_normal({5}, {.generator = Generator(3)}); }),
    drawn("random_integers",
          [](const Tensors&) { return random_integers({5}, 0, 9, {.generator = Generator(3)}); }),
    drawn("permutation", [](const Tensors&) { return permutation(9, Generator(3)); }),
    dropped(),
}};

}  // namespace
