#pragma once

/// Every kernel family, for header-only use.
#include "linnet/backend/cpu/kernels/attention.hpp"
#include "linnet/backend/cpu/kernels/attention_backward.hpp"
#include "linnet/backend/cpu/kernels/batch_norm.hpp"
#include "linnet/backend/cpu/kernels/conv.hpp"
#include "linnet/backend/cpu/kernels/conv_taps.hpp"
#include "linnet/backend/cpu/kernels/elementwise.hpp"
#include "linnet/backend/cpu/kernels/gemm.hpp"
#include "linnet/backend/cpu/kernels/lstm.hpp"
#include "linnet/backend/cpu/kernels/norm.hpp"
#include "linnet/backend/cpu/kernels/optimizer.hpp"
#include "linnet/backend/cpu/kernels/pool_indices.hpp"
#include "linnet/backend/cpu/kernels/random.hpp"
#include "linnet/backend/cpu/kernels/reduce.hpp"
#include "linnet/backend/cpu/kernels/softmax.hpp"
#include "linnet/backend/cpu/kernels/tiles.hpp"
#include "linnet/backend/cpu/kernels/winograd_gradient.hpp"
