#pragma once

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string_view>
#include <sys/stat.h>
#include <vector>

#include "linnet/core/error.hpp"
#include "linnet/data/idx.hpp"
#include "linnet/io/file.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/shape.hpp"

#ifdef LINNET_HAVE_ZLIB
#include <zlib.h>
#endif

namespace linnet::inline LINNET_ABI::data {

namespace detail {

inline constexpr std::size_t largest_idx = std::size_t{1} << 33;

#ifdef LINNET_HAVE_ZLIB
/// Bytes that the IDX header at the front of `bytes` declares, itself included; nothing while that
/// is not known. What is no header declares just itself: parse_idx() will refuse it.
inline std::optional<std::size_t> declared_size(std::string_view bytes);

/// One gzip member, whole; stops when the output exceeds what its own IDX header declares.
inline std::string gunzip(const std::string& bytes, const std::string& path) {
  z_stream z{};
  if (inflateInit2(&z, 15 + 16) != Z_OK) fail<IOError>("load_idx", path, ": zlib cannot start");
  struct End {
    z_stream& z;
    ~End() { inflateEnd(&z); }
  } end{z};
  if (bytes.size() > UINT_MAX) fail<IOError>("load_idx", path, ": more than 4 GiB of gzip data");
  std::string out;
  std::optional<std::size_t> limit;
  std::vector<char> buffer(std::size_t{1} << 18);
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  z.avail_in = static_cast<uInt>(bytes.size());
  int status = Z_OK;
  while (status != Z_STREAM_END) {
    z.next_out = reinterpret_cast<Bytef*>(buffer.data());
    z.avail_out = static_cast<uInt>(buffer.size());
    status = inflate(&z, Z_NO_FLUSH);
    if (status != Z_OK && status != Z_STREAM_END)
      fail<IOError>("load_idx", path, ": corrupt or truncated gzip data");
    out.append(buffer.data(), buffer.size() - z.avail_out);
    if (!limit) limit = declared_size(out);
    if (limit && out.size() > *limit)
      fail<IOError>("load_idx", path, ": unpacks to more than the ", *limit,
                    " bytes that its header declares");
    if (status == Z_OK && z.avail_in == 0 && z.avail_out != 0)
      fail<IOError>("load_idx", path, ": truncated gzip data");
  }
  if (z.avail_in != 0) fail<IOError>("load_idx", path, ": bytes after the gzip data");
  return out;
}
#else
inline std::string gunzip(const std::string&, const std::string& path) {
  fail<NotSupportedError>("load_idx", path,
                          " is gzip, and this build has no zlib; unpack it with gunzip");
}
#endif

inline std::uint32_t big_endian(const char* p) {
  std::uint32_t n = 0;
  for (int i = 0; i < 4; ++i) n = n << 8 | static_cast<unsigned char>(p[i]);
  return n;
}

inline std::optional<DType> idx_dtype(int code) {
  switch (code) {
    case 0x08:
      return DType::uint8;
    case 0x09:
      return DType::int8;
    case 0x0B:
      return DType::int16;
    case 0x0C:
      return DType::int32;
    case 0x0D:
      return DType::float32;
    case 0x0E:
      return DType::float64;
    default:
      return {};
  }
}

inline std::optional<std::size_t> declared_size(std::string_view bytes) {
  if (bytes.size() < 4) return {};
  const std::size_t rank = static_cast<unsigned char>(bytes[3]), first = 4 + 4 * rank;
  const auto dtype = idx_dtype(static_cast<unsigned char>(bytes[2]));
  if (bytes[0] != 0 || bytes[1] != 0 || !dtype || rank > Shape::max_rank) return first;
  if (bytes.size() < first) return {};
  std::size_t size = itemsize(*dtype);
  for (std::size_t a = 0; a < rank; ++a)
    if (__builtin_mul_overflow(size, std::size_t{big_endian(bytes.data() + 4 + 4 * a)}, &size) ||
        size > largest_idx)
      return first;
  return first + size;
}

inline Tensor parse_idx(const std::string& bytes, const std::string& path) {
  if (bytes.size() < 4 || bytes[0] != 0 || bytes[1] != 0)
    fail<IOError>("load_idx", path, ": not an IDX file");
  const int code = static_cast<unsigned char>(bytes[2]);
  const auto known = idx_dtype(code);
  if (!known) fail<IOError>("load_idx", path, ": unknown IDX data type ", code);
  const DType dtype = *known;
  const std::size_t rank = static_cast<unsigned char>(bytes[3]), first = 4 + 4 * rank;
  if (rank > Shape::max_rank || bytes.size() < first)
    fail<IOError>("load_idx", path, ": the header is truncated or its rank ", rank, " too large");
  Shape shape;
  std::size_t expected = itemsize(dtype);
  std::int64_t span = 1;  // strides must not overflow, even if an extent is 0
  for (std::size_t a = 0; a < rank; ++a) {
    const std::uint32_t n = big_endian(bytes.data() + 4 + 4 * a);
    shape.push_back(n);
    if (__builtin_mul_overflow(span, std::max(n, 1u), &span) ||
        __builtin_mul_overflow(expected, std::size_t{n}, &expected) || expected > largest_idx)
      fail<IOError>("load_idx", path, ": shape ", shape, " is too large");
  }
  if (bytes.size() - first != expected)
    fail<IOError>("load_idx", path, ": shape ", shape, " of ", dtype, " needs ", expected,
                  " bytes, the file holds ", bytes.size() - first);
  Tensor t = linnet::detail::empty({shape, dtype, cpu});
  auto* out = static_cast<char*>(t.impl()->data);
  const std::size_t item = itemsize(dtype);
  const char* in = bytes.data() + first;
  if (item == 1 && expected) std::memcpy(out, in, expected);
  for (std::size_t i = 0; item > 1 && i < expected; ++i)
    out[i] = in[i / item * item + (item - 1 - i % item)];
  return t;
}

inline bool exists(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0;
}

/// part-what-type, or part-what.type as MNIST's files were first named, plain or .gz; empty if
/// there is none.
inline std::string find_idx(const std::string& folder, const char* part, const char* what,
                            const char* type) {
  for (const char* separator : {"-", "."})
    for (const char* ending : {"", ".gz"}) {
      const std::string path =
          linnet::detail::concat_message(folder, "/", part, "-", what, separator, type, ending);
      if (exists(path)) return path;
    }
  return {};
}

inline Tensor load_part(const char* op, const std::string& folder, const char* part,
                        const char* what, const char* type) {
  const std::string path = find_idx(folder, part, what, type);
  if (path.empty()) fail<IOError>(op, folder, ": there is no ", part, "-", what, "-", type);
  return load_idx(path);
}

inline LabeledData load_images(const char* op, const std::string& folder, const char* part) {
  const Tensor images = load_part(op, folder, part, "images", "idx3-ubyte");
  const Tensor labels = load_part(op, folder, part, "labels", "idx1-ubyte");
  if (images.rank() != 3 || labels.rank() != 1 || images.dim(0) != labels.dim(0) ||
      images.dtype() != DType::uint8 || labels.dtype() != DType::uint8)
    fail<IOError>(op, folder, ": images ", images.shape(), " and labels ", labels.shape(),
                  " do not belong together");
  const auto* label = static_cast<const std::uint8_t*>(labels.raw_data());
  if (std::any_of(label, label + labels.size(), [](std::uint8_t y) { return y >= 10; }))
    fail<IOError>(op, folder, ": a label is not in [0, 10)");
  return {expand_dims(cast(images, DType::float32) * (1.0 / 255.0), -1),
          cast(labels, DType::int32)};
}

/// From the first of the folders that has the training images.
inline ImageDataset load_first(const char* op, const std::vector<std::string>& folders,
                               const char* remedy) {
  std::string list;
  for (const std::string& folder : folders) {
    if (!find_idx(folder, "train", "images", "idx3-ubyte").empty())
      return {load_images(op, folder, "train"), load_images(op, folder, "t10k")};
    linnet::detail::append(list, list.empty() ? "'" : ", '");
    linnet::detail::append(list, folder);
    linnet::detail::append(list, "'");
  }
  fail<IOError>(op, "no IDX files in ", list, "; ", remedy,
                "name a folder by {.path = ...} or LINNET_DATA_DIR");
}

inline std::string data_folder() {
  const char* variable = std::getenv("LINNET_DATA_DIR");
  return variable ? variable : "";
}

}  // namespace detail

Tensor load_idx(const std::string& path) {
  const std::string bytes = linnet::detail::read_file("load_idx", path);
  const bool gzip = bytes.size() > 2 && bytes[0] == '\x1f' && bytes[1] == '\x8b';
  return detail::parse_idx(gzip ? detail::gunzip(bytes, path) : bytes, path);
}

ImageDataset fashion_mnist(const FashionMnistOptions& options) {
  const std::string own = detail::data_folder();
  std::vector<std::string> folders{"/usr/share/datasets/fashion-mnist", "data/fashion-mnist"};
  if (!own.empty()) folders = {own + "/fashion-mnist", own};
  if (!options.path.empty()) folders = {options.path};
  return detail::load_first("fashion_mnist", folders,
                            "install Debian's dataset-fashion-mnist, or ");
}

ImageDataset mnist(const MnistOptions& options) {
  const std::string own = detail::data_folder();
  std::vector<std::string> folders{"/usr/share/datasets/mnist", "data/mnist"};
  if (!own.empty()) folders = {own + "/mnist"};
  if (!options.path.empty()) folders = {options.path};
  return detail::load_first("mnist", folders, "");
}

}  // namespace linnet::inline LINNET_ABI::data
