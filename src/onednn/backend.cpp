#include "linnet/backend/onednn.hpp"

#include <cstdlib>
#include <string_view>

#include "convolution.hpp"
#include "linnet/ops/primitives/conv.hpp"
#include "linnet/ops/primitives/matmul.hpp"
#include "linnet/ops/primitives/quantization.hpp"
#include "matmul.hpp"
#include "operation.hpp"
#include "quantized.hpp"

namespace linnet::inline LINNET_ABI::onednn {

namespace {

class OneDnnBackend final : public Backend {
 public:
  explicit OneDnnBackend(bool always) : always_(always) {}
  std::string_view name() const override { return "onednn"; }
  KernelPtr compile(const Call& call) const override try {
    const PrimitiveRef p = call.primitive;
    if (p.get_if<Conv2D>()) return convolution(call);
    if (p.get_if<Conv2DBackwardInput>()) return convolution_backward_input(call);
    if (p.get_if<Conv2DBackwardKernel>()) return convolution_backward_kernel(call);
    if (p.get_if<MatMul>()) return matmul(call);
    if (p.get_if<QuantizedMatMul>()) return quantized_matmul(call, always_);
    if (p.get_if<QuantizedConv2D>()) return quantized_convolution(call, always_);
    return nullptr;
  } catch (const dnnl::error&) {  // it has no such primitive
    return nullptr;
  }

 private:
  bool always_;
};

}  // namespace

std::shared_ptr<const Backend> make_backend() {
  const char* text = std::getenv("LINNET_ONEDNN");
  if (text && text[0] == '0') return nullptr;
  return std::make_shared<OneDnnBackend>(text && std::string_view(text) == "always");
}

}  // namespace linnet::inline LINNET_ABI::onednn
