#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "linnet/ops/quantization.hpp"

/// Quantized ops by their definitions, with sums in 64 bits.
namespace quantized {

using linnet::Shape;
using linnet::Tensor;

inline std::vector<std::int64_t> integers(const Tensor& t) { return t.to_vector<std::int64_t>(); }

inline std::int64_t zero_point(const Tensor& t) { return t.defined() ? integers(t)[0] : 0; }

/// Round to even, add, saturate; NaN is the zero point.
inline double quantize(double x, double scale, double zero, linnet::DType t) {
  const double low = t == linnet::int8 ? -128 : 0, high = t == linnet::int8 ? 127 : 255;
  const double q = static_cast<double>(static_cast<float>(x) / static_cast<float>(scale));
  return std::isnan(q) ? zero : std::clamp(std::nearbyint(q) + zero, low, high);
}

/// Sums of a [rows, k] less its zero point, by b [k, n].
inline std::vector<std::int64_t> product(const Tensor& a, std::int64_t zero, const Tensor& b) {
  const auto x = integers(a), w = integers(b);
  const auto k = static_cast<std::size_t>(b.dim(0)), n = static_cast<std::size_t>(b.dim(1));
  const std::size_t rows = k ? x.size() / k : static_cast<std::size_t>(a.dim(0));
  std::vector<std::int64_t> sums(rows * n, 0);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t p = 0; p < k; ++p)
      for (std::size_t j = 0; j < n; ++j) sums[i * n + j] += (x[i * k + p] - zero) * w[p * n + j];
  return sums;
}

struct Window {
  std::int64_t stride = 1, dilation = 1, top = 0, left = 0, groups = 1;
};

/// Sums of a cross-correlation with output y [n, h, w, out]; nothing is added outside the image.
inline std::vector<std::int64_t> convolution(const Tensor& x, std::int64_t zero,
                                             const Tensor& kernel, const Shape& y,
                                             const Window& window) {
  const auto xs = integers(x), ks = integers(kernel);
  const Shape &s = x.shape(), &k = kernel.shape();
  const auto at = [](std::int64_t i) { return static_cast<std::size_t>(i); };
  std::vector<std::int64_t> sums;
  for (std::int64_t i = 0; i < y.size(); ++i) {
    const std::int64_t o = i % y[3], ow = i / y[3] % y[2], oh = i / y[3] / y[2] % y[1],
                       n = i / y[3] / y[2] / y[1], group = o / (k[3] / window.groups);
    std::int64_t sum = 0;
    for (std::int64_t t = 0; t < k[0] * k[1] * k[2]; ++t) {
      const std::int64_t c = t % k[2], kw = t / k[2] % k[1], kh = t / k[2] / k[1];
      const std::int64_t h = oh * window.stride - window.top + kh * window.dilation,
                         w = ow * window.stride - window.left + kw * window.dilation;
      if (h < 0 || h >= s[1] || w < 0 || w >= s[2]) continue;
      const std::int64_t channel = group * k[2] + c;
      sum += (xs[at(((n * s[1] + h) * s[2] + w) * s[3] + channel)] - zero) * ks[at(t * k[3] + o)];
    }
    sums.push_back(sum);
  }
  return sums;
}

/// sums * scales + bias, rounded once.
inline std::vector<double> finished(const std::vector<std::int64_t>& sums, const Tensor& x_scale,
                                    const Tensor& scale, const Tensor& bias, std::int64_t n) {
  const float s = x_scale.item<float>();
  const auto scales = scale.to_vector<float>();
  const auto offsets = bias.defined() ? bias.to_vector<double>() : std::vector<double>{};
  std::vector<double> y;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const std::size_t j = i % static_cast<std::size_t>(n);
    const float factor = s * scales[scales.size() == 1 ? 0 : j];
    const double offset = bias.defined() ? offsets[j] : 0;
    y.push_back(static_cast<double>(
        static_cast<float>(static_cast<double>(sums[i]) * static_cast<double>(factor) + offset)));
  }
  return y;
}

}  // namespace quantized
