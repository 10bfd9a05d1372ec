#pragma once

#include <cstdio>
#include <string>

#include "linnet/core/tensor.hpp"

/// Draws grey images [28, 28] in [0, 1] in the terminal, two rows of pixels a line of half blocks.
inline void draw_image(const linnet::Tensor& image) {
  const auto pixels = image.to_vector<float>();
  const auto height = static_cast<int>(image.dim(0)), width = static_cast<int>(image.dim(1));
  const auto grey = [&](int row, int column) {
    const float p = row < height ? pixels[static_cast<std::size_t>(row * width + column)] : 0;
    return 232 + static_cast<int>(p * 23.0f);
  };
  for (int row = 0; row < height; row += 2) {
    for (int column = 0; column < width; ++column)
      std::printf("\033[38;5;%d;48;5;%dm▀", grey(row, column), grey(row + 1, column));
    std::printf("\033[0m\n");
  }
}
