#pragma once

#include <cmath>
#include <numbers>

#include "linnet/core/creation.hpp"
#include "linnet/nn/schedules.hpp"
#include "linnet/ops/elementwise.hpp"

namespace linnet::inline LINNET_ABI {

Tensor ExponentialDecay::operator()(const Tensor& step) const {
  const Tensor p = step / steps;
  return rate * pow(decay_rate, staircase ? floor(p) : p);
}

Tensor InverseTimeDecay::operator()(const Tensor& step) const {
  const Tensor p = step / steps;
  return rate / (1 + decay_rate * (staircase ? floor(p) : p));
}

Tensor PolynomialDecay::operator()(const Tensor& step) const {
  const Tensor p =
      cycle ? step / (steps * maximum(ceil(step / steps), 1)) : minimum(step, steps) / steps;
  return (rate - end) * pow(1 - p, power) + end;
}

Tensor CosineDecay::operator()(const Tensor& step) const {
  const bool warm = options.warmup_target && options.warmup_steps > 0;
  const double top = options.warmup_target.value_or(rate);
  const double begin = warm ? options.warmup_steps : 0;
  const Tensor t = minimum(maximum(step - begin, 0), steps);
  const Tensor cosine = 0.5 * (1 + cos(t * (std::numbers::pi / steps)));
  const Tensor decayed = top * ((1 - options.alpha) * cosine + options.alpha);
  if (!warm) return decayed;
  return where(step < options.warmup_steps, rate + (top - rate) * step / options.warmup_steps,
               decayed);
}

Tensor CosineDecayRestarts::operator()(const Tensor& step) const {
  const double grow = options.t_mul;
  Tensor done = step / steps, period;
  if (grow == 1) {
    period = floor(done);
    done = done - period;
  } else {
    period = floor(log(1 - done * (1 - grow)) / std::log(grow));
    const Tensor before = (1 - pow(grow, period)) / (1 - grow);  // first periods
    done = (done - before) / pow(grow, period);
  }
  const Tensor cosine = 0.5 * pow(options.m_mul, period) * (1 + cos(done * std::numbers::pi));
  return rate * ((1 - options.alpha) * cosine + options.alpha);
}

PiecewiseConstantDecay::PiecewiseConstantDecay(std::vector<double> b, std::vector<double> v)
    : boundaries(std::move(b)), values(std::move(v)) {
  if (values.size() != boundaries.size() + 1)
    fail<ValueError>("piecewise_constant_decay", "expected one value more than boundaries, got ",
                     values.size(), " and ", boundaries.size());
}

Tensor PiecewiseConstantDecay::operator()(const Tensor& step) const {
  Tensor rate = full({}, values.back(), DType::float64);
  for (std::size_t i = boundaries.size(); i-- > 0;)
    rate = where(step <= boundaries[i], values[i], rate);
  return rate;
}

}  // namespace linnet::inline LINNET_ABI
