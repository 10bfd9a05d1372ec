#include <doctest/doctest.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <numeric>
#include <set>
#include <thread>

#include "linnet/core/creation.hpp"
#include "linnet/data/dataset.hpp"
#include "linnet/data/labeled_data.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/generator.hpp"
#include "linnet/ops/shape.hpp"

using namespace linnet;
using data::Dataset;
using data::Element;

namespace {

std::vector<int> values(const Dataset& d) {
  std::vector<int> out;
  for (const Element& e : d)
    for (int v : e[0].to_vector<int>()) out.push_back(v);
  return out;
}
std::vector<int> count(int n, int from = 0) {
  std::vector<int> v(static_cast<std::size_t>(n));
  std::iota(v.begin(), v.end(), from);
  return v;
}

}  // namespace

TEST_CASE("pipelines can be passed over again and again") {
  const Dataset d =
      Dataset::from_tensor_slices({arange(10), reshape(arange(20), {10, 2})}).batch(4);
  CHECK(d.cardinality() == 3);
  for (int pass = 0; pass < 2; ++pass) {
    std::vector<std::int64_t> sizes;
    for (const Element& e : d) {
      sizes.push_back(e[0].dim(0));
      CHECK(e[1].shape() == Shape({e[0].dim(0), 2}));
    }
    CHECK(sizes == std::vector<std::int64_t>{4, 4, 2});
  }
  CHECK(values(Dataset::from_tensor_slices({arange(10)}).batch(4, {.drop_remainder = true})) ==
        count(8));
}

TEST_CASE("map, filter, take, skip, repeat, concatenate, zip, cache") {
  const Dataset r = Dataset::range(6);
  CHECK(values(r.map([](const Element& e) { return Element{e[0] * 2}; })) ==
        std::vector<int>{0, 2, 4, 6, 8, 10});
  CHECK(values(r.filter([](const Element& e) { return e[0].item<int>() % 2 == 1; })) ==
        std::vector<int>{1, 3, 5});
  CHECK(values(r.skip(2).take(3)) == std::vector<int>{2, 3, 4});
  CHECK(values(r.take(2).repeat(3)) == std::vector<int>{0, 1, 0, 1, 0, 1});
  CHECK(values(r.repeat().take(8)) == std::vector<int>{0, 1, 2, 3, 4, 5, 0, 1});
  CHECK(values(r.take(0).repeat()).empty());
  CHECK(values(Dataset::range(2).concatenate(Dataset::range(5, 7))) ==
        std::vector<int>{0, 1, 5, 6});
  const Dataset both = Dataset::zip({r, Dataset::range(10, 13)});
  CHECK(both.cardinality() == 3);
  for (const Element& e : both) CHECK(e[1].item<int>() == e[0].item<int>() + 10);
  int made = 0;
  const Dataset cached = r.map([&](const Element& e) {
                            ++made;
                            return e;
                          }).cache();
  CHECK(values(cached) == values(cached));
  CHECK(made == 6);
  CHECK(r.repeat().cardinality() == Dataset::infinite);
  CHECK(r.filter([](const Element&) { return true; }).cardinality() == Dataset::unknown);
  CHECK(values(Dataset::range(7, 0, -3)) == std::vector<int>{7, 4, 1});
}

TEST_CASE("shuffling keeps every element, differs by pass and repeats by seed") {
  const Dataset rows = Dataset::from_tensor_slices({arange(100)});
  for (const Dataset& source : {rows, Dataset::range(100)}) {
    const Dataset d = source.shuffle(100, {.seed = 3});
    const auto first = values(d), second = values(d);
    CHECK(first != second);
    CHECK(std::multiset<int>(first.begin(), first.end()).size() == 100);
    CHECK(std::set<int>(first.begin(), first.end()).size() == 100);
    CHECK(values(source.shuffle(100, {.seed = 3})) == first);
    const Dataset fixed = source.shuffle(100, {.seed = 3, .reshuffle_each_iteration = false});
    CHECK(values(fixed) == values(fixed));
    CHECK(values(source.shuffle(1)) == count(100));
    const auto near = values(source.shuffle(10, {.seed = 1}));
    for (std::size_t i = 0; i < near.size(); ++i) CHECK(near[i] < static_cast<int>(i) + 10);
  }
  CHECK(values(rows.shuffle(100, {.seed = 5}).batch(7)) == values(rows.shuffle(100, {.seed = 5})));
}

TEST_CASE("an unseeded shuffle follows set_random_seed") {
  const auto once = [] {
    set_random_seed(4);
    return values(Dataset::range(100).shuffle(100));
  };
  CHECK(once() == once());
  set_random_seed(4);
  const auto first = values(Dataset::range(100).shuffle(100));
  CHECK(first != values(Dataset::range(100).shuffle(100)));
}

TEST_CASE("counts at the ends of their range") {
  constexpr std::int64_t most = INT64_MAX, least = INT64_MIN;
  const Dataset rows = Dataset::from_tensor_slices({arange(5)});
  for (const Dataset& d : {rows, Dataset::range(5), rows.shuffle(1)}) {
    CHECK(values(d.batch(most)) == count(5));
    CHECK(d.batch(most).cardinality() == 1);
    CHECK(d.batch(most, {.drop_remainder = true}).cardinality() == 0);
  }
  CHECK(Dataset::range(0, most, 2).cardinality() == most / 2 + 1);
  CHECK(Dataset::range(least, most, most).cardinality() == 3);
  std::vector<std::int64_t> ends;
  for (const Element& e : Dataset::range(least, most, most))
    ends.push_back(e[0].item<std::int64_t>());
  CHECK(ends == std::vector<std::int64_t>{least, -1, most - 1});
  CHECK(Dataset::range(most, least, least).cardinality() == 2);
  CHECK_THROWS_AS(Dataset::range(least, most), ValueError);
  CHECK(values(rows.skip(-1)).empty());
  CHECK(rows.skip(-1).cardinality() == 0);
  CHECK(values(rows.take(-1)) == count(5));
}

TEST_CASE("a generator that ended is not asked again; none is refused") {
  int too_often = 0;
  const Dataset d = Dataset::from_generator([&] {
    return [&, i = 0]() mutable -> std::optional<Element> {
      if (i > 3) ++too_often;
      if (i++ == 3) return {};
      return Element{tensor(i)};
    };
  });
  CHECK(values(d.batch(2)) == count(3, 1));
  CHECK(values(d.shuffle(10)).size() == 3);
  CHECK(too_often == 0);
  CHECK_THROWS_AS(Dataset::from_generator({}), ValueError);
  const Dataset none =
      Dataset::from_generator([] { return std::function<std::optional<Element>()>(); });
  CHECK_THROWS_AS(values(none), ValueError);
}

TEST_CASE("prefetch carries elements and exceptions and ends early without hanging") {
  CHECK(values(Dataset::range(50).prefetch(3)) == count(50));
  for (int i = 0; i < 20; ++i)
    CHECK((*Dataset::range(1000000).prefetch(2).begin())[0].item<int>() == 0);
  const Dataset broken = Dataset::range(10)
                             .map([](const Element& e) {
                               if (e[0].item<int>() == 5) fail<ValueError>("map", "five");
                               return e;
                             })
                             .prefetch(2);
  CHECK_THROWS_AS(values(broken), ValueError);
}

TEST_CASE("generators, and elements that do not fit") {
  const Dataset d = Dataset::from_generator([] {
    return [i = 0]() mutable -> std::optional<Element> {
      if (i == 3) return {};
      return Element{tensor(i++)};
    };
  });
  CHECK(values(d) == count(3));
  CHECK(values(d.batch(2)) == count(3));
  CHECK_THROWS_AS(Dataset::from_tensor_slices({arange(3), arange(4)}), ValueError);
  CHECK_THROWS_AS(Dataset::from_tensor_slices({}), ValueError);
  CHECK_THROWS_AS(Dataset::range(5).batch(0), ValueError);
  CHECK_THROWS_AS(Dataset::range(5).shuffle(0), ValueError);
  const Dataset ragged =
      Dataset::range(3).map([](const Element& e) { return Element{zeros({e[0].item<int>()})}; });
  CHECK_THROWS_AS(values(ragged.batch(2)), ShapeError);
  CHECK(values(Dataset::from_tensor_slices({zeros({0, 3})}).batch(2)).empty());
}

TEST_CASE("enumerate, shard, unbatch") {
  std::vector<int> places;
  for (const Element& e : Dataset::range(10, 13).enumerate(5)) {
    CHECK(e.size() == 2);
    CHECK(e[0].dtype() == int64);
    CHECK(e[0].item<int>() + 5 == e[1].item<int>());
    places.push_back(e[0].item<int>());
  }
  CHECK(places == count(3, 5));
  CHECK(Dataset::range(4).enumerate().cardinality() == 4);
  CHECK(values(Dataset::range(10).shard(3, 1)) == std::vector<int>{1, 4, 7});
  for (int i = 0; i < 4; ++i) {
    const Dataset part = Dataset::range(10).shard(4, i);
    CHECK(part.cardinality() == static_cast<std::int64_t>(values(part).size()));
  }
  CHECK_THROWS_AS(Dataset::range(3).shard(2, 2), ValueError);
  CHECK_THROWS_AS(Dataset::range(3).shard(0, 0), ValueError);
  const Dataset rows = Dataset::from_tensor_slices({arange(10), reshape(arange(20), {10, 2})});
  int seen = 0;
  for (const Element& e : rows.batch(4).unbatch()) {
    CHECK(e[0].item<int>() == seen++);
    CHECK(e[1].shape() == Shape({2}));
    CHECK(e[1](1).item<int>() == 2 * e[0].item<int>() + 1);
  }
  CHECK(seen == 10);
  CHECK(rows.batch(4).unbatch().cardinality() == Dataset::unknown);
  CHECK(values(Dataset::from_tensors({zeros({0, 2})}).unbatch()).empty());
  CHECK_THROWS_AS(values(Dataset::range(3).unbatch()), ShapeError);
  CHECK_THROWS_AS(values(Dataset::from_tensors({zeros({2}), zeros({3})}).unbatch()), ShapeError);
}

TEST_CASE("flat_map and interleave take turns as tf.data does") {
  const auto repeated = [](const Element& e) { return Dataset::from_tensors(e).repeat(6); };
  CHECK(values(Dataset::range(1, 6).interleave(repeated, 2, 4)) ==
        std::vector<int>{1, 1, 1, 1, 2, 2, 2, 2, 1, 1, 2, 2, 3, 3, 3,
                         3, 4, 4, 4, 4, 3, 3, 4, 4, 5, 5, 5, 5, 5, 5});
  const auto tens = [](const Element& e) {
    const auto n = e[0].item<std::int64_t>();
    return Dataset::range(n * 10, n * 11);
  };
  CHECK(values(Dataset::range(5).interleave(tens, 3)) ==
        std::vector<int>{10, 20, 30, 21, 31, 40, 32, 41, 42, 43});
  const auto below = [](const Element& e) { return Dataset::range(e[0].item<std::int64_t>()); };
  CHECK(values(Dataset::range(4).flat_map(below)) == std::vector<int>{0, 0, 1, 0, 1, 2});
  CHECK(values(Dataset::range(0).flat_map(below)).empty());
  CHECK(values(Dataset::range(1).flat_map(below)).empty());
  CHECK(Dataset::range(4).flat_map(below).cardinality() == Dataset::unknown);
  CHECK_THROWS_AS(Dataset::range(4).interleave(below, 0), ValueError);
  CHECK_THROWS_AS(Dataset::range(4).interleave(below, 1, 0), ValueError);
  CHECK_THROWS_AS(Dataset::range(4).flat_map({}), ValueError);
}

TEST_CASE("parallel map keeps the order and runs calls at once") {
  // The first two calls wait for each other: one at a time they would not meet.
  std::mutex mutex;
  std::condition_variable met;
  int begun = 0;
  bool together = false;
  const auto slow = [&](const Element& e) {
    const int n = e[0].item<int>();
    {
      std::unique_lock lock(mutex);
      if (++begun == 2) met.notify_all();
      if (begun <= 2 && met.wait_for(lock, std::chrono::seconds(20), [&] { return begun >= 2; }))
        together = true;
    }
    // The later ones of each group of four end first.
    std::this_thread::sleep_for(std::chrono::milliseconds(4 - n % 4));
    return Element{e[0] * 3};
  };
  std::vector<int> expected;
  for (int i = 0; i < 40; ++i) expected.push_back(3 * i);
  const Dataset d = Dataset::range(40).map(slow, {.num_parallel_calls = 4});
  CHECK(values(d) == expected);
  CHECK(values(d) == expected);
  CHECK(together);
  CHECK(d.cardinality() == 40);
  CHECK(values(Dataset::range(40).map(slow, {.num_parallel_calls = data::AUTOTUNE})) == expected);
  CHECK(values(d.batch(7).prefetch(data::AUTOTUNE)) == expected);
  CHECK(values(Dataset::range(0).map(slow, {.num_parallel_calls = 3})).empty());
}

TEST_CASE("parallel map: failures in their place, passes given up early") {
  const auto fifth = [](const Element& e) {
    if (e[0].item<int>() == 5) fail<ValueError>("map", "five");
    return e;
  };
  for (int calls : {1, 3}) {
    const auto it = Dataset::range(8).map(fifth, {.num_parallel_calls = calls}).make_iterator();
    for (int i = 0; i < 5; ++i) CHECK((*it->next())[0].item<int>() == i);
    CHECK_THROWS_AS(it->next(), ValueError);
    CHECK((*it->next())[0].item<int>() == 6);
    CHECK((*it->next())[0].item<int>() == 7);
    CHECK(!it->next());
    CHECK(!it->next());
  }
  // A source that fails ends the pass after what came before it.
  const auto pass = Dataset::range(8)
                        .map(fifth)
                        .map([](const Element& e) { return e; }, {.num_parallel_calls = 3})
                        .make_iterator();
  for (int i = 0; i < 5; ++i) CHECK((*pass->next())[0].item<int>() == i);
  CHECK_THROWS_AS(pass->next(), ValueError);
  CHECK(!pass->next());
  for (int i = 0; i < 20; ++i) {
    const auto given_up = Dataset::range(1000000).map(fifth, {.num_parallel_calls = 3});
    CHECK((*given_up.begin())[0].item<int>() == 0);
  }
  CHECK_THROWS_AS(Dataset::range(3).map({}), ValueError);
  CHECK_THROWS_AS(Dataset::range(3).map(fifth, {.num_parallel_calls = 0}), ValueError);
  CHECK_THROWS_AS(Dataset::range(3).filter({}), ValueError);
}

TEST_CASE("labelled data is a dataset of its rows") {
  const data::LabeledData plain{arange(4), arange(4) * 2};
  for (const Element& e : plain.as_dataset()) CHECK(e.size() == 2);
  data::LabeledData weighted = plain;
  weighted.sample_weight = ones({4});
  for (const Element& e : weighted.as_dataset().batch(4)) {
    CHECK(e.size() == 3);
    CHECK(e[1].to_vector<int>() == std::vector<int>{0, 2, 4, 6});
  }
  CHECK_THROWS_AS((data::LabeledData{arange(4), arange(3)}.as_dataset()), ValueError);
}
