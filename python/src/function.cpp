#include <pybind11/stl.h>

#include <unordered_map>

#include "interrupt.hpp"

/// linnet.function: Python functions captured per signature and replayed.
namespace linnet_python {
namespace {

/// A nest of lists, tuples and dicts with tensors at its leaves, to be filled with other tensors.
struct Structure {
  enum class Kind { tensor, object, list, tuple, dict };
  Kind kind = Kind::object;
  py::object object;  // a leaf that is no tensor; the type of a named tuple; a dict's keys
  std::vector<Structure> parts;
};

template <class NextTensor>
py::object build(const Structure& s, NextTensor& next) {
  switch (s.kind) {
    case Structure::Kind::tensor:
      return wrapped(next());
    case Structure::Kind::object:
      return s.object;
    case Structure::Kind::dict: {
      py::dict d;
      std::size_t i = 0;
      for (py::handle key : s.object) d[key] = build(s.parts[i++], next);
      return d;
    }
    default: {
      py::list items;
      for (const Structure& p : s.parts) items.append(build(p, next));
      if (s.kind == Structure::Kind::list) return items;
      return s.object ? s.object(*py::tuple(items)) : py::object(py::tuple(items));
    }
  }
}

/// Takes arguments apart: tensors, and a key that tells everything else.
class Signature {
 public:
  std::string key;
  std::vector<Tensor> tensors;

  Structure add(py::handle h) {
    PyObject* o = h.ptr();
    if (is_tensor(o)) return add_tensor(tensor_of(o));
    if (o == Py_None || is_variable(o)) return add_object('V', h);
    if (PyBool_Check(o) || PyLong_Check(o) || PyFloat_Check(o) || PyUnicode_Check(o))
      return add_value(h);
    if (PyDict_CheckExact(o)) return add_dict(h);
    if (PyList_CheckExact(o) || PyTuple_Check(o)) return add_sequence(h);
    if (PyObject_CheckBuffer(o) && !PyBytes_Check(o) && !PyByteArray_Check(o))
      return add_tensor(as_tensor(h));
    return add_object('O', h);
  }

 private:
  template <class T>
  void append(const T& value) {
    key.append(reinterpret_cast<const char*>(&value), sizeof value);
  }

  Structure add_tensor(const Tensor& t) {
    key += 'T';
    append(t.dtype());
    append(static_cast<std::int8_t>(t.rank()));
    for (const std::int64_t d : t.shape()) append(d);
    tensors.push_back(t);
    return {Structure::Kind::tensor, {}, {}};
  }
  Structure add_object(char tag, py::handle h) {
    key += tag;
    append(is_variable(h.ptr())
               ? h.cast<Variable&>().id()
               : static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(h.ptr())));
    return {Structure::Kind::object, py::reinterpret_borrow<py::object>(h), {}};
  }
  Structure add_value(py::handle h) {
    key += PyBool_Check(h.ptr())    ? 'b'
           : PyFloat_Check(h.ptr()) ? 'f'
           : PyLong_Check(h.ptr())  ? 'i'
                                    : 's';
    if (PyFloat_Check(h.ptr())) {
      append(PyFloat_AS_DOUBLE(h.ptr()));
    } else {
      const std::string text = py::str(h).cast<std::string>();
      append(text.size());
      key += text;
    }
    return {Structure::Kind::object, py::reinterpret_borrow<py::object>(h), {}};
  }
  Structure add_dict(py::handle h) {
    Structure s{Structure::Kind::dict, py::list(h.attr("keys")()), {}};
    key += 'D';
    append(py::len(s.object));
    for (py::handle k : s.object) {
      add(k);
      s.parts.push_back(add(py::reinterpret_steal<py::object>(PyObject_GetItem(h.ptr(), k.ptr()))));
    }
    return s;
  }
  Structure add_sequence(py::handle h) {
    const bool list = PyList_Check(h.ptr());
    const bool named = !list && !PyTuple_CheckExact(h.ptr()) && py::hasattr(h, "_fields");
    Structure s{list ? Structure::Kind::list : Structure::Kind::tuple, {}, {}};
    if (named) s.object = py::type::of(h);
    key += list ? 'L' : 'U';
    append(PySequence_Fast_GET_SIZE(h.ptr()));
    for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(h.ptr()); ++i)
      s.parts.push_back(add(PySequence_Fast_GET_ITEM(h.ptr(), i)));
    return s;
  }
};

/// What a traced function returned: tensors out, structure kept.
Structure take_apart(py::handle h, linnet::detail::Outputs& out, const std::string& name) {
  PyObject* o = h.ptr();
  if (o == Py_None) return {Structure::Kind::object, py::none(), {}};
  if (PyDict_Check(o)) {
    Structure s{Structure::Kind::dict, py::list(h.attr("keys")()), {}};
    for (py::handle k : s.object)
      s.parts.push_back(
          take_apart(py::reinterpret_steal<py::object>(PyObject_GetItem(o, k.ptr())), out, name));
    return s;
  }
  if (PyList_Check(o) || PyTuple_Check(o)) {
    const bool list = PyList_Check(o);
    Structure s{list ? Structure::Kind::list : Structure::Kind::tuple, {}, {}};
    if (!list && !PyTuple_CheckExact(o) && py::hasattr(h, "_fields")) s.object = py::type::of(h);
    for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(o); ++i)
      s.parts.push_back(take_apart(PySequence_Fast_GET_ITEM(o, i), out, name));
    return s;
  }
  if (!is_convertible(o) && !as_scalar(o))
    fail<linnet::DTypeError>(name,
                             "a captured function returns tensors, numbers, None and nests "
                             "of them, got ",
                             Py_TYPE(o)->tp_name);
  out.push_back(as_tensor(h));
  return {Structure::Kind::tensor, {}, {}};
}

/// One signature: its traces and the form of its result.
struct Concrete {
  explicit Concrete(const std::string& name)
      : core(linnet::FunctionOptions{.name = name, .max_traces = 8}) {}
  linnet::detail::FunctionCore core;
  Structure arguments, result;
  std::uint64_t last_use = 0;
};

class PythonFunction {
 public:
  PythonFunction(py::object function, std::string name)
      : function_(std::move(function)), name_(std::move(name)) {}

  py::object call(const py::args& args, const py::kwargs& kwargs) {
    Signature signature;
    Structure positional = signature.add(args);
    Structure named;
    const bool has_named = !kwargs.empty();
    if (has_named) named = signature.add(kwargs);
    const std::shared_ptr<Concrete> concrete = find(signature.key);
    if (functions_eager) return plain(positional, named, has_named, signature);
    return run(*concrete, signature, positional, has_named ? &named : nullptr);
  }

  /// Records for these arguments and runs nothing.
  void prepare(const py::args& args, const py::kwargs& kwargs) {
    Signature signature;
    const Structure positional = signature.add(args);
    std::optional<Structure> named;
    if (!kwargs.empty()) named = signature.add(kwargs);
    const std::shared_ptr<Concrete> concrete = find(signature.key);
    if (functions_eager) return;
    trace(*concrete, signature, positional, named ? &*named : nullptr, nullptr);
  }

  int tracing_count() const { return traces_; }
  std::string graph() const { return newest().graph_text(); }
  std::string plan() const {
    const py::gil_scoped_release release;
    return newest().concrete->core.plan();
  }
  void clear() {
    cache_.clear();
    newest_.reset();
  }

 private:
  struct Newest {
    std::shared_ptr<Concrete> concrete;
    std::string graph_text() const {
      const py::gil_scoped_release release;
      return linnet::to_string(concrete->core.graph());
    }
  };
  Newest newest() const {
    if (!newest_) fail<linnet::ValueError>(name_, "not traced yet: call it first");
    return {newest_};
  }

  std::shared_ptr<Concrete> find(const std::string& key) {
    std::shared_ptr<Concrete>& slot = cache_[key];
    if (!slot) {
      slot = std::make_shared<Concrete>(name_);
      newest_ = slot;
      if (++traces_ == 5) warn_retracing();
    }
    slot->last_use = ++uses_;
    const std::shared_ptr<Concrete> found = slot;
    if (cache_.size() > max_signatures) drop_oldest();
    return found;
  }

  void drop_oldest() {
    auto oldest = cache_.begin();
    for (auto it = cache_.begin(); it != cache_.end(); ++it)
      if (it->second->last_use < oldest->second->last_use) oldest = it;
    cache_.erase(oldest);
  }

  py::object plain(const Structure& positional, const Structure& named, bool has_named,
                   const Signature& s) {
    return invoke(positional, has_named ? &named : nullptr, s.tensors);
  }

  py::object invoke(const Structure& positional, const Structure* named,
                    std::span<const Tensor> tensors) {
    std::size_t i = 0;
    auto next = [&] { return tensors[i++]; };
    const py::object args = build(positional, next);
    if (!named) return function_(*args);
    return function_(*args, **py::reinterpret_borrow<py::dict>(build(*named, next)));
  }

  py::object run(Concrete& concrete, const Signature& signature, const Structure& positional,
                 const Structure* named) {
    linnet::detail::Outputs outputs;
    const std::optional<Structure> ran = trace(concrete, signature, positional, named, &outputs);
    std::size_t i = 0;
    auto next = [&] { return outputs[i++]; };
    return build(ran ? *ran : concrete.result, next);
  }

  /// Captures if the signature is new, and runs unless `outputs` is null.
  std::optional<Structure> trace(Concrete& concrete, const Signature& signature,
                                 const Structure& positional, const Structure* named,
                                 linnet::detail::Outputs* outputs) {
    linnet::detail::CallArguments arguments;
    for (const Tensor& t : signature.tensors) arguments.tensors.push_back(t);
    std::optional<Structure> ran;
    const auto body = [&](std::span<const Tensor> tensors, linnet::detail::Outputs& out) {
      const py::gil_scoped_acquire gil;
      ran = take_apart(invoke(positional, named, tensors), out, name_);
      // A replay has no Python objects to look at: objects in the key must stay alive.
      concrete.arguments = positional;
      if (named) concrete.arguments.parts.push_back(*named);
      concrete.result = *ran;
    };
    run_released([&] {
      if (outputs)
        concrete.core.call(arguments, body, *outputs);
      else
        concrete.core.prepare(arguments, body);
    });
    return ran;
  }

  void warn_retracing() const {
    linnet::detail::warn(name_,
                         "traced 5 times: each new combination of shapes, dtypes and Python "
                         "values records the function again. Pass changing numbers as "
                         "tensors, make the function outside of loops, and keep shapes the "
                         "same");
  }

  static constexpr std::size_t max_signatures = 64;
  py::object function_;
  std::string name_;
  std::unordered_map<std::string, std::shared_ptr<Concrete>> cache_;
  std::shared_ptr<Concrete> newest_;
  std::uint64_t uses_ = 0;
  int traces_ = 0;

 public:
  static inline bool functions_eager = false;
};

}  // namespace

void register_function(py::module_& m) {
  py::class_<PythonFunction>(m, "_Function")
      .def(py::init<py::object, std::string>())
      .def("__call__", &PythonFunction::call)
      .def("prepare", &PythonFunction::prepare)
      .def("tracing_count", &PythonFunction::tracing_count)
      .def("graph", &PythonFunction::graph)
      .def("plan", &PythonFunction::plan)
      .def("clear", &PythonFunction::clear);
  m.def("_run_functions_eagerly", [](bool eagerly) {
    PythonFunction::functions_eager = eagerly;
    linnet::run_functions_eagerly(eagerly);
  });
  m.def("_functions_run_eagerly", [] { return PythonFunction::functions_eager; });
}

}  // namespace linnet_python
