#pragma once

#define LINNET_USES_NN_LAYERS_MERGE
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_NN_LAYERS_MERGE
#endif

#include <string>
#include <vector>

#include "linnet/config.hpp"
#include "linnet/nn/layer.hpp"

namespace linnet::inline LINNET_ABI::layers {

struct MergeOptions {
  std::string name{};
};

/// Base of layers that make one tensor of several, for models with branches:
///
///     Tensor call(const Tensor& x, bool training) override {
///       return (*add_)({x, (*branch_)(x, {.training = training})});
///     }
///
/// Shapes broadcast by NumPy's rule, but batches must agree. ValueError for less than two inputs,
/// ShapeError if they do not fit.
class LINNET_EXPORT Merge : public Layer {
 public:
  LINNET_DECL Tensor operator()(const std::vector<Tensor>& xs, const CallOptions& options = {});
  /// ValueError: one tensor is nothing to merge.
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;

 protected:
  using Layer::Layer;
  virtual Tensor merge(const std::vector<Tensor>& xs) = 0;
};

/// x_0 + x_1 + ...
class LINNET_EXPORT Add : public Merge {
 public:
  LINNET_DECL explicit Add(const MergeOptions& options = {});
  std::string type_name() const override { return "Add"; }

 protected:
  LINNET_DECL Tensor merge(const std::vector<Tensor>& xs) override;
};
/// x_0 - x_1, of exactly two.
class LINNET_EXPORT Subtract : public Merge {
 public:
  LINNET_DECL explicit Subtract(const MergeOptions& options = {});
  std::string type_name() const override { return "Subtract"; }

 protected:
  LINNET_DECL Tensor merge(const std::vector<Tensor>& xs) override;
};
/// x_0 x_1 ...
class LINNET_EXPORT Multiply : public Merge {
 public:
  LINNET_DECL explicit Multiply(const MergeOptions& options = {});
  std::string type_name() const override { return "Multiply"; }

 protected:
  LINNET_DECL Tensor merge(const std::vector<Tensor>& xs) override;
};
/// (x_0 + x_1 + ...) / their number
class LINNET_EXPORT Average : public Merge {
 public:
  LINNET_DECL explicit Average(const MergeOptions& options = {});
  std::string type_name() const override { return "Average"; }

 protected:
  LINNET_DECL Tensor merge(const std::vector<Tensor>& xs) override;
};
/// max(x_0, x_1, ...)
class LINNET_EXPORT Maximum : public Merge {
 public:
  LINNET_DECL explicit Maximum(const MergeOptions& options = {});
  std::string type_name() const override { return "Maximum"; }

 protected:
  LINNET_DECL Tensor merge(const std::vector<Tensor>& xs) override;
};
/// min(x_0, x_1, ...)
class LINNET_EXPORT Minimum : public Merge {
 public:
  LINNET_DECL explicit Minimum(const MergeOptions& options = {});
  std::string type_name() const override { return "Minimum"; }

 protected:
  LINNET_DECL Tensor merge(const std::vector<Tensor>& xs) override;
};

struct ConcatenateOptions {
  int axis = -1;
  std::string name{};
};
/// One after the other along an axis; other extents must agree.
class LINNET_EXPORT Concatenate : public Merge {
 public:
  LINNET_DECL explicit Concatenate(const ConcatenateOptions& options = {});
  std::string type_name() const override { return "Concatenate"; }

 protected:
  LINNET_DECL Tensor merge(const std::vector<Tensor>& xs) override;

 private:
  int axis_;
};

struct DotOptions {
  bool normalize = false;  ///< divides by the norms along the axes: cosines
  std::string name{};
};
/// Sum of products of two tensors along one axis of each (from 1 on, or negative), sample by
/// sample: [n, ..a.., k], [n, ..b.., k] -> [n, ..a.., ..b..], or [n, 1] if nothing is left.
class LINNET_EXPORT Dot : public Merge {
 public:
  LINNET_DECL explicit Dot(int axis, const DotOptions& options = {});
  LINNET_DECL Dot(int first_axis, int second_axis, const DotOptions& options = {});
  std::string type_name() const override { return "Dot"; }

 protected:
  LINNET_DECL Tensor merge(const std::vector<Tensor>& xs) override;

 private:
  int first_axis_, second_axis_;
  bool normalize_;
};

}  // namespace linnet::inline LINNET_ABI::layers

#ifdef LINNET_FIRST_NN_LAYERS_MERGE
#include "linnet/impl/src.hpp"
#endif
