#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI {

/// "To the end" in a Slice.
inline constexpr std::int64_t end = std::numeric_limits<std::int64_t>::max();

/// A range along an axis, as Python's `start:stop:step`; out-of-range bounds clamp, negative ones
/// count from the end, a negative step walks backwards.
///
///     x(all, Slice(1, end), newaxis)   // x[:, 1:, None]
struct Slice {
  constexpr Slice() = default;
  constexpr Slice(std::int64_t first, std::int64_t last, std::int64_t by = 1)
      : start(first), stop(last), step(by) {}
  std::optional<std::int64_t> start, stop;
  std::int64_t step = 1;
};

struct NewAxis {};
struct Ellipsis {};
inline constexpr Slice all{};          ///< `:`
inline constexpr NewAxis newaxis{};    ///< a new axis of extent 1
inline constexpr Ellipsis ellipsis{};  ///< as many `:` as are missing

/// One argument of `tensor(...)`: an integer, a Slice, `all`, `newaxis` or `ellipsis`.
struct Index {
  enum class Kind : std::uint8_t { integer, slice, new_axis, dots };
  template <class I>
  requires std::numeric_limits<I>::is_integer constexpr Index(I i)
      : kind(Kind::integer), integer(static_cast<std::int64_t>(i)) {}
  constexpr Index(Slice s) : kind(Kind::slice), slice(s) {}
  constexpr Index(NewAxis) : kind(Kind::new_axis) {}
  constexpr Index(Ellipsis) : kind(Kind::dots) {}
  Kind kind;
  std::int64_t integer = 0;
  Slice slice{};
};

}  // namespace linnet::inline LINNET_ABI
