#pragma once

#include <algorithm>
#include <cstring>
#include <set>

#include "linnet/io/file.hpp"
#include "linnet/io/impl/safetensors_header.ipp"
#include "linnet/io/safetensors.hpp"
#include "linnet/ops/shape.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

struct SafetensorsName {
  DType dtype;
  std::string_view name;
};
inline constexpr SafetensorsName safetensors_names[] = {
    {DType::boolean, "BOOL"}, {DType::uint8, "U8"},      {DType::uint16, "U16"},
    {DType::uint32, "U32"},   {DType::uint64, "U64"},    {DType::int8, "I8"},
    {DType::int16, "I16"},    {DType::int32, "I32"},     {DType::int64, "I64"},
    {DType::float16, "F16"},  {DType::bfloat16, "BF16"}, {DType::float32, "F32"},
    {DType::float64, "F64"}};

inline std::uint64_t load_little_endian(const char* p) {
  std::uint64_t n = 0;
  for (int i = 7; i >= 0; --i) n = n << 8 | static_cast<unsigned char>(p[i]);
  return n;
}

/// dtype, shape and size of an entry, checked against one another.
inline TensorSpec check_entry(const TensorEntry& e, const std::string& path) {
  const auto bad = [&](const auto&... what) {
    fail<IOError>("load_safetensors", path, ": tensor '", e.name, "' ", what...);
  };
  TensorSpec spec;
  const auto* known = std::find_if(std::begin(safetensors_names), std::end(safetensors_names),
                                   [&](const auto& n) { return n.name == e.dtype; });
  if (known == std::end(safetensors_names)) bad("has unknown dtype '", e.dtype, "'");
  spec.dtype = known->dtype;
  if (e.shape.size() > Shape::max_rank) bad("has rank ", e.shape.size());
  std::uint64_t bytes = itemsize(spec.dtype);
  std::int64_t span = 1;  // strides must not overflow, even if an extent is 0
  for (std::uint64_t d : e.shape) {
    if (d > INT64_MAX || __builtin_mul_overflow(span, std::max<std::uint64_t>(d, 1), &span) ||
        __builtin_mul_overflow(bytes, d, &bytes))
      bad("is too large");
    spec.shape.push_back(static_cast<std::int64_t>(d));
  }
  if (e.end < e.begin || e.end - e.begin != bytes)
    bad("has ", bytes, " bytes by its shape, but offsets ", e.begin, " to ", e.end);
  return spec;
}

/// The entries must cover the data without gap or overlap.
inline void check_coverage(std::vector<TensorEntry> entries, std::uint64_t data,
                           const std::string& path) {
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
  });
  std::uint64_t at = 0;
  for (const TensorEntry& e : entries) {
    if (e.begin != at)
      fail<IOError>("load_safetensors", path, ": tensor '", e.name, "' begins at ", e.begin,
                    ", expected ", at);
    at = e.end;
  }
  if (at != data)
    fail<IOError>("load_safetensors", path, ": tensors end at byte ", at, ", the file holds ",
                  data);
}

}  // namespace detail

Tensor TensorFile::find(const std::string& name) const {
  for (const auto& [key, tensor] : tensors)
    if (key == name) return tensor;
  return {};
}

TensorFile load_safetensors(const std::string& path) {
  const detail::InputFile file("load_safetensors", path);
  const auto bad = [&](const char* what) { fail<IOError>("load_safetensors", path, ": ", what); };
  if (file.size() < 8) bad("too short for a safetensors file");
  char first[8];
  file.read(0, first, 8);
  const std::uint64_t length = detail::load_little_endian(first);
  if (length > 100'000'000) bad("the header is larger than 100 MB");
  if (length > file.size() - 8) bad("the header is truncated");
  std::string text(static_cast<std::size_t>(length), '\0');
  file.read(8, text.data(), text.size());
  detail::SafetensorsHeader header(text, path);
  header.parse();
  std::set<std::string> names;
  std::vector<TensorSpec> specs;
  for (const auto& e : header.entries) {
    if (!names.insert(e.name).second) bad("a tensor name is given twice");
    specs.push_back(detail::check_entry(e, path));
  }
  const std::uint64_t data = 8 + length;
  detail::check_coverage(header.entries, file.size() - data, path);
  TensorFile out{.tensors = {}, .metadata = std::move(header.metadata)};
  for (std::size_t i = 0; i < specs.size(); ++i) {
    const auto& e = header.entries[i];
    Tensor t = detail::empty(specs[i]);
    // Straight into the tensor: no second copy of the file is in memory.
    if (e.end > e.begin)
      file.read(data + e.begin, t.impl()->data, static_cast<std::size_t>(e.end - e.begin));
    out.tensors.emplace_back(e.name, std::move(t));
  }
  return out;
}

namespace detail {

inline void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\')
      out += '\\', out += c;
    else if (static_cast<unsigned char>(c) < 0x20) {
      constexpr char digits[] = "0123456789abcdef";
      out += "\\u00";
      out += digits[(c >> 4) & 15];
      out += digits[c & 15];
    } else
      out += c;
  }
  out += '"';
}

inline std::string safetensors_header(const TensorFile& file, const std::vector<Tensor>& tensors) {
  std::string out = "{";
  if (!file.metadata.empty()) {
    out += "\"__metadata__\":{";
    const char* separator = "";
    for (const auto& [key, value] : file.metadata) {
      out += separator, append_json_string(out, key), out += ':', append_json_string(out, value);
      separator = ",";
    }
    out += '}';
  }
  std::size_t at = 0;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const Tensor& t = tensors[i];
    if (out.size() > 1) out += ',';
    append_json_string(out, file.tensors[i].first);
    out += ":{\"dtype\":\"";
    out += safetensors_names[static_cast<int>(t.dtype())].name;
    out += "\",\"shape\":[";
    for (int a = 0; a < t.rank(); ++a) append(out, a ? "," : ""), append(out, t.dim(a));
    append(out, concat_message("],\"data_offsets\":[", at, ",", at + t.nbytes(), "]}"));
    at += t.nbytes();
  }
  out += '}';
  while ((out.size() + 8) % 8 != 0) out += ' ';
  return out;
}

}  // namespace detail

void save_safetensors(const std::string& path, const TensorFile& file) {
  std::set<std::string> names;
  std::vector<Tensor> tensors;
  for (const auto& [name, t] : file.tensors) {
    if (name == "__metadata__" || !names.insert(name).second)
      fail<ValueError>("save_safetensors", "the name '", name, "' is reserved or given twice");
    if (!detail::is_utf8(name)) fail<ValueError>("save_safetensors", "a name is not UTF-8");
    if (!t.defined()) fail<ValueError>("save_safetensors", "the tensor '", name, "' is undefined");
    tensors.push_back(detail::dense(t));
  }
  for (const auto& [key, text] : file.metadata)
    if (!detail::is_utf8(key) || !detail::is_utf8(text))
      fail<ValueError>("save_safetensors", "the metadata is not UTF-8");
  const std::string header = detail::safetensors_header(file, tensors);
  std::string length(8, '\0');
  for (std::size_t i = 0; i < 8; ++i) length[i] = static_cast<char>(header.size() >> (8 * i));
  std::vector<std::string_view> pieces{length, header};
  for (const Tensor& t : tensors)
    if (t.nbytes()) pieces.push_back({static_cast<const char*>(t.raw_data()), t.nbytes()});
  detail::replace_file("save_safetensors", path, pieces);
}

}  // namespace linnet::inline LINNET_ABI
