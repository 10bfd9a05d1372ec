#pragma once

#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_LINNET
#endif

/// All of Linnet.
#include "linnet/autograd/custom_gradient.hpp"
#include "linnet/autograd/gradcheck.hpp"
#include "linnet/autograd/tape.hpp"
#include "linnet/autograd/variable.hpp"
#include "linnet/core/allocator.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/core/interrupt.hpp"
#include "linnet/core/print.hpp"
#include "linnet/core/tensor.hpp"
#include "linnet/core/threads.hpp"
#include "linnet/data/dataset.hpp"
#include "linnet/data/idx.hpp"
#include "linnet/graph/control_flow.hpp"
#include "linnet/graph/function.hpp"
#include "linnet/graph/profile.hpp"
#include "linnet/io/checkpoint.hpp"
#include "linnet/io/safetensors.hpp"
#include "linnet/nn/confusion_metrics.hpp"
#include "linnet/nn/constraints.hpp"
#include "linnet/nn/layers/attention.hpp"
#include "linnet/nn/layers/conv1d.hpp"
#include "linnet/nn/layers/conv2d.hpp"
#include "linnet/nn/layers/conv2d_transpose.hpp"
#include "linnet/nn/layers/core.hpp"
#include "linnet/nn/layers/dense.hpp"
#include "linnet/nn/layers/depthwise.hpp"
#include "linnet/nn/layers/embedding.hpp"
#include "linnet/nn/layers/merge.hpp"
#include "linnet/nn/layers/normalization.hpp"
#include "linnet/nn/layers/preprocessing.hpp"
#include "linnet/nn/layers/recurrent.hpp"
#include "linnet/nn/layers/sequence.hpp"
#include "linnet/nn/model.hpp"
#include "linnet/nn/score_metrics.hpp"
#include "linnet/ops/attention.hpp"
#include "linnet/ops/conv.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/indexing.hpp"
#include "linnet/ops/loss.hpp"
#include "linnet/ops/matmul.hpp"
#include "linnet/ops/norm.hpp"
#include "linnet/ops/quantization.hpp"
#include "linnet/ops/random.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"
#include "linnet/ops/softmax.hpp"

#ifdef LINNET_FIRST_LINNET
#include "linnet/impl/src.hpp"
#endif
