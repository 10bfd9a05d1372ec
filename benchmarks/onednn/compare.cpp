#include "compare.hpp"

#include <cstring>

namespace compare {

using namespace linnet;

Own::Own(PrimitiveRef p, const std::vector<Tensor>& in, const std::vector<TensorSpec>& out,
         bool best)
    : in_(in) {
  std::vector<ValueSpec> ins, outs;
  for (const Tensor& t : in)
    ins.push_back({t.shape(), t.dtype(), t.device(), Layout::of(t.shape(), t.strides())});
  for (const TensorSpec& s : out) {
    outs.push_back({s.shape, s.dtype, s.device, Layout::dense()});
    out_.push_back(zeros(s.shape, s.dtype));
  }
  const Call call{.primitive = p, .in = ins, .out = outs, .threads = 1};
  kernel_ = best ? detail::compile_kernel(call) : backends(DeviceType::cpu).back()->compile(call);
  workspace_ = zeros({static_cast<std::int64_t>(kernel_->workspace_bytes())}, uint8);
  state_ = kernel_->make_state();
  if (kernel_->prepared().input < 0) return;
  prepared_ = zeros({static_cast<std::int64_t>(kernel_->prepared().bytes)}, uint8);
  run([&](const Run& r) { kernel_->prepare(r); });
}

void Own::operator()() const {
  run([&](const Run& r) { kernel_->run(r); });
}

template <class F>
void Own::run(F f) const {
  std::vector<const void*> in;
  std::vector<void*> out;
  for (const Tensor& t : in_) in.push_back(t.raw_data());
  for (const Tensor& t : out_) out.push_back(const_cast<void*>(t.raw_data()));
  Status status;
  f(Run{.in = in,
        .out = out,
        .immediates = {},
        .workspace = const_cast<void*>(workspace_.raw_data()),
        .state = state_.get(),
        .status = &status,
        .prepared = prepared_.defined() ? const_cast<void*>(prepared_.raw_data()) : nullptr});
}

const dnnl::engine& Theirs::engine() {
  static const dnnl::engine e(dnnl::engine::kind::cpu, 0);
  return e;
}

Theirs& Theirs::with(int argument, const dnnl::memory::desc& descriptor) {
  dnnl::memory m(descriptor, engine());
  if (descriptor.get_data_type() == dnnl::memory::data_type::f32) {
    auto* values = static_cast<float*>(m.get_data_handle());
    for (std::size_t i = 0; i < descriptor.get_size() / 4; ++i)
      values[i] = 0.1f + static_cast<float>(i % 17) / 17;
  } else if (descriptor.get_size() > 0) {
    std::memset(m.get_data_handle(), 1, descriptor.get_size());
  }
  arguments_.insert_or_assign(argument, m);
  return *this;
}

}  // namespace compare
