#pragma once

#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_AUTOGRAD_VARIABLE_STATE
#endif

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "linnet/config.hpp"
#include "linnet/core/interrupt.hpp"
#include "linnet/core/tensor.hpp"

namespace linnet::inline LINNET_ABI {
class Constraint;
}

/// Implementation detail: the cell behind Variable handles and its borrows.
namespace linnet::inline LINNET_ABI::detail {

/// Many readers or one writer; a waiting writer keeps new readers out. One compare-and-swap when
/// nobody is in the way.
class BorrowWord {
 public:
  void lock_shared() noexcept {
    std::uint32_t w = word_.load(std::memory_order_relaxed);
    for (;;) {
      if (w & (exclusive | waiting_mask)) {
        wait_while_equal(word_, w);
        w = word_.load(std::memory_order_relaxed);
      } else if (word_.compare_exchange_weak(w, w + 1, std::memory_order_acquire)) {
        return;
      }
    }
  }
  void unlock_shared() noexcept {
    if ((word_.fetch_sub(1, std::memory_order_release) & reader_mask) == 1) word_.notify_all();
  }
  void lock() noexcept {
    std::uint32_t none = 0;
    if (word_.compare_exchange_strong(none, exclusive, std::memory_order_acquire)) return;
    word_.fetch_add(one_waiting, std::memory_order_relaxed);
    std::uint32_t w = word_.load(std::memory_order_relaxed);
    for (;;) {
      if (w & (exclusive | reader_mask)) {
        wait_while_equal(word_, w);
        w = word_.load(std::memory_order_relaxed);
      } else if (word_.compare_exchange_weak(w, (w - one_waiting) | exclusive,
                                             std::memory_order_acquire)) {
        return;
      }
    }
  }
  void unlock() noexcept {
    word_.fetch_and(~exclusive, std::memory_order_release);
    word_.notify_all();
  }

 private:
  static constexpr std::uint32_t exclusive = 1u << 31, one_waiting = 1u << 16,
                                 reader_mask = one_waiting - 1,
                                 waiting_mask = exclusive - one_waiting;
  std::atomic<std::uint32_t> word_{0};
};

struct VariableState {
  std::uint64_t id = 0;
  std::string name;
  bool trainable = true, autocast = false;
  Shape shape;
  DType dtype = DType::float32;
  Device device{};
  std::shared_ptr<Constraint> constraint;
  BorrowWord borrow;  ///< guards the two below
  Tensor value;       ///< dense
  std::uint64_t version = 0;

  TensorSpec spec() const { return {shape, dtype, device}; }
};

/// True if nobody but `x` itself sees its memory, and Linnet may write there.
inline bool is_unshared(const Tensor& x) {
  const TensorImpl& t = *x.impl();
  return t.use_count() == 1 && t.storage->use_count() == 1 && t.storage->owned();
}

}  // namespace linnet::inline LINNET_ABI::detail

#ifdef LINNET_FIRST_AUTOGRAD_VARIABLE_STATE
#include "linnet/impl/src.hpp"
#endif
