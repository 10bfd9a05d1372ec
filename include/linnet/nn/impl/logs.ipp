#pragma once

#include <algorithm>

#include "linnet/core/error.hpp"
#include "linnet/nn/logs.hpp"

namespace linnet::inline LINNET_ABI {

const double* Logs::find(const std::string& name) const {
  for (const auto& [key, value] : entries_)
    if (key == name) return &value;
  return nullptr;
}

double Logs::operator[](const std::string& name) const {
  if (const double* value = find(name)) return *value;
  std::string known;
  for (const auto& [key, value] : entries_) known += (known.empty() ? "" : ", ") + key;
  fail<ValueError>("logs", "no '", name, "' among: ", known);
}

void Logs::set(const std::string& name, double value) {
  for (auto& [key, old] : entries_)
    if (key == name) {
      old = value;
      return;
    }
  entries_.emplace_back(name, value);
}

const std::vector<double>* History::find(const std::string& name) const {
  for (const auto& [key, values] : series_)
    if (key == name) return &values;
  return nullptr;
}

const std::vector<double>& History::operator[](const std::string& name) const {
  if (const auto* values = find(name)) return *values;
  std::string known;
  for (const std::string& key : names()) known += (known.empty() ? "" : ", ") + key;
  fail<ValueError>("history", "no '", name, "' among: ", known);
}

std::vector<std::string> History::names() const {
  std::vector<std::string> out;
  for (const auto& [key, values] : series_) out.push_back(key);
  return out;
}

void History::add(int epoch, const Logs& logs) {
  epoch_.push_back(epoch);
  for (const auto& [name, value] : logs) {
    auto it = std::find_if(series_.begin(), series_.end(),
                           [&name = name](const auto& s) { return s.first == name; });
    if (it == series_.end()) it = series_.insert(series_.end(), {name, {}});
    it->second.push_back(value);
  }
}

}  // namespace linnet::inline LINNET_ABI
