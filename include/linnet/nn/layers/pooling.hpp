#pragma once

#define LINNET_USES_NN_LAYERS_POOLING
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_NN_LAYERS_POOLING
#endif

#include <cstdint>
#include <string>

#include "linnet/config.hpp"
#include "linnet/nn/layer.hpp"
#include "linnet/ops/primitives/conv.hpp"

namespace linnet::inline LINNET_ABI::layers {

struct PoolingOptions {
  Size2D strides = 0;  ///< 0: the pool size
  std::string padding = "valid";
  std::string name{};
};

/// See linnet::max_pool2d.
struct LINNET_EXPORT MaxPooling2D : Layer {
  LINNET_DECL explicit MaxPooling2D(Size2D pool_size = 2, PoolingOptions options = {});
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "MaxPooling2D"; }
  Size2D pool_size;
  PoolingOptions options;
};

/// See linnet::avg_pool2d.
struct LINNET_EXPORT AveragePooling2D : Layer {
  LINNET_DECL explicit AveragePooling2D(Size2D pool_size, PoolingOptions options = {});
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "AveragePooling2D"; }
  Size2D pool_size;
  PoolingOptions options;
};

struct GlobalPoolingOptions {
  bool keepdims = false;
  std::string name{};
};
/// [n, h, w, c] -> [n, c], or [n, 1, 1, c] with keepdims: the mean of each channel.
struct LINNET_EXPORT GlobalAveragePooling2D : Layer {
  LINNET_DECL explicit GlobalAveragePooling2D(GlobalPoolingOptions options = {});
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "GlobalAveragePooling2D"; }
  GlobalPoolingOptions options;
};

/// The same with the maximum.
struct LINNET_EXPORT GlobalMaxPooling2D : Layer {
  LINNET_DECL explicit GlobalMaxPooling2D(GlobalPoolingOptions options = {});
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "GlobalMaxPooling2D"; }
  GlobalPoolingOptions options;
};

struct Pooling1DOptions {
  std::int64_t strides = 0;  ///< 0: the pool size
  std::string padding = "valid";
  std::string name{};
};
/// The maximum over windows of steps of [n, t, c]; see linnet::max_pool2d.
struct LINNET_EXPORT MaxPooling1D : Layer {
  LINNET_DECL explicit MaxPooling1D(std::int64_t pool_size = 2, Pooling1DOptions options = {});
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "MaxPooling1D"; }
  std::int64_t pool_size;
  Pooling1DOptions options;
};
/// The mean over windows of steps; padding does not count.
struct LINNET_EXPORT AveragePooling1D : Layer {
  LINNET_DECL explicit AveragePooling1D(std::int64_t pool_size, Pooling1DOptions options = {});
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "AveragePooling1D"; }
  std::int64_t pool_size;
  Pooling1DOptions options;
};
/// [n, t, c] -> [n, c], or [n, 1, c] with keepdims: the mean over steps, with a mask over those
/// that count.
struct LINNET_EXPORT GlobalAveragePooling1D : Layer {
  LINNET_DECL explicit GlobalAveragePooling1D(GlobalPoolingOptions options = {});
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  LINNET_DECL Tensor call_masked(const Tensor& x, const Tensor& mask, bool training) override;
  std::string type_name() const override { return "GlobalAveragePooling1D"; }
  GlobalPoolingOptions options;
};
/// The maximum over steps.
struct LINNET_EXPORT GlobalMaxPooling1D : Layer {
  LINNET_DECL explicit GlobalMaxPooling1D(GlobalPoolingOptions options = {});
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "GlobalMaxPooling1D"; }
  GlobalPoolingOptions options;
};

}  // namespace linnet::inline LINNET_ABI::layers

#ifdef LINNET_FIRST_NN_LAYERS_POOLING
#include "linnet/impl/src.hpp"
#endif
