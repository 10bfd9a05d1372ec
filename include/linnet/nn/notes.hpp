#pragma once

#define LINNET_USES_NN_NOTES
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_NN_NOTES
#endif

#include <string>
#include <vector>

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"

namespace linnet::inline LINNET_ABI::detail {

/// While one lives on this thread, layers note about tensors what their values do not tell: the
/// logits behind probabilities ("softmax", "sigmoid"), from which crossentropies are computed as in
/// Keras, and which steps of a sequence count ("mask").
class NoteScope {
 public:
  LINNET_DECL NoteScope();
  LINNET_DECL ~NoteScope();
  NoteScope(const NoteScope&) = delete;
  NoteScope& operator=(const NoteScope&) = delete;
  LINNET_DECL static bool active();

 private:
  friend LINNET_DECL void note(const Tensor&, const std::string&, const Tensor&);
  friend LINNET_DECL Tensor find_note(const Tensor&, const std::string&);
  struct Note {
    std::uint64_t about;
    std::string kind;
    Tensor value;
  };
  std::vector<Note> notes_;
  NoteScope* outer_;
};

/// Does nothing without a scope.
LINNET_DECL void note(const Tensor& about, const std::string& kind, const Tensor& value);
/// Undefined if there is none.
LINNET_DECL Tensor find_note(const Tensor& about, const std::string& kind);

}  // namespace linnet::inline LINNET_ABI::detail

#ifdef LINNET_FIRST_NN_NOTES
#include "linnet/impl/src.hpp"
#endif
