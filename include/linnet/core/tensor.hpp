#pragma once

#define LINNET_USES_CORE_TENSOR
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_CORE_TENSOR
#endif

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

#include "linnet/config.hpp"
#include "linnet/core/device.hpp"
#include "linnet/core/dtype.hpp"
#include "linnet/core/error.hpp"
#include "linnet/core/scalar.hpp"
#include "linnet/core/shape.hpp"
#include "linnet/core/slice.hpp"
#include "linnet/core/storage.hpp"

namespace linnet::inline LINNET_ABI {

class Trace;
using ValueId = std::int32_t;

/// What is known of a tensor without its data.
struct TensorSpec {
  Shape shape{};
  DType dtype = DType::float32;
  Device device{};
  friend bool operator==(const TensorSpec&, const TensorSpec&) = default;
};

namespace detail {
struct TensorImpl;
using TensorImplPtr = IntrusivePtr<TensorImpl>;
}  // namespace detail

/// An immutable n-dimensional array: shared storage seen through a shape and strides. Copying is
/// cheap (one reference count); reshape, transpose, slices and broadcasts are views of the same
/// memory. Inside a `linnet::function` being traced a Tensor stands for a value of the graph: its
/// shape, dtype and device can be asked, its data cannot (CaptureError).
///
///     Tensor x = tensor({{1.f, 2.f}, {3.f, 4.f}});
///     float s = sum(x * 2).item<float>();   // 20
class LINNET_EXPORT Tensor {
 public:
  /// An undefined tensor; everything but defined() and assignment throws ValueError.
  Tensor() noexcept = default;
  explicit Tensor(detail::TensorImplPtr impl) noexcept : impl_(std::move(impl)) {}

  bool defined() const noexcept { return static_cast<bool>(impl_); }
  LINNET_DECL const Shape& shape() const;
  int rank() const { return shape().rank(); }
  /// Extent of one axis; negative counts from the end.
  std::int64_t dim(int axis) const { return shape()[axis]; }
  /// Number of elements.
  std::int64_t size() const { return shape().size(); }
  std::size_t nbytes() const { return static_cast<std::size_t>(size()) * itemsize(dtype()); }
  LINNET_DECL DType dtype() const;
  LINNET_DECL Device device() const;
  TensorSpec spec() const { return {shape(), dtype(), device()}; }
  /// A number that no other tensor of this process has or had.
  LINNET_DECL std::uint64_t id() const;

  /// True while it stands for a value of a graph being traced.
  LINNET_DECL bool is_traced() const;
  /// Element distances along each axis; CaptureError for a traced tensor.
  LINNET_DECL const Strides& strides() const;
  LINNET_DECL bool is_contiguous() const;

  /// The elements in row-major order. The span lives as long as this tensor's storage. ShapeError
  /// for a strided view (take `contiguous(x)` first), DTypeError for another dtype, CaptureError
  /// for a traced tensor.
  template <ElementType T>
  std::span<const T> data() const {
    return {static_cast<const T*>(checked_data(dtype_of<T>)), static_cast<std::size_t>(size())};
  }
  /// The single element, converted to T; ShapeError unless size() == 1.
  template <class T>
  requires std::is_arithmetic_v<T> T item()
  const { return item_scalar().as<T>(); }
  /// All elements in row-major order, converted to T, whatever the strides.
  template <class T>
  requires std::is_arithmetic_v<T> std::vector<T> to_vector()
  const;
  /// The truth of the single element.
  LINNET_DECL explicit operator bool() const;

  /// NumPy's basic indexing, as views: `x(0)`, `x(all, Slice(1, end))`, `x(ellipsis, newaxis)`.
  template <class... I>
  requires(std::is_constructible_v<Index, I>&&...) Tensor operator()(I... indices) const {
    const Index list[] = {Index(indices)...};
    return at(list);
  }
  LINNET_DECL Tensor at(std::span<const Index> indices) const;

  // Internal: for backends, ops and interop.
  const void* raw_data() const;  ///< first element, no checks; null when traced
  detail::TensorImpl* impl() const noexcept { return impl_.get(); }

 private:
  LINNET_DECL const void* checked_data(DType t) const;
  LINNET_DECL Scalar item_scalar() const;
  detail::TensorImplPtr impl_;
};

/// A dense tensor of T's dtype holding a copy of `values`; ShapeError if their number is not
/// `shape.size()`.
template <ElementType T>
Tensor from_span(std::span<const T> values, const Shape& shape);
template <class T>
requires ElementType<T> &&(!std::is_same_v<T, bool>)Tensor
    from_vector(const std::vector<T>& values, const Shape& shape) {
  return from_span(std::span<const T>(values), shape);
}

/// Literals: scalars and nested braces of rank 0 to 3. ShapeError when rows differ in length.
///
///     tensor(3.f);  tensor({1, 2, 3});  tensor({{1.f, 2.f}, {3.f, 4.f}});
template <ElementType T>
Tensor tensor(T value);
template <ElementType T>
Tensor tensor(std::initializer_list<T> values);
template <ElementType T>
Tensor tensor(std::initializer_list<std::initializer_list<T>> rows);
template <ElementType T>
Tensor tensor(std::initializer_list<std::initializer_list<std::initializer_list<T>>> planes);

/// Caller's dense row-major memory as a tensor, without a copy; `deleter` runs when the last view
/// of it is gone. The caller must not write to it while tensors live. DeviceError if this build has
/// no support for the device; on an error the deleter is not called.
LINNET_DECL Tensor adopt(void* data, const Shape& shape, DType dtype,
                         std::function<void()> deleter = {}, Device device = cpu);
/// As above with element strides; ShapeError for negative strides that leave the block is the
/// caller's responsibility: `data` is the address of element (0, ..., 0).
LINNET_DECL Tensor adopt_strided(void* data, const Shape& shape, const Strides& strides,
                                 DType dtype, std::function<void()> deleter = {},
                                 Device device = cpu);

namespace detail {

/// The body of a Tensor: metadata, and either storage or a place in a trace.
struct LINNET_EXPORT TensorImpl : RefCounted<TensorImpl> {
  std::uint64_t id = 0;
  Shape shape;
  DType dtype = DType::float32;
  Device device{};
  bool contiguous = true;
  // concrete
  StoragePtr storage;
  void* data = nullptr;  // first element: storage->data() + offset
  Strides strides;
  // traced
  std::uint64_t trace_serial = 0;  // 0: concrete
  Trace* trace = nullptr;  // valid only while trace_serial is the current trace's (or outer's)
  ValueId value = -1;

  LINNET_DECL static void destroy(TensorImpl* impl) noexcept;
};

/// A new dense, uninitialized tensor.
LINNET_DECL Tensor empty(const TensorSpec& spec);
/// A new dense tensor whose buffer may be written through the returned pointer until published.
template <ElementType T>
T* mutable_data(const Tensor& t) {
  return static_cast<T*>(t.impl()->data);
}
/// A view: another shape, strides and first element over x's storage.
LINNET_DECL Tensor make_view(const Tensor& x, const Shape& shape, const Strides& strides,
                             void* data);
/// A tensor that stands for `value` of `trace`.
LINNET_DECL Tensor make_traced(Trace* trace, std::uint64_t serial, ValueId value,
                               const TensorSpec& spec);
/// A dense tensor over existing storage (data is storage's first byte).
LINNET_DECL Tensor from_storage(StoragePtr storage, const TensorSpec& spec);
/// Copies and converts x's elements, in row-major order, to `out` of dtype `to`.
LINNET_DECL void copy_elements(const Tensor& x, void* out, DType to);
/// A dense tensor of `dtype` with the same values (x itself if it already is). CPU tensors only;
/// no op is recorded.
LINNET_DECL Tensor dense(const Tensor& x);

}  // namespace detail

inline const void* Tensor::raw_data() const { return impl_ ? impl_->data : nullptr; }

}  // namespace linnet::inline LINNET_ABI

#include "linnet/core/impl/tensor_templates.hpp"

#ifdef LINNET_FIRST_CORE_TENSOR
#include "linnet/impl/src.hpp"
#endif
