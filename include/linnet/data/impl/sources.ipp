#pragma once

#include <algorithm>

#include "linnet/core/creation.hpp"
#include "linnet/data/impl/source.ipp"
#include "linnet/ops/shape.hpp"

namespace linnet::inline LINNET_ABI::data {

namespace detail {

/// Rows of tensors, in order.
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

Dataset Dataset::from_generator(
    const std::function<std::function<std::optional<Element>()>()>& factory) {
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

std::int64_t Dataset::cardinality() const { return source_->cardinality(); }
std::unique_ptr<detail::Iterator> Dataset::make_iterator() const { return source_->begin(); }

}  // namespace linnet::inline LINNET_ABI::data
