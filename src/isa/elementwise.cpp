// The tiles of the elementwise ops; compiled once per instruction set.
#define LINNET_ENTRIES_TILES
#include "linnet/backend/cpu/kernels/entries.hpp"
