// Models: compile, fit, evaluate, predict, summary, callbacks.
#include "linnet/nn/impl/callbacks.ipp"
#include "linnet/nn/impl/fit.ipp"
#include "linnet/nn/impl/logs.ipp"
#include "linnet/nn/impl/model.ipp"
#include "linnet/nn/impl/sequential.ipp"
#include "linnet/nn/impl/summary.ipp"
