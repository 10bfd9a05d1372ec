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
  __builtin_ia32_pause();  // the header of _mm_pause() takes half a second to read
#else
  std::this_thread::yield();
#endif
}

/// The persistent team: workers spin for a moment after each job, then sleep. One job at a time;
/// its pieces are claimed one by one, and the caller waits for claimed pieces only, so a worker
/// that the system does not let run costs nothing. Where the system refuses a thread, the team is
/// made of those that started, the caller at least.
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
    const auto pieces = static_cast<std::uint32_t>((n + piece - 1) / piece);
    job_.f.store(&f, std::memory_order_relaxed);
    job_.n.store(n, std::memory_order_relaxed);
    job_.piece.store(piece, std::memory_order_relaxed);
    job_.pieces.store(pieces, std::memory_order_relaxed);
    job_.done.store(0, std::memory_order_relaxed);
    const std::uint32_t epoch = ++epoch_;
    ticket_.store(std::uint64_t{epoch} << 32, std::memory_order_seq_cst);
    if (sleepers_.load(std::memory_order_seq_cst) > 0) {
      { std::scoped_lock lock(mutex_); }
      wake_.notify_all();
    }
    take_pieces(epoch, claim_first);
    for (int spin = 0; job_.done.load(std::memory_order_acquire) != pieces; ++spin)
      spin < 2000 ? pause_cpu() : std::this_thread::yield();
    if (job_.error) std::rethrow_exception(std::exchange(job_.error, nullptr));
  }

 private:
  struct Job {
    std::atomic<FunctionRef<void(std::int64_t, std::int64_t)>*> f{nullptr};
    std::atomic<std::int64_t> n{0}, piece{1};
    std::atomic<std::uint32_t> pieces{0}, done{0};
    std::exception_ptr error;
  };
  static constexpr int spins = 1500;

  // A ticket: the job's epoch, then how many pieces are claimed from the last one back (16 bits),
  // and from the first one on. So the caller and its workers begin at opposite ends, and what a job
  // leaves in the cache of one core is mostly what that core takes of the next.
  static constexpr std::uint64_t claim_first = 1, claim_last = 1 << 16;
  static std::uint32_t firsts_of(std::uint64_t ticket) { return ticket & 0xFFFF; }
  static std::uint32_t lasts_of(std::uint64_t ticket) { return ticket >> 16 & 0xFFFF; }
  static std::uint32_t epoch_of(std::uint64_t ticket) {
    return static_cast<std::uint32_t>(ticket >> 32);
  }

  /// Claims pieces of one job until none is left. A claim only succeeds while that job goes on, so
  /// what was read of it before was right; a thread that comes late finds nothing and is waited
  /// for by nobody.
  void take_pieces(std::uint32_t epoch, std::uint64_t claim) noexcept {
    for (;;) {
      std::uint64_t ticket = ticket_.load(std::memory_order_acquire);
      const std::uint32_t firsts = firsts_of(ticket), lasts = lasts_of(ticket),
                          pieces = job_.pieces.load(std::memory_order_relaxed);
      if (epoch_of(ticket) != epoch || firsts + lasts >= pieces) return;
      auto* f = job_.f.load(std::memory_order_relaxed);
      const std::int64_t n = job_.n.load(std::memory_order_relaxed);
      const std::int64_t piece = job_.piece.load(std::memory_order_relaxed);
      if (!ticket_.compare_exchange_weak(ticket, ticket + claim, std::memory_order_acq_rel))
        continue;
      const std::int64_t begin = (claim == claim_first ? firsts : pieces - 1 - lasts) * piece;
      try {
        (*f)(begin, begin + piece < n ? begin + piece : n);
      } catch (...) {
        std::scoped_lock lock(mutex_);
        if (!job_.error) job_.error = std::current_exception();
      }
      job_.done.fetch_add(1, std::memory_order_release);
    }
  }

  std::uint32_t wait_for_job(std::uint32_t seen) {
    for (int spin = 0; spin < spins; ++spin) {
      const std::uint32_t now = epoch_of(ticket_.load(std::memory_order_acquire));
      if (now != seen) return now;
      pause_cpu();
    }
    std::unique_lock lock(mutex_);
    sleepers_.fetch_add(1, std::memory_order_seq_cst);
    wake_.wait(lock, [&] { return epoch_of(ticket_.load(std::memory_order_seq_cst)) != seen; });
    sleepers_.fetch_sub(1, std::memory_order_seq_cst);
    return epoch_of(ticket_.load(std::memory_order_acquire));
  }

  void work() {
    in_team() = true;
    for (std::uint32_t seen = 0;;) {
      seen = wait_for_job(seen);
      take_pieces(seen, claim_last);
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
  std::uint32_t epoch_ = 0;  // of the caller, which holds the teams' lock
  std::atomic<std::uint64_t> ticket_{0};
  std::atomic<int> sleepers_{0};
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
