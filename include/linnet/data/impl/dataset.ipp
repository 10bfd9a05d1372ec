#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <numeric>
#include <random>
#include <thread>

#include "linnet/core/creation.hpp"
#include "linnet/core/threads.hpp"
#include "linnet/data/dataset.hpp"
#include "linnet/data/rows.hpp"
#include "linnet/ops/random.hpp"
#include "linnet/ops/shape.hpp"

namespace linnet::inline LINNET_ABI::data {

namespace detail {

using SourcePtr = std::shared_ptr<const Source>;

Tensor gather_rows(const Tensor& x, std::span<const std::int64_t> rows) {
  Shape shape = x.shape();
  shape.set(0, static_cast<std::int64_t>(rows.size()));
  Tensor out = linnet::detail::empty({shape, x.dtype(), x.device()});
  const std::size_t bytes = static_cast<std::size_t>(shape.without(0).size()) * itemsize(x.dtype());
  if (bytes == 0) return out;
  auto* to = static_cast<std::byte*>(out.impl()->data);
  const auto* from = static_cast<const std::byte*>(x.raw_data());
  const auto grain = static_cast<std::int64_t>(262144 / bytes + 1);
  linnet::detail::parallel_for(
      static_cast<std::int64_t>(rows.size()), grain, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i)
          std::memcpy(to + static_cast<std::size_t>(i) * bytes,
                      from + static_cast<std::size_t>(rows[static_cast<std::size_t>(i)]) * bytes,
                      bytes);
      });
  return out;
}

/// An Iterator from a function object.
template <class F>
class FunctionIterator final : public Iterator {
 public:
  explicit FunctionIterator(F f) : f_(std::move(f)) {}
  std::optional<Element> next() override { return f_(); }

 private:
  F f_;
};
template <class F>
std::unique_ptr<Iterator> make_iterator(F f) {
  return std::make_unique<FunctionIterator<F>>(std::move(f));
}

/// A Source from a function that begins a pass.
template <class F>
class FunctionSource final : public Source {
 public:
  FunctionSource(F begin, std::int64_t cardinality) : begin_(std::move(begin)), n_(cardinality) {}
  std::unique_ptr<Iterator> begin() const override { return begin_(); }
  std::int64_t cardinality() const override { return n_; }

 private:
  F begin_;
  std::int64_t n_;
};
template <class F>
Dataset make_dataset(F begin, std::int64_t cardinality) {
  return Dataset(std::make_shared<FunctionSource<F>>(std::move(begin), cardinality));
}

inline Element row(const Element& tensors, std::int64_t i) {
  Element out;
  for (const Tensor& t : tensors) out.push_back(t(i));
  return out;
}

/// Rows of tensors, in order or shuffled anew each pass.
class RowSource final : public Source {
 public:
  explicit RowSource(Element tensors) : tensors_(std::move(tensors)) {}
  std::unique_ptr<Iterator> begin() const override {
    return make_iterator(
        [tensors = tensors_, i = std::int64_t{0}]() mutable -> std::optional<Element> {
          if (i >= tensors[0].dim(0)) return {};
          return row(tensors, i++);
        });
  }
  std::int64_t cardinality() const override { return tensors_[0].dim(0); }
  const Element* rows() const override { return &tensors_; }

 private:
  Element tensors_;
};

/// A seed from the process's generator, so that set_random_seed() decides it.
inline std::uint64_t drawn_seed() {
  const auto words = random_integers({2}, 0, std::int64_t{1} << 31).to_vector<std::int64_t>();
  return static_cast<std::uint64_t>(words[0]) << 32 | static_cast<std::uint64_t>(words[1]);
}

/// Seeds of the passes: one after the other from the first, or always the first.
class PassSeeds {
 public:
  explicit PassSeeds(const ShuffleOptions& o)
      : first_(o.seed ? *o.seed : drawn_seed()), change_(o.reshuffle_each_iteration) {}
  std::uint64_t next() const { return change_ ? first_ + 0x9E3779B97F4A7C15ull * pass_++ : first_; }

 private:
  std::uint64_t first_;
  bool change_;
  mutable std::atomic<std::uint64_t> pass_{0};
};

/// Uniform in [0, n) without the library's unspecified distributions.
inline std::size_t pick(std::mt19937_64& random, std::size_t n) {
  return static_cast<std::size_t>((static_cast<unsigned __int128>(random()) * n) >> 64);
}

/// Indices 0..n-1 in the order that a shuffle buffer would give them.
inline std::vector<std::int64_t> shuffled_order(std::int64_t n, std::int64_t buffer,
                                                std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::int64_t> order, held;
  for (std::int64_t i = 0; i < n || !held.empty();) {
    while (i < n && static_cast<std::int64_t>(held.size()) < buffer) held.push_back(i++);
    const std::size_t at = pick(random, held.size());
    order.push_back(held[at]);
    held[at] = held.back();
    held.pop_back();
  }
  return order;
}

class ShuffledRows final : public Source {
 public:
  ShuffledRows(SourcePtr rows, std::int64_t buffer, const ShuffleOptions& o)
      : rows_(std::move(rows)), buffer_(buffer), seeds_(o) {}
  std::vector<std::int64_t> order() const {
    return shuffled_order(cardinality(), buffer_, seeds_.next());
  }
  std::unique_ptr<Iterator> begin() const override {
    return make_iterator(
        [rows = rows_, order = order(), i = std::size_t{0}]() mutable -> std::optional<Element> {
          if (i == order.size()) return {};
          return row(*rows->rows(), order[i++]);
        });
  }
  std::int64_t cardinality() const override { return rows_->cardinality(); }
  const Element& tensors() const { return *rows_->rows(); }

 private:
  SourcePtr rows_;
  std::int64_t buffer_;
  PassSeeds seeds_;
};

inline Element stack_elements(const std::vector<Element>& elements) {
  Element out;
  for (std::size_t k = 0; k < elements[0].size(); ++k) {
    std::vector<Tensor> parts;
    for (const Element& e : elements) {
      if (e.size() != elements[0].size())
        fail<ValueError>("batch", "elements of ", elements[0].size(), " and ", e.size(),
                         " tensors");
      parts.push_back(e[k]);
    }
    out.push_back(stack(parts));
  }
  return out;
}

inline std::int64_t batch_count(std::int64_t elements, std::int64_t n, bool drop) {
  return elements / n + (!drop && elements % n != 0 ? 1 : 0);
}

/// Batches gathered straight from the rows' tensors.
template <class Order>
Dataset batch_rows(SourcePtr keep, const Element& tensors, Order order, std::int64_t n, bool drop) {
  const std::int64_t rows = tensors[0].dim(0);
  const std::int64_t count = batch_count(rows, n, drop);
  return make_dataset(
      [keep, &tensors, order, n, count, rows] {
        return make_iterator([keep, &tensors, index = order(), n, count, rows,
                              b = std::int64_t{0}]() mutable -> std::optional<Element> {
          if (b == count) return {};
          const std::int64_t first = b++ * n, last = rows - first < n ? rows : first + n;
          Element out;
          for (const Tensor& t : tensors)
            out.push_back(
                gather_rows(t, std::span(index).subspan(static_cast<std::size_t>(first),
                                                        static_cast<std::size_t>(last - first))));
          return out;
        });
      },
      count);
}

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

inline void require_count(const char* op, std::int64_t n, std::int64_t least) {
  if (n < least) fail<ValueError>(op, "expected at least ", least, ", got ", n);
}

}  // namespace detail

Dataset Dataset::from_tensor_slices(Element tensors) {
  if (tensors.empty()) fail<ValueError>("from_tensor_slices", "expected at least one tensor");
  for (Tensor& t : tensors) {
    if (t.rank() == 0) fail<ShapeError>("from_tensor_slices", "a scalar has no rows");
    if (t.dim(0) != tensors[0].dim(0))
      fail<ValueError>("from_tensor_slices", "first extents differ: ", tensors[0].dim(0), " and ",
                       t.dim(0));
    t = contiguous(t);
  }
  return Dataset(std::make_shared<detail::RowSource>(std::move(tensors)));
}

Dataset Dataset::from_tensors(Element tensors) {
  return detail::make_dataset(
      [tensors] {
        return detail::make_iterator([tensors, done = false]() mutable -> std::optional<Element> {
          if (std::exchange(done, true)) return {};
          return tensors;
        });
      },
      1);
}

Dataset Dataset::from_generator(std::function<std::function<std::optional<Element>()>()> factory) {
  if (!factory) fail<ValueError>("from_generator", "expected a function");
  return detail::make_dataset(
      [factory] {
        auto generate = factory();
        if (!generate) fail<ValueError>("from_generator", "the factory made no generator");
        // A generator that has ended is not asked again.
        return detail::make_iterator(
            [generate = std::move(generate), ended = false]() mutable -> std::optional<Element> {
              auto e = ended ? std::nullopt : generate();
              ended = !e;
              return e;
            });
      },
      unknown);
}

Dataset Dataset::range(std::int64_t start, std::int64_t stop, std::int64_t step) {
  if (step == 0) fail<ValueError>("range", "step is 0");
  // Differences of int64 fit in uint64, and that may hold more elements than int64 counts.
  const std::uint64_t a = static_cast<std::uint64_t>(start), b = static_cast<std::uint64_t>(stop);
  const std::uint64_t span = step > 0 ? (stop > start ? b - a : 0) : (start > stop ? a - b : 0);
  const std::uint64_t by = step > 0 ? static_cast<std::uint64_t>(step)
                                    : std::uint64_t{0} - static_cast<std::uint64_t>(step);
  const std::uint64_t whole = span / by + (span % by != 0 ? 1 : 0);
  if (whole > INT64_MAX) fail<ValueError>("range", "more than 2^63 elements");
  const auto n = static_cast<std::int64_t>(whole);
  return detail::make_dataset(
      [start, step, n] {
        return detail::make_iterator([=, i = std::int64_t{0}]() mutable -> std::optional<Element> {
          if (i == n) return {};
          // Modulo 2^64: the product alone may be more than an int64 holds.
          return Element{tensor(static_cast<std::int64_t>(static_cast<std::uint64_t>(start) +
                                                          static_cast<std::uint64_t>(step) *
                                                              static_cast<std::uint64_t>(i++)))};
        });
      },
      n);
}
Dataset Dataset::range(std::int64_t stop) { return range(0, stop); }

Dataset Dataset::zip(const std::vector<Dataset>& datasets) {
  if (datasets.empty()) fail<ValueError>("zip", "expected at least one dataset");
  std::int64_t n = infinite;
  for (const Dataset& d : datasets) {
    const std::int64_t m = d.cardinality();
    if (m == unknown || n == unknown)
      n = unknown;
    else if (m != infinite)
      n = n == infinite ? m : std::min(n, m);
  }
  return detail::make_dataset(
      [datasets] {
        std::vector<std::shared_ptr<detail::Iterator>> its;
        for (const Dataset& d : datasets) its.push_back(d.make_iterator());
        return detail::make_iterator([its]() -> std::optional<Element> {
          Element out;
          for (const auto& it : its) {
            auto e = it->next();
            if (!e) return {};
            out.insert(out.end(), e->begin(), e->end());
          }
          return out;
        });
      },
      n);
}

Dataset Dataset::map(std::function<Element(const Element&)> f) const {
  return detail::make_dataset(
      [source = source_, f] {
        return detail::make_iterator(
            [it = std::shared_ptr(source->begin()), f]() -> std::optional<Element> {
              auto e = it->next();
              if (!e) return {};
              return f(*e);
            });
      },
      cardinality());
}

Dataset Dataset::filter(std::function<bool(const Element&)> keep) const {
  return detail::make_dataset(
      [source = source_, keep] {
        return detail::make_iterator(
            [it = std::shared_ptr(source->begin()), keep]() -> std::optional<Element> {
              while (auto e = it->next())
                if (keep(*e)) return e;
              return {};
            });
      },
      unknown);
}

Dataset Dataset::shuffle(std::int64_t buffer_size, const ShuffleOptions& options) const {
  detail::require_count("shuffle", buffer_size, 1);
  if (source_->rows())
    return Dataset(std::make_shared<detail::ShuffledRows>(source_, buffer_size, options));
  const auto seeds = std::make_shared<detail::PassSeeds>(options);
  const auto limit = static_cast<std::size_t>(buffer_size);
  return detail::make_dataset(
      [source = source_, seeds, limit] {
        return detail::make_iterator(
            [it = std::shared_ptr(source->begin()), random = std::mt19937_64(seeds->next()), limit,
             held = std::vector<Element>()]() mutable -> std::optional<Element> {
              while (held.size() < limit) {
                auto e = it->next();
                if (!e) break;
                held.push_back(std::move(*e));
              }
              if (held.empty()) return {};
              std::swap(held[detail::pick(random, held.size())], held.back());
              Element out = std::move(held.back());
              held.pop_back();
              return out;
            });
      },
      cardinality());
}

Dataset Dataset::batch(std::int64_t n, const BatchOptions& options) const {
  detail::require_count("batch", n, 1);
  const bool drop = options.drop_remainder;
  if (const Element* rows = source_->rows())
    return detail::batch_rows(
        source_, *rows,
        [count = source_->cardinality()] {
          std::vector<std::int64_t> order(static_cast<std::size_t>(count));
          std::iota(order.begin(), order.end(), std::int64_t{0});
          return order;
        },
        n, drop);
  if (const auto shuffled = std::dynamic_pointer_cast<const detail::ShuffledRows>(source_))
    return detail::batch_rows(
        source_, shuffled->tensors(), [shuffled] { return shuffled->order(); }, n, drop);
  const std::int64_t m = cardinality();
  return detail::make_dataset(
      [source = source_, n, drop] {
        return detail::make_iterator(
            [it = std::shared_ptr(source->begin()), n, drop]() -> std::optional<Element> {
              std::vector<Element> held;
              while (static_cast<std::int64_t>(held.size()) < n) {
                auto e = it->next();
                if (!e) break;
                held.push_back(std::move(*e));
              }
              if (held.empty() || (drop && static_cast<std::int64_t>(held.size()) < n)) return {};
              return detail::stack_elements(held);
            });
      },
      m < 0 ? m : detail::batch_count(m, n, drop));
}

Dataset Dataset::repeat(std::int64_t count) const {
  detail::require_count("repeat", count, -1);
  const std::int64_t m = cardinality();
  return detail::make_dataset(
      [source = source_, count] {
        return detail::make_iterator([source, count, it = std::shared_ptr<detail::Iterator>(),
                                      pass = std::int64_t{0},
                                      any = true]() mutable -> std::optional<Element> {
          for (;;) {
            if (it)
              if (auto e = it->next()) {
                any = true;
                return e;
              }
            // A pass without elements ends it: repeating nothing forever would hang.
            if (pass == count || !any) return {};
            it = source->begin(), ++pass, any = false;
          }
        });
      },
      count == infinite ? (m == 0 ? 0 : infinite)
      : m < 0           ? m
                        : m * count);
}

Dataset Dataset::take(std::int64_t count) const {
  const std::int64_t m = cardinality();
  return detail::make_dataset(
      [source = source_, count] {
        return detail::make_iterator([it = std::shared_ptr(source->begin()), count,
                                      i = std::int64_t{0}]() mutable -> std::optional<Element> {
          if (count >= 0 && i++ >= count) return {};
          return it->next();
        });
      },
      count < 0       ? m
      : m == infinite ? count
      : m < 0         ? m
                      : std::min(m, count));
}

Dataset Dataset::skip(std::int64_t count) const {
  if (count < 0) return take(0);
  const std::int64_t m = cardinality();
  return detail::make_dataset(
      [source = source_, count] {
        return detail::make_iterator([it = std::shared_ptr(source->begin()),
                                      left = count]() mutable -> std::optional<Element> {
          for (; left > 0; --left)
            if (!it->next()) return {};
          return it->next();
        });
      },
      m < 0 ? m : std::max<std::int64_t>(m - count, 0));
}

Dataset Dataset::concatenate(const Dataset& other) const {
  const std::int64_t a = cardinality(), b = other.cardinality();
  const std::int64_t n = a == infinite || b == infinite ? infinite
                         : a < 0 || b < 0               ? unknown
                                                        : a + b;
  return detail::make_dataset(
      [first = source_, second = other.source_] {
        return detail::make_iterator([it = std::shared_ptr(first->begin()), second,
                                      switched = false]() mutable -> std::optional<Element> {
          auto e = it->next();
          if (e || std::exchange(switched, true)) return e;
          it = second->begin();
          return it->next();
        });
      },
      n);
}

Dataset Dataset::cache() const {
  struct Cache {
    std::mutex mutex;
    std::vector<Element> elements;
    bool full = false;
  };
  const auto cache = std::make_shared<Cache>();
  return detail::make_dataset(
      [source = source_, cache] {
        {
          const std::scoped_lock lock(cache->mutex);
          if (cache->full)
            return detail::make_iterator(std::function<std::optional<Element>()>(
                [cache, i = std::size_t{0}]() mutable -> std::optional<Element> {
                  if (i == cache->elements.size()) return {};
                  return cache->elements[i++];
                }));
        }
        return detail::make_iterator(std::function<std::optional<Element>()>(
            [cache, it = std::shared_ptr(source->begin()),
             seen = std::vector<Element>()]() mutable -> std::optional<Element> {
              auto e = it->next();
              if (e) {
                seen.push_back(*e);
                return e;
              }
              const std::scoped_lock lock(cache->mutex);
              if (!cache->full) cache->elements = std::move(seen), cache->full = true;
              return {};
            }));
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

std::int64_t Dataset::cardinality() const { return source_->cardinality(); }
std::unique_ptr<detail::Iterator> Dataset::make_iterator() const { return source_->begin(); }

}  // namespace linnet::inline LINNET_ABI::data
