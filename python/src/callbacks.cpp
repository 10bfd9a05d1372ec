#include "callbacks.hpp"

namespace linnet_python {
namespace {

using linnet::Callback;
using linnet::Logs;

py::dict dict_of(const Logs& logs) {
  py::dict d;
  for (const auto& [name, value] : logs) d[py::str(name)] = value;
  return d;
}

/// What a callback wrote into its dict goes back to the logs.
void write_back(const py::dict& d, Logs& logs) {
  for (const auto& [key, value] : d)
    if (const auto s = as_scalar(value.ptr()))
      logs.set(key.cast<std::string>(), s->as<double>());
    else if (is_convertible(value.ptr()))
      logs.set(key.cast<std::string>(), as_tensor(value).item<double>());
}

/// Callbacks written in Python: the hooks a class overrides are called. Those of batches are looked
/// for when an epoch or a pass begins; the ones that are not there cost a batch nothing.
class PyCallback : public Callback, public py::trampoline_self_life_support {
 public:
  void on_train_begin() override { plain("on_train_begin"); }
  void on_train_end(const Logs& logs) override { with_logs("on_train_end", logs); }
  void on_epoch_begin(int epoch) override {
    const py::gil_scoped_acquire gil;
    if (const py::function f = find("on_epoch_begin")) f(epoch, py::dict());
    training_ = hooks("on_train_batch_begin", "on_train_batch_end");
  }
  void on_epoch_end(int epoch, Logs& logs) override {
    const py::gil_scoped_acquire gil;
    if (const py::function f = find("on_epoch_end")) {
      const py::dict d = dict_of(logs);
      f(epoch, d);
      write_back(d, logs);
    }
  }
  void on_train_batch_begin(int batch) override {
    if (training_.begin) batch_begin("on_train_batch_begin", batch);
  }
  void on_train_batch_end(int batch, const std::function<Logs()>& logs) override {
    if (training_.end) batch_end("on_train_batch_end", batch, logs);
  }
  void on_test_begin() override {
    const py::gil_scoped_acquire gil;
    if (const py::function f = find("on_test_begin")) f(py::dict());
    testing_ = hooks("on_test_batch_begin", "on_test_batch_end");
  }
  void on_test_end(const Logs& logs) override { with_logs("on_test_end", logs); }
  void on_test_batch_begin(int batch) override {
    if (testing_.begin) batch_begin("on_test_batch_begin", batch);
  }
  void on_test_batch_end(int batch, const std::function<Logs()>& logs) override {
    if (testing_.end) batch_end("on_test_batch_end", batch, logs);
  }
  void on_predict_begin() override {
    const py::gil_scoped_acquire gil;
    if (const py::function f = find("on_predict_begin")) f(py::dict());
    predicting_ = hooks("on_predict_batch_begin", "on_predict_batch_end");
  }
  void on_predict_end() override { plain("on_predict_end"); }
  void on_predict_batch_begin(int batch) override {
    if (predicting_.begin) batch_begin("on_predict_batch_begin", batch);
  }
  void on_predict_batch_end(int batch, const Tensor& outputs) override {
    if (!predicting_.end) return;
    const py::gil_scoped_acquire gil;
    if (const py::function f = find("on_predict_batch_end")) {
      py::dict d;
      d["outputs"] = outputs;
      f(batch, d);
    }
  }

 private:
  /// Whether there are hooks around batches.
  struct BatchHooks {
    bool begin = true, end = true;
  };
  py::function find(const char* hook) const {
    return py::get_override(static_cast<const Callback*>(this), hook);
  }
  BatchHooks hooks(const char* begin, const char* end) const {
    return {static_cast<bool>(find(begin)), static_cast<bool>(find(end))};
  }
  void plain(const char* hook) {
    const py::gil_scoped_acquire gil;
    if (const py::function f = find(hook)) f(py::dict());
  }
  void batch_begin(const char* hook, int batch) {
    const py::gil_scoped_acquire gil;
    if (const py::function f = find(hook)) f(batch, py::dict());
  }
  void with_logs(const char* hook, const Logs& logs) {
    const py::gil_scoped_acquire gil;
    if (const py::function f = find(hook)) f(dict_of(logs));
  }
  void batch_end(const char* hook, int batch, const std::function<Logs()>& logs) {
    const py::gil_scoped_acquire gil;
    if (const py::function f = find(hook)) f(batch, dict_of(logs()));
  }

  BatchHooks training_, testing_, predicting_;
};

linnet::callbacks::Mode to_mode(const std::string& name) {
  if (name == "min") return linnet::callbacks::Mode::min;
  if (name == "max") return linnet::callbacks::Mode::max;
  if (name == "auto") return linnet::callbacks::Mode::automatic;
  fail<linnet::ValueError>("callback", "unknown mode '", name, "'");
}

template <class C, class F>
py::class_<C, Callback, py::smart_holder> callback(py::module_& m, const char* name, F make) {
  py::class_<C, Callback, py::smart_holder> c(m, name);
  c.def(py::init([make](py::dict d) { return make(Config(std::move(d))); }));
  return c;
}

using linnet::callbacks::EarlyStopping;

}  // namespace

void ProgressHook::on_epoch_begin(int epoch) {
  const py::gil_scoped_acquire gil;
  batches_ = 0;
  last_ = now();
  progress_.get().attr("epoch_begin")(epoch);
}
void ProgressHook::on_epoch_end(int, Logs& logs) {
  const py::gil_scoped_acquire gil;
  progress_.get().attr("finish")(batches_, dict_of(logs));
}
void ProgressHook::on_test_begin() {
  if (!own_test_) return;
  batches_ = 0;
  const py::gil_scoped_acquire gil;
  progress_.get().attr("begin")();
}
void ProgressHook::on_test_end(const Logs& logs) {
  if (!own_test_) return;
  const py::gil_scoped_acquire gil;
  progress_.get().attr("finish")(batches_, dict_of(logs));
}
void ProgressHook::on_predict_begin() {
  batches_ = 0;
  const py::gil_scoped_acquire gil;
  progress_.get().attr("begin")();
}
void ProgressHook::on_predict_end() {
  const py::gil_scoped_acquire gil;
  progress_.get().attr("finish")(batches_, py::dict());
}
void ProgressHook::count(const std::function<Logs()>* logs) {
  ++batches_;
  if (!live_ || now() - last_ < 0.1) return;
  last_ = now();
  const Logs current = logs ? (*logs)() : Logs();
  const py::gil_scoped_acquire gil;
  progress_.get().attr("update")(batches_, dict_of(current));
}

void register_callbacks(py::module_& m) {
  using namespace linnet::callbacks;
  py::class_<Callback, PyCallback, py::smart_holder>(m, "Callback")
      .def(py::init<>())
      .def_property_readonly(
          "_model", [](const Callback& c) { return &c.model(); },
          py::return_value_policy::reference)
      .def_property_readonly("_steps", [](const Callback& c) { return c.params().steps; })
      .def_property_readonly("_epochs", [](const Callback& c) { return c.params().epochs; });
  callback<EarlyStopping>(m, "EarlyStopping",
                          [](const Config& c) {
                            return std::make_unique<EarlyStopping>(EarlyStoppingOptions{
                                .monitor = c.get<std::string>("monitor"),
                                .min_delta = std::abs(c.get<double>("min_delta")),
                                .patience = c.get<int>("patience"),
                                .mode = to_mode(c.get<std::string>("mode")),
                                .baseline = c.maybe<double>("baseline"),
                                .restore_best_weights = c.get<bool>("restore_best_weights"),
                                .start_from_epoch = c.get<int>("start_from_epoch")});
                          })
      .def_property_readonly("stopped_epoch", &EarlyStopping::stopped_epoch)
      .def_property_readonly("best_epoch", &EarlyStopping::best_epoch);
  callback<ReduceLROnPlateau>(m, "ReduceLROnPlateau", [](const Config& c) {
    return std::make_unique<ReduceLROnPlateau>(
        ReduceLROnPlateauOptions{.monitor = c.get<std::string>("monitor"),
                                 .factor = c.get<double>("factor"),
                                 .patience = c.get<int>("patience"),
                                 .mode = to_mode(c.get<std::string>("mode")),
                                 .min_delta = c.get<double>("min_delta"),
                                 .cooldown = c.get<int>("cooldown"),
                                 .min_lr = c.get<double>("min_lr")});
  });
  callback<LearningRateScheduler>(m, "LearningRateScheduler", [](const Config& c) {
    const Shared f(c["schedule"]);
    const bool two = c.get<bool>("two_arguments");
    return std::make_unique<LearningRateScheduler>([f, two](int epoch, double rate) {
      const py::gil_scoped_acquire gil;
      const py::object r = two ? f.get()(epoch, rate) : f.get()(epoch);
      return as_tensor(r).item<double>();
    });
  });
  callback<CSVLogger>(m, "CSVLogger", [](const Config& c) {
    return std::make_unique<CSVLogger>(
        c.get<std::string>("filename"),
        CSVLoggerOptions{.separator = c.get<std::string>("separator"),
                         .append = c.get<bool>("append")});
  });
  callback<TerminateOnNaN>(m, "TerminateOnNaN",
                           [](const Config&) { return std::make_unique<TerminateOnNaN>(); });
}

}  // namespace linnet_python
