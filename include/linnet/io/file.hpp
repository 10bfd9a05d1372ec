#pragma once

#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_IO_FILE
#endif

#include <span>
#include <string>
#include <string_view>

#include "linnet/config.hpp"

/// Implementation detail: whole files, read at once and replaced atomically.
namespace linnet::inline LINNET_ABI::detail {

/// The file's bytes; IOError naming `op` and the path if it cannot be read.
LINNET_DECL std::string read_file(const char* op, const std::string& path);
/// Replaces the file's contents by the pieces, one after the other: all or nothing. IOError.
LINNET_DECL void replace_file(const char* op, const std::string& path,
                              std::span<const std::string_view> pieces);

}  // namespace linnet::inline LINNET_ABI::detail

#ifdef LINNET_FIRST_IO_FILE
#include "linnet/impl/src.hpp"
#endif
