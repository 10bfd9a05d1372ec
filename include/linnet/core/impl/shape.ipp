#pragma once

#include "linnet/core/error.hpp"
#include "linnet/core/shape.hpp"

namespace linnet::inline LINNET_ABI {

Shape::Shape(std::initializer_list<std::int64_t> dims)
    : Shape(std::span<const std::int64_t>(dims.begin(), dims.size())) {}

Shape::Shape(std::span<const std::int64_t> dims) {
  if (dims.size() > max_rank)
    fail<ShapeError>("shape", "expected at most ", max_rank, " axes, got ", dims.size());
  for (std::int64_t d : dims) dims_[rank_++] = d;
}

std::int64_t Shape::operator[](int axis) const {
  return dims_[static_cast<std::size_t>(normalize_axis("shape", axis, rank_))];
}

void Shape::push_back(std::int64_t extent) {
  if (rank_ == max_rank) fail<ShapeError>("shape", "expected at most ", max_rank, " axes");
  dims_[rank_++] = extent;
}

void Shape::set(int axis, std::int64_t extent) {
  dims_[static_cast<std::size_t>(normalize_axis("shape", axis, rank_))] = extent;
}

Shape Shape::without(int axis) const {
  const int at = normalize_axis("shape", axis, rank_);
  Shape s;
  for (int i = 0; i < rank_; ++i)
    if (i != at) s.push_back((*this)[i]);
  return s;
}

Shape Shape::with(int axis, std::int64_t extent) const {
  const int at = normalize_axis("shape", axis, rank_ + 1);
  Shape s;
  for (int i = 0; i <= rank_; ++i) {
    if (i == at) s.push_back(extent);
    if (i < rank_) s.push_back((*this)[i]);
  }
  return s;
}

std::string to_string(const Shape& shape) {
  std::string out = "(";
  const char* separator = "";
  for (std::int64_t d : shape) {
    detail::append(out, separator);
    detail::append(out, d);
    separator = ", ";
  }
  return out + (shape.rank() == 1 ? ",)" : ")");
}

Strides dense_strides(const Shape& shape) {
  Strides strides = shape;
  std::uint64_t step = 1;  // unsigned: beside an extent of 0 the others may overflow
  const auto out = strides.dims();
  for (std::size_t i = out.size(); i-- > 0;) {
    const std::int64_t extent = out[i];
    out[i] = static_cast<std::int64_t>(step);
    step *= extent > 0 ? static_cast<std::uint64_t>(extent) : 1;
  }
  return strides;
}

bool is_dense(const Shape& shape, const Strides& strides) {
  std::uint64_t step = 1;
  bool dense = true;
  for (int i = shape.rank() - 1; i >= 0; --i) {
    const std::int64_t extent = shape.dims()[static_cast<std::size_t>(i)];
    if (extent == 0) return true;
    const auto stride = static_cast<std::uint64_t>(strides.dims()[static_cast<std::size_t>(i)]);
    dense = dense && (extent == 1 || stride == step);
    step *= static_cast<std::uint64_t>(extent);
  }
  return dense;
}

Shape broadcast_shapes(const char* op, const Shape& a, const Shape& b) {
  if (a == b) return a;
  const int rank = a.rank() > b.rank() ? a.rank() : b.rank();
  Shape out;
  for (int i = 0; i < rank; ++i) {
    const int ia = i - (rank - a.rank()), ib = i - (rank - b.rank());
    const std::int64_t da = ia < 0 ? 1 : a[ia], db = ib < 0 ? 1 : b[ib];
    if (da != db && da != 1 && db != 1)
      fail<ShapeError>(op, "shapes do not broadcast: ", a, " and ", b);
    out.push_back(da == 1 ? db : da);
  }
  return out;
}

int normalize_axis(const char* op, int axis, int rank) {
  if (axis < -rank || axis >= rank)
    fail<IndexError>(op, "axis ", axis, " is out of range for rank ", rank);
  return axis < 0 ? axis + rank : axis;
}

}  // namespace linnet::inline LINNET_ABI
