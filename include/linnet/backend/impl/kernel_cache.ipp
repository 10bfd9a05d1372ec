#pragma once

#include <array>
#include <atomic>
#include <mutex>
#include <unordered_map>

#include "linnet/backend/backend.hpp"
#include "linnet/backend/kernel_cache.hpp"
#include "linnet/core/allocator.hpp"
#include "linnet/core/fork.hpp"
#include "linnet/core/never_destroyed.hpp"
#include "linnet/core/threads.hpp"

namespace linnet::inline LINNET_ABI::detail {

inline std::uint64_t hash_shape(std::uint64_t h, const Shape& s) {
  h = hash_mix(h, static_cast<std::uint64_t>(s.rank()));
  for (std::int64_t d : s) h = hash_mix(h, static_cast<std::uint64_t>(d));
  return h;
}

inline std::uint64_t hash_call(PrimitiveRef primitive, std::span<const Tensor* const> in,
                               std::span<const TensorSpec> out, int threads) {
  std::uint64_t h = hash_mix(primitive.hash(), static_cast<std::uint64_t>(threads));
  for (const Tensor* x : in) {
    const TensorImpl& t = *x->impl();
    h = hash_shape(hash_mix(h, static_cast<std::uint64_t>(t.dtype)), t.shape);
    if (!t.contiguous) h = hash_shape(h, t.strides);
  }
  for (const TensorSpec& o : out)
    h = hash_shape(hash_mix(h, static_cast<std::uint64_t>(o.dtype)), o.shape);
  return h;
}

inline bool same_operand(const ValueSpec& spec, const TensorImpl& t) {
  if (spec.dtype != t.dtype || !(spec.shape == t.shape) || !(spec.device == t.device)) return false;
  return spec.is_dense() ? t.contiguous : !t.contiguous && spec.layout.strides == t.strides;
}

inline bool same_call(const CachedKernel& k, PrimitiveRef primitive,
                      std::span<const Tensor* const> in, std::span<const TensorSpec> out,
                      int threads) {
  if (k.threads != threads || k.in.size() != in.size() || k.out.size() != out.size()) return false;
  for (std::size_t i = 0; i < in.size(); ++i)
    if (!same_operand(k.in[i], *in[i]->impl())) return false;
  for (std::size_t i = 0; i < out.size(); ++i)
    if (k.out[i].dtype != out[i].dtype || !(k.out[i].shape == out[i].shape)) return false;
  return k.primitive.ref() == primitive;
}

/// What is shared between threads: everything but the state.
struct SharedKernels {
  static constexpr std::size_t shards = 16, shard_limit = 1024;
  struct Shard {
    std::mutex mutex;
    std::unordered_multimap<std::uint64_t, std::shared_ptr<const CachedKernel>> kernels;
  };
  std::array<Shard, shards> shard;
  std::atomic<std::uint64_t> generation{0};

  void lock() {
    for (Shard& s : shard) s.mutex.lock();
  }
  void unlock() {
    for (Shard& s : shard) s.mutex.unlock();
  }
};

inline SharedKernels& shared_kernels() {
  static NeverDestroyed<SharedKernels> kernels;
  // After the allocator's lock, which is taken while this one is held.
  static const bool kept = (memory_stats(), keep_across_fork<shared_kernels>());
  (void)kept;
  return kernels.get();
}

/// Direct-mapped with two ways: a hit costs one hash and one comparison.
struct ThreadKernels {
  static constexpr std::size_t slots = 2048;
  std::vector<std::unique_ptr<CachedKernel>> table{slots};
  std::uint64_t generation = 0;
};

inline ThreadKernels& thread_kernels() {
  thread_local ThreadKernels kernels;
  return kernels;
}

inline CachedKernel make_cached(PrimitiveRef primitive, std::span<const Tensor* const> in,
                                std::span<const TensorSpec> out, int threads, int immediates) {
  CachedKernel k(primitive);
  for (const Tensor* x : in)
    k.in.push_back({x->shape(), x->dtype(), x->device(), Layout::of(x->shape(), x->strides())});
  for (const TensorSpec& o : out) k.out.push_back({o.shape, o.dtype, o.device, Layout::dense()});
  k.threads = threads;
  const Device device = !out.empty() ? out[0].device : !in.empty() ? in[0]->device() : cpu;
  k.kernel = compile_kernel({.primitive = k.primitive.ref(),
                             .in = k.in,
                             .out = k.out,
                             .device = device,
                             .threads = threads,
                             .immediates = immediates});
  const auto wanted = k.kernel->in_layouts();
  k.densify.resize(in.size());
  for (std::size_t i = 0; i < in.size(); ++i) {
    const Layout want = wanted.empty() ? Layout::dense() : wanted[i];
    k.densify[i] = want.kind != Layout::Kind::any && !(want == k.in[i].layout);
    k.any_densify = k.any_densify || k.densify[i];
  }
  k.fallible = k.kernel->traits().fallible;
  k.workspace = k.kernel->workspace_bytes();
  return k;
}

inline std::shared_ptr<const CachedKernel> find_shared(std::uint64_t hash, PrimitiveRef primitive,
                                                       std::span<const Tensor* const> in,
                                                       std::span<const TensorSpec> out, int threads,
                                                       int immediates) {
  auto& shard = shared_kernels().shard[hash % SharedKernels::shards];
  {
    std::scoped_lock lock(shard.mutex);
    auto [first, last] = shard.kernels.equal_range(hash);
    for (; first != last; ++first)
      if (same_call(*first->second, primitive, in, out, threads)) return first->second;
  }
  const std::shared_ptr<CachedKernel> made(
      new CachedKernel(make_cached(primitive, in, out, threads, immediates)));
  made->hash = hash;
  std::scoped_lock lock(shard.mutex);
  if (shard.kernels.size() >= SharedKernels::shard_limit) shard.kernels.clear();
  shard.kernels.emplace(hash, made);
  return made;
}

CachedKernel& find_kernel(PrimitiveRef primitive, std::span<const Tensor* const> in,
                          std::span<const TensorSpec> out, int immediates) {
  const int threads = num_threads();
  const std::uint64_t hash = hash_call(primitive, in, out, threads);
  ThreadKernels& mine = thread_kernels();
  const std::uint64_t generation = shared_kernels().generation.load(std::memory_order_acquire);
  if (mine.generation != generation) mine = ThreadKernels{}, mine.generation = generation;
  const std::size_t at = hash % ThreadKernels::slots;
  for (std::size_t way : {at, at ^ 1}) {
    CachedKernel* k = mine.table[way].get();
    if (k && k->hash == hash && same_call(*k, primitive, in, out, threads)) return *k;
  }
  const auto shared = find_shared(hash, primitive, in, out, threads, immediates);
  auto& slot = mine.table[mine.table[at] ? at ^ 1 : at];
  if (mine.table[at] && mine.table[at ^ 1]) mine.table[at] = std::move(mine.table[at ^ 1]);
  slot = std::make_unique<CachedKernel>(*shared);
  return *slot;
}

void clear_kernel_cache() {
  SharedKernels& all = shared_kernels();
  for (auto& shard : all.shard) {
    std::scoped_lock lock(shard.mutex);
    shard.kernels.clear();
  }
  all.generation.fetch_add(1, std::memory_order_acq_rel);
}

}  // namespace linnet::inline LINNET_ABI::detail
