#pragma once

#include <pybind11/stl.h>

#include "common.hpp"

/// Keyword arguments as the constructors of layers, losses and optimizers read them. The Python
/// classes have checked the names and filled in defaults.
namespace linnet_python {

linnet::ActivationFunction to_activation(py::handle value);
linnet::Handle<linnet::Initializer> to_initializer(py::handle value);
linnet::Handle<linnet::Regularizer> to_regularizer(py::handle value);
linnet::Handle<linnet::Constraint> to_constraint(py::handle value);
linnet::Handle<linnet::Loss> to_loss(py::handle value);
linnet::Handle<linnet::Metric> to_metric(py::handle value);
linnet::Handle<linnet::Optimizer> to_optimizer(py::handle value);

class Config {
 public:
  explicit Config(py::dict values) : values_(std::move(values)) {}

  py::object operator[](const char* name) const { return values_[name]; }
  bool has(const char* name) const { return values_.contains(name) && !values_[name].is_none(); }
  /// A number, truth or text; DTypeError if it is something else.
  template <class T>
  T get(const char* name) const {
    const py::object value = values_[name];
    try {
      return value.cast<T>();
    } catch (const py::cast_error&) {
      fail<linnet::DTypeError>(name, "a value of type ", Py_TYPE(value.ptr())->tp_name,
                               " does not fit: ", py::repr(value).cast<std::string>());
    }
  }
  template <class T>
  std::optional<T> maybe(const char* name) const {
    return has(name) ? std::optional<T>(get<T>(name)) : std::nullopt;
  }
  template <class T>
  T get_or(const char* name, T otherwise) const {
    return has(name) ? get<T>(name) : otherwise;
  }
  std::string name() const { return get_or<std::string>("name", ""); }
  linnet::Size2D size(const char* name) const {
    const Shape s = parse_shape(values_[name], name);
    const auto extent = [&](int i) {
      if (s[i] < std::numeric_limits<int>::min() || s[i] > std::numeric_limits<int>::max())
        fail<linnet::ValueError>(name, s[i], " is out of range");
      return static_cast<int>(s[i]);
    };
    if (s.rank() == 1) return extent(0);
    if (s.rank() == 2) return {extent(0), extent(1)};
    fail<linnet::ValueError>(name, "expected one number or two, got ", s.rank());
  }
  linnet::ActivationFunction activation(const char* name) const {
    return to_activation(values_[name]);
  }
  linnet::Handle<linnet::Initializer> initializer(const char* name) const {
    return to_initializer(values_[name]);
  }
  linnet::Handle<linnet::Regularizer> regularizer(const char* name) const {
    return to_regularizer(values_[name]);
  }
  linnet::Handle<linnet::Constraint> constraint(const char* name) const {
    return to_constraint(has(name) ? py::object(values_[name]) : py::none());
  }
  std::optional<Shape> input_shape() const {
    if (!has("input_shape")) return {};
    return parse_shape(values_["input_shape"], "input_shape", true);
  }
  linnet::Reduction reduction() const {
    if (!has("reduction")) return linnet::Reduction::none;
    const auto text = get<std::string>("reduction");
    if (text == "sum_over_batch_size" || text == "mean" || text == "auto")
      return linnet::Reduction::sum_over_batch_size;
    if (text == "sum") return linnet::Reduction::sum;
    if (text == "mean_with_sample_weight") return linnet::Reduction::mean_with_sample_weight;
    if (text == "none") return linnet::Reduction::none;
    fail<linnet::ValueError>("reduction", "unknown name '", text, "'");
  }

 private:
  py::dict values_;
};

}  // namespace linnet_python
