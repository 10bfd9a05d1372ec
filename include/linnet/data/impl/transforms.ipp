#pragma once

#include <algorithm>
#include <mutex>

#include "linnet/core/creation.hpp"
#include "linnet/data/impl/source.ipp"

namespace linnet::inline LINNET_ABI::data {

Dataset Dataset::filter(const std::function<bool(const Element&)>& keep) const {
  if (!keep) fail<ValueError>("filter", "expected a function");
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

Dataset Dataset::shard(std::int64_t num_shards, std::int64_t index) const {
  detail::require_count("shard", num_shards, 1);
  if (index < 0 || index >= num_shards)
    fail<ValueError>("shard", "index ", index, " is outside [0, ", num_shards, ")");
  const std::int64_t m = cardinality();
  return detail::make_dataset(
      [source = source_, num_shards, index] {
        return detail::make_iterator([it = std::shared_ptr(source->begin()), num_shards,
                                      left = index]() mutable -> std::optional<Element> {
          for (; left > 0; --left)
            if (!it->next()) return {};
          left = num_shards - 1;
          return it->next();
        });
      },
      m < 0 ? m : m / num_shards + (m % num_shards > index ? 1 : 0));
}

Dataset Dataset::enumerate(std::int64_t start) const {
  return detail::make_dataset(
      [source = source_, start] {
        return detail::make_iterator(
            [it = std::shared_ptr(source->begin()), i = start]() mutable -> std::optional<Element> {
              auto e = it->next();
              if (!e) return {};
              e->insert(e->begin(), tensor(i));
              i = static_cast<std::int64_t>(static_cast<std::uint64_t>(i) + 1);
              return e;
            });
      },
      cardinality());
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

}  // namespace linnet::inline LINNET_ABI::data
