// The matrix kernels; compiled once per instruction set.
#define LINNET_ENTRIES_MATRIX
#include "linnet/backend/cpu/kernels/entries.hpp"
