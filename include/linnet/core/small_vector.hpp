#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI::detail {

/// A vector whose first N elements need no heap; for short lists on hot paths.
template <class T, std::size_t N>
class SmallVector {
 public:
  SmallVector() = default;
  void push_back(T value) {
    if (size_ < N) {
      inline_[size_] = std::move(value);
    } else {
      if (size_ == N)
        heap_.assign(std::make_move_iterator(inline_.begin()),
                     std::make_move_iterator(inline_.end()));
      heap_.push_back(std::move(value));
    }
    ++size_;
  }
  void clear() {
    for (std::size_t i = 0; i < size_ && i < N; ++i) inline_[i] = T{};
    heap_.clear();
    size_ = 0;
  }
  void resize(std::size_t n) {
    while (size_ < n) push_back(T{});
  }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T* data() { return size_ > N ? heap_.data() : inline_.data(); }
  const T* data() const { return size_ > N ? heap_.data() : inline_.data(); }
  T& operator[](std::size_t i) { return data()[i]; }
  const T& operator[](std::size_t i) const { return data()[i]; }
  T& back() { return data()[size_ - 1]; }
  T* begin() { return data(); }
  T* end() { return data() + size_; }
  const T* begin() const { return data(); }
  const T* end() const { return data() + size_; }
  std::span<T> span() { return {data(), size_}; }
  std::span<const T> span() const { return {data(), size_}; }

 private:
  std::array<T, N> inline_{};
  std::vector<T> heap_;
  std::size_t size_ = 0;
};

}  // namespace linnet::inline LINNET_ABI::detail
