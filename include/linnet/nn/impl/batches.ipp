#pragma once

#include <limits>
#include <numeric>

#include "linnet/core/warning.hpp"
#include "linnet/data/dataset.hpp"
#include "linnet/data/labeled_data.hpp"
#include "linnet/data/rows.hpp"
#include "linnet/ops/random.hpp"
#include "linnet/ops/shape.hpp"

namespace linnet::inline LINNET_ABI::detail {

/// Batches of one epoch after the other: {x, y} or {x, y, sample_weight}.
class BatchSource {
 public:
  virtual ~BatchSource() = default;
  virtual void begin_epoch() = 0;
  virtual std::optional<data::Element> next() = 0;
  virtual std::int64_t steps() const = 0;  // -1 if unknown
};

inline void require_rows(const char* op, const data::LabeledData& d) {
  if (d.x.rank() == 0 || (d.y.defined() && d.y.rank() == 0))
    fail<ShapeError>(op, "x and y need a first axis of samples");
  const auto differs = [&](const Tensor& t) { return t.defined() && t.dim(0) != d.x.dim(0); };
  if (differs(d.y) || differs(d.sample_weight))
    fail<ValueError>(op, "Data cardinality is ambiguous: x has ", d.x.dim(0), " samples, y ",
                     d.y.defined() ? d.y.dim(0) : 0, ", sample_weight ",
                     d.sample_weight.defined() ? d.sample_weight.dim(0) : 0);
  if (d.x.dim(0) == 0) fail<ValueError>(op, "no samples: x has shape ", d.x.shape());
}

/// Rows of arrays, in a new random order each epoch if asked for. The order comes from the default
/// generator, so a checkpoint of that resumes the same orders.
class ArrayBatches final : public BatchSource {
 public:
  /// With steps >= 0 an epoch has so many batches and the next one goes on where it ended.
  ArrayBatches(const char* op, const data::LabeledData& d, std::int64_t batch_size, bool shuffle,
               std::int64_t steps = -1)
      : batch_size_(batch_size), steps_(steps), shuffle_(shuffle) {
    require_rows(op, d);
    if (batch_size < 1) fail<ValueError>(op, "batch_size: expected at least 1, got ", batch_size);
    for (const Tensor& t : {d.x, d.y, d.sample_weight})
      if (t.defined()) arrays_.push_back(contiguous(t));
    order_.resize(static_cast<std::size_t>(d.x.dim(0)));
    std::iota(order_.begin(), order_.end(), std::int64_t{0});
  }
  void begin_epoch() override {
    done_ = 0;
    if (steps_ >= 0 && at_ > 0 && at_ < order_.size()) return;
    at_ = 0;
    if (!shuffle_) return;
    const Tensor p = permutation(static_cast<std::int64_t>(order_.size()));
    const auto values = p.data<std::int64_t>();
    order_.assign(values.begin(), values.end());
  }
  std::optional<data::Element> next() override {
    if (at_ == order_.size() || done_ == steps_) return {};
    ++done_;
    const std::size_t n = std::min(static_cast<std::size_t>(batch_size_), order_.size() - at_);
    data::Element batch;
    for (const Tensor& t : arrays_)
      batch.push_back(
          shuffle_ ? data::detail::gather_rows(t, std::span(order_).subspan(at_, n))
                   : narrow(t, 0, static_cast<std::int64_t>(at_), static_cast<std::int64_t>(n)));
    at_ += n;
    return batch;
  }
  std::int64_t steps() const override {
    const auto all = (static_cast<std::int64_t>(order_.size()) + batch_size_ - 1) / batch_size_;
    return steps_ < 0 ? all : std::min(all, steps_);
  }

 private:
  std::vector<Tensor> arrays_;
  std::vector<std::int64_t> order_;
  std::size_t at_ = 0;
  std::int64_t batch_size_, steps_, done_ = 0;
  bool shuffle_;
};

/// Passes over a dataset; with steps_per_epoch one pass goes on over epochs.
class DatasetBatches final : public BatchSource {
 public:
  /// Batches have at least `least` tensors and at most 3, or any number.
  DatasetBatches(data::Dataset dataset, std::int64_t steps_per_epoch, std::size_t least = 2,
                 bool any = false)
      : dataset_(std::move(dataset)),
        least_(any ? 1 : least),
        most_(any ? std::numeric_limits<std::size_t>::max() : 3),
        steps_(steps_per_epoch) {}
  void begin_epoch() override {
    if (steps_ < 0 || !it_ || ended_) it_ = dataset_.make_iterator(), ended_ = false;
    done_ = 0;
  }
  std::optional<data::Element> next() override {
    if (steps_ >= 0 && done_ == steps_) return {};
    auto e = it_->next();
    if (!e && done_ == 0 && steps_ >= 0) {
      it_ = dataset_.make_iterator();  // the last epoch took exactly what was left
      e = it_->next();
    }
    if (!e) {
      ended_ = true;
      if (steps_ >= 0 && done_ > 0)
        warn("fit", "the dataset ran out after ", done_, " of ", steps_,
             " batches of an epoch: use repeat()");
      return {};
    }
    if (e->size() < least_ || e->size() > most_)
      fail<ValueError>("fit", "expected batches {x, y} or {x, y, sample_weight}, got ", e->size(),
                       " tensors");
    ++done_;
    return e;
  }
  std::int64_t steps() const override {
    if (steps_ >= 0) return steps_;
    const std::int64_t n = dataset_.cardinality();
    return n < 0 ? -1 : n;
  }

 private:
  data::Dataset dataset_;
  std::unique_ptr<data::detail::Iterator> it_;
  std::size_t least_, most_;
  std::int64_t steps_, done_ = 0;
  bool ended_ = false;
};

}  // namespace linnet::inline LINNET_ABI::detail
