#pragma once

#define LINNET_USES_GRAPH_FUNCTION
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_GRAPH_FUNCTION
#endif

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "linnet/autograd/variable.hpp"
#include "linnet/config.hpp"
#include "linnet/core/function_ref.hpp"
#include "linnet/core/small_vector.hpp"
#include "linnet/core/tensor.hpp"
#include "linnet/graph/graph.hpp"
#include "linnet/graph/passes/pass.hpp"

namespace linnet::inline LINNET_ABI {

struct FunctionOptions {
  std::string name = "function";  ///< for messages
  PassOptions passes{};
  int max_traces = 8;  ///< the least recently used is dropped beyond it
};

/// What a function has done so far.
struct FunctionStats {
  int traces = 0;               ///< how often the C++ function was run to record it
  int cached = 0;               ///< traces held now
  std::size_t arena_bytes = 0;  ///< the largest plan's
  std::size_t kept_bytes = 0;   ///< what the prologues of all made: packed and folded weights
};

namespace detail {

/// A call's arguments: tensors, and the bytes of everything else, which is part of the signature.
struct CallArguments {
  SmallVector<Tensor, 8> tensors;
  SmallVector<std::uint8_t, 64> key;

  void add(const Tensor& t) { tensors.push_back(t); }
  void add(const Variable& v) { add_bytes(v.id()); }
  template <class T>
  requires std::is_arithmetic_v<T> || std::is_enum_v<T>
  void add(const T& value) { add_bytes(value); }
  void add(const std::string& text) {
    add_bytes(text.size());
    for (char c : text) key.push_back(static_cast<std::uint8_t>(c));
  }
  template <class T>
  void add(const std::vector<T>& list) {
    add_bytes(list.size());
    for (const T& e : list) add(e);
  }
  template <class T>
  void add_bytes(const T& value) {
    const auto* p = reinterpret_cast<const std::uint8_t*>(&value);
    for (std::size_t i = 0; i < sizeof(T); ++i) key.push_back(p[i]);
  }
};

/// The arguments of a traced run: the same values with traced tensors.
struct TracedArguments {
  std::span<const Tensor> tensors;
  std::size_t next = 0;
  Tensor take(const Tensor&) { return tensors[next++]; }
  template <class T>
  requires(!std::is_same_v<T, Tensor>) T take(const T& value) { return value; }
  std::vector<Tensor> take(const std::vector<Tensor>& list) {
    std::vector<Tensor> out;
    for (const Tensor& t : list) out.push_back(take(t));
    return out;
  }
};

using Outputs = SmallVector<Tensor, 4>;

inline void pack(Outputs& out, const Tensor& t) { out.push_back(t); }
inline void pack(Outputs& out, const std::vector<Tensor>& list) {
  for (const Tensor& t : list) out.push_back(t);
}
template <std::size_t n>
void pack(Outputs& out, const std::array<Tensor, n>& list) {
  for (const Tensor& t : list) out.push_back(t);
}
template <class... T>
void pack(Outputs& out, const std::tuple<T...>& tuple) {
  std::apply([&](const auto&... t) { (pack(out, t), ...); }, tuple);
}
template <class A, class B>
void pack(Outputs& out, const std::pair<A, B>& pair) {
  pack(out, pair.first);
  pack(out, pair.second);
}

template <class R>
struct Unpack;
template <>
struct Unpack<void> {
  static void from(Outputs&) {}
};
template <>
struct Unpack<Tensor> {
  static Tensor from(Outputs& o) { return std::move(o[0]); }
};
template <>
struct Unpack<std::vector<Tensor>> {
  static std::vector<Tensor> from(Outputs& o) { return {o.begin(), o.end()}; }
};
template <std::size_t n>
struct Unpack<std::array<Tensor, n>> {
  static std::array<Tensor, n> from(Outputs& o) {
    std::array<Tensor, n> out;
    for (std::size_t i = 0; i < n; ++i) out[i] = std::move(o[i]);
    return out;
  }
};
template <class... T>
struct Unpack<std::tuple<T...>> {
  static_assert((std::is_same_v<T, Tensor> && ...), "a function returns tensors");
  static std::tuple<T...> from(Outputs& o) {
    return [&]<std::size_t... i>(std::index_sequence<i...>) {
      return std::tuple<T...>{std::move(o[i])...};
    }
    (std::index_sequence_for<T...>());
  }
};
template <>
struct Unpack<std::pair<Tensor, Tensor>> {
  static std::pair<Tensor, Tensor> from(Outputs& o) { return {std::move(o[0]), std::move(o[1])}; }
};

/// The part of a Function that does not depend on its C++ type: the cache of traces.
class LINNET_EXPORT FunctionCore {
 public:
  LINNET_DECL explicit FunctionCore(FunctionOptions options);
  LINNET_DECL ~FunctionCore();
  FunctionCore(const FunctionCore&) = delete;
  FunctionCore& operator=(const FunctionCore&) = delete;

  /// Replays the trace of this signature, recording it first if it is new. `body` runs the C++
  /// function on given tensors: traced ones, or the caller's where it must run eagerly.
  LINNET_DECL void call(const CallArguments& arguments,
                        FunctionRef<void(std::span<const Tensor>, Outputs&)> body,
                        Outputs& outputs);
  /// Records the trace of this signature if it is new, and runs nothing.
  LINNET_DECL void prepare(const CallArguments& arguments,
                           FunctionRef<void(std::span<const Tensor>, Outputs&)> body);
  LINNET_DECL FunctionStats stats() const;
  LINNET_DECL void clear();
  /// The optimized graph of the newest trace; ValueError if there is none.
  LINNET_DECL Graph graph() const;
  LINNET_DECL std::string plan() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace detail

/// True makes every Function run its C++ code eagerly, for debugging.
LINNET_DECL void run_functions_eagerly(bool eagerly);

/// A C++ function captured on first call for each new signature (shapes, dtypes and devices of its
/// tensors; values of everything else) and replayed afterwards: optimized, planned into one arena,
/// without dispatch. See linnet::function. Calls from several threads are safe. Copies share the
/// traces.
template <class F>
class Function {
 public:
  explicit Function(F f, FunctionOptions options = {})
      : f_(std::move(f)), core_(std::make_shared<detail::FunctionCore>(std::move(options))) {}

  template <class... Args>
  requires std::is_invocable_v<const F&, const Args&...>
  auto operator()(const Args&... args) const {
    using R = std::invoke_result_t<const F&, const Args&...>;
    detail::CallArguments arguments;
    (arguments.add(args), ...);
    detail::Outputs outputs;
    const auto body = [&](std::span<const Tensor> tensors, detail::Outputs& out) {
      detail::TracedArguments traced{tensors};
      const std::tuple<Args...> rebuilt{traced.take(args)...};
      if constexpr (std::is_void_v<R>)
        std::apply(f_, rebuilt);
      else
        detail::pack(out, std::apply(f_, rebuilt));
    };
    core_->call(arguments, body, outputs);
    return detail::Unpack<R>::from(outputs);
  }

  int tracing_count() const { return core_->stats().traces; }
  FunctionStats stats() const { return core_->stats(); }
  /// The newest trace, optimized: `print(f.graph())`.
  Graph graph() const { return core_->graph(); }
  /// Its kernels and places in memory, as text.
  std::string plan() const { return core_->plan(); }
  /// Drops all traces; the next call records anew.
  void clear() const { core_->clear(); }

 private:
  F f_;
  std::shared_ptr<detail::FunctionCore> core_;
};

/// Captures f: the returned object is called like f, records what it does on first call and replays
/// that afterwards. f takes Tensors, vectors of them and plain values, and returns a Tensor, a
/// vector, array, pair or tuple of them, or nothing. Variables it reads and assigns are its state.
/// Inside, C++ code runs only while recording. Called inside another trace it becomes part of that;
/// called while a GradientTape records it runs eagerly.
///
///     auto step = linnet::function([&](const Tensor& x, const Tensor& y) {
///       GradientTape tape;
///       Tensor loss = mean(square(matmul(x, w) - y));
///       w.assign_sub(0.1 * tape.gradient(loss, w));
///       return loss;
///     });
template <class F>
Function<std::decay_t<F>> function(F&& f, FunctionOptions options = {}) {
  return Function<std::decay_t<F>>(std::forward<F>(f), std::move(options));
}

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_GRAPH_FUNCTION
#include "linnet/impl/src.hpp"
#endif
