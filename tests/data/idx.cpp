#include <doctest/doctest.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <unistd.h>

#include "linnet/data/idx.hpp"
#include "linnet/ops/elementwise.hpp"

using namespace linnet;

namespace {

struct TemporaryFile {
  std::string path =
      (std::filesystem::temp_directory_path() / ("linnet_idx_" + std::to_string(::getpid())))
          .string();
  ~TemporaryFile() { std::filesystem::remove(path); }
  void write(const std::string& bytes) const { std::ofstream(path, std::ios::binary) << bytes; }
};

}  // namespace

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

namespace {

std::string idx_bytes(const std::vector<unsigned char>& extents, char fill) {
  std::string bytes = std::string("\0\0\x08", 3) + static_cast<char>(extents.size());
  std::size_t size = 1;
  for (unsigned char n : extents)
    bytes += std::string("\0\0\0", 3) + static_cast<char>(n), size *= n;
  return bytes + std::string(size, fill);
}

}  // namespace

TEST_CASE("mnist and fashion_mnist read the files of a folder, under either name") {
  namespace fs = std::filesystem;
  const fs::path folder =
      fs::temp_directory_path() / ("linnet_mnist_" + std::to_string(::getpid()));
  fs::create_directories(folder / "mnist");
  const auto write = [&](const std::string& name, const std::string& bytes) {
    std::ofstream(folder / "mnist" / name, std::ios::binary) << bytes;
  };
  write("train-images.idx3-ubyte", idx_bytes({3, 2, 2}, '\xff'));
  write("train-labels-idx1-ubyte", idx_bytes({3}, 7));
  write("t10k-images-idx3-ubyte", idx_bytes({2, 2, 2}, 51));
  const std::string path = (folder / "mnist").string();
  CHECK_THROWS_WITH_AS(data::mnist({.path = path}), doctest::Contains("t10k-labels-idx1-ubyte"),
                       IOError);
  write("t10k-labels-idx1-ubyte", idx_bytes({2}, 9));
  for (const auto& [train, test] :
       {data::mnist({.path = path}), data::fashion_mnist({.path = path})}) {
    CHECK(train.x.shape() == Shape({3, 2, 2, 1}));
    CHECK(train.x.to_vector<float>() == std::vector<float>(12, 1.f));
    CHECK(test.x(0, 0, 0, 0).item<float>() == doctest::Approx(0.2));
    CHECK(train.y.dtype() == int32);
    CHECK(test.y.to_vector<int>() == std::vector<int>{9, 9});
  }
  const char* former = std::getenv("LINNET_DATA_DIR");
  const std::string kept = former ? former : "";
  ::setenv("LINNET_DATA_DIR", folder.c_str(), 1);
  CHECK(data::mnist().train.y.dim(0) == 3);
  CHECK_THROWS_WITH_AS(data::fashion_mnist(), doctest::Contains("fashion-mnist"), IOError);
  former ? ::setenv("LINNET_DATA_DIR", kept.c_str(), 1) : ::unsetenv("LINNET_DATA_DIR");
  write("t10k-labels-idx1-ubyte", idx_bytes({2}, 10));
  CHECK_THROWS_AS(data::mnist({.path = path}), IOError);
  write("t10k-labels-idx1-ubyte", idx_bytes({3}, 1));
  CHECK_THROWS_AS(data::mnist({.path = path}), IOError);
  fs::remove_all(folder);
}
