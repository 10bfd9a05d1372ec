#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <string>

#include "linnet/core/creation.hpp"
#include "linnet/core/tensor.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/shape.hpp"

using namespace linnet;

namespace {

/// x's elements in row-major order, each one found by its index.
std::vector<float> by_index(const Tensor& x) {
  std::vector<float> values;
  for (std::int64_t i = 0; i < x.size(); ++i) {
    std::int64_t offset = 0, rest = i;
    for (int a = x.rank(); a-- > 0; rest /= x.shape()[a])
      offset += rest % x.shape()[a] * x.strides()[a];
    values.push_back(static_cast<const float*>(x.raw_data())[offset]);
  }
  return values;
}

template <class T>
std::vector<T> copied(const Tensor& x, DType to) {
  std::vector<T> out(static_cast<std::size_t>(x.size()) + 1, T(77));
  detail::copy_elements(x, out.data(), to);
  CHECK(out.back() == T(77));  // nothing is written behind the last element
  out.pop_back();
  return out;
}

}  // namespace

TEST_CASE("views of every kind are copied in row-major order") {
  const Tensor x = cast(reshape(arange(5 * 67 * 33 * 2), {5, 67, 33, 2}), float32);
  const auto check = [](const char* what, const Tensor& view) {
    CAPTURE(what);
    const auto expected = by_index(view);
    CHECK(copied<float>(view, float32) == expected);
    CHECK(copied<double>(view, float64) == std::vector<double>(expected.begin(), expected.end()));
    CHECK(detail::dense(view).to_vector<float>() == expected);
  };
  check("itself", x);
  check("reversed axes", transpose(x));
  for (const auto& order : {std::array{0, 2, 1, 3}, {3, 0, 1, 2}, {2, 3, 0, 1}, {1, 0, 3, 2}})
    check("permuted", transpose(x, {order[0], order[1], order[2], order[3]}));
  check("steps", x(all, Slice(1, 60, 3), Slice(0, 33, 2)));
  Slice backwards;
  backwards.step = -1;
  check("backwards", x(all, backwards, all, backwards));
  check("one column", x(all, all, 7, 1));
  check("broadcast rows", broadcast_to(x(0, 0, all, 0), {70, 33}));
  check("broadcast columns", broadcast_to(x(0, 0, all, Slice(0, 1)), {33, 300}));
  check("one element", x(4, 66, 32, Slice(1, 2)));
  check("nothing", x(all, Slice(3, 3)));
  check("a scalar", x(1, 2, 3, 1));
}

TEST_CASE("numbers beyond a dtype's range saturate from floats and wrap from integers") {
  const double inf = std::numeric_limits<double>::infinity();
  const Tensor x = tensor({-inf, -300.7, -1.5, -0.0, 0.4, 255.9, 1e30, inf, std::nan("")});
  CHECK(copied<std::uint8_t>(x, uint8) ==
        std::vector<std::uint8_t>{0, 0, 0, 0, 0, 255, 255, 255, 0});
  CHECK(copied<std::int8_t>(x, int8) ==
        std::vector<std::int8_t>{-128, -128, -1, 0, 0, 127, 127, 127, 0});
  CHECK(copied<std::int64_t>(tensor({1e30, -1e30}), int64) ==
        std::vector<std::int64_t>{INT64_MAX, INT64_MIN});
  CHECK(copied<std::uint8_t>(x, boolean) == std::vector<std::uint8_t>{1, 1, 1, 0, 1, 1, 1, 1, 1});
  CHECK(copied<std::uint8_t>(tensor({-1, 256, 511}), uint8) ==
        std::vector<std::uint8_t>{255, 0, 255});
  const Tensor big = tensor({std::uint64_t{1} << 63, UINT64_MAX});
  CHECK(copied<double>(big, float64) == std::vector<double>{0x1p63, 0x1p64});
  CHECK(copied<float>(tensor({INT64_MIN, std::int64_t{-1}}), float32) ==
        std::vector<float>{-0x1p63f, -1});
  CHECK(copied<std::int32_t>(tensor({true, false}), int32) == std::vector<std::int32_t>{1, 0});
}

TEST_CASE("a copy converts as the cast does, between all dtypes") {
  // Values that every dtype holds, more than one block of them, and of odd count.
  const Tensor x = reshape(cast(arange(3 * 301), float32), {301, 3}) - 0;
  for (int from = 0; from < dtype_count; ++from)
    for (int to = 0; to < dtype_count; ++to) {
      const auto source = static_cast<DType>(from), target = static_cast<DType>(to);
      CAPTURE(to_string(source));
      CAPTURE(to_string(target));
      for (const Tensor& view : {cast(x, source), transpose(cast(x, source))}) {
        const Tensor expected = contiguous(cast(view, target));
        std::vector<std::byte> out(expected.nbytes());
        detail::copy_elements(view, out.data(), target);
        CHECK(std::memcmp(out.data(), expected.raw_data(), out.size()) == 0);
      }
    }
}

TEST_CASE("memory of a device without support is refused and stays its owner's") {
  float memory[2] = {1, 2};
  int deleted = 0;
  const auto adopt_cuda = [&] {
    return adopt(memory, {2}, float32, [&] { ++deleted; }, {DeviceType::cuda, 1});
  };
  CHECK_THROWS_WITH_AS(adopt_cuda(), "[adopt] this build has no support for device cuda:1",
                       DeviceError);
  CHECK(deleted == 0);
}
