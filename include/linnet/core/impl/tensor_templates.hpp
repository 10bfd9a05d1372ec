#pragma once

#include <algorithm>

#include "linnet/core/tensor.hpp"

/// Templates of tensor.hpp.
namespace linnet::inline LINNET_ABI {

template <class T>
requires std::is_arithmetic_v<T> std::vector<T> Tensor::to_vector()
const {
  if constexpr (std::is_same_v<T, bool>) {
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(size()));
    detail::copy_elements(*this, bytes.data(), DType::boolean);
    return std::vector<bool>(bytes.begin(), bytes.end());
  } else {
    std::vector<T> values(static_cast<std::size_t>(size()));
    using Stored = std::conditional_t<
        std::is_floating_point_v<T>, T,
        std::conditional_t<std::is_signed_v<T>, std::conditional_t<sizeof(T) == 8, std::int64_t, T>,
                           std::conditional_t<sizeof(T) == 8, std::uint64_t, T>>>;
    detail::copy_elements(*this, values.data(), dtype_of<Stored>);
    return values;
  }
}

template <ElementType T>
Tensor from_span(std::span<const T> values, const Shape& shape) {
  if (static_cast<std::int64_t>(values.size()) != shape.size())
    fail<ShapeError>("from_span", values.size(), " values for shape ", shape);
  Tensor t = detail::empty({shape, dtype_of<T>, cpu});
  std::copy(values.begin(), values.end(), detail::mutable_data<T>(t));
  return t;
}

template <ElementType T>
Tensor tensor(T value) {
  return from_span(std::span<const T>(&value, 1), {});
}

template <ElementType T>
Tensor tensor(std::initializer_list<T> values) {
  return from_span(std::span<const T>(values.begin(), values.size()),
                   {static_cast<std::int64_t>(values.size())});
}

template <ElementType T>
Tensor tensor(std::initializer_list<std::initializer_list<T>> rows) {
  const std::size_t columns = rows.size() ? rows.begin()->size() : 0;
  Tensor t =
      detail::empty({{static_cast<std::int64_t>(rows.size()), static_cast<std::int64_t>(columns)},
                     dtype_of<T>,
                     cpu});
  T* out = detail::mutable_data<T>(t);
  for (const auto& row : rows) {
    if (row.size() != columns)
      fail<ShapeError>("tensor", "rows of ", columns, " and ", row.size(), " values");
    out = std::copy(row.begin(), row.end(), out);
  }
  return t;
}

template <ElementType T>
Tensor tensor(std::initializer_list<std::initializer_list<std::initializer_list<T>>> planes) {
  const std::size_t rows = planes.size() ? planes.begin()->size() : 0;
  const std::size_t columns = rows ? planes.begin()->begin()->size() : 0;
  Tensor t = detail::empty({{static_cast<std::int64_t>(planes.size()),
                             static_cast<std::int64_t>(rows), static_cast<std::int64_t>(columns)},
                            dtype_of<T>,
                            cpu});
  T* out = detail::mutable_data<T>(t);
  for (const auto& plane : planes) {
    if (plane.size() != rows)
      fail<ShapeError>("tensor", "planes of ", rows, " and ", plane.size(), " rows");
    for (const auto& row : plane) {
      if (row.size() != columns)
        fail<ShapeError>("tensor", "rows of ", columns, " and ", row.size(), " values");
      out = std::copy(row.begin(), row.end(), out);
    }
  }
  return t;
}

}  // namespace linnet::inline LINNET_ABI
