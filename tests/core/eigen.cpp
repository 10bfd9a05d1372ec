#include "linnet/eigen.hpp"

#include <doctest/doctest.h>

#include "linnet/ops/matmul.hpp"
#include "linnet/ops/shape.hpp"

using namespace linnet;

TEST_CASE("tensors and Eigen matrices see the same values") {
  const Tensor x = tensor({{1.f, 2.f, 3.f}, {4.f, 5.f, 6.f}});
  const auto m = as_eigen<float>(x);
  CHECK(m.data() == x.raw_data());
  CHECK(m(1, 0) == 4);
  const Eigen::MatrixXf product = m * m.transpose();  // column-major
  CHECK(from_eigen(product).to_vector<float>() == matmul(x, transpose(x)).to_vector<float>());
  CHECK(as_eigen<float>(x(0)).cols() == 3);
  CHECK_THROWS_AS(as_eigen<double>(x), DTypeError);
  CHECK_THROWS_AS(as_eigen<float>(transpose(x)), ShapeError);
  CHECK_THROWS_AS(as_eigen<float>(expand_dims(x, 0)), ShapeError);
}
