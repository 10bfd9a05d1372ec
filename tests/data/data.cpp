#include <doctest/doctest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <set>
#include <unistd.h>

#include "linnet/core/creation.hpp"
#include "linnet/data/dataset.hpp"
#include "linnet/data/idx.hpp"
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

struct TemporaryFile {
  std::string path =
      (std::filesystem::temp_directory_path() / ("linnet_idx_" + std::to_string(::getpid())))
          .string();
  ~TemporaryFile() { std::filesystem::remove(path); }
  void write(const std::string& bytes) const { std::ofstream(path, std::ios::binary) << bytes; }
};

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

TEST_CASE("IDX files: good ones, every truncation, lies in the header") {
  const TemporaryFile file;
  const std::string good = std::string("\0\0\x08\x02\0\0\0\x02\0\0\0\x03", 12) + "abcdef";
  file.write(good);
  const Tensor t = data::load_idx(file.path);
  CHECK(t.shape() == Shape({2, 3}));
  CHECK(t.to_vector<int>() == std::vector<int>{'a', 'b', 'c', 'd', 'e', 'f'});
  file.write(std::string("\0\0\x0C\x01\0\0\0\x01\0\0\1\2", 12));
  CHECK(data::load_idx(file.path).item<int>() == 258);
  for (std::size_t n = 0; n < good.size(); ++n) {
    file.write(good.substr(0, n));
    CHECK_THROWS_AS(data::load_idx(file.path), IOError);
  }
  for (std::size_t i = 0; i < 12 * 8; ++i) {
    std::string bad = good;
    bad[i / 8] = static_cast<char>(bad[i / 8] ^ (1 << (i % 8)));
    file.write(bad);
    if (bad[2] == '\x09') continue;  // int8: as good a type
    CHECK_THROWS_AS(data::load_idx(file.path), IOError);
  }
  file.write(good + "x");
  CHECK_THROWS_AS(data::load_idx(file.path), IOError);
  CHECK_THROWS_AS(data::load_idx("/no/such/file"), IOError);
  CHECK_THROWS_AS(data::fashion_mnist({.path = "/no/such/folder"}), IOError);
}

TEST_CASE("extents that would overflow strides are refused though nothing is stored") {
  const TemporaryFile file;
  file.write(std::string("\0\0\x08\x04\0\0\0\0", 8) + std::string(12, '\xff'));
  CHECK_THROWS_AS(data::load_idx(file.path), IOError);
}

TEST_CASE("a gzip bomb is refused once it is larger than it says") {
  const TemporaryFile file;
  // An IDX header of shape (10,), then 64 KiB of zeros: made by gzip -9.
  const unsigned char bomb[] = {
      0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xed, 0xc1, 0x31, 0x11, 0x00,
      0x30, 0x08, 0x00, 0xb1, 0x67, 0xeb, 0xe1, 0x5f, 0x30, 0x15, 0x92, 0xa4, 0xde, 0x54, 0x1b,
      0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
      0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
      0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
      0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
      0x00, 0x00, 0x00, 0x7c, 0x07, 0x6c, 0x6f, 0xa1, 0xfa, 0x08, 0x00, 0x01, 0x00};
  file.write(std::string(reinterpret_cast<const char*>(bomb), sizeof bomb));
  try {
    data::load_idx(file.path);
    FAIL("taken");
  } catch (const NotSupportedError&) {
    MESSAGE("skipped: this build has no zlib");
  } catch (const IOError& e) {
    CHECK(std::string(e.what()).find("more than the 18 bytes that its header declares") !=
          std::string::npos);
  }
}

TEST_CASE("gzip IDX: whole, truncated and corrupt") {
  const std::string source = "/usr/share/datasets/fashion-mnist/t10k-labels-idx1-ubyte.gz";
  if (!std::filesystem::exists(source)) {
    MESSAGE("skipped: Debian's dataset-fashion-mnist is not installed");
    return;
  }
  Tensor t;
  try {
    t = data::load_idx(source);
  } catch (const NotSupportedError&) {
    MESSAGE("skipped: this build has no zlib");
    return;
  }
  CHECK(t.shape() == Shape({10000}));
  std::ifstream in(source, std::ios::binary);
  const std::string good{std::istreambuf_iterator<char>(in), {}};
  const TemporaryFile file;
  for (std::size_t n :
       {std::size_t{3}, std::size_t{20}, good.size() / 2, good.size() - 4, good.size() - 1}) {
    file.write(good.substr(0, n));
    CHECK_THROWS_AS(data::load_idx(file.path), IOError);
  }
  std::string bad = good;
  bad[good.size() / 2] = static_cast<char>(bad[good.size() / 2] ^ 0x55);
  file.write(bad);
  CHECK_THROWS_AS(data::load_idx(file.path), IOError);
  file.write(good + "junk");
  CHECK_THROWS_AS(data::load_idx(file.path), IOError);
}
