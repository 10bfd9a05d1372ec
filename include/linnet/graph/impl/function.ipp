#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>

#include "linnet/autograd/tape_state.hpp"
#include "linnet/backend/thread_state.hpp"
#include "linnet/core/threads.hpp"
#include "linnet/core/warning.hpp"
#include "linnet/graph/executable.hpp"
#include "linnet/graph/function.hpp"
#include "linnet/graph/trace.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

inline std::atomic<bool>& functions_run_eagerly() {
  static std::atomic<bool> eagerly{false};
  return eagerly;
}

/// A signature and its executable; `executable` is null while the first caller records it.
struct CachedTrace {
  std::vector<TensorSpec> specs;
  std::vector<std::uint8_t> key;
  int threads = 1;
  std::uint64_t last_use = 0;
  std::shared_ptr<Executable> executable;

  bool matches(const CallArguments& a, int current_threads) const {
    if (threads != current_threads || specs.size() != a.tensors.size() ||
        key.size() != a.key.size() || !std::equal(key.begin(), key.end(), a.key.begin()))
      return false;
    for (std::size_t i = 0; i < specs.size(); ++i) {
      const TensorImpl& t = *a.tensors[i].impl();
      if (specs[i].dtype != t.dtype || !(specs[i].shape == t.shape) ||
          !(specs[i].device == t.device))
        return false;
    }
    return true;
  }
};

struct FunctionCore::Impl {
  FunctionOptions options;
  mutable std::mutex mutex;
  std::condition_variable traced;
  std::vector<std::shared_ptr<CachedTrace>> cache;
  std::shared_ptr<Executable> newest;
  std::uint64_t uses = 0;
  int traces = 0;

  CachedTrace* find(const CallArguments& arguments, int threads) {
    for (const auto& t : cache)
      if (t->matches(arguments, threads)) return t.get();
    return nullptr;
  }

  std::shared_ptr<CachedTrace> add(const CallArguments& arguments, int threads) {
    auto entry = std::make_shared<CachedTrace>();
    for (const Tensor& t : arguments.tensors) entry->specs.push_back(t.spec());
    entry->key.assign(arguments.key.begin(), arguments.key.end());
    entry->threads = threads;
    entry->last_use = ++uses;
    while (static_cast<int>(cache.size()) >= options.max_traces) {
      const auto oldest = std::min_element(
          cache.begin(), cache.end(), [](auto& a, auto& b) { return a->last_use < b->last_use; });
      if (!(*oldest)->executable) break;  // being recorded
      cache.erase(oldest);
    }
    cache.push_back(entry);
    return entry;
  }

  void forget(const std::shared_ptr<CachedTrace>& entry) {
    const std::scoped_lock lock(mutex);
    std::erase(cache, entry);
    traced.notify_all();
  }

  /// The executable of a signature, recorded if it is new.
  std::shared_ptr<Executable> executable(const CallArguments& arguments,
                                         FunctionRef<void(std::span<const Tensor>, Outputs&)> body);

  void note_trace() {
    ++traces;
    if (traces == 5)
      warn(options.name, "traced ", traces,
           " times: each new combination of shapes, dtypes and "
           "plain arguments records the function again. Pass changing numbers as tensors, and "
           "keep shapes the same (drop or pad the last batch)");
  }
};

FunctionCore::FunctionCore(FunctionOptions options) : impl_(std::make_unique<Impl>()) {
  if (options.max_traces < 1)
    fail<ValueError>(options.name, "max_traces: expected at least 1, got ", options.max_traces);
  impl_->options = std::move(options);
}
FunctionCore::~FunctionCore() = default;

namespace detail_function {

/// Runs the body on traced tensors and plans what it recorded. An exception of the body drops the
/// trace and goes on to the caller.
inline std::shared_ptr<Executable> record(
    const CallArguments& arguments, const PassOptions& passes, int threads,
    FunctionRef<void(std::span<const Tensor>, Outputs&)> body) {
  Trace trace;
  SmallVector<Tensor, 8> inputs;
  Outputs outputs;
  {
    const TraceScope scope(&trace);
    for (const Tensor& t : arguments.tensors) inputs.push_back(trace.add_input(t.spec()));
    body(inputs.span(), outputs);
  }
  return std::make_shared<Executable>(optimize(trace.finish(outputs.span()), passes), threads);
}

}  // namespace detail_function

void FunctionCore::call(const CallArguments& arguments,
                        FunctionRef<void(std::span<const Tensor>, Outputs&)> body,
                        Outputs& outputs) {
  for (const Tensor& t : arguments.tensors)
    if (!t.defined()) fail<ValueError>(impl_->options.name, "an argument is an undefined tensor");
  if (thread_state.trace || is_recording() || functions_run_eagerly().load())
    return body(arguments.tensors.span(), outputs);
  impl_->executable(arguments, body)->run(arguments.tensors.span(), outputs);
}

void FunctionCore::prepare(const CallArguments& arguments,
                           FunctionRef<void(std::span<const Tensor>, Outputs&)> body) {
  if (thread_state.trace || functions_run_eagerly().load()) return;
  impl_->executable(arguments, body);
}

inline std::shared_ptr<Executable> FunctionCore::Impl::executable(
    const CallArguments& arguments, FunctionRef<void(std::span<const Tensor>, Outputs&)> body) {
  for (const Tensor& t : arguments.tensors)
    if (t.is_traced())
      fail<CaptureError>(options.name, "an argument was traced by a function that has ended");
  const int threads = num_threads();
  std::shared_ptr<Executable> found;
  std::shared_ptr<CachedTrace> mine;
  {
    std::unique_lock lock(mutex);
    for (CachedTrace* t; (t = find(arguments, threads)) != nullptr;) {
      if (t->executable) {
        t->last_use = ++uses;
        found = t->executable;
        break;
      }
      traced.wait(lock);  // another thread records it
    }
    if (!found) mine = add(arguments, threads), note_trace();
  }
  if (mine) {
    try {
      found = detail_function::record(arguments, options.passes, threads, body);
    } catch (...) {
      forget(mine);
      throw;
    }
    const std::scoped_lock lock(mutex);
    mine->executable = newest = found;
    traced.notify_all();
  }
  return found;
}

FunctionStats FunctionCore::stats() const {
  const std::scoped_lock lock(impl_->mutex);
  FunctionStats s{.traces = impl_->traces, .cached = static_cast<int>(impl_->cache.size())};
  for (const auto& t : impl_->cache) {
    if (!t->executable) continue;
    s.arena_bytes = std::max(s.arena_bytes, t->executable->plan().arena_bytes);
    s.kept_bytes += t->executable->plan().kept_bytes;
  }
  return s;
}

void FunctionCore::clear() {
  const std::scoped_lock lock(impl_->mutex);
  std::erase_if(impl_->cache, [](const auto& t) { return t->executable != nullptr; });
  impl_->newest.reset();
}

Graph FunctionCore::graph() const {
  const std::scoped_lock lock(impl_->mutex);
  if (!impl_->newest) fail<ValueError>(impl_->options.name, "not traced yet: call it first");
  return impl_->newest->graph();
}

std::string FunctionCore::plan() const {
  const std::scoped_lock lock(impl_->mutex);
  if (!impl_->newest) fail<ValueError>(impl_->options.name, "not traced yet: call it first");
  return to_string(impl_->newest->plan());
}

}  // namespace detail

void run_functions_eagerly(bool eagerly) { detail::functions_run_eagerly().store(eagerly); }

}  // namespace linnet::inline LINNET_ABI
