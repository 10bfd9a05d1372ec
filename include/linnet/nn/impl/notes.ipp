#pragma once

#include <utility>

#include "linnet/nn/notes.hpp"

namespace linnet::inline LINNET_ABI::detail {

inline NoteScope*& current_note_scope() {
  static constinit thread_local NoteScope* scope = nullptr;
  return scope;
}

NoteScope::NoteScope() : outer_(std::exchange(current_note_scope(), this)) {}
NoteScope::~NoteScope() { current_note_scope() = outer_; }
bool NoteScope::active() { return current_note_scope() != nullptr; }

void note(const Tensor& about, const std::string& kind, const Tensor& value) {
  if (NoteScope* scope = current_note_scope()) scope->notes_.push_back({about.id(), kind, value});
}

Tensor find_note(const Tensor& about, const std::string& kind) {
  if (const NoteScope* scope = current_note_scope())
    for (const auto& n : scope->notes_)
      if (n.about == about.id() && n.kind == kind) return n.value;
  return {};
}

}  // namespace linnet::inline LINNET_ABI::detail
