#pragma once

#include <algorithm>
#include <numeric>

#include "linnet/data/impl/shuffle.ipp"
#include "linnet/data/rows.hpp"
#include "linnet/ops/shape.hpp"

namespace linnet::inline LINNET_ABI::data {

namespace detail {

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
Dataset batch_rows(const SourcePtr& keep, const Element& tensors, Order order, std::int64_t n,
                   bool drop) {
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

}  // namespace detail

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

}  // namespace linnet::inline LINNET_ABI::data
