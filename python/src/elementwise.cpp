#include "common.hpp"

/// Elementwise ops. Each row of elementwise_ops.def whose public function has the row's name is
/// bound by this file as it is; the few others have a line below.
namespace linnet_python {
namespace {

/// What a row without a public function of its name resolves to.
struct Missing {};
struct Anything {
  template <class T>
  Anything(const T&) {}  // NOLINT: implicit on purpose
};

namespace rows {
#define LINNET_UNARY(name, domain, formula) \
  [[maybe_unused]] inline Missing name(const Anything&) { return {}; }
#define LINNET_PREDICATE1(name, domain, formula) LINNET_UNARY(name, domain, formula)
#define LINNET_BINARY(name, domain, formula) \
  [[maybe_unused]] inline Missing name(const Anything&, const Anything&) { return {}; }
#define LINNET_PREDICATE2(name, domain, formula) LINNET_BINARY(name, domain, formula)
#define LINNET_TERNARY(name, domain, formula)
#include <linnet/backend/cpu/elementwise_ops.def>
}  // namespace rows

using Unary = Tensor (*)(const Tensor&);

void bind(py::module_& m, const char* name, Unary f) {
  m.def(
      name,
      [f](py::handle x, const py::object&) {
        const Tensor t = is_tensor(x.ptr()) ? tensor_of(x.ptr()) : as_tensor(x);
        const ReleaseIfLarge release(t.size());
        return f(t);
      },
      py::arg("x"), py::arg("name") = py::none(), docstring(name));
}

void bind(py::module_& m, const char* name, Binary f) {
  m.def(
      name,
      [f, name](py::handle x, py::handle y, const py::object&) {
        Tensor z = call_binary(f, x.ptr(), y.ptr());
        if (!z.defined())
          fail<linnet::DTypeError>(name, "expected tensors or numbers, got ",
                                   Py_TYPE(x.ptr())->tp_name, " and ", Py_TYPE(y.ptr())->tp_name);
        return z;
      },
      py::arg("x"), py::arg("y"), py::arg("name") = py::none(), docstring(name));
}

// Calls by a row's name: the library's function where there is one of these parameters.
#define LINNET_UNARY(name, domain, formula) \
  auto row_##name(const Tensor& x) {        \
    using namespace linnet;                 \
    using namespace rows;                   \
    return name(x);                         \
  }
#define LINNET_PREDICATE1(name, domain, formula) LINNET_UNARY(name, domain, formula)
#define LINNET_BINARY(name, domain, formula)            \
  auto row_##name(const Operand& x, const Operand& y) { \
    using namespace linnet;                             \
    using namespace rows;                               \
    return name(x, y);                                  \
  }
#define LINNET_PREDICATE2(name, domain, formula) LINNET_BINARY(name, domain, formula)
#define LINNET_TERNARY(name, domain, formula)
#include <linnet/backend/cpu/elementwise_ops.def>

template <class R, class... P>
void bind_row(py::module_& m, const char* name, R (*f)(P...)) {
  if constexpr (std::is_same_v<R, Tensor>) bind(m, name, f);
}

void bind_rows(py::module_& m) {
#define LINNET_UNARY(name, domain, formula) bind_row(m, #name, &row_##name);
#define LINNET_PREDICATE1(name, domain, formula) LINNET_UNARY(name, domain, formula)
#define LINNET_BINARY(name, domain, formula) LINNET_UNARY(name, domain, formula)
#define LINNET_PREDICATE2(name, domain, formula) LINNET_UNARY(name, domain, formula)
#define LINNET_TERNARY(name, domain, formula)
#include <linnet/backend/cpu/elementwise_ops.def>
}

Tensor where(py::handle condition, py::handle a, py::handle b) {
  const Tensor c = as_tensor(condition);
  Arg x, y;
  const bool tensor_second = is_tensor(b.ptr()) || is_variable(b.ptr());
  const bool loaded = tensor_second
                          ? load_arg(b.ptr(), nullptr, y) && load_arg(a.ptr(), &y.tensor, x)
                          : load_arg(a.ptr(), nullptr, x) && load_arg(b.ptr(), &x.tensor, y);
  if (!loaded) fail<linnet::DTypeError>("where", "expected tensors or numbers");
  const ReleaseIfLarge release(c.size());
  return linnet::where(c, x.operand(), y.operand());
}

Tensor clip(py::handle value, py::handle low, py::handle high) {
  const Tensor x = as_tensor(value);
  Arg l, h;
  if (!load_arg(low.ptr(), &x, l) || !load_arg(high.ptr(), &x, h))
    fail<linnet::DTypeError>("clip_by_value", "expected tensors or numbers");
  const ReleaseIfLarge release(x.size());
  return linnet::clip(x, l.operand(), h.operand());
}

}  // namespace

void register_elementwise(py::module_& m) {
  bind_rows(m);
  bind(m, "negative", linnet::negative);
  bind(m, "subtract", linnet::subtract);
  bind(m, "multiply", linnet::multiply);
  bind(m, "divide", linnet::divide);
  bind(m, "floor_divide", linnet::floor_divide);
  m.def("where", where, py::arg("condition"), py::arg("x"), py::arg("y"), docstring("where"));
  m.def("clip_by_value", clip, py::arg("t"), py::arg("clip_value_min"), py::arg("clip_value_max"),
        docstring("clip"));
  m.def(
      "cast",
      [](py::handle x, DType t, const py::object&) {
        const Tensor v = as_tensor(x);
        const ReleaseIfLarge release(v.size());
        return linnet::cast(v, t);
      },
      py::arg("x"), py::arg("dtype"), py::arg("name") = py::none(), docstring("cast"));
  m.def(
      "leaky_relu", [](const Tensor& x, double slope) { return linnet::leaky_relu(x, slope); },
      py::arg("features"), py::arg("alpha") = 0.2, docstring("leaky_relu"));
  m.def(
      "elu", [](const Tensor& x, double alpha) { return linnet::elu(x, alpha); },
      py::arg("features"), py::arg("alpha") = 1.0, docstring("elu"));
  m.def(
      "polygamma",
      [](int n, const Tensor& x, const py::object&) { return linnet::polygamma(n, x); },
      py::arg("a"), py::arg("x"), py::arg("name") = py::none(), docstring("polygamma"));
  py::delattr(m, "gelu");  // the row's would take `approximate` for a name
  m.def(
      "gelu", [](const Tensor& x, bool approximate) { return linnet::gelu(x, approximate); },
      py::arg("features"), py::arg("approximate") = false, docstring("gelu"));
}

}  // namespace linnet_python
