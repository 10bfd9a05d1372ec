// The layers of the nn folder and what they take: activations, initializers, regularizers.
#include "linnet/nn/impl/activations.ipp"
#include "linnet/nn/impl/conv2d.ipp"
#include "linnet/nn/impl/core_layers.ipp"
#include "linnet/nn/impl/dense.ipp"
#include "linnet/nn/impl/initializers.ipp"
#include "linnet/nn/impl/layer.ipp"
#include "linnet/nn/impl/normalization.ipp"
#include "linnet/nn/impl/regularizers.ipp"
