#include "operation.hpp"

#include <omp.h>

#include <string_view>

#include "linnet/core/error.hpp"
#include "linnet/core/message.hpp"

namespace linnet::inline LINNET_ABI::onednn {

const dnnl::engine& engine() {
  // Never destroyed: it outlives the kernels of static objects.
  static const auto& e = *new dnnl::engine(dnnl::engine::kind::cpu, 0);
  return e;
}

OneThread::OneThread() : before_(omp_get_max_threads()) {
  if (before_ != 1) omp_set_num_threads(1);
}
OneThread::~OneThread() {
  if (before_ != 1) omp_set_num_threads(before_);
}

dnnl::memory::data_type data_type(DType t) {
  return t == DType::bfloat16 ? dnnl::memory::data_type::bf16 : dnnl::memory::data_type::f32;
}

dnnl::primitive_attr attributes_of(Activation activation) {
  dnnl::primitive_attr attr;
  attr.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  if (activation == Activation::none) return attr;
  const auto algorithm = activation == Activation::relu   ? dnnl::algorithm::eltwise_relu
                         : activation == Activation::tanh ? dnnl::algorithm::eltwise_tanh
                                                          : dnnl::algorithm::eltwise_logistic;
  dnnl::post_ops ops;
  ops.append_eltwise(algorithm, 0.f, 0.f);
  attr.set_post_ops(ops);
  return attr;
}

Operation reorder(const dnnl::memory::desc& from, const dnnl::memory::desc& to) {
  return {dnnl::reorder(dnnl::reorder::primitive_desc(engine(), from, engine(), to)),
          {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}}};
}

bool is_fast(const char* implementation) {
  const std::string_view name = implementation;
  return !name.starts_with("ref") && !name.starts_with("simple") &&
         name.find("gemm") == std::string_view::npos;
}

Runner::Runner(const Operation& operation) : primitive_(operation.primitive), stream_(engine()) {
  memories_.reserve(operation.arguments.size());
  for (const auto& [argument, descriptor] : operation.arguments) {
    memories_.emplace_back(descriptor, engine(), nullptr);
    arguments_.push_back({argument, memories_.back().get()});
  }
}

void Runner::run(std::span<void* const> pointers) {
  for (std::size_t i = 0; i < pointers.size(); ++i)
    dnnl_memory_set_data_handle(arguments_[i].memory, pointers[i]);
  const dnnl_status_t status = dnnl_primitive_execute(
      primitive_.get(), stream_.get(), static_cast<int>(arguments_.size()), arguments_.data());
  if (status != dnnl_success)
    fail<NotSupportedError>("onednn", "a primitive failed with status ", static_cast<int>(status));
}

}  // namespace linnet::inline LINNET_ABI::onednn
