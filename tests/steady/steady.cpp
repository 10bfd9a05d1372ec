#include <doctest/doctest.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <link.h>
#include <new>
#include <sys/resource.h>

#include "linnet/autograd/tape.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/graph/control_flow.hpp"
#include "linnet/graph/function.hpp"
#include "linnet/nn/layers/conv2d.hpp"
#include "linnet/nn/layers/core.hpp"
#include "linnet/nn/layers/dense.hpp"
#include "linnet/nn/model.hpp"
#include "linnet/ops/conv.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/loss.hpp"
#include "linnet/ops/random.hpp"
#include "linnet/ops/reduce.hpp"

// Counts every allocation of this process, those that oneDNN's own code makes apart.
namespace {
std::atomic<long> allocations{0}, onednn_allocations{0};

/// Where oneDNN's shared library lies, if there is one.
struct Library {
  std::uintptr_t begin = 0, end = 0;
  Library() { dl_iterate_phdr(find, this); }
  bool contains(const void* p) const {
    const auto at = reinterpret_cast<std::uintptr_t>(p);
    return at >= begin && at < end;
  }

 private:
  static int find(dl_phdr_info* module, std::size_t, void* out) {
    if (!std::strstr(module->dlpi_name, "libdnnl")) return 0;
    auto& library = *static_cast<Library*>(out);
    for (int i = 0; i < module->dlpi_phnum; ++i) {
      const auto& segment = module->dlpi_phdr[i];
      if (segment.p_type != PT_LOAD) continue;
      const std::uintptr_t first = module->dlpi_addr + segment.p_vaddr;
      if (library.begin == 0) library.begin = first;
      library.end = first + segment.p_memsz;
    }
    return 1;
  }
};
const Library& onednn_library() {
  static const Library library;
  return library;
}

void* counted(std::size_t bytes, std::size_t alignment, const void* caller) {
  ++(onednn_library().contains(caller) ? onednn_allocations : allocations);
  void* p = alignment > 16
                ? std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment)
                : std::malloc(bytes ? bytes : 1);
  if (!p) throw std::bad_alloc();
  return p;
}
}  // namespace

void* operator new(std::size_t n) { return counted(n, 0, __builtin_return_address(0)); }
void* operator new(std::size_t n, std::align_val_t a) {
  return counted(n, static_cast<std::size_t>(a), __builtin_return_address(0));
}
void* operator new(std::size_t n, std::align_val_t a, const std::nothrow_t&) noexcept {
  return counted(n, static_cast<std::size_t>(a), __builtin_return_address(0));
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }

using namespace linnet;

TEST_CASE("a steady captured training step allocates nothing and takes no page fault") {
  Sequential model{layers::Conv2D(8, 3, {.activation = relu}), layers::MaxPooling2D(2),
                   layers::Flatten(), layers::Dropout(0.2), layers::Dense(10)};
  const Tensor x = normal({16, 14, 14, 1}), y = random_integers({16}, 0, 10);
  model.build_once(x.shape());
  Adam optimizer(1e-3);
  optimizer.build(model.trainable_variables());
  const auto step = linnet::function([&](const Tensor& a, const Tensor& b) {
    GradientTape tape;
    const Tensor loss = mean(
        sparse_categorical_crossentropy(b, model(a, {.training = true}), {.from_logits = true}));
    const auto variables = model.trainable_variables();
    optimizer.apply_gradients(tape.gradient(loss, variables), variables);
    return loss;
  });
  for (int i = 0; i < 200; ++i) step(x, y);
  rusage before{}, after{};
  getrusage(RUSAGE_SELF, &before);
  const long count = allocations;
  for (int i = 0; i < 500; ++i) step(x, y);
  const long made = allocations - count;
  getrusage(RUSAGE_SELF, &after);
  CHECK(made == 0);
  CHECK(after.ru_minflt - before.ru_minflt <= 4);  // the kernel may move a page or two
}

TEST_CASE("iterations of a captured loop and of its gradient allocate nothing") {
  const auto f = linnet::function([](const Tensor& x, const Tensor& n) {
    GradientTape tape;
    tape.watch(x);
    const auto v =
        while_loop([&](const Tensor& i, const Tensor&) { return i < n; },
                   [](const Tensor& i, const Tensor& y) {
                     const Tensor next = cond(
                         sum(y) > 10, [&] { return y * 0.5f; }, [&] { return y + sin(y); });
                     return std::tuple(i + 1, next);
                   },
                   std::tuple(zeros({}), x));
    return tape.gradient(std::get<1>(v), x);
  });
  const Tensor x = ones({64}), few = full({}, 3), many = full({}, 300);
  for (int i = 0; i < 50; ++i) f(x, few), f(x, many);
  long count = allocations;
  for (int i = 0; i < 50; ++i) f(x, few);
  CHECK(allocations == count);
  count = allocations;
  for (int i = 0; i < 50; ++i) f(x, many);
  CHECK(allocations == count);
}

TEST_CASE("what oneDNN allocates within its primitives is little, and known") {
  // Seven by seven and strided: neither Winograd's tiles nor other kernels of Linnet's own.
  const Tensor x = normal({16, 32, 32, 3}), k = normal({7, 7, 3, 32});
  const auto f = linnet::function(
      [k](const Tensor& a) { return conv2d(a, k, {.strides = 2, .padding = "same"}); });
  for (int i = 0; i < 50; ++i) f(x);
  const long count = allocations, theirs = onednn_allocations;
  for (int i = 0; i < 100; ++i) f(x);
  const double each = static_cast<double>(onednn_allocations - theirs) / 100;
  CHECK(allocations - count == 0);
  MESSAGE("oneDNN's allocations in a strided convolution: " << each);
  CHECK(each <= 16 * 8);  // at most 16 parts, a map of arguments each
}

TEST_CASE("an eager op allocates nothing once its kernel is known") {
  const Tensor a = ones({8}), b = ones({8});
  for (int i = 0; i < 10; ++i) static_cast<void>(a + b);
  const long count = allocations;
  for (int i = 0; i < 1000; ++i) static_cast<void>(a + b);
  CHECK(allocations - count == 0);
}
