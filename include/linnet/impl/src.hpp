// No #pragma once: it includes itself until nothing is missing.

/// The definitions of what has been included so far. A header with definitions defines
/// LINNET_USES_... and undefines LINNET_COMPLETE; its definitions may include further headers,
/// whose definitions the next round appends. In header-only mode the header that an application
/// includes first does this at its end: definitions need all declarations, and a header that is
/// included by another one cannot know whether that is complete yet. In LINNET_SEPARATE mode
/// exactly one translation unit of the application includes this file, and gets all of Linnet.
#ifdef LINNET_SEPARATE
#include "linnet/linnet.hpp"
#endif

#ifndef LINNET_COMPLETE
#define LINNET_COMPLETE

// Definitions keep to the warnings of Linnet's own build; an application may ask for more of its
// own.
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdouble-promotion"
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wold-style-cast"
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#endif

#ifdef LINNET_USES_AUTOGRAD_GRADCHECK
#include "linnet/autograd/impl/gradcheck.ipp"
#endif
#ifdef LINNET_USES_AUTOGRAD_TAPE
#include "linnet/autograd/impl/tape.ipp"
#endif
#ifdef LINNET_USES_AUTOGRAD_TAPE_STATE
#include "linnet/autograd/impl/with_vjp.ipp"
#endif
#ifdef LINNET_USES_AUTOGRAD_VARIABLE
#include "linnet/autograd/impl/variable.ipp"
#endif
#ifdef LINNET_USES_AUTOGRAD_WITH_VJP
#include "linnet/autograd/impl/with_vjp.ipp"
#endif
#ifdef LINNET_USES_BACKEND_APPLY
#include "linnet/backend/impl/apply.ipp"
#endif
#ifdef LINNET_USES_BACKEND_BACKEND
#include "linnet/backend/impl/backend.ipp"
#endif
#ifdef LINNET_USES_BACKEND_CPU_CONV_BFLOAT
#include "linnet/backend/cpu/impl/conv_bfloat.ipp"
#endif
#ifdef LINNET_USES_BACKEND_CPU_CONV_TAPS
#include "linnet/backend/cpu/impl/conv_taps.ipp"
#endif
#ifdef LINNET_USES_BACKEND_CPU_ISA
#include "linnet/backend/cpu/impl/isa.ipp"
#endif
#ifdef LINNET_USES_BACKEND_CPU_QUANTIZED_OUTPUT
#include "linnet/backend/cpu/impl/quantized_output.ipp"
#endif
#ifdef LINNET_USES_BACKEND_CPU_SCRATCH
#include "linnet/backend/cpu/impl/scratch.ipp"
#endif
#ifdef LINNET_USES_BACKEND_CPU_WIDENED
#include "linnet/backend/cpu/impl/widened.ipp"
#endif
#ifdef LINNET_USES_BACKEND_CPU_WINOGRAD
#include "linnet/backend/cpu/impl/winograd.ipp"
#endif
#ifdef LINNET_USES_BACKEND_EAGER
#include "linnet/backend/impl/eager.ipp"
#endif
#ifdef LINNET_USES_BACKEND_KERNEL
#include "linnet/backend/impl/kernel.ipp"
#endif
#ifdef LINNET_USES_BACKEND_KERNEL_CACHE
#include "linnet/backend/impl/kernel_cache.ipp"
#endif
#ifdef LINNET_USES_BACKEND_PROGRAM
#include "linnet/backend/cpu/impl/elementwise.ipp"
#include "linnet/backend/impl/program.ipp"
#endif
#ifdef LINNET_USES_CORE_ALLOCATOR
#include "linnet/core/impl/allocator.ipp"
#endif
#ifdef LINNET_USES_CORE_CREATION
#include "linnet/core/impl/creation.ipp"
#endif
#ifdef LINNET_USES_CORE_DEVICE
#include "linnet/core/impl/device.ipp"
#endif
#ifdef LINNET_USES_CORE_DTYPE
#include "linnet/core/impl/dtype.ipp"
#endif
#ifdef LINNET_USES_CORE_INTERRUPT
#include "linnet/core/impl/interrupt.ipp"
#endif
#ifdef LINNET_USES_CORE_MESSAGE
#include "linnet/core/impl/message.ipp"
#endif
#ifdef LINNET_USES_CORE_OBJECT_POOL
#include "linnet/core/impl/object_pool.ipp"
#endif
#ifdef LINNET_USES_CORE_PRINT
#include "linnet/core/impl/print.ipp"
#endif
#ifdef LINNET_USES_CORE_SHAPE
#include "linnet/core/impl/shape.ipp"
#endif
#ifdef LINNET_USES_CORE_STORAGE
#include "linnet/core/impl/storage.ipp"
#endif
#ifdef LINNET_USES_CORE_TENSOR
#include "linnet/core/impl/copy.ipp"
#include "linnet/core/impl/tensor.ipp"
#include "linnet/ops/impl/shape.ipp"
#endif
#ifdef LINNET_USES_CORE_THREADS
#include "linnet/core/impl/threads.ipp"
#endif
#ifdef LINNET_USES_CORE_WARNING
#include "linnet/core/impl/warning.ipp"
#endif
#ifdef LINNET_USES_DATA_DATASET
#include "linnet/data/impl/batch.ipp"
#include "linnet/data/impl/nested.ipp"
#include "linnet/data/impl/shuffle.ipp"
#include "linnet/data/impl/source.ipp"
#include "linnet/data/impl/sources.ipp"
#include "linnet/data/impl/threaded.ipp"
#include "linnet/data/impl/transforms.ipp"
#endif
#ifdef LINNET_USES_DATA_IDX
#include "linnet/data/impl/idx.ipp"
#endif
#ifdef LINNET_USES_DATA_ROWS
#include "linnet/data/impl/rows.ipp"
#endif
#ifdef LINNET_USES_GRAPH_ARENA_POOL
#include "linnet/graph/impl/arena_pool.ipp"
#endif
#ifdef LINNET_USES_GRAPH_CONTROL_FLOW
#include "linnet/graph/impl/cond.ipp"
#include "linnet/graph/impl/while_loop.ipp"
#endif
#ifdef LINNET_USES_GRAPH_EXECUTABLE
#include "linnet/graph/impl/executable.ipp"
#endif
#ifdef LINNET_USES_GRAPH_FUNCTION
#include "linnet/graph/impl/function.ipp"
#endif
#ifdef LINNET_USES_GRAPH_GRAPH
#include "linnet/graph/impl/graph.ipp"
#endif
#ifdef LINNET_USES_GRAPH_PASSES_PASS
#include "linnet/graph/impl/optimize.ipp"
#endif
#ifdef LINNET_USES_GRAPH_PASSES_PASSES
#include "linnet/graph/passes/affine.ipp"
#include "linnet/graph/passes/common_subexpressions.ipp"
#include "linnet/graph/passes/constants.ipp"
#include "linnet/graph/passes/control_flow.ipp"
#include "linnet/graph/passes/dead_code.ipp"
#include "linnet/graph/passes/epilogue.ipp"
#include "linnet/graph/passes/fusion.ipp"
#include "linnet/graph/passes/joined_slices.ipp"
#include "linnet/graph/passes/padding.ipp"
#include "linnet/graph/passes/pooling.ipp"
#include "linnet/graph/passes/prologue.ipp"
#include "linnet/graph/passes/simplify.ipp"
#include "linnet/graph/passes/updates.ipp"
#endif
#ifdef LINNET_USES_GRAPH_PLAN
#include "linnet/graph/impl/plan.ipp"
#include "linnet/graph/impl/plan_text.ipp"
#endif
#ifdef LINNET_USES_GRAPH_PROFILE
#include "linnet/graph/impl/profile.ipp"
#endif
#ifdef LINNET_USES_GRAPH_PROFILE_LOG
#include "linnet/graph/impl/profile.ipp"
#endif
#ifdef LINNET_USES_GRAPH_SUBGRAPH
#include "linnet/graph/impl/subgraph.ipp"
#endif
#ifdef LINNET_USES_GRAPH_TRACE
#include "linnet/graph/impl/trace.ipp"
#endif
#ifdef LINNET_USES_IO_CHECKPOINT
#include "linnet/io/impl/checkpoint.ipp"
#endif
#ifdef LINNET_USES_IO_FILE
#include "linnet/io/impl/file.ipp"
#endif
#ifdef LINNET_USES_IO_SAFETENSORS
#include "linnet/io/impl/safetensors.ipp"
#endif
#ifdef LINNET_USES_NN_ACTIVATIONS
#include "linnet/nn/impl/activations.ipp"
#endif
#ifdef LINNET_USES_NN_CALLBACKS
#include "linnet/nn/impl/callbacks.ipp"
#endif
#ifdef LINNET_USES_NN_CONFUSION_METRICS
#include "linnet/nn/impl/confusion_metrics.ipp"
#endif
#ifdef LINNET_USES_NN_CONSTRAINTS
#include "linnet/nn/impl/constraints.ipp"
#endif
#ifdef LINNET_USES_NN_DTYPE_POLICY
#include "linnet/nn/impl/dtype_policy.ipp"
#endif
#ifdef LINNET_USES_NN_INITIALIZERS
#include "linnet/nn/impl/initializers.ipp"
#endif
#ifdef LINNET_USES_NN_LAYER
#include "linnet/nn/impl/layer.ipp"
#endif
#ifdef LINNET_USES_NN_LAYERS_ACTIVATION
#include "linnet/nn/impl/activation_layers.ipp"
#endif
#ifdef LINNET_USES_NN_LAYERS_ATTENTION
#include "linnet/nn/impl/attention.ipp"
#endif
#ifdef LINNET_USES_NN_LAYERS_CONV1D
#include "linnet/nn/impl/conv1d.ipp"
#endif
#ifdef LINNET_USES_NN_LAYERS_CONV2D
#include "linnet/nn/impl/conv2d.ipp"
#endif
#ifdef LINNET_USES_NN_LAYERS_CONV2D_TRANSPOSE
#include "linnet/nn/impl/conv2d_transpose.ipp"
#endif
#ifdef LINNET_USES_NN_LAYERS_CORE
#include "linnet/nn/impl/core_layers.ipp"
#endif
#ifdef LINNET_USES_NN_LAYERS_DENSE
#include "linnet/nn/impl/dense.ipp"
#endif
#ifdef LINNET_USES_NN_LAYERS_DEPTHWISE
#include "linnet/nn/impl/depthwise.ipp"
#endif
#ifdef LINNET_USES_NN_LAYERS_EMBEDDING
#include "linnet/nn/impl/embedding.ipp"
#endif
#ifdef LINNET_USES_NN_LAYERS_MERGE
#include "linnet/nn/impl/merge.ipp"
#endif
#ifdef LINNET_USES_NN_LAYERS_NORMALIZATION
#include "linnet/nn/impl/normalization.ipp"
#endif
#ifdef LINNET_USES_NN_LAYERS_POOLING
#include "linnet/nn/impl/pooling.ipp"
#endif
#ifdef LINNET_USES_NN_LAYERS_PREPROCESSING
#include "linnet/nn/impl/preprocessing.ipp"
#endif
#ifdef LINNET_USES_NN_LAYERS_RECURRENT
#include "linnet/nn/impl/recurrent.ipp"
#endif
#ifdef LINNET_USES_NN_LAYERS_REGULARIZATION
#include "linnet/nn/impl/regularization.ipp"
#endif
#ifdef LINNET_USES_NN_LAYERS_RESHAPING
#include "linnet/nn/impl/reshaping.ipp"
#endif
#ifdef LINNET_USES_NN_LAYERS_SEQUENCE
#include "linnet/nn/impl/sequence.ipp"
#endif
#ifdef LINNET_USES_NN_LOGS
#include "linnet/nn/impl/logs.ipp"
#endif
#ifdef LINNET_USES_NN_LOSSES
#include "linnet/nn/impl/losses.ipp"
#endif
#ifdef LINNET_USES_NN_METRICS
#include "linnet/nn/impl/metrics.ipp"
#endif
#ifdef LINNET_USES_NN_MODEL
#include "linnet/nn/impl/model.ipp"
#include "linnet/nn/impl/fit.ipp"
#include "linnet/nn/impl/summary.ipp"
#endif
#ifdef LINNET_USES_NN_NOTES
#include "linnet/nn/impl/notes.ipp"
#endif
#ifdef LINNET_USES_NN_OPTIMIZERS
#include "linnet/nn/impl/optimizer.ipp"
#include "linnet/nn/impl/optimizers.ipp"
#endif
#ifdef LINNET_USES_NN_REGULARIZERS
#include "linnet/nn/impl/regularizers.ipp"
#endif
#ifdef LINNET_USES_NN_SCHEDULES
#include "linnet/nn/impl/schedules.ipp"
#endif
#ifdef LINNET_USES_NN_SCORE_METRICS
#include "linnet/nn/impl/score_metrics.ipp"
#endif
#ifdef LINNET_USES_NN_SEQUENTIAL
#include "linnet/nn/impl/sequential.ipp"
#endif
#ifdef LINNET_USES_OPS_ATTENTION
#include "linnet/ops/impl/attention.ipp"
#endif
#ifdef LINNET_USES_OPS_CONTRACT
#include "linnet/ops/impl/contract.ipp"
#endif
#ifdef LINNET_USES_OPS_CONV
#include "linnet/ops/impl/conv.ipp"
#include "linnet/ops/impl/pool.ipp"
#endif
#ifdef LINNET_USES_OPS_ELEMENTWISE
#include "linnet/ops/impl/elementwise.ipp"
#endif
#ifdef LINNET_USES_OPS_ELEMENTWISE_APPLY
#include "linnet/ops/impl/elementwise_apply.ipp"
#endif
#ifdef LINNET_USES_OPS_GENERATOR
#include "linnet/ops/impl/generator.ipp"
#endif
#ifdef LINNET_USES_OPS_INDEXING
#include "linnet/ops/impl/indexing.ipp"
#endif
#ifdef LINNET_USES_OPS_LINALG
#include "linnet/ops/impl/linalg.ipp"
#endif
#ifdef LINNET_USES_OPS_LOSS
#include "linnet/ops/impl/loss.ipp"
#endif
#ifdef LINNET_USES_OPS_MATMUL
#include "linnet/ops/impl/matmul.ipp"
#endif
#ifdef LINNET_USES_OPS_NORM
#include "linnet/ops/impl/batch_norm.ipp"
#include "linnet/ops/impl/norm.ipp"
#endif
#ifdef LINNET_USES_OPS_PRIMITIVES_ATTENTION
#include "linnet/backend/cpu/impl/attention.ipp"
#endif
#ifdef LINNET_USES_OPS_PRIMITIVES_BATCH_NORM
#include "linnet/backend/cpu/impl/batch_norm.ipp"
#endif
#ifdef LINNET_USES_OPS_PRIMITIVES_CONV
#include "linnet/backend/cpu/impl/conv.ipp"
#endif
#ifdef LINNET_USES_OPS_PRIMITIVES_INDEXING
#include "linnet/backend/cpu/impl/indexing.ipp"
#endif
#ifdef LINNET_USES_OPS_PRIMITIVES_LINALG
#include "linnet/backend/cpu/impl/linalg.ipp"
#endif
#ifdef LINNET_USES_OPS_PRIMITIVES_LOSS
#include "linnet/backend/cpu/impl/loss.ipp"
#endif
#ifdef LINNET_USES_OPS_PRIMITIVES_MATMUL
#include "linnet/backend/cpu/impl/matmul.ipp"
#endif
#ifdef LINNET_USES_OPS_PRIMITIVES_NORM
#include "linnet/backend/cpu/impl/norm.ipp"
#endif
#ifdef LINNET_USES_OPS_PRIMITIVES_OPTIMIZER
#include "linnet/backend/cpu/impl/optimizer.ipp"
#endif
#ifdef LINNET_USES_OPS_PRIMITIVES_POOL
#include "linnet/backend/cpu/impl/pool.ipp"
#endif
#ifdef LINNET_USES_OPS_PRIMITIVES_QUANTIZATION
#include "linnet/backend/cpu/impl/quantization.ipp"
#include "linnet/backend/cpu/impl/quantized_product.ipp"
#endif
#ifdef LINNET_USES_OPS_PRIMITIVES_RANDOM
#include "linnet/backend/cpu/impl/random.ipp"
#endif
#ifdef LINNET_USES_OPS_PRIMITIVES_RECURRENT
#include "linnet/backend/cpu/impl/recurrent.ipp"
#endif
#ifdef LINNET_USES_OPS_PRIMITIVES_REDUCE
#include "linnet/backend/cpu/impl/reduce.ipp"
#endif
#ifdef LINNET_USES_OPS_PRIMITIVES_SCAN
#include "linnet/backend/cpu/impl/scan.ipp"
#endif
#ifdef LINNET_USES_OPS_PRIMITIVES_SCATTER
#include "linnet/backend/cpu/impl/scatter.ipp"
#endif
#ifdef LINNET_USES_OPS_PRIMITIVES_SHAPE
#include "linnet/backend/cpu/impl/shape.ipp"
#include "linnet/ops/impl/shape_primitives.ipp"
#endif
#ifdef LINNET_USES_OPS_PRIMITIVES_SORT
#include "linnet/backend/cpu/impl/sort.ipp"
#endif
#ifdef LINNET_USES_OPS_QUANTIZATION
#include "linnet/ops/impl/quantization.ipp"
#endif
#ifdef LINNET_USES_OPS_RANDOM
#include "linnet/ops/impl/random.ipp"
#endif
#ifdef LINNET_USES_OPS_REARRANGE
#include "linnet/ops/impl/rearrange.ipp"
#endif
#ifdef LINNET_USES_OPS_RECURRENT
#include "linnet/ops/impl/recurrent.ipp"
#endif
#ifdef LINNET_USES_OPS_REDUCE
#include "linnet/ops/impl/reduce.ipp"
#endif
#ifdef LINNET_USES_OPS_SCAN
#include "linnet/ops/impl/scan.ipp"
#endif
#ifdef LINNET_USES_OPS_SCATTER
#include "linnet/ops/impl/scatter.ipp"
#endif
#ifdef LINNET_USES_OPS_SHAPE
#include "linnet/ops/impl/shape.ipp"
#endif
#ifdef LINNET_USES_OPS_SOFTMAX
#include "linnet/ops/impl/softmax.ipp"
#endif
#ifdef LINNET_USES_OPS_SORT
#include "linnet/ops/impl/sort.ipp"
#endif

#include "linnet/impl/src.hpp"
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif
#endif
#undef LINNET_WITHIN
