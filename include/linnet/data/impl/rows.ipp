#pragma once

#include <algorithm>
#include <cstring>

#include "linnet/core/threads.hpp"
#include "linnet/data/rows.hpp"

namespace linnet::inline LINNET_ABI::data {

namespace detail {

Tensor gather_rows(const Tensor& x, std::span<const std::int64_t> rows) {
  Shape shape = x.shape();
  shape.set(0, static_cast<std::int64_t>(rows.size()));
  Tensor out = linnet::detail::empty({shape, x.dtype(), x.device()});
  const std::size_t bytes = static_cast<std::size_t>(shape.without(0).size()) * itemsize(x.dtype());
  if (bytes == 0) return out;
  auto* to = static_cast<std::byte*>(out.impl()->data);
  const auto* from = static_cast<const std::byte*>(x.raw_data());
  const auto grain = static_cast<std::int64_t>((1 << 20) / bytes + 1);
  linnet::detail::parallel_for(
      static_cast<std::int64_t>(rows.size()), grain, [&](std::int64_t begin, std::int64_t end) {
        const auto source = [&](std::int64_t i) {
          return from + static_cast<std::size_t>(rows[static_cast<std::size_t>(i)]) * bytes;
        };
        for (std::int64_t i = begin; i < end; ++i) {
          // Rows in random order: the first lines of one are on their way while others are copied,
          // the processor itself finds the rest.
          if (i + 4 < end)
            for (std::size_t at = 0; at < std::min<std::size_t>(bytes, 256); at += 64)
              __builtin_prefetch(source(i + 4) + at);
          std::memcpy(to + static_cast<std::size_t>(i) * bytes, source(i), bytes);
        }
      });
  return out;
}

}  // namespace detail

}  // namespace linnet::inline LINNET_ABI::data
