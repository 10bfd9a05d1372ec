"""Keras's layers beside Linnet's: outputs, gradients, weights and penalties for equal weights."""

import numpy as np
import tensorflow
import keras

import linnet
from linnet import keras as ours
from compare import worst
from keras_both import ATOL, RTOL, grid, leaves, of, options_for, randomize, rng, value

REG = [None, of("regularizers.L2(0.01)"), of("regularizers.L1L2(0.01, 0.02)"), "l1"]
ACTIVATIONS = [None, "relu", "tanh"]
KERNEL = dict(activation=ACTIVATIONS, use_bias=[True, False], kernel_regularizer=REG,
              bias_regularizer=[None, "l2"])
CONSTRAINTS = ["constraints.MaxNorm(1.0)", "constraints.NonNeg()", "constraints.UnitNorm()"]
SPACE = dict(padding=["valid", "same"], strides=[1, 2, 3], dilation_rate=[1, 2])


def floats(*shape):
    return lambda: rng().normal(size=shape).astype("float32")


def integers(high, *shape):
    return lambda: rng().integers(0, high, shape).astype("int32")


def several(*makers):
    return lambda: [rng(i).normal(size=m).astype("float32") for i, m in enumerate(makers)]


# (name, positional arguments, options, input[, keywords of the call])
ROWS = [
    ("Dense", (5,), grid(**KERNEL, kernel_constraint=[None]), floats(4, 7)),
    ("Dense", (5,), grid(activation=["softmax", "gelu", "elu", "selu", "sigmoid", "swish", "linear"]),
     floats(2, 3, 7)),
    ("Conv1D", (6, 3), grid(**SPACE, **KERNEL, groups=[1, 2]), floats(2, 11, 4)),
    ("Conv1D", (6, 3), grid(padding=["causal"], strides=[1, 2], dilation_rate=[1, 2, 3]),
     floats(2, 11, 4)),
    ("Conv2D", (6, 3), grid(**SPACE, **KERNEL, groups=[1, 2]), floats(2, 9, 8, 4)),
    ("Conv2D", (4, (2, 3)), grid(padding=["valid", "same"], strides=[1, (2, 1), (1, 3)],
                                 dilation_rate=[1]), floats(2, 7, 8, 3)),
    ("Conv2D", (4, (5, 1)), grid(padding=["valid", "same"], strides=[1, (2, 1)]),
     floats(1, 5, 6, 2)),
    ("Conv2DTranspose", (5, 3), grid(padding=["valid", "same"], strides=[1, 2, 3], **KERNEL,
                                     output_padding=[None], dilation_rate=[1]),
     floats(2, 5, 4, 3)),
    ("Conv2DTranspose", (5, (2, 4)), grid(padding=["valid", "same"], strides=[2, (2, 3), (3, 1)],
                                          output_padding=[None, 1, 0]), floats(2, 5, 4, 3)),
    ("Conv2DTranspose", (2, 3), grid(padding=["valid", "same"], strides=[1],
                                     dilation_rate=[1, 2]), floats(2, 5, 4, 3)),
    ("DepthwiseConv2D", (3,), grid(padding=["valid", "same"], strides=[1, 2], dilation_rate=[1, 2],
                                   depth_multiplier=[1, 2, 3], activation=ACTIVATIONS,
                                   use_bias=[True, False], depthwise_regularizer=REG),
     floats(2, 8, 9, 3)),
    ("SeparableConv2D", (5, 3), grid(padding=["valid", "same"], strides=[1, 2],
                                     depth_multiplier=[1, 2], activation=ACTIVATIONS,
                                     use_bias=[True, False], depthwise_regularizer=[None, "l2"],
                                     pointwise_regularizer=[None, "l1"]), floats(2, 8, 9, 3)),
    ("SeparableConv2D", (5, 3), grid(padding=["valid", "same"], dilation_rate=[1, 2]),
     floats(2, 8, 9, 3)),
    ("MaxPooling1D", (), grid(pool_size=[2, 3], strides=[None, 1, 2, 3],
                              padding=["valid", "same"]), floats(2, 9, 3)),
    ("AveragePooling1D", (), grid(pool_size=[2, 3], strides=[None, 1, 2, 3],
                                  padding=["valid", "same"]), floats(2, 9, 3)),
    ("MaxPooling2D", (), grid(pool_size=[2, 3, (2, 3)], strides=[None, 1, 2, (1, 3)],
                              padding=["valid", "same"]), floats(2, 9, 8, 3)),
    ("AveragePooling2D", (), grid(pool_size=[2, 3, (2, 3)], strides=[None, 1, 2, (1, 3)],
                                  padding=["valid", "same"]), floats(2, 9, 8, 3)),
    ("GlobalAveragePooling1D", (), grid(keepdims=[False, True]), floats(3, 5, 4)),
    ("GlobalMaxPooling1D", (), grid(keepdims=[False, True]), floats(3, 5, 4)),
    ("GlobalAveragePooling2D", (), grid(keepdims=[False, True]), floats(3, 5, 6, 4)),
    ("GlobalMaxPooling2D", (), grid(keepdims=[False, True]), floats(3, 5, 6, 4)),
    ("Flatten", (), [{}], floats(3, 4, 5)),
    ("Flatten", (), [{}], floats(3,)),
    ("Reshape", ((5, 4),), [{}], floats(3, 4, 5)),
    ("Reshape", ((-1, 2),), [{}], floats(3, 4, 5)),
    ("Permute", ((2, 1),), [{}], floats(3, 4, 5)),
    ("Permute", ((3, 1, 2),), [{}], floats(3, 4, 5, 2)),
    ("RepeatVector", (3,), [{}], floats(2, 5)),
    ("ZeroPadding1D", (), grid(padding=[1, 2, (0, 2), (1, 0)]), floats(2, 5, 3)),
    ("ZeroPadding2D", (), grid(padding=[1, (1, 2), ((1, 0), (0, 2))]), floats(2, 5, 4, 3)),
    ("Cropping1D", (), grid(cropping=[1, (1, 2), (0, 1)]), floats(2, 6, 3)),
    ("Cropping2D", (), grid(cropping=[1, (1, 2), ((1, 0), (0, 2))]), floats(2, 6, 7, 3)),
    ("UpSampling1D", (), grid(size=[1, 2, 3]), floats(2, 5, 3)),
    ("UpSampling2D", (), grid(size=[1, 2, (2, 3)], interpolation=["nearest", "bilinear"]),
     floats(2, 4, 5, 3)),
    ("Dropout", (0.0,), [{}], floats(3, 4)),
    ("SpatialDropout1D", (0.0,), [{}], floats(3, 4, 2)),
    ("SpatialDropout2D", (0.0,), [{}], floats(3, 4, 4, 2)),
    ("GaussianNoise", (0.0,), [{}], floats(3, 4)),
    ("Activation", ("relu",), [{}], floats(3, 4)),
    ("Activation", ("softmax",), [{}], floats(3, 4)),
    ("Softmax", (), grid(axis=[-1, 1]), floats(3, 4, 5)),
    ("ReLU", (), grid(max_value=[None, 1.0, 6], negative_slope=[0.0, 0.1], threshold=[0.0, 0.3]),
     floats(5, 20)),
    ("LeakyReLU", (), grid(negative_slope=[0.3, 0.0, 1.5]), floats(5, 20)),
    ("ELU", (), grid(alpha=[1.0, 0.3]), floats(5, 20)),
    ("PReLU", (), grid(shared_axes=[None, [1], [1, 2]], alpha_regularizer=[None, "l2"]),
     floats(2, 4, 5, 3)),
    ("Rescaling", (0.5,), grid(offset=[0.0, 1.5]), floats(2, 4)),
    ("Embedding", (10, 4), grid(embeddings_regularizer=REG, mask_zero=[False, True]),
     integers(10, 3, 5)),
    ("BatchNormalization", (), grid(axis=[-1, 1], momentum=[0.99, 0.5], epsilon=[1e-3, 1e-5],
                                    center=[True, False], scale=[True, False],
                                    beta_regularizer=[None, "l2"], gamma_regularizer=[None, "l1"],
                                    trainable=[True, False]), floats(4, 5, 6)),
    ("BatchNormalization", (), grid(center=[True, False], scale=[True, False]), floats(6, 5)),
    ("BatchNormalization", (), grid(center=[True, False], scale=[True, False], axis=[-1, 1, 2]),
     floats(4, 5, 6, 3)),
    ("LayerNormalization", (), grid(axis=[-1, 1, [1, 2], (-1, -2)], epsilon=[1e-3, 1e-6],
                                    center=[True, False], scale=[True, False],
                                    gamma_regularizer=[None, "l2"]), floats(4, 5, 6)),
    ("GroupNormalization", (), grid(groups=[1, 2, 6, 3, -1], epsilon=[1e-3, 1e-5],
                                    center=[True, False], scale=[True, False]), floats(3, 5, 4, 6)),
    ("UnitNormalization", (), grid(axis=[-1, 1, [1, 2]]), floats(3, 4, 5)),
    ("RMSNormalization", (), grid(epsilon=[1e-6, 1e-3]), floats(3, 4, 5)),
    ("Identity", (), [{}], floats(3, 4)),
    ("Attention", (), grid(use_scale=[False, True], score_mode=["dot", "concat"]),
     several((2, 3, 4), (2, 5, 4))),
    ("Attention", (), grid(use_scale=[False, True]), several((2, 3, 4), (2, 5, 6), (2, 5, 4))),
    ("AdditiveAttention", (), grid(use_scale=[False, True]), several((2, 3, 4), (2, 5, 4))),
    ("RNN", (), grid(cell=[of("layers.LSTMCell(4)"), of("layers.LSTMCell(4, unit_forget_bias=False)"),
                           of("layers.GRUCell(4)"), of("layers.GRUCell(4, reset_after=False)"),
                           of("layers.SimpleRNNCell(4, activation='relu', use_bias=False)")],
                     return_sequences=[False, True], return_state=[False, True],
                     go_backwards=[False, True]), floats(3, 5, 6)),
    ("SimpleRNN", (4,), grid(activation=["tanh", "relu"], use_bias=[True, False],
                             return_sequences=[False, True], go_backwards=[False, True],
                             return_state=[False, True], unroll=[False, True],
                             kernel_regularizer=[None, "l2"], recurrent_regularizer=[None, "l1"]),
     floats(3, 5, 6)),
    ("LSTM", (4,), grid(activation=["tanh", "relu"], recurrent_activation=["sigmoid", "hard_sigmoid"],
                        use_bias=[True, False], unit_forget_bias=[True, False],
                        return_sequences=[False, True], go_backwards=[False, True],
                        return_state=[False, True], unroll=[False, True],
                        kernel_regularizer=[None, "l2"], bias_regularizer=[None, "l2"]),
     floats(3, 5, 6)),
    ("GRU", (4,), grid(activation=["tanh", "relu"], recurrent_activation=["sigmoid", "hard_sigmoid"],
                       use_bias=[True, False], reset_after=[True, False],
                       return_sequences=[False, True], go_backwards=[False, True],
                       return_state=[False, True], kernel_regularizer=[None, "l2"]),
     floats(3, 5, 6)),
    ("Bidirectional", (of("layers.LSTM(3)"),),
     grid(merge_mode=["concat", "sum", "mul", "ave", None]), floats(3, 5, 4)),
    ("Bidirectional", (of("layers.LSTM(3, return_sequences=True)"),),
     grid(merge_mode=["concat", "sum", "mul", "ave", None]), floats(3, 5, 4)),
    ("Bidirectional", (of("layers.GRU(3, return_sequences=True)"),),
     grid(merge_mode=["concat", "sum", "mul", "ave"]), floats(3, 5, 4)),
    ("Bidirectional", (of("layers.SimpleRNN(3)"),), grid(merge_mode=["concat", "sum"]),
     floats(3, 5, 4)),
    *[(name, args, [{key: of(text)} for text in CONSTRAINTS], make) for name, args, key, make in (
        ("Dense", (5,), "kernel_constraint", floats(4, 7)),
        ("Conv2D", (3, 2), "bias_constraint", floats(2, 4, 4, 3)),
        ("Embedding", (10, 4), "embeddings_constraint", integers(10, 3, 5)),
        ("LSTM", (3,), "recurrent_constraint", floats(2, 3, 4)))],
    ("TimeDistributed", (of("layers.Dense(3, activation='relu')"),), [{}], floats(3, 5, 4)),
    ("TimeDistributed", (of("layers.Conv2D(3, 2)"),), [{}], floats(2, 3, 5, 4, 2)),
    ("Masking", (), grid(mask_value=[0.0, 1.0]), floats(3, 5, 4)),
    ("Add", (), [{}], several((3, 4), (3, 4), (3, 4))),
    ("Add", (), [{}], several((3, 2, 4), (3, 1, 4))),
    ("Subtract", (), [{}], several((3, 4), (3, 4))),
    ("Multiply", (), [{}], several((3, 4), (3, 4), (3, 4))),
    ("Average", (), [{}], several((3, 4), (3, 4), (3, 4))),
    ("Maximum", (), [{}], several((3, 4), (3, 4), (3, 4))),
    ("Minimum", (), [{}], several((3, 4), (3, 4), (3, 4))),
    ("Concatenate", (), grid(axis=[-1, 2]), several((3, 4, 5), (3, 4, 2))),
    ("Concatenate", (), grid(axis=[1]), several((3, 4, 5), (3, 2, 5))),
    ("Dot", (), grid(axes=[1, -1], normalize=[False, True]), several((3, 4), (3, 4))),
    ("Dot", (), grid(axes=[2, (2, 2), (-1, 2)], normalize=[False, True]),
     several((3, 2, 4), (3, 5, 4))),
    ("Dot", (), grid(axes=[(2, 1), (1, 2)], normalize=[False, True]),
     several((3, 4, 4), (3, 4, 4))),
    ("Normalization", (), grid(axis=[-1], mean=[0.5], variance=[2.0], invert=[False, True]),
     floats(3, 4)),
]


class Both:
    """A layer of each library with the same weights."""

    def __init__(self, name, args, options, x):
        made = []
        for library in (keras, ours):
            given = options_for(library, dict(enumerate(args)))
            made.append(getattr(library.layers, name)(
                *given.values(), **options_for(library, options)))
        self.theirs, self.ours = made
        self.x = x

    def build(self):
        self.theirs(self.feed(tensorflow.constant))
        self.ours(self.feed(linnet.constant))
        randomize(self.theirs)
        a, b = [[tuple(w.shape) for w in layer.weights] for layer in (self.theirs, self.ours)]
        a = [s for s, w in zip(a, self.theirs.weights) if "seed" not in w.path]
        if a != b:
            raise AssertionError(f"weights of shapes {b}, Keras has {a}")
        self.ours.set_weights([w.numpy() for w in self.theirs.weights if "seed" not in w.path])

    def feed(self, constant):
        return [constant(v) for v in self.x] if isinstance(self.x, list) else constant(self.x)

    def run(self, training):
        """(outputs, gradients, penalties, state) of each side."""
        return (self._run(self.theirs, tensorflow, training), self._run(self.ours, linnet, training))

    def _run(self, layer, library, training):
        x = self.feed(library.constant)
        watched = [t for t in leaves(x) if t.dtype == library.float32]
        weights = list(layer.trainable_variables)
        inputs = watched + [w.value if library is tensorflow else w for w in weights]
        with library.GradientTape() as tape:
            for t in watched:
                tape.watch(t)
            y = layer(x, training=training)
            total = sum(library.reduce_sum(part * library.constant(
                rng(100 + i).normal(size=part.shape).astype("float32")))
                for i, part in enumerate(leaves(y)))
            for penalty in layer.losses:
                total = total + penalty
        sources = watched + [w.value if library is tensorflow else w for w in weights]
        gradients = tape.gradient(total, sources) if sources else []
        del inputs
        state = [w.numpy() for w in layer.non_trainable_variables if "seed" not in
                 getattr(w, "path", "")]
        return (leaves(value(y)), [None if g is None else _dense(g) for g in gradients],
                float(sum(layer.losses)) if layer.losses else 0.0, state)


def _dense(gradient):
    return np.asarray(tensorflow.convert_to_tensor(gradient) if isinstance(
        gradient, tensorflow.IndexedSlices) else gradient)


def compare_case(suite, name, args, options, x):
    text = ", ".join([*map(repr, args), *(f"{k}={v!r}" for k, v in options.items())])
    both = None
    try:
        both = Both(name, args, options, x)
    except NotImplementedError as problem:
        return suite.unsupported(name, str(problem)[:80])
    except Exception as problem:
        try:
            getattr(keras.layers, name)(*options_for(keras, dict(enumerate(args))).values(),
                                        **options_for(keras, options))
        except Exception:
            suite.compared(name, "refusals")
            return None
        return suite.fail(name, "value", f"[{text}] {type(problem).__name__}: {problem}", options)
    try:
        both.theirs(both.feed(tensorflow.constant))
    except Exception:
        return expect_refusal(suite, name, both, text, options)
    try:
        both.build()
        for training in (False, True):
            theirs, found = both.run(training)
            suite.compared(name, "cases")
            compare_sides(suite, name, f"[{text}, training={training}]", options, theirs, found)
    except Exception as problem:
        suite.fail(name, "value", f"[{text}] {type(problem).__name__}: {problem}", options)
    return None


def expect_refusal(suite, name, both, text, options):
    suite.compared(name, "refusals")
    try:
        both.ours(both.feed(linnet.constant))
    except Exception:
        return
    suite.fail(name, "error", f"[{text}] Keras refuses this, Linnet does not", options)


def compare_sides(suite, name, text, options, theirs, found):
    parts = (("value", 0), ("gradient", 1), ("state", 3))
    for kind, at in parts:
        if len(theirs[at]) != len(found[at]):
            suite.fail(name, kind, f"{text} {len(found[at])} of them, Keras {len(theirs[at])}",
                       options)
            continue
        for i, (a, b) in enumerate(zip(found[at], theirs[at])):
            if a is None or b is None:
                problem = None if a is None and b is None else "one side has none"
            else:
                problem = worst(a, b, RTOL, ATOL)
            if problem:
                suite.fail(name, kind, f"{text} {kind} {i}: {problem}", options)
    problem = worst(found[2], theirs[2], RTOL, 0)
    if problem:
        suite.fail(name, "penalty", f"{text} {problem}", options)


def run(suite):
    for name, args, choices, make in ROWS:
        for options in choices:
            compare_case(suite, name, args, options, make())
