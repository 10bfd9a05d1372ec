#pragma once

#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_NN_LOGITS
#endif

#include <string>
#include <vector>

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"

namespace linnet::inline LINNET_ABI::detail {

/// While one lives on this thread, activations note which logits their probabilities came from, so
/// that a crossentropy of a softmax (sigmoid) output is computed from the logits, as in Keras.
class LogitsScope {
 public:
  LINNET_DECL LogitsScope();
  LINNET_DECL ~LogitsScope();
  LogitsScope(const LogitsScope&) = delete;
  LogitsScope& operator=(const LogitsScope&) = delete;

 private:
  friend LINNET_DECL void note_logits(const Tensor&, const Tensor&, const std::string&);
  friend LINNET_DECL Tensor find_logits(const Tensor&, const std::string&);
  struct Note {
    std::uint64_t output;
    Tensor logits;
    std::string activation;
  };
  std::vector<Note> notes_;
  LogitsScope* outer_;
};

LINNET_DECL void note_logits(const Tensor& output, const Tensor& logits,
                             const std::string& activation);
/// The logits behind an output of "softmax" or "sigmoid"; undefined if unknown.
LINNET_DECL Tensor find_logits(const Tensor& output, const std::string& activation);

}  // namespace linnet::inline LINNET_ABI::detail

#ifdef LINNET_FIRST_NN_LOGITS
#include "linnet/impl/src.hpp"
#endif
