#pragma once

#define LINNET_USES_IO_SAFETENSORS
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_IO_SAFETENSORS
#endif

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"

namespace linnet::inline LINNET_ABI {

/// Tensors by name, with text metadata: the contents of a safetensors file.
struct TensorFile {
  std::vector<std::pair<std::string, Tensor>> tensors;
  std::map<std::string, std::string> metadata;
  /// The tensor of a name; undefined if there is none.
  LINNET_DECL Tensor find(const std::string& name) const;
};

/// Reads a safetensors file. Strict: IOError, naming the file and what is wrong, for anything that
/// is not exactly such a file (header over 100 MB, malformed JSON, duplicate names, unknown dtypes,
/// sizes that do not fit, gaps, overlaps, bytes left over, ranks over 8).
LINNET_DECL TensorFile load_safetensors(const std::string& path);

/// Writes tensors and metadata so that `path` holds either its former contents or all of the new
/// ones, whatever happens: a temporary file beside it is written, synced and renamed. IOError if
/// that fails (the temporary is removed); ValueError for an undefined tensor, a name given twice,
/// the name `__metadata__` and text that is not UTF-8.
LINNET_DECL void save_safetensors(const std::string& path, const TensorFile& file);

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_IO_SAFETENSORS
#include "linnet/impl/src.hpp"
#endif
