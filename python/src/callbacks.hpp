#pragma once

#include <chrono>

#include "config.hpp"

namespace linnet_python {

/// Counts batches in C++ and lets Python draw the progress line now and then.
class ProgressHook : public linnet::Callback {
 public:
  /// `own_test`: evaluate() draws a line of its own; within fit() it does not.
  ProgressHook(py::object progress, bool live, bool own_test)
      : progress_(std::move(progress)), live_(live), own_test_(own_test) {}
  void on_epoch_begin(int epoch) override;
  void on_epoch_end(int epoch, linnet::Logs& logs) override;
  void on_train_batch_end(int, const std::function<linnet::Logs()>& logs) override { count(&logs); }
  void on_test_begin() override;
  void on_test_end(const linnet::Logs& logs) override;
  void on_test_batch_end(int, const std::function<linnet::Logs()>& logs) override {
    if (own_test_) count(&logs);
  }
  void on_predict_begin() override;
  void on_predict_end() override;
  void on_predict_batch_end(int, const Tensor&) override { count(nullptr); }

  static double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
  }

 private:
  void count(const std::function<linnet::Logs()>* logs);
  Shared progress_;
  bool live_, own_test_;
  std::int64_t batches_ = 0;
  double last_ = 0;
};

}  // namespace linnet_python
