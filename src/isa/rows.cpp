// The other kernels; compiled once per instruction set.
#define LINNET_ENTRIES_KERNELS
#include "linnet/backend/cpu/kernels/entries.hpp"
