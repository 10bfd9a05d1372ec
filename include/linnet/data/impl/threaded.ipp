#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "linnet/core/threads.hpp"
#include "linnet/data/impl/source.ipp"

namespace linnet::inline LINNET_ABI::data {

namespace detail {

/// Elements made ahead on a thread.
class PrefetchIterator final : public Iterator {
 public:
  PrefetchIterator(SourcePtr source, std::size_t limit)
      : source_(std::move(source)), limit_(limit), thread_([this] { produce(); }) {}
  ~PrefetchIterator() override {
    {
      const std::scoped_lock lock(mutex_);
      stop_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  std::optional<Element> next() override {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !ready_.empty() || done_; });
    if (ready_.empty()) {
      if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
      return {};
    }
    Element e = std::move(ready_.front());
    ready_.pop_front();
    changed_.notify_all();
    return e;
  }

 private:
  void produce() {
    try {
      const auto it = source_->begin();
      while (auto e = it->next()) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return ready_.size() < limit_ || stop_; });
        if (stop_) return;
        ready_.push_back(std::move(*e));
        changed_.notify_all();
      }
    } catch (...) {
      const std::scoped_lock lock(mutex_);
      error_ = std::current_exception();
    }
    const std::scoped_lock lock(mutex_);
    done_ = true;
    changed_.notify_all();
  }

  SourcePtr source_;
  std::size_t limit_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Element> ready_;
  bool stop_ = false, done_ = false;
  std::exception_ptr error_;
  std::thread thread_;
};

using MapFunction = std::function<Element(const Element&)>;

/// f of elements on threads. Workers take elements one at a time, in order; results wait in that
/// order for the consumer, at most `limit` of them.
class ParallelMapIterator final : public Iterator {
 public:
  ParallelMapIterator(const SourcePtr& source, MapFunction f, std::size_t workers)
      : it_(source->begin()), f_(std::move(f)), limit_(2 * workers) {
    try {
      for (std::size_t i = 0; i < workers; ++i) threads_.emplace_back([this] { work(); });
    } catch (...) {
      end();
      throw;
    }
  }
  ~ParallelMapIterator() override { end(); }
  std::optional<Element> next() override {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return slots_.empty() ? ended_ : slots_.front()->done; });
    if (slots_.empty()) return {};
    const std::shared_ptr<Slot> slot = std::move(slots_.front());
    slots_.pop_front();
    lock.unlock();
    changed_.notify_all();
    if (slot->error) std::rethrow_exception(slot->error);
    return std::move(slot->value);
  }

 private:
  struct Slot {
    Element value;
    std::exception_ptr error;
    bool done = false;
  };

  void end() {
    {
      const std::scoped_lock lock(mutex_);
      stop_ = true;
    }
    changed_.notify_all();
    for (std::thread& t : threads_) t.join();
  }

  /// The next element and the place of its result; no place if there is none.
  std::shared_ptr<Slot> take(Element& input) {
    const std::scoped_lock turn(source_mutex_);
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return stop_ || ended_ || slots_.size() < limit_; });
      if (stop_ || ended_) return nullptr;
    }
    auto slot = std::make_shared<Slot>();
    bool taken = false;
    try {
      if (auto e = it_->next()) input = std::move(*e), taken = true;
    } catch (...) {
      slot->error = std::current_exception();
      slot->done = true;
    }
    const std::scoped_lock lock(mutex_);
    ended_ = !taken;
    if (taken || slot->error) slots_.push_back(slot);
    changed_.notify_all();
    return taken ? slot : nullptr;
  }

  void work() {
    Element input;
    while (const std::shared_ptr<Slot> slot = take(input)) {
      Element value;
      std::exception_ptr error;
      try {
        value = f_(input);
      } catch (...) {
        error = std::current_exception();
      }
      const std::scoped_lock lock(mutex_);
      slot->value = std::move(value);
      slot->error = error;
      slot->done = true;
      changed_.notify_all();
    }
  }

  std::unique_ptr<Iterator> it_;
  MapFunction f_;
  std::size_t limit_;
  std::mutex source_mutex_, mutex_;  // taken in this order
  std::condition_variable changed_;
  std::deque<std::shared_ptr<Slot>> slots_;
  bool stop_ = false, ended_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace detail

Dataset Dataset::map(const std::function<Element(const Element&)>& f,
                     const MapOptions& options) const {
  if (!f) fail<ValueError>("map", "expected a function");
  std::int64_t calls = options.num_parallel_calls;
  if (calls == AUTOTUNE) calls = num_threads();
  detail::require_count("map", calls, 1);
  return detail::make_dataset(
      [source = source_, f, calls]() -> std::unique_ptr<detail::Iterator> {
        if (calls > 1)
          return std::make_unique<detail::ParallelMapIterator>(source, f,
                                                               static_cast<std::size_t>(calls));
        return detail::make_iterator(
            [it = std::shared_ptr(source->begin()), f]() -> std::optional<Element> {
              auto e = it->next();
              if (!e) return {};
              return f(*e);
            });
      },
      cardinality());
}

Dataset Dataset::prefetch(std::int64_t n) const {
  const auto limit = static_cast<std::size_t>(n < 1 ? 2 : n);
  return detail::make_dataset(
      [source = source_, limit]() -> std::unique_ptr<detail::Iterator> {
        return std::make_unique<detail::PrefetchIterator>(source, limit);
      },
      cardinality());
}

}  // namespace linnet::inline LINNET_ABI::data
