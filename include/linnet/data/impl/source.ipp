#pragma once

#include <memory>
#include <utility>

#include "linnet/core/error.hpp"
#include "linnet/data/dataset.hpp"

namespace linnet::inline LINNET_ABI::data {

namespace detail {

using SourcePtr = std::shared_ptr<const Source>;

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

inline void require_count(const char* op, std::int64_t n, std::int64_t least) {
  if (n < least) fail<ValueError>(op, "expected at least ", least, ", got ", n);
}

}  // namespace detail

}  // namespace linnet::inline LINNET_ABI::data
