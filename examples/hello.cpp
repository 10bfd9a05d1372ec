// A tensor, an op and a gradient.
#include <cstdio>
#include <iostream>
#include <linnet/linnet.hpp>

using namespace linnet;

int main() {
  const Tensor x = tensor({{1.f, 2.f}, {3.f, 4.f}});
  std::cout << x << "\n" << matmul(x, x) + 1 << "\n";

  GradientTape tape;
  tape.watch(x);
  const Tensor y = sum(square(x));              // y = sum of x_i^2
  const Tensor gradient = tape.gradient(y, x);  // dy/dx = 2x
  std::cout << "y = " << y.item<float>() << ", dy/dx =\n" << values_to_string(gradient) << "\n";
  return gradient(1, 1).item<float>() == 8 ? 0 : 1;
}
