#pragma once

#include <cctype>
#include <string_view>

#include "linnet/core/error.hpp"
#include "linnet/io/safetensors.hpp"

/// The header of a safetensors file: a JSON object of objects with known members. The grammar is so
/// small, and the file so untrusted, that a strict reader of just this is safer than a general one
/// and keeps the core free of dependencies.
namespace linnet::inline LINNET_ABI::detail {

struct TensorEntry {
  std::string name{}, dtype{};
  std::vector<std::uint64_t> shape{};
  std::uint64_t begin = 0, end = 0;
};

/// True for well-formed UTF-8: no stray or missing bytes, overlong forms, surrogates or codes over
/// U+10FFFF.
inline bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i++]);
    if (lead < 0x80) continue;
    const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    if (lead < 0xC2 || lead > 0xF4) return false;
    std::uint32_t code = lead & (0x3Fu >> more);
    for (int k = 0; k < more; ++k, ++i) {
      if (i == text.size() || (text[i] & 0xC0) != 0x80) return false;
      code = code << 6 | (text[i] & 0x3F);
    }
    constexpr std::uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    if (code < least[more] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return false;
  }
  return true;
}

class SafetensorsHeader {
 public:
  SafetensorsHeader(std::string_view text, const std::string& path) : text_(text), path_(path) {}

  std::vector<TensorEntry> entries;
  std::map<std::string, std::string> metadata;

  void parse() {
    if (text_.empty() || text_[0] != '{') bad("expected '{' as the first byte");
    expect('{');
    if (!accept('}')) {
      do {
        const std::string key = string();
        expect(':');
        if (key == "__metadata__")
          parse_metadata();
        else
          parse_entry(key);
      } while (accept(','));
      expect('}');
    }
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    if (at_ != text_.size()) bad("text after the header's end");
  }

 private:
  [[noreturn]] void bad(const char* what) const {
    fail<IOError>("load_safetensors", path_, ": ", what, " at header byte ", at_);
  }
  void skip() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r'))
      ++at_;
  }
  bool accept(char c) {
    skip();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!accept(c)) bad("malformed JSON");
  }

  std::string string() {
    expect('"');
    std::string out;
    for (;;) {
      if (at_ >= text_.size()) bad("unterminated string");
      const char c = text_[at_++];
      if (c == '"') {
        if (!is_utf8(out)) bad("a string is not UTF-8");
        return out;
      }
      if (static_cast<unsigned char>(c) < 0x20) bad("control character in a string");
      if (c == '\\')
        escape(out);
      else
        out += c;
    }
  }
  void escape(std::string& out) {
    if (at_ >= text_.size()) bad("unterminated string");
    const char c = text_[at_++];
    const std::string_view from = "\"\\/bfnrt", to = "\"\\/\b\f\n\r\t";
    if (const std::size_t i = from.find(c); i != std::string_view::npos)
      out += to[i];
    else if (c == 'u')
      unicode(out);
    else
      bad("unknown escape");
  }
  unsigned hex4() {
    unsigned code = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      if (at_ >= text_.size() || !std::isxdigit(static_cast<unsigned char>(text_[at_])))
        bad("malformed \\u escape");
      const char c = text_[at_];
      code = code * 16 + static_cast<unsigned>(c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
    }
    return code;
  }
  void unicode(std::string& out) {
    unsigned code = hex4();
    if (code >= 0xD800 && code < 0xDC00) {
      if (at_ + 1 >= text_.size() || text_[at_] != '\\' || text_[at_ + 1] != 'u')
        bad("lone surrogate");
      at_ += 2;
      const unsigned low = hex4();
      if (low < 0xDC00 || low > 0xDFFF) bad("lone surrogate");
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    } else if (code >= 0xDC00 && code < 0xE000) {
      bad("lone surrogate");
    }
    append_utf8(out, code);
  }
  static void append_utf8(std::string& out, unsigned code) {
    if (code < 0x80) {
      out += static_cast<char>(code);
    } else if (code < 0x800) {
      out += static_cast<char>(0xC0 | code >> 6);
      out += static_cast<char>(0x80 | (code & 63));
    } else if (code < 0x10000) {
      out += static_cast<char>(0xE0 | code >> 12);
      out += static_cast<char>(0x80 | (code >> 6 & 63));
      out += static_cast<char>(0x80 | (code & 63));
    } else {
      out += static_cast<char>(0xF0 | code >> 18);
      out += static_cast<char>(0x80 | (code >> 12 & 63));
      out += static_cast<char>(0x80 | (code >> 6 & 63));
      out += static_cast<char>(0x80 | (code & 63));
    }
  }

  std::uint64_t number() {
    skip();
    const std::size_t first = at_;
    std::uint64_t value = 0;
    for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; ++at_)
      if (__builtin_mul_overflow(value, std::uint64_t{10}, &value) ||
          __builtin_add_overflow(value, static_cast<std::uint64_t>(text_[at_] - '0'), &value))
        bad("number too large");
    if (at_ == first) bad("expected a number");
    if (text_[first] == '0' && at_ > first + 1) bad("a number begins with 0");
    return value;
  }
  std::vector<std::uint64_t> numbers() {
    std::vector<std::uint64_t> list;
    expect('[');
    if (accept(']')) return list;
    do {
      if (list.size() > 64) bad("too many numbers");
      list.push_back(number());
    } while (accept(','));
    expect(']');
    return list;
  }

  void parse_metadata() {
    if (!metadata.empty() || seen_metadata_) bad("metadata given twice");
    seen_metadata_ = true;
    expect('{');
    if (accept('}')) return;
    do {
      const std::string key = string();
      expect(':');
      if (!metadata.emplace(key, string()).second) bad("metadata key given twice");
    } while (accept(','));
    expect('}');
  }

  void parse_entry(const std::string& name) {
    TensorEntry entry{.name = name};
    bool dtype = false, shape = false, offsets = false;
    const auto once = [&](bool& seen) {
      if (std::exchange(seen, true)) bad("member given twice");
    };
    expect('{');
    do {
      const std::string key = string();
      expect(':');
      if (key == "dtype") {
        once(dtype);
        entry.dtype = string();
      } else if (key == "shape") {
        once(shape);
        entry.shape = numbers();
      } else if (key == "data_offsets") {
        once(offsets);
        const auto list = numbers();
        if (list.size() != 2) bad("expected two data offsets");
        entry.begin = list[0], entry.end = list[1];
      } else {
        bad("unknown member");
      }
    } while (accept(','));
    expect('}');
    if (!dtype || !shape || !offsets) bad("member missing");
    entries.push_back(std::move(entry));
  }

  std::string_view text_;
  const std::string& path_;
  std::size_t at_ = 0;
  bool seen_metadata_ = false;
};

}  // namespace linnet::inline LINNET_ABI::detail
