#pragma once

#include <algorithm>

#include "linnet/backend/cpu/isa.hpp"
#include "linnet/core/threads.hpp"
#include "linnet/ops/primitives/norm.hpp"
#ifdef LINNET_HEADER_ONLY
#include "linnet/backend/cpu/kernels/norm.hpp"
#endif

namespace linnet::inline LINNET_ABI {

namespace detail {

/// The rows of a normalized tensor [..., length].
struct NormRows {
  explicit NormRows(const ValueSpec& x)
      : length(x.shape[-1]),
        rows(length ? x.shape.size() / length : 0),
        is_double(x.dtype == DType::float64) {
    grain = 16384 / (length + 1) + 1;
    part = std::max<std::int64_t>(64, (rows + 255) / 256);
    parts = (rows + part - 1) / part;
  }
  std::int64_t length, rows;
  bool is_double;
  std::int64_t grain;        ///< rows that are worth a thread
  std::int64_t part, parts;  ///< gradients of gamma and beta: rows of a partial sum
};

class LayerNormBackwardKernel final : public Kernel {
 public:
  LayerNormBackwardKernel(const Call& call, bool center) : x_(call.in[1]), center_(center) {}

  std::size_t workspace_bytes() const override {
    return static_cast<std::size_t>(x_.parts * 2 * x_.length * item());
  }
  std::span<const InPlace> in_place() const override {
    static constexpr InPlace pairs[] = {{.in = 0, .out = 0}, {.in = 1, .out = 0}};
    return pairs;
  }
  std::string description() const override { return "layer_norm"; }

  void run(const Run& run) const override {
    parallel_for(x_.parts, x_.grain / x_.part + 1, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t p = begin; p < end; ++p) {
        auto* sums = static_cast<std::byte*>(run.workspace) + p * 2 * x_.length * item();
        isa::layer_norm_backward({.dy = run.in[0],
                                  .x = run.in[1],
                                  .gamma = run.in[2],
                                  .mean = center_ ? run.in[4] : nullptr,
                                  .rstd = run.in[3],
                                  .dx = run.out[0],
                                  .dgamma = sums,
                                  .dbeta = sums + x_.length * item(),
                                  .is_double = x_.is_double,
                                  .length = x_.length,
                                  .begin = p * x_.part,
                                  .end = std::min((p + 1) * x_.part, x_.rows)});
      }
    });
    for (std::size_t o = 0; o < 2; ++o)
      isa::sum_parts({.parts = static_cast<const std::byte*>(run.workspace) +
                               static_cast<std::int64_t>(o) * x_.length * item(),
                      .out = run.out[1 + o],
                      .is_double = x_.is_double,
                      .length = x_.length,
                      .count = x_.parts,
                      .stride = 2 * x_.length});
  }

 private:
  std::int64_t item() const { return x_.is_double ? 8 : 4; }
  NormRows x_;
  bool center_;
};

}  // namespace detail

KernelPtr LayerNorm::cpu_kernel(const Call& call) {
  const LayerNorm p = *call.primitive.get_if<LayerNorm>();
  const DType t = call.in[0].dtype;
  if (t != DType::float32 && t != DType::float64) return nullptr;
  return make_kernel(
      [p, x = detail::NormRows(call.in[0])](const Run& run) {
        detail::parallel_for(x.rows, x.grain, [&](std::int64_t begin, std::int64_t end) {
          isa::layer_norm({.x = run.in[0],
                           .gamma = run.in[1],
                           .beta = p.center ? run.in[2] : nullptr,
                           .y = run.out[0],
                           .mean = p.center ? run.out[2] : nullptr,
                           .rstd = run.out[1],
                           .is_double = x.is_double,
                           .epsilon = p.epsilon,
                           .length = x.length,
                           .begin = begin,
                           .end = end});
        });
      },
      {.in_place = {{.in = 0, .out = 0}}, .description = "layer_norm"});
}

KernelPtr LayerNormBackward::cpu_kernel(const Call& call) {
  const DType t = call.in[0].dtype;
  if (t != DType::float32 && t != DType::float64) return nullptr;
  return std::make_shared<detail::LayerNormBackwardKernel>(
      call, call.primitive.get_if<LayerNormBackward>()->center);
}

}  // namespace linnet::inline LINNET_ABI
