#include "common.hpp"

/// Random tensors.
namespace linnet_python {
namespace {

using MaybeGenerator = std::optional<linnet::Generator>;

MaybeGenerator generator_of(const py::object& seed) {
  if (seed.is_none()) return {};
  if (py::isinstance<linnet::Generator>(seed)) return seed.cast<linnet::Generator&>();
  return linnet::Generator(static_cast<std::uint64_t>(seed.cast<std::int64_t>()));
}

Tensor uniform(const Shape& shape, py::handle low, const py::object& high, DType dtype,
               const py::object& seed, const py::object&) {
  if (linnet::is_integer(dtype)) {
    if (high.is_none())
      fail<linnet::ValueError>("uniform", "maxval must be given for integer dtypes");
    return linnet::random_integers(shape, low.cast<std::int64_t>(), high.cast<std::int64_t>(),
                                   {.dtype = dtype, .generator = generator_of(seed)});
  }
  return linnet::uniform(shape, {.minval = as_tensor(low).item<double>(),
                                 .maxval = high.is_none() ? 1 : as_tensor(high).item<double>(),
                                 .dtype = dtype,
                                 .generator = generator_of(seed)});
}

template <Tensor (*f)(const Shape&, const linnet::NormalOptions&)>
Tensor normal(const Shape& shape, py::handle mean, py::handle stddev, DType dtype,
              const py::object& seed, const py::object&) {
  return f(shape, {.mean = as_tensor(mean).item<double>(),
                   .stddev = as_tensor(stddev).item<double>(),
                   .dtype = dtype,
                   .generator = generator_of(seed)});
}

Tensor shuffle(const Tensor& x, const py::object& seed, const py::object&) {
  if (x.rank() == 0) fail<linnet::ShapeError>("shuffle", "expected at least one axis");
  return linnet::gather(x, linnet::permutation(x.dim(0), generator_of(seed)), 0);
}

/// Indices drawn with the probabilities softmax(logits), by the largest of logits + Gumbel noise.
Tensor categorical(const Tensor& logits, std::int64_t n, const py::object& dtype,
                   const py::object& seed, const py::object&) {
  if (logits.rank() != 2)
    fail<linnet::ShapeError>("categorical", "expected logits [batch, classes], got ",
                             logits.shape());
  if (n < 0) fail<linnet::ValueError>("categorical", "num_samples ", n, " is negative");
  const Tensor u = linnet::uniform({logits.dim(0), n, logits.dim(1)},
                                   {.minval = 1e-20, .maxval = 1, .generator = generator_of(seed)});
  const Tensor noisy =
      linnet::expand_dims(linnet::cast(logits, DType::float32), 1) - linnet::log(-linnet::log(u));
  const Tensor i = linnet::argmax(noisy, -1);
  return dtype.is_none() ? i : linnet::cast(i, parse_dtype(dtype));
}

}  // namespace

void register_random(py::module_& m) {
  const auto seed = py::arg("seed") = py::none();
  const auto name = py::arg("name") = py::none();
  py::class_<linnet::Generator>(m, "Generator",
                                "A source of random numbers; its state is one Variable.")
      .def_static(
          "from_seed",
          [](std::int64_t s, const py::object&) {
            return linnet::Generator(static_cast<std::uint64_t>(s));
          },
          py::arg("seed"), py::arg("alg") = py::none())
      .def_property_readonly("state", [](const linnet::Generator& g) { return g.state(); })
      .def(
          "reset_from_seed",
          [](linnet::Generator& g, std::int64_t s) { g.set_seed(static_cast<std::uint64_t>(s)); },
          py::arg("seed"))
      .def(
          "uniform",
          [](py::object self, const Shape& shape, py::handle low, const py::object& high,
             DType dtype) { return uniform(shape, low, high, dtype, self, py::none()); },
          py::arg("shape"), py::arg("minval") = 0, py::arg("maxval") = py::none(),
          py::arg("dtype") = "float32")
      .def(
          "normal",
          [](py::object self, const Shape& shape, py::handle mean, py::handle stddev, DType dtype) {
            return normal<linnet::normal>(shape, mean, stddev, dtype, self, py::none());
          },
          py::arg("shape"), py::arg("mean") = 0.0, py::arg("stddev") = 1.0,
          py::arg("dtype") = "float32");
  m.def("_set_random_seed",
        [](std::int64_t s) { linnet::set_random_seed(static_cast<std::uint64_t>(s)); });
  m.def("_default_generator_state", [] { return linnet::default_generator().state(); });
  m.def("random_uniform", uniform, py::arg("shape"), py::arg("minval") = 0,
        py::arg("maxval") = py::none(), py::arg("dtype") = "float32", seed, name,
        docstring("uniform"));
  m.def("random_normal", normal<linnet::normal>, py::arg("shape"), py::arg("mean") = 0.0,
        py::arg("stddev") = 1.0, py::arg("dtype") = "float32", seed, name, docstring("normal"));
  m.def("random_truncated_normal", normal<linnet::truncated_normal>, py::arg("shape"),
        py::arg("mean") = 0.0, py::arg("stddev") = 1.0, py::arg("dtype") = "float32", seed, name,
        docstring("truncated_normal"));
  m.def("random_shuffle", shuffle, py::arg("value"), seed, name,
        "The rows of a tensor in a random order.");
  m.def("random_categorical", categorical, py::arg("logits"), py::arg("num_samples"),
        py::arg("dtype") = py::none(), seed, name,
        "Class indices drawn with the probabilities softmax(logits): [batch, num_samples].");
  m.def(
      "dropout",
      [](const Tensor& x, double rate, const py::object&, const py::object& s, const py::object&) {
        return linnet::dropout(x, rate, generator_of(s));
      },
      py::arg("x"), py::arg("rate"), py::arg("noise_shape") = py::none(), seed, name,
      docstring("dropout"));
}

}  // namespace linnet_python
