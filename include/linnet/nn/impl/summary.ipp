#pragma once

#include <algorithm>
#include <cstdio>

#include "linnet/nn/impl/model.ipp"
#include "linnet/nn/model.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

inline std::string with_commas(std::int64_t n) {
  std::string s = std::to_string(n);
  for (int i = static_cast<int>(s.size()) - 3; i > 0; i -= 3)
    s.insert(static_cast<std::size_t>(i), ",");
  return s;
}

inline std::string human_bytes(std::int64_t bytes) {
  const char* units[] = {"B", "KB", "MB", "GB", "TB"};
  auto value = static_cast<double>(bytes);
  int unit = 0;
  while (value >= 1024 && unit < 4) value /= 1024, ++unit;
  char text[40];
  std::snprintf(text, sizeof text, "%.2f %s", value, units[unit]);
  return text;
}

/// A box-drawing table with three columns, the last right-aligned.
class SummaryTable {
 public:
  explicit SummaryTable(int length) {
    const int inner = std::max(length, 40) - 4;
    widths_[0] = inner * 46 / 100;
    widths_[1] = inner * 33 / 100 + 1;
    widths_[2] = inner - widths_[0] - widths_[1];
  }
  void rule(const char* left, const char* middle, const char* right, const char* line) {
    text += left;
    for (int c = 0; c < 3; ++c) {
      for (int i = 0; i < widths_[c]; ++i) text += line;
      text += c < 2 ? middle : right;
    }
    text += "\n";
  }
  void row(const std::string& a, const std::string& b, const std::string& c, const char* bar) {
    text += bar;
    cell(a, widths_[0], false), text += bar;
    cell(b, widths_[1], false), text += bar;
    cell(c, widths_[2], true), text += bar;
    text += "\n";
  }
  std::string text;

 private:
  void cell(std::string s, int width, bool right) {
    const auto room = static_cast<std::size_t>(width - 2);
    if (s.size() > room) s = s.substr(0, room - 1) + "~";
    const std::string space(room - s.size(), ' ');
    text += " " + (right ? space + s : s + space) + " ";
  }
  int widths_[3];
};

inline std::string shape_with_open_batch(const std::optional<Shape>& shape) {
  if (!shape) return "?";
  std::string out = "(None";
  for (int a = 1; a < shape->rank(); ++a) out += ", " + std::to_string((*shape)[a]);
  return out + ")";
}

inline std::string parameter_line(const char* what, const std::vector<Variable>& variables) {
  std::int64_t count = 0, bytes = 0;
  for (const Variable& v : variables) {
    count += v.size();
    bytes += v.size() * static_cast<std::int64_t>(itemsize(v.dtype()));
  }
  return std::string(" ") + what + " params: " + with_commas(count) + " (" + human_bytes(bytes) +
         ")\n";
}

}  // namespace detail

std::string Model::summary_text(const SummaryOptions& options) const {
  detail::SummaryTable table(options.line_length);
  table.text = "Model: \"" + name() + "\"\n";
  table.rule("┏", "┳", "┓", "━");
  table.row("Layer (type)", "Output Shape", "Param #", "┃");
  table.rule("┡", "╇", "┩", "━");
  bool first = true;
  for (const auto& layer : layers()) {
    if (!first) table.rule("├", "┼", "┤", "─");
    first = false;
    const std::string params =
        layer->built() ? detail::with_commas(layer->count_params()) : "0 (unbuilt)";
    table.row(layer->name() + " (" + layer->type_name() + ")",
              detail::shape_with_open_batch(layer->output_shape()), params, "│");
  }
  table.rule("└", "┴", "┘", "─");
  // The optimizer's state counts once it is there.
  std::vector<Variable> all = variables(), slots;
  if (steps_ && optimizer().built()) slots = optimizer().variables();
  all.insert(all.end(), slots.begin(), slots.end());
  return table.text + detail::parameter_line("Total", all) +
         detail::parameter_line("Trainable", trainable_variables()) +
         detail::parameter_line("Non-trainable", non_trainable_variables()) +
         (slots.empty() ? "" : detail::parameter_line("Optimizer", slots));
}

void Model::summary(const SummaryOptions& options) const {
  std::fputs(summary_text(options).c_str(), stdout);
}

std::string Model::summary_text() const { return summary_text({}); }
void Model::summary() const { summary({}); }

}  // namespace linnet::inline LINNET_ABI
