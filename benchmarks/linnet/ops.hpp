#pragma once

#include "bench.hpp"

namespace bench {

/// Workload "op:NAME": one eager call. False if the name has no such prefix; ValueError for an
/// unknown op.
bool make_op(const std::string& name, Workload& out);

/// Every op there is with what it works on, and the arithmetic and memory traffic that it cannot do
/// without, as JSON.
std::string ops();

}  // namespace bench
