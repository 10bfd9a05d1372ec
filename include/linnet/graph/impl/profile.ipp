#pragma once

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <string_view>
#include <thread>
#include <tuple>

#include "linnet/backend/program.hpp"
#include "linnet/core/error.hpp"
#include "linnet/core/message.hpp"
#include "linnet/core/never_destroyed.hpp"
#include "linnet/graph/profile_log.hpp"
#include "linnet/ops/primitives/conv.hpp"
#include "linnet/ops/primitives/matmul.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

ProfileLog& profile_log() {
  static NeverDestroyed<ProfileLog> log;
  return log.get();
}

void log_run(ProfiledKernels kernels, std::vector<ProfileClock::time_point> times) {
  ProfileLog& log = profile_log();
  const std::uint64_t thread = std::hash<std::thread::id>{}(std::this_thread::get_id());
  std::scoped_lock lock(log.mutex);
  if (!log.open || log.times + times.size() > ProfileLog::most_times) return;
  log.times += times.size();
  log.runs.push_back({std::move(kernels), thread, std::move(times)});
}

inline double elements(const TensorSpec& s) { return static_cast<double>(s.shape.size()); }

/// Multiplications and additions of one run; elementwise programs count their instructions.
inline double flops_of(const PlannedInstruction& i) {
  const PrimitiveRef p = i.primitive.ref();
  if (p.get_if<MatMul>())
    return 2 * elements(i.out_specs[0]) * static_cast<double>(i.in_specs[0].shape[-1]);
  // A kernel has height x width x (in / groups) taps for each output value.
  const auto taps = [](const TensorSpec& kernel) {
    return elements(kernel) / std::max(1.0, static_cast<double>(kernel.shape[3]));
  };
  if (p.get_if<Conv2D>()) return 2 * elements(i.out_specs[0]) * taps(i.in_specs[1]);
  if (p.get_if<Conv2DBackwardInput>()) return 2 * elements(i.in_specs[0]) * taps(i.in_specs[1]);
  if (p.get_if<Conv2DBackwardKernel>()) return 2 * elements(i.in_specs[1]) * taps(i.out_specs[0]);
  if (const auto* e = p.get_if<Elementwise>())
    return elements(i.out_specs[0]) * static_cast<double>(e->program.instructions);
  return 0;
}

inline void append_specs(std::string& text, const std::vector<TensorSpec>& specs) {
  const char* separator = "";
  for (const TensorSpec& s : specs) {
    append(text, separator), append(text, s.dtype), append(text, s.shape);
    separator = ", ";
  }
}

ProfiledKernels describe_kernels(const Plan& plan) {
  auto kernels = std::make_shared<std::vector<KernelProfile>>();
  for (const PlannedInstruction& i :
       std::span(plan.instructions).subspan(static_cast<std::size_t>(plan.prologue))) {
    KernelProfile k{.op = to_string(i.primitive.ref()), .kernel = i.kernel->description()};
    append_specs(k.operands, i.in_specs);
    append(k.operands, " -> ");
    append_specs(k.operands, i.out_specs);
    k.flops = flops_of(i);
    for (const auto* specs : {&i.in_specs, &i.out_specs})
      for (const TensorSpec& s : *specs)
        k.bytes += elements(s) * static_cast<double>(itemsize(s.dtype));
    kernels->push_back(std::move(k));
  }
  return kernels;
}

inline double seconds_between(ProfileClock::time_point a, ProfileClock::time_point b) {
  return std::chrono::duration<double>(b - a).count();
}

inline void open_log() {
  ProfileLog& log = profile_log();
  std::scoped_lock lock(log.mutex);
  if (log.open) fail<ValueError>("Profile", "another Profile is open");
  log.runs.clear();
  log.times = 0;
  log.start = ProfileClock::now();
  log.open = true;
}

inline std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  out += '"';
  return out;
}

void open_profile_of_environment() {
  static const bool once = [] {
    static std::string wanted;
    const char* text = std::getenv("LINNET_PROFILE");
    wanted = text ? text : "";
    if (wanted.empty() || wanted == "0") return false;
    static Profile* profile = new Profile;
    std::atexit([] {
      std::fputs(profile->table().c_str(), stderr);
      if (wanted.ends_with(".json")) try {
          profile->write_chrome_trace(wanted);
        } catch (const Error& e) {
          std::fprintf(stderr, "%s\n", e.what());
        }
      delete profile;
    });
    return true;
  }();
  static_cast<void>(once);
}

}  // namespace detail

Profile::Profile() { detail::open_log(); }

Profile::~Profile() {
  detail::ProfileLog& log = detail::profile_log();
  std::scoped_lock lock(log.mutex);
  log.open = false;
  log.runs.clear();
}

std::vector<KernelProfile> Profile::kernels() const {
  std::map<std::tuple<std::string, std::string, std::string>, KernelProfile> sums;
  const detail::ProfileLog& log = detail::profile_log();
  std::scoped_lock lock(log.mutex);
  for (const detail::ProfiledRun& run : log.runs)
    for (std::size_t i = 0; i + 1 < run.times.size(); ++i) {
      const KernelProfile& k = (*run.kernels)[i];
      KernelProfile& sum = sums.try_emplace({k.op, k.kernel, k.operands}, k).first->second;
      ++sum.calls;
      sum.seconds += detail::seconds_between(run.times[i], run.times[i + 1]);
    }
  std::vector<KernelProfile> out;
  for (auto& [key, k] : sums) out.push_back(std::move(k));
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.seconds > b.seconds; });
  return out;
}

std::string Profile::table() const {
  const std::vector<KernelProfile> all = kernels();
  double total = 0;
  for (const KernelProfile& k : all) total += k.seconds;
  std::string text = " share      calls   us/call   GFLOP/s      GB/s  kernel, op and operands\n";
  for (const KernelProfile& k : all) {
    const double each = k.seconds / static_cast<double>(k.calls);
    char line[128];
    std::snprintf(line, sizeof line, "%5.1f%% %10lld %9.2f %9.2f %9.2f  ", 100 * k.seconds / total,
                  static_cast<long long>(k.calls), each * 1e6, k.flops / each * 1e-9,
                  k.bytes / each * 1e-9);
    text += line;
    detail::append(text, k.kernel), detail::append(text, "  ");
    detail::append(text, k.op), detail::append(text, "  ");
    detail::append(text, k.operands), detail::append(text, "\n");
  }
  return text;
}

void Profile::write_chrome_trace(const std::string& path) const {
  const detail::ProfileLog& log = detail::profile_log();
  std::scoped_lock lock(log.mutex);
  std::ofstream file(path);
  file << "{\"displayTimeUnit\": \"ns\", \"traceEvents\": [";
  const char* separator = "\n";
  std::map<std::uint64_t, int> threads;
  for (const detail::ProfiledRun& run : log.runs)
    for (std::size_t i = 0; i + 1 < run.times.size(); ++i) {
      const KernelProfile& k = (*run.kernels)[i];
      const int thread = threads.try_emplace(run.thread, threads.size()).first->second;
      char times[96];
      std::snprintf(times, sizeof times,
                    "\"ph\": \"X\", \"pid\": 1, \"tid\": %d, \"ts\": %.3f, \"dur\": %.3f", thread,
                    detail::seconds_between(log.start, run.times[i]) * 1e6,
                    detail::seconds_between(run.times[i], run.times[i + 1]) * 1e6);
      file << separator << "{\"name\": " << detail::json_string(k.op) << ", " << times
           << ", \"args\": {\"kernel\": " << detail::json_string(k.kernel)
           << ", \"operands\": " << detail::json_string(k.operands) << "}}";
      separator = ",\n";
    }
  file << "\n]}\n";
  file.close();
  if (!file) fail<IOError>("write_chrome_trace", "could not write ", path);
}

}  // namespace linnet::inline LINNET_ABI
