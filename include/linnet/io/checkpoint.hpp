#pragma once

#define LINNET_USES_IO_CHECKPOINT
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_IO_CHECKPOINT
#endif

#include <string>
#include <utility>
#include <vector>

#include "linnet/autograd/variable.hpp"
#include "linnet/config.hpp"
#include "linnet/io/safetensors.hpp"

namespace linnet::inline LINNET_ABI {

using NamedVariables = std::vector<std::pair<std::string, Variable>>;

/// Writes the variables' values as one safetensors file, atomically. IOError.
LINNET_DECL void save_variables(const std::string& path, const NamedVariables& variables);
/// Reads them back. IOError for a file that cannot be trusted; ValueError for a name that is
/// missing or unknown, ShapeError or DTypeError for one that does not fit. Nothing is assigned
/// unless everything fits.
LINNET_DECL void load_variables(const std::string& path, const NamedVariables& variables);

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_IO_CHECKPOINT
#include "linnet/impl/src.hpp"
#endif
