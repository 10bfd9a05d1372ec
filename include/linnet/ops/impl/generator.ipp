#pragma once

#include <mutex>
#include <random>

#include "linnet/autograd/variable_state.hpp"
#include "linnet/backend/apply.hpp"
#include "linnet/backend/recorder.hpp"
#include "linnet/backend/thread_state.hpp"
#include "linnet/core/never_destroyed.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/generator.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {
inline Tensor generator_state(std::uint64_t seed, std::uint64_t position) {
  return from_span(std::span<const std::uint64_t>(std::array{seed, position}), {2});
}
}  // namespace detail

Generator::Generator(std::uint64_t seed)
    : state_(detail::generator_state(seed, 0), {.trainable = false, .name = "generator"}) {}

void Generator::set_seed(std::uint64_t seed) { state_.assign(detail::generator_state(seed, 0)); }

Generator::Ticket Generator::next() const {
  if (Recorder* trace = detail::thread_state.trace) {
    Ticket ticket;
    ticket.offset = trace->next_ticket(state_, [state = state_](std::uint64_t count) {
      state.assign(state.value() + detail::generator_state(0, count));
    });
    ticket.state = trace->read(state_);
    return ticket;
  }
  // Two threads never get the same position.
  detail::VariableState& s = *state_.state();
  std::scoped_lock lock(s.borrow);
  const Ticket ticket{s.value, 0};
  const auto* words = static_cast<const std::uint64_t*>(s.value.raw_data());
  s.value = detail::generator_state(words[0], words[1] + 1);
  ++s.version;
  return ticket;
}

const Generator& default_generator() {
  static detail::NeverDestroyed<Generator> generator((std::uint64_t{std::random_device{}()} << 32) |
                                                     std::random_device{}());
  return generator.get();
}

void set_random_seed(std::uint64_t seed) { Generator(default_generator()).set_seed(seed); }

}  // namespace linnet::inline LINNET_ABI
