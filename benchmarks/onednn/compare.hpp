#pragma once

#include <dnnl.hpp>

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "linnet/backend/backend.hpp"
#include "linnet/linnet.hpp"

/// Linnet's own kernels beside oneDNN's primitives, each on one thread.
namespace compare {

using linnet::Shape;
using linnet::Tensor;

/// One line of the tables: what each side does once.
struct Row {
  std::string table, op, shape;
  std::function<void()> linnet, onednn;
  std::string implementation;          ///< oneDNN's
  std::function<void()> float32 = {};  ///< of integer rows: the same in float32
};

std::vector<Row> rows_of_layers();
std::vector<Row> rows_of_products();
std::vector<Row> rows_of_integers();

/// A kernel of a primitive with memory of its own. Weights that it wants in its own form are
/// prepared.
class Own {
 public:
  /// `best`: the kernel that Linnet chooses, else its own.
  Own(linnet::PrimitiveRef p, const std::vector<Tensor>& in,
      const std::vector<linnet::TensorSpec>& out, bool best = false);
  void operator()() const;

 private:
  template <class F>
  void run(F f) const;

  std::vector<Tensor> in_, out_;
  Tensor workspace_, prepared_;
  linnet::KernelPtr kernel_;
  std::shared_ptr<linnet::KernelState> state_;
};

/// A oneDNN primitive with memory of its own.
class Theirs {
 public:
  Theirs() : stream_(engine()) {}
  static const dnnl::engine& engine();
  /// The argument's memory, filled with small positive numbers.
  Theirs& with(int argument, const dnnl::memory::desc& descriptor);
  void set(const dnnl::primitive& primitive) { primitive_ = primitive; }
  void operator()() {
    primitive_.execute(stream_, arguments_);
    stream_.wait();
  }

 private:
  dnnl::primitive primitive_;
  dnnl::stream stream_;
  std::unordered_map<int, dnnl::memory> arguments_;
};

inline dnnl::memory::desc images(const Shape& s) {
  return {{s[0], s[3], s[1], s[2]}, dnnl::memory::data_type::f32, dnnl::memory::format_tag::nhwc};
}
inline dnnl::memory::desc matrix(std::int64_t rows, std::int64_t columns) {
  return {{rows, columns}, dnnl::memory::data_type::f32, dnnl::memory::format_tag::ab};
}

}  // namespace compare
