#pragma once

#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_EIGEN
#endif

#include <Eigen/Core>

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"

/// Tensors as Eigen matrices and back. Templates in the user's translation unit, over raw pointers:
/// whatever Eigen the application uses, with whatever flags.
namespace linnet::inline LINNET_ABI {

template <class T>
using EigenMatrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// A matrix [rows, columns] seen by Eigen where it lies, read-only; it lives as long as the
/// tensor's storage. ShapeError unless the rank is 2 (or 1: one row) and the memory contiguous,
/// DTypeError for another dtype.
///
///     Eigen::VectorXf v = as_eigen<float>(weights) * Eigen::VectorXf::Ones(n);
template <ElementType T>
Eigen::Map<const EigenMatrix<T>> as_eigen(const Tensor& x) {
  if (x.rank() != 1 && x.rank() != 2)
    fail<ShapeError>("as_eigen", "expected rank 1 or 2, got shape ", x.shape());
  const auto values = x.data<T>();
  return {values.data(), x.rank() == 2 ? x.dim(0) : 1, x.dim(-1)};
}

/// A tensor [rows, columns] with a copy of an Eigen expression's values.
template <class Derived>
Tensor from_eigen(const Eigen::MatrixBase<Derived>& m) {
  using T = typename Derived::Scalar;
  const Tensor t = detail::empty({{m.rows(), m.cols()}, dtype_of<T>, cpu});
  Eigen::Map<EigenMatrix<T>>(detail::mutable_data<T>(t), m.rows(), m.cols()) = m;
  return t;
}

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_EIGEN
#include "linnet/impl/src.hpp"
#endif
