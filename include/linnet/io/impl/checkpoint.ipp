#pragma once

#include <set>

#include "linnet/io/checkpoint.hpp"

namespace linnet::inline LINNET_ABI {

void save_variables(const std::string& path, const NamedVariables& variables) {
  TensorFile file;
  file.metadata["format"] = "linnet";
  for (const auto& [name, v] : variables) file.tensors.emplace_back(name, v.value());
  save_safetensors(path, file);
}

void load_variables(const std::string& path, const NamedVariables& variables) {
  const TensorFile file = load_safetensors(path);
  std::set<std::string> known;
  std::vector<Tensor> values;
  for (const auto& [name, v] : variables) {
    const Tensor t = file.find(name);
    if (!t.defined()) fail<ValueError>("load_weights", path, " holds no '", name, "'");
    if (!(t.shape() == v.shape()))
      fail<ShapeError>("load_weights", "'", name, "' has shape ", v.shape(), ", ", path, " holds ",
                       t.shape());
    if (t.dtype() != v.dtype())
      fail<DTypeError>("load_weights", "'", name, "' has dtype ", v.dtype(), ", ", path, " holds ",
                       t.dtype());
    known.insert(name);
    values.push_back(t);
  }
  for (const auto& [name, t] : file.tensors)
    if (!known.contains(name))
      fail<ValueError>("load_weights", path, " holds '", name, "', which the model has not");
  for (std::size_t i = 0; i < values.size(); ++i) variables[i].second.assign(values[i]);
}

}  // namespace linnet::inline LINNET_ABI
