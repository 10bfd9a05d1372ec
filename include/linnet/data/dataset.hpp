#pragma once

#define LINNET_USES_DATA_DATASET
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_DATA_DATASET
#endif

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"

namespace linnet::inline LINNET_ABI::data {

/// What a Dataset yields: one or more tensors, such as {x, y}.
using Element = std::vector<Tensor>;

namespace detail {
/// One pass over a dataset.
class LINNET_EXPORT Iterator {
 public:
  virtual ~Iterator() = default;
  virtual std::optional<Element> next() = 0;
};
/// An immutable description that makes passes.
class LINNET_EXPORT Source {
 public:
  virtual ~Source() = default;
  virtual std::unique_ptr<Iterator> begin() const = 0;
  virtual std::int64_t cardinality() const = 0;
  /// The tensors behind rows, if elements are rows of tensors: batches are then gathered directly.
  virtual const Element* rows() const { return nullptr; }
};
}  // namespace detail

/// As a number of parallel calls: num_threads(); of elements to prefetch: a few.
inline constexpr std::int64_t AUTOTUNE = -1;

struct MapOptions {
  /// So many calls of the function at once, on threads of their own (it must be safe to call so);
  /// AUTOTUNE: num_threads(). Elements keep their order whatever it is.
  std::int64_t num_parallel_calls = 1;
};
struct ShuffleOptions {
  /// None: drawn from the process's generator, which set_random_seed() seeds.
  std::optional<std::uint64_t> seed{};
  bool reshuffle_each_iteration = true;
};
struct BatchOptions {
  bool drop_remainder = false;
};

/// A pipeline that yields elements: an immutable value, cheap to copy, iterable any number of
/// times.
///
///     auto ds = data::Dataset::from_tensor_slices({x, y}).shuffle(1024).batch(32).prefetch(2);
///     for (const data::Element& batch : ds) step(batch[0], batch[1]);
class LINNET_EXPORT Dataset {
 public:
  static constexpr std::int64_t infinite = -1, unknown = -2;

  /// One element per row; ValueError if the tensors' first extents differ.
  LINNET_DECL static Dataset from_tensor_slices(Element tensors);
  /// One element: the tensors.
  LINNET_DECL static Dataset from_tensors(Element tensors);
  /// `factory()` makes a generator per pass; it returns elements until it returns nothing.
  LINNET_DECL static Dataset from_generator(
      const std::function<std::function<std::optional<Element>()>()>& factory);
  /// 0-d int64 elements start, start + step, ... below stop.
  LINNET_DECL static Dataset range(std::int64_t start, std::int64_t stop, std::int64_t step = 1);
  LINNET_DECL static Dataset range(std::int64_t stop);
  /// Elements side by side, as long as all last.
  LINNET_DECL static Dataset zip(const std::vector<Dataset>& datasets);

  /// f of each element. What f throws reaches the consumer in that element's place.
  LINNET_DECL Dataset map(const std::function<Element(const Element&)>& f,
                          const MapOptions& options = {}) const;
  LINNET_DECL Dataset filter(const std::function<bool(const Element&)>& keep) const;
  /// The elements of f(first element), then of f(second), ...
  LINNET_DECL Dataset flat_map(const std::function<Dataset(const Element&)>& f) const;
  /// The same from cycle_length datasets in turn, block_length elements of each at a time; one that
  /// ends is replaced by the next. ValueError unless both are >= 1.
  LINNET_DECL Dataset interleave(const std::function<Dataset(const Element&)>& f,
                                 std::int64_t cycle_length, std::int64_t block_length = 1) const;
  /// {start + i (0-d int64), tensors of the i-th element...}
  LINNET_DECL Dataset enumerate(std::int64_t start = 0) const;
  /// The i-th output comes from the first i + buffer_size inputs. ValueError unless >= 1.
  LINNET_DECL Dataset shuffle(std::int64_t buffer_size, const ShuffleOptions& options = {}) const;
  /// Stacks n elements along a new first axis; the last batch may be smaller. ShapeError if
  /// elements differ in shape, ValueError unless n >= 1.
  LINNET_DECL Dataset batch(std::int64_t n, const BatchOptions& options = {}) const;
  /// The rows of each element's tensors. ShapeError if their first extents differ.
  LINNET_DECL Dataset unbatch() const;
  /// count times, or forever.
  LINNET_DECL Dataset repeat(std::int64_t count = infinite) const;
  /// The first `count` elements; -1: all.
  LINNET_DECL Dataset take(std::int64_t count) const;
  /// All but the first `count` elements; -1: none is left.
  LINNET_DECL Dataset skip(std::int64_t count) const;
  /// Every num_shards-th element, from the one at `index` on. ValueError unless 0 <= index <
  /// num_shards.
  LINNET_DECL Dataset shard(std::int64_t num_shards, std::int64_t index) const;
  LINNET_DECL Dataset concatenate(const Dataset& other) const;
  /// Keeps the first full pass in memory.
  LINNET_DECL Dataset cache() const;
  /// Makes up to n elements ahead (AUTOTUNE: 2) on a thread of its own; its exceptions reach the
  /// consumer.
  LINNET_DECL Dataset prefetch(std::int64_t n) const;

  /// The number of elements, `infinite` or `unknown`.
  LINNET_DECL std::int64_t cardinality() const;
  LINNET_DECL std::unique_ptr<detail::Iterator> make_iterator() const;

  /// Range-for over one pass.
  class Cursor {
   public:
    Cursor() = default;
    explicit Cursor(std::shared_ptr<detail::Iterator> it) : it_(std::move(it)) { ++*this; }
    const Element& operator*() const { return *element_; }
    Cursor& operator++() {
      element_ = it_->next();
      return *this;
    }
    friend bool operator!=(const Cursor& a, const Cursor& b) {
      return a.element_.has_value() != b.element_.has_value();
    }

   private:
    std::shared_ptr<detail::Iterator> it_;
    std::optional<Element> element_;
  };
  Cursor begin() const { return Cursor(make_iterator()); }
  Cursor end() const { return {}; }

  explicit Dataset(std::shared_ptr<const detail::Source> source) : source_(std::move(source)) {}

 private:
  std::shared_ptr<const detail::Source> source_;
};

}  // namespace linnet::inline LINNET_ABI::data

#ifdef LINNET_FIRST_DATA_DATASET
#include "linnet/impl/src.hpp"
#endif
