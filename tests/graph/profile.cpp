// Profiles: what is counted, what is written, who may open one.
#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "linnet/linnet.hpp"

using namespace linnet;

TEST_CASE("a profile counts the kernels of captured calls, with their work") {
  const Tensor a = normal({8, 16}), b = normal({16, 4});
  auto f = function([](const Tensor& x, const Tensor& y) { return exp(matmul(x, y)); });
  f(a, b);
  Profile profile;
  for (int i = 0; i < 3; ++i) f(a, b);
  const auto kernels = profile.kernels();
  REQUIRE(kernels.size() == 2);
  for (const KernelProfile& k : kernels) {
    CHECK(k.calls == 3);
    CHECK(k.seconds > 0);
    const bool is_matmul = k.op.starts_with("matmul");
    CHECK(k.flops == (is_matmul ? 2.0 * 8 * 16 * 4 : 8.0 * 4));
    CHECK(k.bytes == (is_matmul ? 4.0 * (8 * 16 + 16 * 4 + 8 * 4) : 4.0 * 2 * 8 * 4));
  }
  CHECK(profile.table().find("float32(8, 16), float32(16, 4) -> float32(8, 4)") !=
        std::string::npos);
}

TEST_CASE("a trace has one event a kernel run; a path that cannot be written is an IOError") {
  auto f = function([](const Tensor& x) { return x * 2.0; });
  const Tensor x = ones({4});
  f(x);
  Profile profile;
  f(x), f(x);
  const std::string path = "linnet_profile_test.json";
  profile.write_chrome_trace(path);
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  std::size_t events = 0;
  for (std::size_t at = 0; (at = text.str().find("\"ph\": \"X\"", at)) != std::string::npos; ++at)
    ++events;
  CHECK(events == 2);
  std::remove(path.c_str());
  CHECK_THROWS_AS(profile.write_chrome_trace("/nonexistent/folder/trace.json"), IOError);
}

TEST_CASE("one profile at a time; nothing is counted outside") {
  auto f = function([](const Tensor& x) { return x + 1.0; });
  const Tensor x = ones({4});
  {
    Profile first;
    CHECK_THROWS_AS(Profile(), ValueError);
    f(x);
    CHECK(first.kernels().size() == 1);
  }
  f(x);
  Profile second;
  CHECK(second.kernels().empty());
}
