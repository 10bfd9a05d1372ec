"""Schedules, and ten steps of each optimizer."""

import numpy as np
import tensorflow
import keras

import linnet
from linnet import keras as ours
from keras_both import grid, of, options_for, rng
from keras_pieces import judge

SCHEDULES = [
    ("ExponentialDecay", (0.1, 7, 0.5), grid(staircase=[False, True])),
    ("InverseTimeDecay", (0.1, 7, 0.5), grid(staircase=[False, True])),
    ("PolynomialDecay", (0.1, 7), grid(end_learning_rate=[1e-4, 0.01], power=[1.0, 2.0, 0.5],
                                       cycle=[False, True])),
    ("CosineDecay", (0.1, 7), grid(alpha=[0.0, 0.1], warmup_target=[None, 0.5],
                                   warmup_steps=[0, 3])),
    ("CosineDecayRestarts", (0.1, 5), grid(t_mul=[2.0, 1.0], m_mul=[1.0, 0.8], alpha=[0.0, 0.1])),
    ("PiecewiseConstantDecay", ([3, 8], [0.1, 0.05, 0.01]), grid()),
]


def run_schedules(suite):
    for name, args, choices in SCHEDULES:
        for options in choices:
            results = []
            for library, tf in ((keras, tensorflow), (ours, linnet)):
                try:
                    schedule = getattr(library.optimizers.schedules, name)(*args, **options)
                    results.append((np.array([float(schedule(tf.constant(step)))
                                              for step in range(30)]),))
                except Exception as problem:
                    results.append(problem)
            judge(suite, f"schedules.{name}", f"{options}", results, options)


COMMON = dict(weight_decay=[None, 0.01], clipnorm=[None, 0.5], clipvalue=[None, 0.1],
              global_clipnorm=[None, 0.7], use_ema=[False, True],
              ema_overwrite_frequency=[None, 3], gradient_accumulation_steps=[None, 2],
              loss_scale_factor=[None, 4.0])
OPTIMIZERS = [
    ("SGD", dict(learning_rate=[0.01, 0.1], momentum=[0.0, 0.9], nesterov=[False, True])),
    ("Adam", dict(learning_rate=[0.001], beta_1=[0.9, 0.5], beta_2=[0.999, 0.9],
                  epsilon=[1e-7, 1e-3], amsgrad=[False, True])),
    ("AdamW", dict(learning_rate=[0.001], beta_1=[0.9, 0.5], amsgrad=[False, True])),
    ("RMSprop", dict(learning_rate=[0.001], rho=[0.9, 0.5], momentum=[0.0, 0.9],
                     centered=[False, True], epsilon=[1e-7, 1e-3])),
    ("Adagrad", dict(learning_rate=[0.001, 0.1], initial_accumulator_value=[0.1, 0.0])),
    ("Adadelta", dict(learning_rate=[0.001, 1.0], rho=[0.95, 0.5])),
    ("Adamax", dict(learning_rate=[0.001], beta_1=[0.9, 0.5])),
    ("Nadam", dict(learning_rate=[0.001], beta_1=[0.9, 0.5], beta_2=[0.999, 0.9])),
    ("Lion", dict(learning_rate=[0.001], beta_1=[0.9, 0.5], beta_2=[0.99, 0.9])),
]
SCHEDULED = of("optimizers.schedules.ExponentialDecay(0.1, 3, 0.5)")


def run_optimizers(suite):
    for name, own in OPTIMIZERS:
        common = dict(COMMON)
        if name == "AdamW":
            common["weight_decay"] = [0.004, 0.1]
        cases = grid(40, **own)
        for key, values in common.items():
            for other in values[1:]:
                cases.append({key: other})
        cases += [{"use_ema": True, "ema_momentum": 0.5},
                  {"use_ema": True, "ema_overwrite_frequency": 3},
                  {"gradient_accumulation_steps": 3, "clipnorm": 0.5, "weight_decay": 0.01},
                  {"clipnorm": 0.5, "clipvalue": 0.1}, {"learning_rate": SCHEDULED}]
        for options in cases:
            trajectory(suite, name, options)


def trajectory(suite, name, options):
    """Ten steps on two variables with given gradients: all weights within 1e-5 after each."""
    starts = [rng(1).normal(size=(3, 4)).astype("float32"),
              rng(2).normal(size=(4,)).astype("float32")]
    results = []
    for library, tf in ((keras, tensorflow), (ours, linnet)):
        try:
            variables = [tf.Variable(s) if tf is linnet else keras.Variable(s) for s in starts]
            optimizer = getattr(library.optimizers, name)(**options_for(library, options))
            path = []
            for step in range(10):
                gradients = [tf.constant(rng(10 * step + i).normal(size=s.shape).astype("float32"))
                             for i, s in enumerate(starts)]
                optimizer.apply_gradients(zip(gradients, variables))
                path += [v.numpy().reshape(-1) for v in variables]
            path.append([float(int(optimizer.iterations))])
            if options.get("use_ema"):
                optimizer.finalize_variable_values(variables)
                path += [v.numpy().reshape(-1) for v in variables]
            results.append((np.concatenate(path),))
        except Exception as problem:
            results.append(problem)
    judge(suite, f"optimizers.{name}", f"{options}", results, options, 1e-5, 1e-6)


def run(suite):
    run_schedules(suite)
    run_optimizers(suite)
