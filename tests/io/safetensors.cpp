#include <doctest/doctest.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "linnet/core/allocator.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/io/checkpoint.hpp"
#include "linnet/io/safetensors.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/random.hpp"
#include "linnet/ops/shape.hpp"

using namespace linnet;

namespace {

struct Folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("linnet_io_" + std::to_string(::getpid()));
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string operator/(const char* name) const { return (path / name).string(); }
};

std::string bytes_of(const std::string& path) {
  std::ifstream f(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(f), {}};
}
void write_bytes(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

std::string file_with_header(const std::string& header, std::size_t data) {
  std::string out(8, '\0');
  for (std::size_t i = 0; i < 8; ++i) out[i] = static_cast<char>(header.size() >> (8 * i));
  return out + header + std::string(data, 'x');
}

}  // namespace

TEST_CASE("every dtype, strides and names survive a round trip") {
  const Folder folder;
  TensorFile file;
  file.metadata["say \"hi\"\n"] = "tab\there, é";
  for (int t = 0; t < dtype_count; ++t)
    file.tensors.emplace_back("t/" + std::string(to_string(static_cast<DType>(t))),
                              cast(arange(0, 6, 1, float32), static_cast<DType>(t)));
  file.tensors.emplace_back("transposed \\ \"x\"", transpose(reshape(arange(6), {2, 3})));
  file.tensors.emplace_back("scalar", tensor(3.5));
  file.tensors.emplace_back("empty", zeros({0, 4}));
  save_safetensors(folder / "a", file);
  const TensorFile back = load_safetensors(folder / "a");
  CHECK(back.metadata == file.metadata);
  REQUIRE(back.tensors.size() == file.tensors.size());
  for (const auto& [name, t] : file.tensors) {
    const Tensor u = back.find(name);
    REQUIRE(u.defined());
    CHECK(u.shape() == t.shape());
    CHECK(u.dtype() == t.dtype());
    CHECK(u.to_vector<double>() == t.to_vector<double>());
  }
}

TEST_CASE("every truncation is an IOError") {
  const Folder folder;
  save_safetensors(folder / "a", {{{"w", ones({3})}, {"b", zeros({2})}}, {{"k", "v"}}});
  const std::string good = bytes_of(folder / "a");
  for (std::size_t n = 0; n < good.size(); ++n) {
    write_bytes(folder / "b", good.substr(0, n));
    CHECK_THROWS_AS(load_safetensors(folder / "b"), IOError);
  }
  write_bytes(folder / "b", good + "x");
  CHECK_THROWS_AS(load_safetensors(folder / "b"), IOError);
}

TEST_CASE("flipped bits either are noticed or change only values") {
  const Folder folder;
  save_safetensors(folder / "a", {{{"w", ones({3})}, {"b", zeros({2})}}, {}});
  const std::string good = bytes_of(folder / "a");
  int refused = 0;
  for (std::size_t i = 0; i < good.size() * 8; ++i) {
    std::string bad = good;
    bad[i / 8] = static_cast<char>(bad[i / 8] ^ (1 << (i % 8)));
    write_bytes(folder / "b", bad);
    try {
      const std::size_t count = load_safetensors(folder / "b").tensors.size();
      CHECK(count == 2);
    } catch (const IOError&) {
      ++refused;
    }
  }
  CHECK(refused > 500);
}

TEST_CASE("hostile headers are refused") {
  const Folder folder;
  const char* headers[] = {
      "",
      "{",
      "[]",
      "{}x",
      R"({"a":1})",
      R"({"a":{}})",
      R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,5]}})",
      R"({"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}})",
      R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
      R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}})",
      R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})",
      R"({"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}})",
      R"({"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}})",
      R"({"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}})",
      R"({"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}})",
      R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}})",
      R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"more":1}})",
      R"({"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
      R"({"\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
      R"( {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
      R"({"a":{"dtype":"F32","shape":[01],"data_offsets":[0,4]}})",
      R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],}})",
      R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},})",
      "{\"\xff\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
      "{\"\xc0\xaf\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
      "{\"\xed\xa0\x80\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
      "{\"\xe2\x82\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
      R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[0,9223372036854775807,9223372036854775807],"data_offsets":[4,4]}})",
      R"({"__metadata__":{"a":1}})",
      R"({"__metadata__":{},"__metadata__":{}})"};
  for (const char* h : headers) {
    write_bytes(folder / "h", file_with_header(h, 4));
    CHECK_THROWS_AS(load_safetensors(folder / "h"), IOError);
  }
  std::string huge(8, '\xff');
  write_bytes(folder / "h", huge + "{}");
  CHECK_THROWS_AS(load_safetensors(folder / "h"), IOError);
  CHECK_THROWS_AS(load_safetensors(folder / "missing"), IOError);
  CHECK_THROWS_AS(load_safetensors(folder.path.string()), IOError);
}

TEST_CASE("a write that fails leaves the old file and no litter") {
  const Folder folder;
  save_safetensors(folder / "a", {{{"w", ones({3})}}, {}});
  const std::string before = bytes_of(folder / "a");
  CHECK_THROWS_AS(save_safetensors(folder / "no/such/folder", {{{"w", ones({3})}}, {}}), IOError);
  CHECK_THROWS_AS(save_safetensors(folder / "a", {{{"w", ones({3})}, {"w", ones({1})}}, {}}),
                  ValueError);
  // A limit on the size of files is to write() what a full disk is.
  const auto former = std::signal(SIGXFSZ, SIG_IGN);
  rlimit old{};
  getrlimit(RLIMIT_FSIZE, &old);
  rlimit small = old;
  small.rlim_cur = 4096;
  setrlimit(RLIMIT_FSIZE, &small);
  CHECK_THROWS_AS(save_safetensors(folder / "a", {{{"w", ones({100000})}}, {}}), IOError);
  setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, former);
  CHECK(bytes_of(folder / "a") == before);
  int files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder.path))
    ++files;
  CHECK(files == 1);
}

TEST_CASE("what a killed process left does not stop a later save") {
  const Folder folder;
  const std::string path = folder / "a";
  const std::string stem = path + ".tmp." + std::to_string(::getpid()) + ".";
  for (int i = 0; i < 100; ++i) write_bytes(stem + std::to_string(i), "left over");
  save_safetensors(path, {{{"w", ones({3})}}, {}});
  CHECK(load_safetensors(path).find("w").to_vector<float>() == std::vector<float>{1, 1, 1});
  CHECK(bytes_of(stem + "50") == "left over");
}

TEST_CASE("what no reader would take is not written") {
  const Folder folder;
  CHECK_THROWS_AS(save_safetensors(folder / "a", {{{"\xff", ones({3})}}, {}}), ValueError);
  CHECK_THROWS_AS(save_safetensors(folder / "a", {{{"w", ones({3})}}, {{"k", "\xc3"}}}),
                  ValueError);
  CHECK_THROWS_AS(save_safetensors(folder / "a", {{{"w", Tensor()}}, {}}), ValueError);
  CHECK_THROWS_AS(save_safetensors(folder / "a", {{{"__metadata__", ones({3})}}, {}}), ValueError);
  CHECK(std::filesystem::is_empty(folder.path));
  save_safetensors(folder / "a", {{{"grüße 😀", ones({3})}}, {}});
  CHECK(load_safetensors(folder / "a").find("grüße 😀").defined());
}

TEST_CASE("killed while saving: the old contents or the new") {
  const Folder folder;
  const std::string path = folder / "a";
  save_safetensors(path, {{{"w", zeros({200000})}}, {}});
  for (int round = 0; round < 12; ++round) {
    const pid_t child = ::fork();
    if (child == 0) {
      for (int i = 1;; ++i) save_safetensors(path, {{{"w", full({200000}, i % 100)}}, {}});
    }
    ::usleep(static_cast<useconds_t>(2000 + 1700 * round));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    const auto values = load_safetensors(path).find("w").to_vector<float>();
    CHECK(values.front() == values.back());
  }
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // they keep shadows
TEST_CASE("loading takes memory for the tensors, not for the file as well") {
  const Folder folder;
  const std::string path = folder / "big";
  constexpr std::int64_t elements = 16 << 20, kib = elements * 4 / 1024;
  save_safetensors(path, {{{"a", ones({elements / 2})}, {"b", ones({elements / 2})}}, {}});
  release_memory();
  const pid_t child = ::fork();
  if (child == 0) {
    rusage before{}, after{};
    ::getrusage(RUSAGE_SELF, &before);
    const TensorFile file = load_safetensors(path);
    ::getrusage(RUSAGE_SELF, &after);
    const long grown = after.ru_maxrss - before.ru_maxrss;
    ::_exit(grown > kib / 2 && grown < kib * 5 / 4 ? 0 : static_cast<int>(grown * 100 / kib));
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(WIFEXITED(status));
  CHECK_MESSAGE(WEXITSTATUS(status) == 0, WEXITSTATUS(status), " percent of the file");
}
#endif

TEST_CASE("loading variables assigns all or nothing") {
  const Folder folder;
  Variable a(ones({2})), b(ones({3}));
  save_variables(folder / "v", {{"a", a}, {"b", b}});
  Variable c(zeros({2})), d(zeros({4})), e(zeros({3}, float64)), f(zeros({3}));
  CHECK_THROWS_AS(load_variables(folder / "v", {{"a", c}, {"b", d}}), ShapeError);
  CHECK_THROWS_AS(load_variables(folder / "v", {{"a", c}, {"b", e}}), DTypeError);
  CHECK_THROWS_AS(load_variables(folder / "v", {{"a", c}, {"x", f}}), ValueError);
  CHECK_THROWS_AS(load_variables(folder / "v", {{"a", c}}), ValueError);
  CHECK(c.value().to_vector<float>() == std::vector<float>{0, 0});
  load_variables(folder / "v", {{"a", c}, {"b", f}});
  CHECK(c.value().to_vector<float>() == std::vector<float>{1, 1});
}
