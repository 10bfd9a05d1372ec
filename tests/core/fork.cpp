// Processes that fork and processes that get no threads. The children report by exit status.
#if defined(__SANITIZE_THREAD__)  // its runtime allows no thread after a fork with threads
#define LINNET_NO_FORK
#endif
#if defined(__linux__) && !defined(LINNET_NO_FORK)

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstring>
#include <thread>

#include "linnet/core/allocator.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/core/threads.hpp"
#include "linnet/core/warning.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/matmul.hpp"
#include "linnet/ops/reduce.hpp"

using namespace linnet;

namespace {

/// The exit status of a child that runs `body`; -1 if it was killed, by its alarm for one.
template <class F>
int in_child(F&& body) {
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    alarm(20);
    _exit(body());
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1;
  return WEXITSTATUS(status);
}

/// 0 if ops that use threads, memory of all sizes and new kernels give what they should.
int compute(std::int64_t n) {
  std::atomic<std::int64_t> covered{0};
  detail::parallel_for(100000, 10,
                       [&](std::int64_t begin, std::int64_t end) { covered += end - begin; });
  if (covered != 100000) return 1;
  if (sum(ones({n, 1000}) * 2).item<double>() != 2000.0 * static_cast<double>(n)) return 2;
  if (sum(matmul(ones({n, 200}), ones({200, 100}))).item<double>() !=
      20000.0 * static_cast<double>(n))
    return 3;
  release_memory();
  return 0;
}

}  // namespace

TEST_CASE("a forked child computes, with threads of its own") {
  set_num_threads(4);
  CHECK(compute(301) == 0);
  set_num_threads(3);
  CHECK(compute(301) == 0);
  CHECK(in_child([] {
          // The counts whose teams the parent had, and one that it had not.
          for (int threads : {3, 4, 2, 3}) {
            set_num_threads(threads);
            if (const int wrong = compute(302)) return wrong;
          }
          return 0;
        }) == 0);
  CHECK(compute(303) == 0);
  set_num_threads(0);
}

TEST_CASE("a child may be forked while other threads compute") {
  set_num_threads(3);
  CHECK(compute(300) == 0);  // what is made once is there: a fork must not fall into its making
  std::atomic<bool> stop{false};
  std::vector<std::thread> busy;
  for (int t = 0; t < 3; ++t)
    busy.emplace_back([&, t] {
      for (std::int64_t n = 200 + t; !stop; n = n % 1000 + 7) {
        const Tensor large = zeros({n, 700});  // the shared lists
        static_cast<void>(sum(ones({n}) + ones({n})));
      }
    });
  int wrong = 0;
  for (int i = 0; i < 40; ++i) wrong += in_child([i] { return compute(400 + i); }) != 0;
  stop = true;
  for (std::thread& t : busy) t.join();
  CHECK(wrong == 0);
  set_num_threads(0);
}

#if !defined(__SANITIZE_ADDRESS__)  // which needs more address space than the limit leaves
TEST_CASE("where the system refuses threads, ops run on those that started") {
  CHECK(in_child([] {
          static std::string warning;
          set_warning_handler([](std::string_view text) { warning = text; });
          long pages = 0;
          std::FILE* statm = std::fopen("/proc/self/statm", "r");
          if (!statm || std::fscanf(statm, "%ld", &pages) != 1) return 10;
          std::fclose(statm);
          const auto used = static_cast<rlim_t>(pages) * static_cast<rlim_t>(sysconf(_SC_PAGESIZE));
          const rlimit limit{used + (rlim_t{96} << 20), RLIM_INFINITY};
          if (setrlimit(RLIMIT_AS, &limit) != 0) return 11;
          set_num_threads(1000);  // stacks take 8 MiB each
          if (const int wrong = compute(64)) return wrong;
          if (warning.find("[set_num_threads] the system started ") != 0) return 12;
          warning.clear();
          if (const int wrong = compute(65)) return wrong;
          if (!warning.empty()) return 13;  // said once
          set_num_threads(2);
          return compute(66);
        }) == 0);
}
#endif

#endif
