#pragma once

#define LINNET_USES_GRAPH_CONTROL_FLOW
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_GRAPH_CONTROL_FLOW
#endif

#include <cstdint>
#include <memory>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "linnet/config.hpp"
#include "linnet/core/function_ref.hpp"
#include "linnet/core/tensor.hpp"
#include "linnet/graph/function.hpp"

/// Branches and loops that depend on tensors' values. Outside of a linnet::function they are plain
/// control flow, and tapes record what ran. In a function they become nodes of the graph, with the
/// graphs of their branches or body: only what the values ask for runs, with nothing allocated per
/// iteration. Inside, tensors and variables of the surroundings may be used, variables assigned and
/// random numbers drawn. Both nest, and have gradients.
namespace linnet::inline LINNET_ABI {

struct WhileLoopOptions {
  std::int64_t maximum_iterations = -1;  ///< the loop ends after so many; -1: no limit
};

namespace detail {

struct SubTrace;

/// Records a cond() in this thread's trace: both branches, then what they result in.
class LINNET_EXPORT CondRecorder {
 public:
  /// A traced scalar bool.
  LINNET_DECL explicit CondRecorder(const Tensor& pred);
  LINNET_DECL ~CondRecorder();
  CondRecorder(const CondRecorder&) = delete;
  CondRecorder& operator=(const CondRecorder&) = delete;

  /// Runs f, whose ops become the branch that `pred == which` takes.
  LINNET_DECL void branch(bool which, FunctionRef<void()> f);
  /// The results of both; count, dtypes and shapes must agree.
  LINNET_DECL std::vector<Tensor> finish(std::span<const Tensor> if_true,
                                         std::span<const Tensor> if_false);

 private:
  Tensor pred_;
  std::shared_ptr<SubTrace> branches_[2];
};

/// Records a while_loop() in this thread's trace. The condition is part of the body: it is computed
/// before the loop, and at the end of each iteration for the next.
class LINNET_EXPORT WhileLoopRecorder {
 public:
  /// `proceed`: a traced scalar bool, the condition on the first loop variables.
  LINNET_DECL WhileLoopRecorder(const Tensor& proceed, std::span<const Tensor> loop_vars,
                                const WhileLoopOptions& options);
  LINNET_DECL ~WhileLoopRecorder();
  WhileLoopRecorder(const WhileLoopRecorder&) = delete;
  WhileLoopRecorder& operator=(const WhileLoopRecorder&) = delete;

  /// Runs f on the loop variables of an iteration; its ops become the body.
  LINNET_DECL void body(FunctionRef<void(std::span<const Tensor>)> f);
  /// The condition and the loop variables after an iteration; gives the last ones.
  LINNET_DECL std::vector<Tensor> finish(const Tensor& proceed, std::span<const Tensor> next);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

using LoopCondition = FunctionRef<Tensor(std::span<const Tensor>)>;
using LoopBody = FunctionRef<void(std::span<const Tensor>, Outputs&)>;

LINNET_DECL void run_cond(const Tensor& pred, FunctionRef<void(Outputs&)> true_fn,
                          FunctionRef<void(Outputs&)> false_fn, Outputs& outputs);
LINNET_DECL void run_while_loop(LoopCondition condition, LoopBody body, Outputs& loop_vars,
                                const WhileLoopOptions& options);
/// Throws unless the tensor is a scalar bool.
LINNET_DECL void check_condition(std::string_view op, const Tensor& condition);
/// Throws unless a loop variable has kept dtype and shape.
LINNET_DECL void check_loop_variable(std::size_t index, const TensorSpec& before,
                                     const TensorSpec& after);

/// Calls f on loop variables in the form of T: a tensor, a vector or a tuple of them.
template <class T, class F>
decltype(auto) call_on(F& f, std::span<const Tensor> tensors) {
  if constexpr (std::is_same_v<T, Tensor>) {
    return f(tensors[0]);
  } else if constexpr (std::is_same_v<T, std::vector<Tensor>>) {
    return f(std::vector<Tensor>(tensors.begin(), tensors.end()));
  } else {
    Outputs list;
    for (const Tensor& t : tensors) list.push_back(t);
    return std::apply(f, Unpack<T>::from(list));
  }
}

}  // namespace detail

/// true_fn() if the scalar bool `pred` is true, else false_fn(). Both take no arguments and return
/// the same: a Tensor, a vector, array, pair or tuple of them, or nothing. Only the branch taken
/// runs, and only it is differentiated.
///
///     Tensor y = cond(mean(x) > 0, [&] { return sqrt(x); }, [&] { return zeros_like(x); });
///
/// Captured, both branches are recorded, and their results must agree: ValueError for another
/// number of tensors, DTypeError, ShapeError. DTypeError and ShapeError for a `pred` that is no
/// scalar bool.
template <class TrueFn, class FalseFn>
requires std::is_invocable_v<TrueFn&> && std::is_invocable_v<FalseFn&>
auto cond(const Tensor& pred, TrueFn&& true_fn, FalseFn&& false_fn) {
  using R = std::invoke_result_t<TrueFn&>;
  static_assert(std::is_same_v<R, std::invoke_result_t<FalseFn&>>,
                "cond: both functions return the same type");
  const auto branch = [](auto& f) {
    return [&f](detail::Outputs& out) {
      if constexpr (std::is_void_v<R>)
        f();
      else
        detail::pack(out, f());
    };
  };
  detail::Outputs outputs;
  detail::run_cond(pred, branch(true_fn), branch(false_fn), outputs);
  return detail::Unpack<R>::from(outputs);
}

/// Calls `loop_vars = body(loop_vars)` as long as the scalar bool `condition(loop_vars)` is true,
/// and gives the last ones. `loop_vars` is a Tensor, a vector or a tuple of Tensors; the functions
/// take a vector as it is, the elements of a tuple one by one. Loop variables keep their dtypes and
/// shapes (DTypeError, ShapeError); the body returns as many as there are (ValueError).
///
///     auto [n, steps] = while_loop([](const Tensor& n, const Tensor&) { return n > 1; },
///                                  [](const Tensor& n, const Tensor& s) {
///                                    return std::tuple(n / 2, s + 1);
///                                  },
///                                  std::tuple(scalar(100), scalar(0)));
///
/// The gradient of a captured loop keeps the loop variables of every iteration and runs the body's
/// forward part again; it cannot be differentiated again (NotSupportedError).
template <class Condition, class Body, class LoopVars>
LoopVars while_loop(Condition&& condition, Body&& body, const LoopVars& loop_vars,
                    const WhileLoopOptions& options = {}) {
  detail::Outputs vars;
  detail::pack(vars, loop_vars);
  detail::run_while_loop(
      [&](std::span<const Tensor> v) -> Tensor { return detail::call_on<LoopVars>(condition, v); },
      [&](std::span<const Tensor> v, detail::Outputs& out) {
        detail::pack(out, detail::call_on<LoopVars>(body, v));
      },
      vars, options);
  return detail::Unpack<LoopVars>::from(vars);
}

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_GRAPH_CONTROL_FLOW
#include "linnet/impl/src.hpp"
#endif
