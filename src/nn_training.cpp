// The training side of the nn folder: losses, metrics, optimizers, schedules.
#include "linnet/nn/impl/confusion_metrics.ipp"
#include "linnet/nn/impl/losses.ipp"
#include "linnet/nn/impl/metrics.ipp"
#include "linnet/nn/impl/optimizer.ipp"
#include "linnet/nn/impl/optimizers.ipp"
#include "linnet/nn/impl/schedules.ipp"
#include "linnet/nn/impl/score_metrics.ipp"
