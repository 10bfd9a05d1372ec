#pragma once

#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_BACKEND_LAYOUT
#endif

#include <cstdint>

#include "linnet/config.hpp"
#include "linnet/core/shape.hpp"
#include "linnet/core/tensor.hpp"

namespace linnet::inline LINNET_ABI {

/// How a value of some logical shape lies in memory. A layout never changes the shape.
struct Layout {
  enum class Kind : std::uint8_t {
    any,      ///< in a question: the kernel may choose
    dense,    ///< row-major, no gaps
    strided,  ///< `strides`, in elements; may be zero (broadcast) or negative
  };
  Kind kind = Kind::dense;
  Strides strides{};  ///< of Kind::strided only

  static Layout dense() { return {}; }
  static Layout any() { return {Kind::any, {}}; }
  /// Strides as a layout; dense when they are the dense ones of `shape`.
  static Layout of(const Shape& shape, const Strides& strides) {
    if (is_dense(shape, strides)) return {};
    return {Kind::strided, strides};
  }
  friend bool operator==(const Layout&, const Layout&) = default;
};

/// What a backend is told of each operand.
struct ValueSpec {
  Shape shape{};
  DType dtype = DType::float32;
  Device device{};
  Layout layout{};
  /// Element strides, also of a dense value.
  Strides strides() const {
    return layout.kind == Layout::Kind::strided ? layout.strides : dense_strides(shape);
  }
  bool is_dense() const { return layout.kind == Layout::Kind::dense; }
  friend bool operator==(const ValueSpec&, const ValueSpec&) = default;
};

/// A place in memory: shape, element strides and the distance, in elements, of the first element
/// from that of the value it is a view of.
struct StridedView {
  Shape shape{};
  Strides strides{};
  std::int64_t offset = 0;
};

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_BACKEND_LAYOUT
#include "linnet/impl/src.hpp"
#endif
