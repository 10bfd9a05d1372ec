#pragma once

#define LINNET_USES_NN_LAYERS_RESHAPING
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_NN_LAYERS_RESHAPING
#endif

#include <cstdint>
#include <string>
#include <vector>

#include "linnet/config.hpp"
#include "linnet/nn/layer.hpp"
#include "linnet/nn/layers/options.hpp"
#include "linnet/ops/primitives/conv.hpp"

namespace linnet::inline LINNET_ABI::layers {

/// [n, ...] -> [n, product of the rest].
struct LINNET_EXPORT Flatten : Layer {
  LINNET_DECL explicit Flatten(const LayerOptions& options = {});
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "Flatten"; }
};

/// [n, ...] -> [n] + target; one extent may be -1.
struct LINNET_EXPORT Reshape : Layer {
  LINNET_DECL explicit Reshape(Shape target_shape, const LayerOptions& options = {});
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "Reshape"; }
  Shape target_shape;
};

/// Axes of each sample in another order: out axis i is in axis dims[i - 1], counted from 1.
struct LINNET_EXPORT Permute : Layer {
  LINNET_DECL explicit Permute(std::vector<int> dims, const LayerOptions& options = {});
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "Permute"; }
  std::vector<int> dims;
};
/// [n, c] -> [n, times, c].
struct LINNET_EXPORT RepeatVector : Layer {
  LINNET_DECL explicit RepeatVector(std::int64_t times, const LayerOptions& options = {});
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "RepeatVector"; }
  std::int64_t times;
};

/// Elements before and after along an axis; one number means both.
struct Border {
  int before = 0, after = 0;
  constexpr Border(int both) : before(both), after(both) {}  // NOLINT: implicit on purpose
  constexpr Border(int b, int a) : before(b), after(a) {}
};
/// Borders of an image: `1`, `{1, 2}` (height, width) or `{{1, 0}, {2, 3}}`.
struct Borders2D {
  Border height, width;
  constexpr Borders2D(int all) : height(all), width(all) {}  // NOLINT: implicit on purpose
  constexpr Borders2D(Border h, Border w) : height(h), width(w) {}
};

/// [n, t, c] with zeros before and after its steps. ValueError for negative numbers.
struct LINNET_EXPORT ZeroPadding1D : Layer {
  LINNET_DECL explicit ZeroPadding1D(Border padding = 1, const LayerOptions& options = {});
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "ZeroPadding1D"; }
  Border padding;
};
/// [n, h, w, c] with rows and columns of zeros around it. ValueError for negative numbers.
struct LINNET_EXPORT ZeroPadding2D : Layer {
  LINNET_DECL explicit ZeroPadding2D(Borders2D padding = 1, const LayerOptions& options = {});
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "ZeroPadding2D"; }
  Borders2D padding;
};
/// [n, t, c] without its first and last steps. ShapeError if none is left.
struct LINNET_EXPORT Cropping1D : Layer {
  LINNET_DECL explicit Cropping1D(Border cropping = 1, const LayerOptions& options = {});
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "Cropping1D"; }
  Border cropping;
};
/// [n, h, w, c] without the rows and columns at its borders. ShapeError if nothing is left.
struct LINNET_EXPORT Cropping2D : Layer {
  LINNET_DECL explicit Cropping2D(Borders2D cropping = 0, const LayerOptions& options = {});
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "Cropping2D"; }
  Borders2D cropping;
};
/// [n, t, c] -> [n, t size, c]: each step `size` times.
struct LINNET_EXPORT UpSampling1D : Layer {
  LINNET_DECL explicit UpSampling1D(std::int64_t size = 2, const LayerOptions& options = {});
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "UpSampling1D"; }
  std::int64_t size;
};
struct UpSampling2DOptions {
  std::string interpolation = "nearest";  ///< or "bilinear"
  std::string name{};
};
/// [n, h, w, c] -> [n, h size.h, w size.w, c]: each pixel repeated, or lines between the centres of
/// pixels ("bilinear"; beyond the outermost centres their values). ValueError for another name.
struct LINNET_EXPORT UpSampling2D : Layer {
  LINNET_DECL explicit UpSampling2D(Size2D size = 2, UpSampling2DOptions options = {});
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "UpSampling2D"; }
  Size2D size;
  UpSampling2DOptions options;
};

}  // namespace linnet::inline LINNET_ABI::layers

#ifdef LINNET_FIRST_NN_LAYERS_RESHAPING
#include "linnet/impl/src.hpp"
#endif
