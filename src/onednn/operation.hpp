#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <dnnl.hpp>

#include "linnet/config.hpp"
#include "linnet/core/dtype.hpp"
#include "linnet/ops/primitives/activation.hpp"

/// oneDNN as Linnet uses it: every primitive runs on one thread, and Linnet's own team runs
/// several at once over parts of the batch. So there is one team in the process, whatever OpenMP
/// library oneDNN, or the application, was built with.
namespace linnet::inline LINNET_ABI::onednn {

const dnnl::engine& engine();
/// bf16 or f32.
dnnl::memory::data_type data_type(DType t);

/// OpenMP regions of this thread have one thread for the length of the scope: where primitives are
/// made and where they run.
class OneThread {
 public:
  OneThread();
  ~OneThread();
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  int before_;
};

/// A primitive with the descriptors of its arguments (DNNL_ARG_...) in the order in which
/// Runner::run takes their pointers. Immutable: many Runners may share it.
struct Operation {
  dnnl::primitive primitive;
  std::vector<std::pair<int, dnnl::memory::desc>> arguments;
};

/// A scratchpad of the caller's, and an activation on what is computed.
dnnl::primitive_attr attributes_of(Activation activation);
/// Copies between two layouts of the same elements.
Operation reorder(const dnnl::memory::desc& from, const dnnl::memory::desc& to);
/// True unless oneDNN fell back to a reference or im2col implementation.
bool is_fast(const char* implementation);

/// What one thread at a time needs to run an Operation: a stream and memory objects.
class Runner {
 public:
  explicit Runner(const Operation& operation);
  /// `pointers` in the order of the operation's arguments.
  void run(std::span<void* const> pointers);

 private:
  dnnl::primitive primitive_;
  dnnl::stream stream_;
  std::vector<dnnl::memory> memories_;
  std::vector<dnnl_exec_arg_t> arguments_;
};

}  // namespace linnet::inline LINNET_ABI::onednn
