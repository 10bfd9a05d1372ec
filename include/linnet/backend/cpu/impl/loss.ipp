#pragma once

#include "linnet/backend/cpu/impl/integers.ipp"
#include "linnet/backend/cpu/isa.hpp"
#include "linnet/core/error.hpp"
#include "linnet/core/threads.hpp"
#include "linnet/ops/primitives/loss.hpp"
#ifdef LINNET_HEADER_ONLY
#include "linnet/backend/cpu/kernels/softmax.hpp"
#endif

namespace linnet::inline LINNET_ABI {

namespace detail {

class SparseCrossEntropyKernel final : public Kernel {
 public:
  SparseCrossEntropyKernel(const Call& call, std::int64_t ignore, bool backward)
      : length_(call.in[0].shape[1]),
        rows_(call.in[0].shape[0]),
        ignore_(ignore),
        labels_(call.in[1].dtype),
        is_double_(call.in[0].dtype == DType::float64),
        backward_(backward) {}

  std::size_t workspace_bytes() const override { return static_cast<std::size_t>(rows_) * 8; }
  KernelTraits traits() const override { return {.fallible = !backward_}; }
  std::string description() const override { return "cross_entropy"; }

  void run(const Run& run) const override {
    auto* labels = static_cast<std::int64_t*>(run.workspace);
    for (std::int64_t i = 0; i < rows_; ++i) {
      labels[i] = load_integer(run.in[1], labels_, i);
      const bool ignored = ignore_ != SparseCrossEntropy::no_class && labels[i] == ignore_;
      const bool valid = ignored || (labels[i] >= 0 && labels[i] < length_);
      if (!valid && !backward_) run.status->record(run.node, 1, labels[i]);
    }
    parallel_for(rows_, 8192 / (length_ + 1) + 1, [&](std::int64_t begin, std::int64_t end) {
      isa::cross_entropy({.logits = run.in[0],
                          .labels = labels,
                          .dy = backward_ ? run.in[2] : nullptr,
                          .out = run.out[0],
                          .is_double = is_double_,
                          .length = length_,
                          .begin = begin,
                          .end = end,
                          .ignore = ignore_});
    });
  }

  [[noreturn]] void throw_error(int, std::int64_t value) const override {
    fail<IndexError>("sparse_categorical_crossentropy", "label ", value, " is outside [0, ",
                     length_, ")");
  }

 private:
  std::int64_t length_, rows_, ignore_;
  DType labels_;
  bool is_double_, backward_;
};

}  // namespace detail

KernelPtr SparseCrossEntropy::cpu_kernel(const Call& call) {
  const DType t = call.in[0].dtype;
  if (t != DType::float32 && t != DType::float64) return nullptr;
  return detail::own_kernel(new detail::SparseCrossEntropyKernel(
      call, call.primitive.get_if<SparseCrossEntropy>()->ignore_class, false));
}

KernelPtr SparseCrossEntropyBackward::cpu_kernel(const Call& call) {
  const DType t = call.in[0].dtype;
  if (t != DType::float32 && t != DType::float64) return nullptr;
  return detail::own_kernel(new detail::SparseCrossEntropyKernel(
      call, call.primitive.get_if<SparseCrossEntropyBackward>()->ignore_class, true));
}

}  // namespace linnet::inline LINNET_ABI
