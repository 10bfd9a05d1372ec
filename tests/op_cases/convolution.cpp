#include <algorithm>

#include "linnet/ops/conv.hpp"
#include "op_cases/op_case.hpp"
#include "op_cases/random_input.hpp"

using namespace linnet;

namespace {

using Values = std::vector<double>;
using Tensors = std::vector<Tensor>;

/// Cross-correlation by its definition.
Values conv_reference(const Tensor& x, const Tensor& kernel, int stride, int pad, int oh, int ow,
                      int groups) {
  const auto at = [](const Values& v, const Shape& s, std::int64_t a, std::int64_t b,
                     std::int64_t c, std::int64_t d) {
    return v[std::size_t(((a * s[1] + b) * s[2] + c) * s[3] + d)];
  };
  const Values xv = x.to_vector<double>(), kv = kernel.to_vector<double>();
  const Shape& k = kernel.shape();
  Values out;
  for (int n = 0; n < x.dim(0); ++n)
    for (int h = 0; h < oh; ++h)
      for (int w = 0; w < ow; ++w)
        for (int o = 0; o < k[3]; ++o) {
          double s = 0;
          const std::int64_t first = o / (k[3] / groups) * k[2];
          for (int a = 0; a < k[0]; ++a)
            for (int b = 0; b < k[1]; ++b)
              for (int c = 0; c < k[2]; ++c) {
                const int ih = h * stride + a - pad, iw = w * stride + b - pad;
                if (ih < 0 || iw < 0 || ih >= x.dim(1) || iw >= x.dim(2)) continue;
                s += at(xv, x.shape(), n, ih, iw, first + c) * at(kv, k, a, b, c, o);
              }
          out.push_back(s);
        }
  return out;
}

/// By scattering: every input adds its kernel to the output, `before` further to the front.
Values transposed_reference(const Tensors& t, int stride, int before, int oh, int ow) {
  const Shape &x = t[0].shape(), &k = t[1].shape();
  const Values v = t[0].to_vector<double>(), w = t[1].to_vector<double>();
  Values out(std::size_t(x[0] * oh * ow * k[2]));
  std::size_t at = 0;
  for (int n = 0; n < x[0]; ++n)
    for (int i = 0; i < x[1]; ++i)
      for (int j = 0; j < x[2]; ++j)
        for (int c = 0; c < x[3]; ++c, ++at)
          for (int a = 0; a < k[0]; ++a)
            for (int b = 0; b < k[1]; ++b)
              for (int o = 0; o < k[2]; ++o) {
                const int h = i * stride + a - before, u = j * stride + b - before;
                if (h < 0 || u < 0 || h >= oh || u >= ow) continue;
                out[std::size_t(((n * oh + h) * ow + u) * k[2] + o)] +=
                    v[at] * w[std::size_t(((a * k[1] + b) * k[2] + o) * k[3] + c)];
              }
  return out;
}

OpCase transposed(const Shape& x, const Shape& k, Conv2DTransposeOptions o, int before, int oh,
                  int ow) {
  OpCase c{"conv2d_transpose", {random(x, 1), random(k, 2)}, [o](const Tensors& t) {
             return conv2d_transpose(t[0], t[1], o);
           }};
  c.reference_all = [=](const Tensors& t) {
    return transposed_reference(t, int(o.strides.h), before, oh, ow);
  };
  c.tolerance = 2e-5;
  return c;
}

OpCase conv(const Shape& x, const Shape& k, Conv2DOptions o, int pad, int oh, int ow) {
  OpCase c{"conv2d", {random(x, 1), random(k, 2)}, [o](const Tensors& t) {
             return conv2d(t[0], t[1], o);
           }};
  c.reference_all = [=](const Tensors& t) {
    return conv_reference(t[0], t[1], int(o.strides.h), pad, oh, ow, o.groups);
  };
  c.tolerance = 2e-5;
  return c;
}

OpCase pooling(const char* name, bool average, const Pool2DOptions& o, int window, int stride,
               int oh, int ow) {
  OpCase c{name, {random({2, 5, 5, 3}, 8)}, [=](const Tensors& t) {
             return average ? avg_pool2d(t[0], window, o) : max_pool2d(t[0], window, o);
           }};
  c.reference_all = [=](const Tensors& t) {
    const Values v = t[0].to_vector<double>();
    Values out;
    for (int n = 0; n < 2; ++n)
      for (int h = 0; h < oh; ++h)
        for (int w = 0; w < ow; ++w)
          for (int ch = 0; ch < 3; ++ch) {
            double best = -1e300, s = 0;
            int count = 0;
            for (int a = h * stride; a < std::min(h * stride + window, 5); ++a)
              for (int b = w * stride; b < std::min(w * stride + window, 5); ++b, ++count) {
                const double x = v[std::size_t(((n * 5 + a) * 5 + b) * 3 + ch)];
                best = std::max(best, x), s += x;
              }
            out.push_back(average ? s / count : best);
          }
    return out;
  };
  return c;
}
const AddCases convolutions{{
    conv({2, 5, 6, 3}, {3, 3, 3, 4}, {}, 0, 3, 4),
    conv({1, 5, 5, 2}, {3, 3, 2, 3}, {.padding = "same"}, 1, 5, 5),
    conv({2, 7, 7, 2}, {3, 3, 2, 5}, {.strides = 2}, 0, 3, 3),
    conv({1, 5, 5, 4}, {3, 3, 2, 6}, {.padding = "same", .groups = 2}, 1, 5, 5),
    conv({1, 4, 4, 1}, {1, 1, 1, 2}, {}, 0, 4, 4),
    transposed({1, 3, 4, 2}, {3, 3, 3, 2}, {}, 0, 5, 6),
    transposed({2, 3, 2, 3}, {3, 3, 2, 3}, {.strides = 2}, 0, 7, 5),
    transposed({1, 3, 3, 2}, {2, 2, 1, 2}, {.strides = 3}, 0, 9, 9),
    transposed({1, 3, 4, 2}, {3, 3, 2, 2}, {.strides = 2, .padding = "same"}, 0, 6, 8),
    transposed({1, 3, 3, 2}, {4, 4, 2, 2}, {.padding = "same"}, 1, 3, 3),
    transposed({1, 2, 3, 2}, {3, 3, 2, 2}, {.strides = 2, .output_padding = 1}, 0, 6, 8),
    pooling("max_pool2d", false, {}, 2, 2, 2, 2),
    pooling("max_pool2d", false, {.strides = 2, .padding = "same"}, 2, 2, 3, 3),
    pooling("avg_pool2d", true, {}, 2, 2, 2, 2),
    pooling("avg_pool2d", true, {.strides = 2, .padding = "same"}, 2, 2, 3, 3),
}};

}  // namespace
