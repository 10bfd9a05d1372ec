#pragma once

#define LINNET_USES_IO_FILE
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_IO_FILE
#endif

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "linnet/config.hpp"

/// Implementation detail: files read whole or in pieces, and replaced atomically.
namespace linnet::inline LINNET_ABI::detail {

/// A regular file open for reading.
class InputFile {
 public:
  /// IOError naming `op` and the path if it cannot be opened.
  LINNET_DECL InputFile(const char* op, std::string path);
  LINNET_DECL ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;
  std::uint64_t size() const { return size_; }  ///< when it was opened
  /// `count` bytes from `offset` on; IOError if they cannot be read or are no longer there.
  LINNET_DECL void read(std::uint64_t offset, void* to, std::size_t count) const;

 private:
  const char* op_;
  std::string path_;
  int fd_;
  std::uint64_t size_ = 0;
};

/// The file's bytes; IOError naming `op` and the path if it cannot be read.
LINNET_DECL std::string read_file(const char* op, const std::string& path);
/// Replaces the file's contents by the pieces, one after the other: all or nothing. IOError.
LINNET_DECL void replace_file(const char* op, const std::string& path,
                              std::span<const std::string_view> pieces);

}  // namespace linnet::inline LINNET_ABI::detail

#ifdef LINNET_FIRST_IO_FILE
#include "linnet/impl/src.hpp"
#endif
