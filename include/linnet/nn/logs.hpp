#pragma once

#define LINNET_USES_NN_LOGS
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_NN_LOGS
#endif

#include <string>
#include <utility>
#include <vector>

#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI {

/// Named numbers of a batch or an epoch, in a fixed order: `logs["loss"]`.
class LINNET_EXPORT Logs {
 public:
  /// ValueError, listing what there is, for a name that is not there.
  LINNET_DECL double operator[](const std::string& name) const;
  LINNET_DECL const double* find(const std::string& name) const;
  LINNET_DECL void set(const std::string& name, double value);
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }
  std::size_t size() const { return entries_.size(); }

 private:
  std::vector<std::pair<std::string, double>> entries_;
};

/// What fit() returns: each log's value per epoch. `history["val_loss"].back()`.
class LINNET_EXPORT History {
 public:
  /// ValueError for a name that was not logged.
  LINNET_DECL const std::vector<double>& operator[](const std::string& name) const;
  /// Names in Keras's order: the training ones alphabetically, then val_ ones, then others.
  LINNET_DECL std::vector<std::string> names() const;
  const std::vector<int>& epoch() const { return epoch_; }
  LINNET_DECL void add(int epoch, const Logs& logs);
  bool contains(const std::string& name) const { return find(name) != nullptr; }

 private:
  LINNET_DECL const std::vector<double>* find(const std::string& name) const;
  std::vector<std::pair<std::string, std::vector<double>>> series_;
  std::vector<int> epoch_;
};

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_NN_LOGS
#include "linnet/impl/src.hpp"
#endif
