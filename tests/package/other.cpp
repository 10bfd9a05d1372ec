#include <linnet/ops/reduce.hpp>

float other_unit(const linnet::Tensor& x) { return linnet::sum(x).item<float>(); }
