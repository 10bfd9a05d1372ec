#pragma once

#include <utility>
#include <vector>

#include "linnet/backend/backend.hpp"
#include "linnet/backend/cpu/widened.hpp"
#include "linnet/backend/eager.hpp"
#include "linnet/core/small_vector.hpp"

namespace linnet::inline LINNET_ABI::detail {

/// Operands in the workspace: where, and what converts them.
struct WidenedOperand {
  std::size_t offset = 0;
  KernelPtr convert;  // null: the operand is used as it is
};

class WidenedKernel final : public Kernel {
 public:
  explicit WidenedKernel(const Call& call) {
    std::vector<ValueSpec> in, out;
    for (const ValueSpec& v : call.in) in.push_back(add(v, inputs_, call.threads, true));
    for (const ValueSpec& v : call.out) out.push_back(add(v, outputs_, call.threads, false));
    Call wide = call;
    wide.in = in;
    wide.out = out;
    kernel_ = compile_kernel(wide);
    inner_offset_ = bytes_;
    bytes_ += kernel_->workspace_bytes();
    for (const ValueSpec& v : call.in) in_layouts_.push_back(v.layout);
    for (std::size_t i = 0; i < inputs_.size(); ++i)
      if (!inputs_[i].convert) in_layouts_[i] = Layout::dense();
  }

  std::span<const Layout> in_layouts() const override { return in_layouts_; }
  std::size_t workspace_bytes() const override { return bytes_; }
  KernelTraits traits() const override { return kernel_->traits(); }
  std::unique_ptr<KernelState> make_state() const override { return kernel_->make_state(); }
  void throw_error(int code, std::int64_t value) const override {
    kernel_->throw_error(code, value);
  }
  std::string description() const override { return "widened:" + kernel_->description(); }

  void run(const Run& run) const override {
    auto* memory = static_cast<std::byte*>(run.workspace);
    SmallVector<const void*, 8> in;
    SmallVector<void*, 4> out;
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      const WidenedOperand& w = inputs_[i];
      if (w.convert) convert(run, w, run.in[i], memory + w.offset);
      in.push_back(w.convert ? memory + w.offset : run.in[i]);
    }
    for (std::size_t o = 0; o < outputs_.size(); ++o)
      out.push_back(outputs_[o].convert ? memory + outputs_[o].offset : run.out[o]);
    Run wide = run;
    wide.in = in.span();
    wide.out = out.span();
    wide.workspace = memory + inner_offset_;
    kernel_->run(wide);
    for (std::size_t o = 0; o < outputs_.size(); ++o)
      if (outputs_[o].convert) convert(run, outputs_[o], memory + outputs_[o].offset, run.out[o]);
  }

 private:
  static void convert(const Run& run, const WidenedOperand& w, const void* from, void* to) {
    w.convert->run({.in = {&from, 1}, .out = {&to, 1}, .immediates = {}, .status = run.status});
  }

  /// The operand's float32 form, and its place.
  ValueSpec add(const ValueSpec& v, std::vector<WidenedOperand>& operands, int threads,
                bool is_input) {
    ValueSpec wide = v;
    wide.layout = Layout::dense();
    operands.emplace_back();
    if (!is_floating(v.dtype) || itemsize(v.dtype) != 2) return wide;
    wide.dtype = DType::float32;
    operands.back().offset = bytes_;
    bytes_ += (static_cast<std::size_t>(v.shape.size()) * 4 + 63) / 64 * 64;
    const ValueSpec &from = is_input ? v : wide, &to = is_input ? wide : v;
    operands.back().convert = compile_kernel({.primitive = copy_primitive(from.dtype),
                                              .in = {&from, 1},
                                              .out = {&to, 1},
                                              .device = v.device,
                                              .threads = threads});
    return wide;
  }

  KernelPtr kernel_;
  std::vector<WidenedOperand> inputs_, outputs_;
  std::vector<Layout> in_layouts_;
  std::size_t bytes_ = 0, inner_offset_ = 0;
};

KernelPtr widened_kernel(const Call& call) { return own_kernel(new WidenedKernel(call)); }

}  // namespace linnet::inline LINNET_ABI::detail
