#pragma once

#include <atomic>
#include <random>
#include <utility>

#include "linnet/data/impl/source.ipp"
#include "linnet/ops/random.hpp"

namespace linnet::inline LINNET_ABI::data {

namespace detail {

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

}  // namespace detail

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

}  // namespace linnet::inline LINNET_ABI::data
