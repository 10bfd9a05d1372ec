#pragma once

#define LINNET_USES_AUTOGRAD_TAPE_STATE
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_AUTOGRAD_TAPE_STATE
#endif

#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "linnet/autograd/tape.hpp"
#include "linnet/autograd/with_vjp.hpp"
#include "linnet/config.hpp"

/// Implementation detail: what a GradientTape holds.
namespace linnet::inline LINNET_ABI::detail {

/// Owned direction: tape -> record -> closure -> tensor. Nothing points back.
class Tape {
 public:
  explicit Tape(GradientTapeOptions o) : options(o), thread(std::this_thread::get_id()) {}

  struct Watched {
    Variable variable;
    std::vector<std::uint64_t> tensors;  // every value of it that was read
  };
  bool wants(std::uint64_t id) const { return recording && watched.contains(id); }

  GradientTapeOptions options;
  std::thread::id thread;
  Tape* outer = nullptr;
  bool recording = false;  // false while stopped or paused
  bool linked = false;     // among this thread's tapes
  bool used = false;       // a non-persistent gradient was taken
  std::unordered_set<std::uint64_t> watched;
  std::vector<std::shared_ptr<const TapeRecord>> records;
  std::unordered_map<std::uint64_t, Watched> variables;  // by variable id
  std::vector<std::uint64_t> variable_order;
  std::function<void(std::size_t, const Tensor&)> hook;
};

/// Tells the tapes of this thread that a variable's value was read as `value`.
LINNET_DECL void variable_was_read(const Variable& v, const Tensor& value);
/// True while a tape of this thread records (functions then run eagerly).
LINNET_DECL bool is_recording();
/// The gradients of the targets' sum with respect to sources, each the tensors of some ids.
LINNET_DECL std::vector<Tensor> tape_gradient(Tape& tape, std::span<const Tensor> targets,
                                              std::span<const std::vector<std::uint64_t>> sources,
                                              std::span<const TensorSpec> specs,
                                              const GradientOptions& options);
/// Takes a tape out of its thread's list.
LINNET_DECL void unlink(Tape* tape);

}  // namespace linnet::inline LINNET_ABI::detail

#ifdef LINNET_FIRST_AUTOGRAD_TAPE_STATE
#include "linnet/impl/src.hpp"
#endif
