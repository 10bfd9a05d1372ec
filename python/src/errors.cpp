#include <pybind11/gil_safe_call_once.h>

#include "common.hpp"

/// Linnet's exceptions become the classes of linnet.errors; warnings go to Python's.
namespace linnet_python {
namespace {

PyObject* classes = nullptr;  // the module linnet.errors, kept for the life of the process

void raise(const char* name, const char* message) {
  py::object type = py::handle(classes).attr(name);
  PyErr_SetString(type.ptr(), message);
}

#define LINNET_TRANSLATE(type)    \
  catch (const linnet::type& e) { \
    raise(#type, e.what());       \
  }

/// pybind11's text is for who wrote the binding: it names the C++ type, and a macro.
void raise_cast_error(const py::cast_error& problem) {
  const std::string text = problem.what();
  const std::size_t begin = text.find('<'), end = text.find('>');
  const bool named = begin != std::string::npos && end > begin && end != std::string::npos;
  const std::string type = named ? text.substr(begin, end - begin + 1) : "that type";
  raise("DTypeError",
        linnet::detail::concat_message("an argument of ", type, " does not fit").c_str());
}

void translate(std::exception_ptr p) {
  if (!p) return;
  try {
    std::rethrow_exception(p);
  }
  LINNET_TRANSLATE(ShapeError)
  LINNET_TRANSLATE(IndexError)
  LINNET_TRANSLATE(ValueError)
  LINNET_TRANSLATE(DTypeError)
  LINNET_TRANSLATE(DeviceError)
  LINNET_TRANSLATE(IOError)
  LINNET_TRANSLATE(NotSupportedError)
  LINNET_TRANSLATE(CaptureError)
  LINNET_TRANSLATE(TapeError)
  LINNET_TRANSLATE(OutOfMemoryError)
  LINNET_TRANSLATE(NumericsError)
  LINNET_TRANSLATE(Error)
  catch (const py::cast_error& e) {
    raise_cast_error(e);
  }
}
#undef LINNET_TRANSLATE

void warn(std::string_view message) {
  if (!Py_IsInitialized()) return;
  const py::gil_scoped_acquire gil;
  const py::error_scope keep;
  if (PyErr_WarnEx(PyExc_UserWarning, std::string(message).c_str(), 1) < 0)
    PyErr_WriteUnraisable(nullptr);  // a warning that a filter made an error has no caller here
}

}  // namespace

void register_errors(py::module_&) {
  classes = py::module_::import("linnet.errors").release().ptr();
  py::register_exception_translator(&translate);
  linnet::set_warning_handler(&warn);
}

const char* docstring(const char* name) {
  static const std::pair<const char*, const char*> table[] = {
#include "docstrings.inc"
  };
  for (const auto& [known, text] : table)
    if (std::string_view(known) == name) return text;
  return "";
}

}  // namespace linnet_python
