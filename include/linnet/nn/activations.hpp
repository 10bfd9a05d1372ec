#pragma once

#define LINNET_USES_NN_ACTIVATIONS
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_NN_ACTIVATIONS
#endif

#include <functional>
#include <string>

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"

namespace linnet::inline LINNET_ABI {

/// The `activation` option of layers: a function (`relu`, `softmax`, a lambda) or its Keras name
/// ("relu", "softmax"); none is linear. ValueError for an unknown name.
class LINNET_EXPORT ActivationFunction {
 public:
  ActivationFunction() = default;
  LINNET_DECL ActivationFunction(const char* name);                           // NOLINT: implicit
  LINNET_DECL ActivationFunction(const std::string& name);                    // NOLINT
  LINNET_DECL ActivationFunction(Tensor (*function)(const Tensor&));          // NOLINT
  LINNET_DECL ActivationFunction(Tensor (*function)(const Tensor&, int));     // NOLINT: softmax
  LINNET_DECL ActivationFunction(Tensor (*function)(const Tensor&, double));  // NOLINT: elu
  LINNET_DECL ActivationFunction(Tensor (*function)(const Tensor&, bool));    // NOLINT: gelu
  template <class F>
  requires std::is_class_v<F> && std::is_invocable_r_v<Tensor, const F&, const Tensor&>
  ActivationFunction(F function) : function_(std::move(function)), name_("function") {}  // NOLINT

  /// softmax and sigmoid leave a note of their logits for the losses (see nn/notes.hpp).
  LINNET_DECL Tensor operator()(const Tensor& x) const;
  /// The Keras name; "function" for a function of the user's own.
  LINNET_DECL std::string name() const;
  explicit operator bool() const { return static_cast<bool>(function_); }

 private:
  std::function<Tensor(const Tensor&)> function_;
  Tensor (*plain_)(const Tensor&) = nullptr;  // its name is looked up when it is asked for
  std::string name_ = "linear";
};

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_NN_ACTIVATIONS
#include "linnet/impl/src.hpp"
#endif
