#pragma once

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "linnet/nn/logs.hpp"

/// Writes the named series of a history as line charts over epochs; false if the file cannot be
/// written.
inline bool write_svg(const linnet::History& history, const std::vector<std::string>& names,
                      const std::string& path) {
  constexpr int width = 640, height = 360, margin = 48;
  const char* colours[] = {"#1f77b4", "#ff7f0e", "#2ca02c", "#d62728"};
  double low = 1e300, high = -1e300;
  std::size_t epochs = 1;
  for (const std::string& name : names)
    for (double v : history[name]) low = std::min(low, v), high = std::max(high, v);
  for (const std::string& name : names) epochs = std::max(epochs, history[name].size());
  if (high <= low) high = low + 1;
  const auto x = [&](std::size_t i) {
    return margin + static_cast<double>(i) * (width - 2 * margin) /
                        static_cast<double>(std::max<std::size_t>(epochs - 1, 1));
  };
  const auto y = [&](double v) {
    return height - margin - (v - low) / (high - low) * (height - 2 * margin);
  };
  std::FILE* file = std::fopen(path.c_str(), "w");
  if (!file) return false;
  std::fprintf(
      file,
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
      "font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%%\" height=\"100%%\" "
      "fill=\"white\"/>\n",
      width, height);
  for (int i = 0; i <= 4; ++i) {
    const double v = low + (high - low) * i / 4;
    std::fprintf(file,
                 "<path d=\"M%d %.1fH%d\" stroke=\"#ddd\"/><text x=\"4\" y=\"%.1f\">%.3f</text>\n",
                 margin, y(v), width - margin, y(v) + 4, v);
  }
  for (std::size_t s = 0; s < names.size(); ++s) {
    std::fprintf(file, "<polyline fill=\"none\" stroke-width=\"2\" stroke=\"%s\" points=\"",
                 colours[s % 4]);
    for (std::size_t i = 0; i < history[names[s]].size(); ++i)
      std::fprintf(file, "%.1f,%.1f ", x(i), y(history[names[s]][i]));
    std::fprintf(file, "\"/>\n<text x=\"%d\" y=\"20\" fill=\"%s\">%s</text>\n",
                 margin + static_cast<int>(s) * 140, colours[s % 4], names[s].c_str());
  }
  std::fprintf(file, "<text x=\"%d\" y=\"%d\">epoch 1 to %zu</text>\n</svg>\n", width / 2 - 40,
               height - 12, epochs);
  return std::fclose(file) == 0;
}
