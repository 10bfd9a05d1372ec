#include "config.hpp"

/// Datasets and files. What a Dataset yields is a flat list of tensors here; nests are Python's.
namespace linnet_python {
namespace {

using linnet::data::Dataset;
using linnet::data::Element;

/// One pass. Its end may have to wait for a thread that runs Python, so it goes without the GIL.
class Pass {
 public:
  explicit Pass(const Dataset& d) : iterator_(d.make_iterator()) {}
  ~Pass() {
    const py::gil_scoped_release release;
    iterator_.reset();
  }
  Pass(const Pass&) = delete;
  Pass& operator=(const Pass&) = delete;
  std::optional<Element> next() {
    const py::gil_scoped_release release;
    return iterator_->next();
  }

 private:
  std::unique_ptr<linnet::data::detail::Iterator> iterator_;
};

Element element_of(py::handle h) {
  Element e;
  for (py::handle part : h) e.push_back(as_tensor(part));
  return e;
}

std::function<Element(const Element&)> element_function(py::object f) {
  const Shared shared(std::move(f));
  return [shared](const Element& e) {
    const py::gil_scoped_acquire gil;
    return element_of(shared.get()(e));
  };
}

/// next() of a Python iterator, until it ends.
std::optional<Element> next_of(const Shared& iterator) {
  const py::gil_scoped_acquire gil;
  PyObject* item = PyIter_Next(iterator.get().ptr());
  if (!item) {
    if (PyErr_Occurred()) throw py::error_already_set();
    return {};
  }
  return element_of(py::reinterpret_steal<py::object>(item));
}

Dataset from_generator(py::object make) {
  const Shared shared(std::move(make));
  return Dataset::from_generator([shared]() -> std::function<std::optional<Element>()> {
    const py::gil_scoped_acquire gil;
    const Shared iterator(
        py::reinterpret_steal<py::object>(PyObject_GetIter(py::object(shared.get()()).ptr())));
    return [iterator] { return next_of(iterator); };
  });
}

linnet::data::ShuffleOptions shuffle_options(const py::object& seed, bool reshuffle) {
  linnet::data::ShuffleOptions o{.reshuffle_each_iteration = reshuffle};
  if (!seed.is_none()) o.seed = static_cast<std::uint64_t>(seed.cast<std::int64_t>());
  return o;
}

void register_dataset(py::module_& m) {
  py::class_<Pass>(m, "_Pass").def("next", &Pass::next);
  py::class_<Dataset>(m, "_Dataset")
      .def_static("from_tensor_slices", &Dataset::from_tensor_slices)
      .def_static("from_tensors", &Dataset::from_tensors)
      .def_static("from_generator", &from_generator)
      .def_static("range", [](std::int64_t start, std::int64_t stop,
                              std::int64_t step) { return Dataset::range(start, stop, step); })
      .def_static("zip", &Dataset::zip)
      .def("map",
           [](const Dataset& d, py::object f, std::int64_t calls) {
             return d.map(element_function(std::move(f)), {.num_parallel_calls = calls});
           })
      .def("filter",
           [](const Dataset& d, py::object f) {
             const Shared shared(std::move(f));
             return d.filter([shared](const Element& e) {
               const py::gil_scoped_acquire gil;
               const py::object keep = shared.get()(e);
               const int truth = PyObject_IsTrue(keep.ptr());
               if (truth < 0) throw py::error_already_set();
               return truth != 0;
             });
           })
      .def("flat_map",
           [](const Dataset& d, py::object f) {
             const Shared shared(std::move(f));
             return d.flat_map([shared](const Element& e) {
               const py::gil_scoped_acquire gil;
               const py::object made = shared.get()(e);
               return made.cast<Dataset>();
             });
           })
      .def("interleave",
           [](const Dataset& d, py::object f, std::int64_t cycle, std::int64_t block) {
             const Shared shared(std::move(f));
             return d.interleave(
                 [shared](const Element& e) {
                   const py::gil_scoped_acquire gil;
                   const py::object made = shared.get()(e);
                   return made.cast<Dataset>();
                 },
                 cycle, block);
           })
      .def("enumerate", &Dataset::enumerate)
      .def("shuffle", [](const Dataset& d, std::int64_t n, const py::object& seed,
                         bool reshuffle) { return d.shuffle(n, shuffle_options(seed, reshuffle)); })
      .def("batch", [](const Dataset& d, std::int64_t n,
                       bool drop) { return d.batch(n, {.drop_remainder = drop}); })
      .def("unbatch", &Dataset::unbatch)
      .def("repeat", &Dataset::repeat)
      .def("take", &Dataset::take)
      .def("skip", &Dataset::skip)
      .def("shard", &Dataset::shard)
      .def("concatenate", &Dataset::concatenate)
      .def("cache", &Dataset::cache)
      .def("prefetch", &Dataset::prefetch)
      .def("cardinality", &Dataset::cardinality)
      .def("begin", [](const Dataset& d) { return std::make_unique<Pass>(d); });
}

}  // namespace

void register_data(py::module_& m) {
  register_dataset(m);
  m.def("_load_idx", [](const std::string& path) {
    const py::gil_scoped_release release;
    return linnet::data::load_idx(path);
  });
  m.def("_load_safetensors", [](const std::string& path) {
    linnet::TensorFile file;
    {
      const py::gil_scoped_release release;
      file = linnet::load_safetensors(path);
    }
    py::dict tensors, metadata;
    for (const auto& [name, t] : file.tensors) tensors[py::str(name)] = t;
    for (const auto& [key, text] : file.metadata) metadata[py::str(key)] = text;
    return py::make_tuple(tensors, metadata);
  });
  m.def("_save_safetensors",
        [](const std::string& path, const py::dict& tensors, const py::dict& metadata) {
          linnet::TensorFile file;
          for (const auto& [name, t] : tensors)
            file.tensors.emplace_back(name.cast<std::string>(), as_tensor(t));
          for (const auto& [key, text] : metadata)
            file.metadata[key.cast<std::string>()] = text.cast<std::string>();
          const py::gil_scoped_release release;
          linnet::save_safetensors(path, file);
        });
}

}  // namespace linnet_python
