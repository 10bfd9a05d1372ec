#pragma once

#define LINNET_USES_CORE_SHAPE
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_CORE_SHAPE
#endif

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>

#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI {

/// A list of at most `Shape::max_rank` integers, stored inline: the extents of a tensor's axes, or
/// its strides. Negative axes count from the end, as in NumPy.
///
///     Shape s{2, 3};
///     s.rank();  s[-1];  s.size();   // 2, 3, 6
class Shape {
 public:
  static constexpr int max_rank = 8;

  constexpr Shape() = default;
  /// Throws ShapeError when there are more than `max_rank` extents.
  LINNET_DECL Shape(std::initializer_list<std::int64_t> dims);
  LINNET_DECL explicit Shape(std::span<const std::int64_t> dims);

  constexpr int rank() const { return rank_; }
  /// Extent of `axis`; throws IndexError when the axis does not exist.
  LINNET_DECL std::int64_t operator[](int axis) const;
  /// Number of elements: the product of the extents, 1 for a scalar.
  constexpr std::int64_t size() const {
    std::uint64_t n = 1;  // wraps where a signed product would be undefined
    for (int i = 0; i < rank_; ++i)
      n *= static_cast<std::uint64_t>(dims_[static_cast<std::size_t>(i)]);
    return static_cast<std::int64_t>(n);
  }
  std::span<const std::int64_t> dims() const { return {dims_.data(), rank_}; }
  std::span<std::int64_t> dims() { return {dims_.data(), rank_}; }
  constexpr const std::int64_t* begin() const { return dims_.data(); }
  constexpr const std::int64_t* end() const { return dims_.data() + rank_; }
  bool empty() const { return rank_ == 0; }

  /// Appends an extent; throws ShapeError at rank `max_rank`.
  LINNET_DECL void push_back(std::int64_t extent);
  /// Sets the extent of `axis` (negative counts from the end).
  LINNET_DECL void set(int axis, std::int64_t extent);
  /// A copy without `axis` / with `extent` inserted before `axis`.
  LINNET_DECL Shape without(int axis) const;
  LINNET_DECL Shape with(int axis, std::int64_t extent) const;

  friend constexpr bool operator==(const Shape& a, const Shape& b) {
    if (a.rank_ != b.rank_) return false;
    for (std::size_t i = 0; i < a.rank_; ++i)
      if (a.dims_[i] != b.dims_[i]) return false;
    return true;
  }

 private:
  std::array<std::int64_t, max_rank> dims_{};
  std::uint8_t rank_ = 0;
};

/// Element (not byte) distances between neighbours along each axis.
using Strides = Shape;

/// "(2, 3)", "(4,)", "()".
LINNET_DECL std::string to_string(const Shape& shape);
/// Row-major strides of a dense tensor.
LINNET_DECL Strides dense_strides(const Shape& shape);
/// True if the strides are those of a dense row-major tensor (axes of extent 1 do not count).
LINNET_DECL bool is_dense(const Shape& shape, const Strides& strides);
/// The shape that `a` and `b` broadcast to (NumPy's rule); ShapeError naming `op` if they do not.
LINNET_DECL Shape broadcast_shapes(const char* op, const Shape& a, const Shape& b);
/// `axis` in [0, rank); throws IndexError naming `op` otherwise.
LINNET_DECL int normalize_axis(const char* op, int axis, int rank);

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_CORE_SHAPE
#include "linnet/impl/src.hpp"
#endif
