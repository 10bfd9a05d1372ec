#pragma once

#include <chrono>
#include <cmath>
#include <cstdio>
#include <unistd.h>

#include <algorithm>

#include "linnet/nn/callbacks.hpp"

namespace linnet::inline LINNET_ABI::detail {

/// "%.4f", or "%.4e" for values of 1e-3 and less.
inline std::string format_metric(double x) {
  char text[40];
  std::snprintf(text, sizeof text, std::abs(x) > 1e-3 ? "%.4f" : "%.4e", x);
  return text;
}

inline std::string format_step_time(double seconds) {
  char text[40];
  if (seconds >= 1)
    std::snprintf(text, sizeof text, "%.0fs/step", seconds);
  else if (seconds >= 1e-3)
    std::snprintf(text, sizeof text, "%.0fms/step", seconds * 1e3);
  else
    std::snprintf(text, sizeof text, "%.0fus/step", seconds * 1e6);
  return text;
}

inline std::string format_duration(double seconds) {
  const int s = static_cast<int>(seconds);
  char text[40];
  if (s >= 3600)
    std::snprintf(text, sizeof text, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
  else if (s >= 60)
    std::snprintf(text, sizeof text, "%d:%02d", s / 60, s % 60);
  else
    std::snprintf(text, sizeof text, "%ds", s);
  return text;
}

/// Keras's progress line: redrawn in a terminal at most every 0.1 s, one line an epoch elsewhere.
class Progress final : public Callback {
 public:
  Progress() : terminal_(::isatty(STDOUT_FILENO) != 0) {}

  void on_epoch_begin(int epoch) override {
    started_ = last_draw_ = now();
    batches_ = 0;
    if (params().verbose && params().epochs > 0)
      std::printf("Epoch %d/%d\n", epoch + 1, params().epochs);
  }
  void on_train_batch_end(int, const std::function<Logs()>& logs) override {
    ++batches_;
    if (params().verbose != 1 || !terminal_ || now() - last_draw_ < 0.1) return;
    last_draw_ = now();
    draw(logs(), false);
    std::fflush(stdout);
  }
  void on_epoch_end(int, Logs& logs) override { finish(logs); }

  /// evaluate() is one epoch without a heading.
  void begin() { started_ = last_draw_ = now(), batches_ = 0; }
  void count_batch() { ++batches_; }
  void finish(const Logs& logs) {
    if (!params().verbose) return;
    draw(logs, true);
    std::printf("\n");
    std::fflush(stdout);
  }

 private:
  static double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
  }

  void draw(const Logs& logs, bool done) const {
    const double elapsed = now() - started_;
    const std::int64_t steps = params().steps;
    const double per_step = elapsed / static_cast<double>(std::max<std::int64_t>(batches_, 1));
    const bool bar = params().verbose == 1 && terminal_;
    std::string line;
    if (steps > 0) {
      const std::string total = std::to_string(steps), at = std::to_string(batches_);
      line = std::string(at.size() < total.size() ? total.size() - at.size() : 0, ' ') + at + "/" +
             total;
    } else {
      line = std::to_string(batches_) + (done ? "/" + std::to_string(batches_) : "/Unknown");
    }
    if (bar)
      line = "\r\033[1m" + line + "\033[0m " + cells(steps) + " \033[1m";
    else
      line += " - ";
    const double left = steps > 0 ? per_step * static_cast<double>(steps - batches_) : 0;
    line += format_duration(done ? elapsed : left);
    line += bar ? "\033[0m " : " - ";
    line += format_step_time(per_step);
    for (const auto& [name, value] : ordered(logs))
      line += " - " + name + ": " + format_metric(value);
    std::fputs(line.c_str(), stdout);
    if (bar) std::fputs("\033[K", stdout);
  }

  std::string cells(std::int64_t steps) const {
    const std::int64_t filled = steps > 0 ? 20 * batches_ / steps : 0;
    std::string out = "\033[32m";
    for (std::int64_t i = 0; i < 20; ++i) {
      if (i == filled) out += "\033[37m";
      out += "━";
    }
    return out + "\033[0m";
  }

  /// Alphabetical, val_ at the end.
  static std::vector<std::pair<std::string, double>> ordered(const Logs& logs) {
    std::vector<std::pair<std::string, double>> all(logs.begin(), logs.end());
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
      const bool va = a.first.starts_with("val_"), vb = b.first.starts_with("val_");
      return va != vb ? vb : a.first < b.first;
    });
    return all;
  }

  bool terminal_;
  double started_ = 0, last_draw_ = 0;
  std::int64_t batches_ = 0;
};

}  // namespace linnet::inline LINNET_ABI::detail
