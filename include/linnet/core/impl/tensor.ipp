#pragma once

#include <array>
#include <atomic>
#include <cmath>
#include <cstring>
#include <limits>

#include "linnet/core/impl/elements.ipp"
#include "linnet/core/object_pool.hpp"
#include "linnet/core/tensor.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

/// Ids are handed to threads in runs, so that making a tensor touches no shared counter.
inline std::uint64_t next_tensor_id() {
  static constinit std::atomic<std::uint64_t> next_run{1};
  static constinit thread_local std::uint64_t id = 0, run_end = 0;
  constexpr std::uint64_t run = 1 << 20;
  if (id == run_end) {
    id = next_run.fetch_add(run, std::memory_order_relaxed);
    run_end = id + run;
  }
  return id++;
}

inline IntrusivePtr<TensorImpl> new_impl(const Shape& shape, DType dtype, Device device) {
  auto* t = ::new (pool_allocate(sizeof(TensorImpl))) TensorImpl();
  t->id = next_tensor_id();
  t->shape = shape;
  t->dtype = dtype;
  t->device = device;
  return IntrusivePtr<TensorImpl>(t);
}

void TensorImpl::destroy(TensorImpl* impl) noexcept {
  impl->~TensorImpl();
  pool_deallocate(impl, sizeof(TensorImpl));
}

/// Bytes of a dense tensor; refuses negative extents and products that overflow.
inline std::size_t checked_bytes(const Shape& shape, DType dtype) {
  std::size_t bytes = itemsize(dtype);
  bool zero = false;
  for (std::int64_t d : shape) {
    if (d < 0) fail<ShapeError>("tensor", "negative extent in shape ", shape);
    zero = zero || d == 0;
  }
  if (zero) return 0;
  for (std::int64_t d : shape)
    if (__builtin_mul_overflow(bytes, static_cast<std::size_t>(d), &bytes) || bytes > SIZE_MAX / 2)
      fail<OutOfMemoryError>("tensor", "shape ", shape, " is too large");
  return bytes;
}

Tensor empty(const TensorSpec& spec) {
  return from_storage(Storage::allocate(checked_bytes(spec.shape, spec.dtype), spec.device), spec);
}

Tensor from_storage(StoragePtr storage, const TensorSpec& spec) {
  auto t = new_impl(spec.shape, spec.dtype, spec.device);
  t->strides = dense_strides(spec.shape);
  t->data = storage->data();
  t->storage = std::move(storage);
  return Tensor(std::move(t));
}

Tensor make_view(const Tensor& x, const Shape& shape, const Strides& strides, void* data) {
  auto t = new_impl(shape, x.dtype(), x.device());
  t->storage = x.impl()->storage;
  t->strides = strides;
  t->data = data;
  t->contiguous = is_dense(shape, strides);
  return Tensor(std::move(t));
}

Tensor make_traced(Trace* trace, std::uint64_t serial, ValueId value, const TensorSpec& spec) {
  auto t = new_impl(spec.shape, spec.dtype, spec.device);
  t->trace = trace;
  t->trace_serial = serial;
  t->value = value;
  return Tensor(std::move(t));
}

}  // namespace detail

const Shape& Tensor::shape() const { return detail::impl_of(*this).shape; }
DType Tensor::dtype() const { return detail::impl_of(*this).dtype; }
Device Tensor::device() const { return detail::impl_of(*this).device; }
std::uint64_t Tensor::id() const { return detail::impl_of(*this).id; }
bool Tensor::is_traced() const { return detail::impl_of(*this).trace_serial != 0; }
const Strides& Tensor::strides() const { return detail::concrete(*this, "strides").strides; }
bool Tensor::is_contiguous() const { return detail::impl_of(*this).contiguous; }

const void* Tensor::checked_data(DType t) const {
  const detail::TensorImpl& impl = detail::concrete(*this, "data");
  if (impl.dtype != t)
    fail<DTypeError>("data", "the tensor's dtype is ", impl.dtype, ", asked for ", t);
  if (!impl.contiguous)
    fail<ShapeError>("data", "a strided view of shape ", impl.shape,
                     " has no contiguous data; take contiguous(x) first");
  return impl.data;
}

Scalar Tensor::item_scalar() const {
  const detail::TensorImpl& impl = detail::concrete(*this, "item");
  if (impl.shape.size() != 1)
    fail<ShapeError>("item", "expected one element, got shape ", impl.shape);
  return detail::load_scalar(impl.data, impl.dtype);
}

Tensor::operator bool() const { return detail::saturate<bool>(item_scalar()); }

Tensor adopt(void* data, const Shape& shape, DType dtype, std::function<void()> deleter,
             Device device) {
  return adopt_strided(data, shape, dense_strides(shape), dtype, std::move(deleter), device);
}

Tensor adopt_strided(void* data, const Shape& shape, const Strides& strides, DType dtype,
                     std::function<void()> deleter, Device device) {
  const std::size_t bytes = detail::checked_bytes(shape, dtype);
  if (strides.rank() != shape.rank())
    fail<ShapeError>("adopt", "shape ", shape, " with strides ", strides);
  if (!data && bytes > 0) fail<ValueError>("adopt", "null pointer for shape ", shape);
  auto t = detail::new_impl(shape, dtype, device);
  t->strides = strides;
  t->contiguous = is_dense(shape, strides);
  t->data = data;
  t->storage = detail::Storage::adopt(data, bytes, device, std::move(deleter));
  return Tensor(std::move(t));
}

}  // namespace linnet::inline LINNET_ABI
