#pragma once

#define LINNET_USES_BACKEND_KERNEL
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_BACKEND_KERNEL
#endif

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "linnet/backend/layout.hpp"
#include "linnet/backend/primitive.hpp"
#include "linnet/config.hpp"
#include "linnet/core/scalar.hpp"

namespace linnet::inline LINNET_ABI {

/// The question a backend answers: a kernel for this primitive on these operands.
struct Call {
  PrimitiveRef primitive;
  std::span<const ValueSpec> in;
  std::span<const ValueSpec> out;  ///< layouts are dense, or any for "you choose"
  Device device{};
  int threads = 1;        ///< the kernel runs on at most so many
  bool captured = false;  ///< made once for an executable rather than for one eager call
  int immediates = 0;     ///< how many Scalars Run will carry
};

/// A data-dependent error, recorded by a fallible kernel: the first one wins.
struct Status {
  std::atomic<int> node{-1};  ///< -1: none
  int code = 0;
  std::int64_t value = 0;
  /// Records an error of the node that runs; safe from several threads.
  void record(int at, int error_code, std::int64_t error_value) {
    int none = -1;
    if (node.compare_exchange_strong(none, at)) code = error_code, value = error_value;
  }
  bool ok() const { return node.load(std::memory_order_acquire) < 0; }
};

/// What a kernel keeps between runs, one per executable instance or thread.
class LINNET_EXPORT KernelState {
 public:
  virtual ~KernelState() = default;
};

/// One run of a kernel. Inputs lie as the kernel's in_layouts() say, outputs as out_layouts().
struct Run {
  std::span<const void* const> in;
  std::span<void* const> out;
  std::span<const Scalar> immediates;
  void* workspace = nullptr;  ///< workspace_bytes(), 64-byte aligned, uninitialized
  KernelState* state = nullptr;
  Status* status = nullptr;  ///< never null
  int node = 0;              ///< what to pass to Status::record
  void* prepared = nullptr;  ///< what prepare() filled; null: run() does so in its workspace

  template <class T>
  const T* input(std::size_t i) const {
    return static_cast<const T*>(in[i]);
  }
  template <class T>
  T* output(std::size_t i = 0) const {
    return static_cast<T*>(out[i]);
  }
};

/// Output `out` may use the memory of input `in` (same shape and dtype).
struct InPlace {
  int in = 0;
  int out = 0;
};

/// Weights that a kernel reads in a form of its own: packed, transformed or reordered.
struct Prepared {
  int input = -1;         ///< which input alone decides it; -1: there is none
  std::size_t bytes = 0;  ///< of the prepared form, which workspace_bytes() counts, too
};

struct KernelTraits {
  bool fallible = false;  ///< may record a Status; it stays in bounds and goes on
};

/// How one backend runs one primitive on operands of known shape, dtype and layout. Immutable: one
/// object serves many threads at once.
class LINNET_EXPORT Kernel {
 public:
  virtual ~Kernel() = default;
  /// The layouts it wants, one per input; empty: dense for all. The caller mends a mismatch.
  virtual std::span<const Layout> in_layouts() const { return {}; }
  /// The layouts it gives; empty: dense for all.
  virtual std::span<const Layout> out_layouts() const { return {}; }
  virtual std::size_t workspace_bytes() const { return 0; }
  virtual std::span<const InPlace> in_place() const { return {}; }
  virtual KernelTraits traits() const { return {}; }
  virtual std::unique_ptr<KernelState> make_state() const { return nullptr; }
  virtual void run(const Run& run) const = 0;
  /// Where weights are the same at every call, memory for their packed form is kept, prepare()
  /// fills it once for each of their values, and run() gets it instead of the weights, which are
  /// null then, with a workspace smaller by as much.
  virtual Prepared prepared() const { return {}; }
  /// Fills run.prepared from run.in[prepared().input]; there are no other operands.
  virtual void prepare(const Run&) const {}
  /// Throws the typed error of a Status that this kernel recorded.
  [[noreturn]] LINNET_DECL virtual void throw_error(int code, std::int64_t value) const;
  /// What was chosen, for profiles: "onednn:jit:avx512_core".
  virtual std::string description() const { return "linnet"; }
};

/// The options of make_kernel.
struct KernelOptions {
  std::vector<Layout> in_layouts{};
  std::size_t workspace_bytes = 0;
  std::vector<InPlace> in_place{};
  const char* description = "linnet";
  Prepared prepared{};
};

namespace detail {
class OptionsKernel : public Kernel {
 public:
  explicit OptionsKernel(KernelOptions options) : options_(std::move(options)) {}
  std::span<const Layout> in_layouts() const final { return options_.in_layouts; }
  std::size_t workspace_bytes() const final { return options_.workspace_bytes; }
  std::span<const InPlace> in_place() const final { return options_.in_place; }
  std::string description() const final { return options_.description; }
  Prepared prepared() const final { return options_.prepared; }

 private:
  KernelOptions options_;
};

template <class F>
class LambdaKernel final : public OptionsKernel {
 public:
  LambdaKernel(F f, KernelOptions options) : OptionsKernel(std::move(options)), f_(std::move(f)) {}
  void run(const Run& run) const override { f_(run); }
  void prepare(const Run& run) const override {
    if constexpr (requires { f_.prepare(run); }) f_.prepare(run);
  }

 private:
  F f_;
};

/// Owns a new kernel. One counter type serves them all: make_shared has one for each kernel.
inline KernelPtr own_kernel(const Kernel* kernel) { return KernelPtr(kernel); }
}  // namespace detail

/// A kernel from a function object `void(const Run&)`; one with prepared weights also has a member
/// `void prepare(const Run&) const`.
template <class F>
KernelPtr make_kernel(F f, KernelOptions options = {}) {
  return detail::own_kernel(new detail::LambdaKernel<F>(std::move(f), std::move(options)));
}

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_BACKEND_KERNEL
#include "linnet/impl/src.hpp"
#endif
