#pragma once

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ostream>
#include <vector>

#include "linnet/core/impl/elements.ipp"
#include "linnet/core/print.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

inline constexpr std::int64_t print_threshold = 1000, edge_items = 3, line_width = 75;

inline std::string format(const char* pattern, int precision, double x) {
  char buffer[400];
  const int n = std::snprintf(buffer, sizeof buffer, pattern, precision, x);
  return {buffer, static_cast<std::size_t>(n)};
}

/// The fewest digits, at most `limit` after the point, that tell x from its neighbours of the
/// dtype: trailing zeros of the rounded decimal are dropped.
inline std::string shortest_fixed(double x, int limit) {
  std::string s = format("%#.*f", limit, x);
  const std::size_t last = s.find_last_not_of('0');
  s.erase(last + 1);
  return s;
}

/// How all values of one tensor are written.
struct NumberFormat {
  bool integer = false, boolean = false, exponent = false;
  int precision = 8, width = 0;

  std::string write(double x, std::int64_t i) const {
    std::string s = boolean ? (i ? "True" : "False") : integer ? std::to_string(i) : write_float(x);
    if (static_cast<int>(s.size()) < width)
      s.insert(0, static_cast<std::size_t>(width) - s.size(), ' ');
    return s;
  }
  std::string write_float(double x) const {
    if (std::isnan(x)) return "nan";
    if (std::isinf(x)) return x > 0 ? "inf" : "-inf";
    if (exponent) return format("%#.*e", precision, x);
    std::string s = shortest_fixed(x, precision);
    const std::size_t point = s.find('.');
    const std::size_t digits = point == std::string::npos ? 0 : s.size() - point - 1;
    s.append(static_cast<std::size_t>(std::max(0, aligned - static_cast<int>(digits))), ' ');
    return s;
  }
  int aligned = 0;  // digits after the point of the longest value
};

/// Writes a tensor's values; `shown` collects what will be printed to choose the format first.
class Printer {
 public:
  explicit Printer(const Tensor& x) : t_(*x.impl()), summarize_(x.size() > print_threshold) {
    std::vector<const std::byte*> shown;
    collect(static_cast<const std::byte*>(t_.data), 0, shown);
    choose_format(shown);
  }
  std::string text(const std::string& prefix) {
    std::string out;
    write(out, static_cast<const std::byte*>(t_.data), 0, prefix.size());
    return out;
  }

 private:
  std::int64_t extent(int axis) const { return t_.shape[axis]; }
  const std::byte* at(const std::byte* p, int axis, std::int64_t i) const {
    return p + i * t_.strides[axis] * static_cast<std::int64_t>(itemsize(t_.dtype));
  }
  bool elided(int axis) const { return summarize_ && extent(axis) > 2 * edge_items; }

  template <class F>
  void for_shown(int axis, F&& f) {
    const std::int64_t n = extent(axis);
    for (std::int64_t i = 0; i < n; ++i) {
      if (elided(axis) && i == edge_items) i = n - edge_items, f(-1);
      f(i);
    }
  }

  void collect(const std::byte* p, int axis, std::vector<const std::byte*>& shown) {
    if (axis == t_.shape.rank()) return shown.push_back(p);
    for_shown(axis, [&](std::int64_t i) {
      if (i >= 0) collect(at(p, axis, i), axis + 1, shown);
    });
  }

  void choose_format(const std::vector<const std::byte*>& shown) {
    format_.boolean = t_.dtype == DType::boolean;
    format_.integer = !is_floating(t_.dtype);
    if (!format_.integer) choose_float_format(shown);
    if (format_.boolean && t_.shape.rank() > 0) format_.width = 5;  // NumPy pads True to False
    for (const std::byte* p : shown)
      format_.width = std::max(format_.width, static_cast<int>(element(p).size()));
  }

  void choose_float_format(const std::vector<const std::byte*>& shown) {
    double low = INFINITY, high = 0;
    for (const std::byte* p : shown) {
      const double x = std::abs(load_scalar(p, t_.dtype).as<double>());
      if (!std::isfinite(x) || x == 0) continue;
      low = std::min(low, x), high = std::max(high, x);
    }
    format_.exponent = high >= 1e8 || (high > 0 && (low < 1e-4 || high / low > 1e3));
    const int digits = t_.dtype == DType::float64 || t_.dtype == DType::float32 ? 8 : 4;
    format_.precision = format_.exponent ? exponent_digits(shown, digits) : digits;
    if (format_.exponent) return;
    for (const std::byte* p : shown) {
      const double x = load_scalar(p, t_.dtype).as<double>();
      if (!std::isfinite(x)) continue;
      const std::string s = shortest(x, digits);
      format_.aligned = std::max(format_.aligned, static_cast<int>(s.size() - s.find('.') - 1));
    }
    format_.precision = format_.aligned;
  }

  /// The shortest decimal that reads back as the same value of the dtype, within `digits`.
  std::string shortest(double x, int digits) const {
    for (int d = 0; d < digits; ++d) {
      const std::string s = format("%#.*f", d, x);
      if (same(std::strtod(s.c_str(), nullptr), x)) return s;
    }
    return format("%#.*f", digits, x);
  }
  bool same(double a, double b) const {
    if (t_.dtype == DType::float64) return a == b;
    if (t_.dtype == DType::float32) return static_cast<float>(a) == static_cast<float>(b);
    if (t_.dtype == DType::float16)
      return to_float16(static_cast<float>(a)) == to_float16(static_cast<float>(b));
    return to_bfloat16(static_cast<float>(a)) == to_bfloat16(static_cast<float>(b));
  }
  int exponent_digits(const std::vector<const std::byte*>& shown, int limit) const {
    int digits = 0;
    for (const std::byte* p : shown) {
      const double x = load_scalar(p, t_.dtype).as<double>();
      if (!std::isfinite(x)) continue;
      int d = 0;
      while (d < limit && !same(std::strtod(format("%.*e", d, x).c_str(), nullptr), x)) ++d;
      digits = std::max(digits, d);
    }
    return digits;
  }

  std::string element(const std::byte* p) const {
    const Scalar s = load_scalar(p, t_.dtype);
    if (t_.dtype == DType::uint64) {
      std::string text = std::to_string(s.as<std::uint64_t>());
      if (static_cast<int>(text.size()) < format_.width)
        text.insert(0, static_cast<std::size_t>(format_.width) - text.size(), ' ');
      return text;
    }
    return format_.write(s.as<double>(), format_.integer ? s.as<std::int64_t>() : 0);
  }

  void write(std::string& out, const std::byte* p, int axis, std::size_t indent) {
    const int rank = t_.shape.rank();
    if (axis == rank) {
      out += element(p);
      return;
    }
    out += '[';
    const bool last = axis == rank - 1;
    std::size_t line = indent + static_cast<std::size_t>(axis) + 1;
    bool first = true;
    for_shown(axis, [&](std::int64_t i) {
      const std::string word = i < 0 ? "..." : last ? element(at(p, axis, i)) : "";
      if (!first)
        separate(out, last, line + word.size() + 1 > line_width - static_cast<std::size_t>(rank),
                 axis, indent, line);
      first = false;
      if (i >= 0 && !last)
        write(out, at(p, axis, i), axis + 1, indent);
      else
        out += word, line += word.size();
    });
    out += ']';
  }

  void separate(std::string& out, bool last, bool full, int axis, std::size_t indent,
                std::size_t& line) const {
    if (last && !full) {
      out += ' ', ++line;
      return;
    }
    out.append(last ? 1 : static_cast<std::size_t>(t_.shape.rank() - axis - 1), '\n');
    line = indent + static_cast<std::size_t>(axis) + 1;
    out.append(line, ' ');
  }

  const TensorImpl& t_;
  bool summarize_;
  NumberFormat format_;
};

}  // namespace detail

std::string values_to_string(const Tensor& x) {
  detail::concrete(x, "print");
  return detail::Printer(x).text("");
}

std::string to_string(const Tensor& x) {
  if (!x.defined()) return "tensor(undefined)";
  std::string out = "tensor(";
  if (x.is_traced())
    out += "traced value";
  else
    out += detail::Printer(x).text(out);
  detail::append(out, detail::concat_message(", shape=", x.shape(), ", dtype=", x.dtype()));
  if (!(x.device() == cpu)) detail::append(out, detail::concat_message(", device=", x.device()));
  return out + ")";
}

std::ostream& operator<<(std::ostream& out, const Tensor& x) { return out << to_string(x); }
std::ostream& operator<<(std::ostream& out, const Shape& shape) { return out << to_string(shape); }
std::ostream& operator<<(std::ostream& out, DType dtype) { return out << to_string(dtype); }

}  // namespace linnet::inline LINNET_ABI
