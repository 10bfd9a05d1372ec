#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "linnet/core/error.hpp"
#include "linnet/core/fork.hpp"
#include "linnet/core/never_destroyed.hpp"
#include "linnet/core/threads.hpp"
#include "linnet/core/warning.hpp"

#if defined(__linux__)
#include <sched.h>
#endif
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace linnet::inline LINNET_ABI {

namespace detail {

inline int available_cores() {
#if defined(__linux__)
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0) return CPU_COUNT(&set);
#endif
  const unsigned n = std::thread::hardware_concurrency();
  return n ? static_cast<int>(n) : 1;
}

inline int default_num_threads() {
  if (const char* text = std::getenv("LINNET_NUM_THREADS"))
    if (const int n = std::atoi(text); n > 0 && n <= 1024) return n;
  return available_cores();
}

inline void pause_cpu() noexcept {
#if defined(__x86_64__)
  _mm_pause();
#else
  std::this_thread::yield();
#endif
}

/// The persistent team: workers spin for a moment after each job, then sleep. One job at a time;
/// its pieces are claimed by an atomic counter. Where the system refuses a thread, the team is made
/// of those that started, the caller at least.
class ThreadTeam {
 public:
  explicit ThreadTeam(int wanted) : wanted_(wanted) {
    try {
      for (; size_ < wanted; ++size_) std::thread([this] { work(); }).detach();
    } catch (const std::exception&) {  // system_error, bad_alloc: size_ counts what runs
    }
  }
  int wanted() const { return wanted_; }
  int size() const { return size_; }

  void run(std::int64_t n, std::int64_t piece, FunctionRef<void(std::int64_t, std::int64_t)> f) {
    job_.f = &f;
    job_.n = n;
    job_.piece = piece;
    job_.next.store(0, std::memory_order_relaxed);
    busy_.store(size_ - 1, std::memory_order_relaxed);
    serial_.fetch_add(1, std::memory_order_seq_cst);
    if (sleepers_.load(std::memory_order_seq_cst) > 0) {
      { std::scoped_lock lock(mutex_); }
      wake_.notify_all();
    }
    take_pieces();
    for (int spin = 0; busy_.load(std::memory_order_acquire) != 0; ++spin)
      spin < 2000 ? pause_cpu() : std::this_thread::yield();
    if (job_.error) std::rethrow_exception(std::exchange(job_.error, nullptr));
  }

 private:
  struct Job {
    FunctionRef<void(std::int64_t, std::int64_t)>* f = nullptr;
    std::int64_t n = 0, piece = 1;
    std::atomic<std::int64_t> next{0};
    std::exception_ptr error;
  };
  static constexpr int spins = 1500;

  void take_pieces() noexcept {
    for (;;) {
      const std::int64_t begin = job_.next.fetch_add(job_.piece, std::memory_order_relaxed);
      if (begin >= job_.n) return;
      try {
        (*job_.f)(begin, begin + job_.piece < job_.n ? begin + job_.piece : job_.n);
      } catch (...) {
        std::scoped_lock lock(mutex_);
        if (!job_.error) job_.error = std::current_exception();
      }
    }
  }

  std::uint64_t wait_for_job(std::uint64_t seen) {
    for (int spin = 0; spin < spins; ++spin) {
      const std::uint64_t now = serial_.load(std::memory_order_acquire);
      if (now != seen) return now;
      pause_cpu();
    }
    std::unique_lock lock(mutex_);
    sleepers_.fetch_add(1, std::memory_order_seq_cst);
    wake_.wait(lock, [&] { return serial_.load(std::memory_order_seq_cst) != seen; });
    sleepers_.fetch_sub(1, std::memory_order_seq_cst);
    return serial_.load(std::memory_order_acquire);
  }

  void work() {
    in_team() = true;
    for (std::uint64_t seen = 0;;) {
      seen = wait_for_job(seen);
      take_pieces();
      busy_.fetch_sub(1, std::memory_order_release);
    }
  }

 public:
  /// True on a thread that is inside a piece: nested calls run serially.
  static bool& in_team() {
    static constinit thread_local bool value = false;
    return value;
  }

 private:
  int wanted_, size_ = 1;  // the caller's thread included
  Job job_;
  std::atomic<std::uint64_t> serial_{0};
  std::atomic<int> busy_{0}, sleepers_{0};
  std::mutex mutex_;
  std::condition_variable wake_;
};

/// The teams and their lock. They are never destroyed; those not current are idle sleepers.
struct Teams {
  std::atomic<int> wanted{0};
  std::mutex in_use;
  ThreadTeam* current = nullptr;
  std::vector<ThreadTeam*> all;
};

inline Teams& teams() {
  static NeverDestroyed<Teams> t;
  // A forked child has no workers, and another thread may have held the lock: it starts anew, and
  // makes its own team at first use.
  static const bool registered = call_in_child([] {
    Teams& mine = t.get();
    std::construct_at(&mine.in_use);
    std::construct_at(&mine.all);
    mine.current = nullptr;
  });
  (void)registered;
  return t.get();
}

/// The team for `threads`; called with the lock held.
inline ThreadTeam& team_of(Teams& t, int threads) {
  if (t.current && t.current->wanted() == threads) return *t.current;
  for (ThreadTeam* team : t.all)
    if (team->wanted() == threads) return *(t.current = team);
  t.all.reserve(t.all.size() + 1);
  t.current = std::make_unique<ThreadTeam>(threads).release();
  t.all.push_back(t.current);
  if (t.current->size() < threads)
    warn("set_num_threads", "the system started ", t.current->size() - 1, " of ", threads - 1,
         " threads; going on with those");
  return *t.current;
}

void parallel_for(std::int64_t n, std::int64_t grain,
                  FunctionRef<void(std::int64_t, std::int64_t)> f) {
  if (n <= 0) return;
  const int threads = num_threads();
  if (grain < 1) grain = 1;
  if (threads == 1 || n <= grain || ThreadTeam::in_team()) return f(0, n);
  Teams& t = teams();
  std::unique_lock lock(t.in_use, std::try_to_lock);
  if (!lock) return f(0, n);
  const std::int64_t pieces = std::int64_t{2} * threads, even = (n + pieces - 1) / pieces;
  struct Inside {
    Inside() { ThreadTeam::in_team() = true; }
    ~Inside() { ThreadTeam::in_team() = false; }
  } inside;
  team_of(t, threads).run(n, even > grain ? even : grain, f);
}

}  // namespace detail

void set_num_threads(int n) {
  if (n < 0 || n > 1024) fail<ValueError>("set_num_threads", "expected 0 to 1024, got ", n);
  detail::teams().wanted.store(n == 0 ? detail::default_num_threads() : n);
}

int num_threads() {
  detail::Teams& t = detail::teams();
  int n = t.wanted.load(std::memory_order_relaxed);
  if (n == 0) t.wanted.store(n = detail::default_num_threads());
  return n;
}

}  // namespace linnet::inline LINNET_ABI
