// One part of the kernel table; compiled once per instruction set.
#define LINNET_FILL_MATRIX
#include "linnet/backend/cpu/kernels/fill_table.hpp"
