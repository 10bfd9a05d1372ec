#pragma once

#include <utility>
#include <vector>

#include "linnet/data/impl/source.ipp"

namespace linnet::inline LINNET_ABI::data {

namespace detail {

using MakeDataset = std::function<Dataset(const Element&)>;

/// Elements of datasets in turn: a slot holds a pass over one of them.
class InterleaveIterator final : public Iterator {
 public:
  InterleaveIterator(std::unique_ptr<Iterator> inputs, MakeDataset f, std::size_t cycle,
                     std::int64_t block)
      : inputs_(std::move(inputs)), f_(std::move(f)), slots_(cycle), block_(block) {}
  std::optional<Element> next() override {
    while (!ended_ || open_ > 0) {
      std::unique_ptr<Iterator>& slot = slots_[at_];
      if (slot) {
        auto e = slot->next();
        if (e) {
          if (++taken_ == block_) turn();
          return e;
        }
        slot.reset(), --open_, turn();
      } else if (ended_) {
        turn();
      } else if (auto input = inputs_->next()) {
        slot = f_(*input).make_iterator(), ++open_;
      } else {
        ended_ = true;
      }
    }
    return {};
  }

 private:
  void turn() {
    taken_ = 0;
    at_ = (at_ + 1) % slots_.size();
  }
  std::unique_ptr<Iterator> inputs_;
  MakeDataset f_;
  std::vector<std::unique_ptr<Iterator>> slots_;
  std::size_t at_ = 0, open_ = 0;
  std::int64_t block_, taken_ = 0;
  bool ended_ = false;
};

}  // namespace detail

Dataset Dataset::interleave(const std::function<Dataset(const Element&)>& f,
                            std::int64_t cycle_length, std::int64_t block_length) const {
  if (!f) fail<ValueError>("interleave", "expected a function");
  detail::require_count("interleave", cycle_length, 1);
  detail::require_count("interleave", block_length, 1);
  return detail::make_dataset(
      [source = source_, f, cycle_length, block_length]() -> std::unique_ptr<detail::Iterator> {
        return std::make_unique<detail::InterleaveIterator>(
            source->begin(), f, static_cast<std::size_t>(cycle_length), block_length);
      },
      cardinality() == 0 ? 0 : unknown);
}

Dataset Dataset::flat_map(const std::function<Dataset(const Element&)>& f) const {
  if (!f) fail<ValueError>("flat_map", "expected a function");
  return interleave(f, 1);
}

Dataset Dataset::unbatch() const {
  return detail::make_dataset(
      [source = source_] {
        return detail::make_iterator([it = std::shared_ptr(source->begin()), batch = Element(),
                                      rows = std::int64_t{0},
                                      i = std::int64_t{0}]() mutable -> std::optional<Element> {
          while (i == rows) {
            auto e = it->next();
            if (!e) return {};
            if (e->empty()) fail<ValueError>("unbatch", "an element has no tensor");
            for (const Tensor& t : *e) {
              if (t.rank() == 0) fail<ShapeError>("unbatch", "a scalar has no rows");
              if (t.dim(0) != (*e)[0].dim(0))
                fail<ShapeError>("unbatch", "first extents differ: ", (*e)[0].dim(0), " and ",
                                 t.dim(0));
            }
            batch = std::move(*e), rows = batch[0].dim(0), i = 0;
          }
          return detail::row(batch, i++);
        });
      },
      cardinality() == 0 ? 0 : unknown);
}

}  // namespace linnet::inline LINNET_ABI::data
