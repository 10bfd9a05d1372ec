"""Where Linnet and PyTorch differ by convention: which one, and for which samples.

An entry that explains nothing any more fails the suite.
"""

import torch

from compare import Explained


def has(test, *, floats=True):
    return lambda case: any(bool(test(t.detach()).any()) for t in case.tensors
                            if t.is_floating_point() or not floats)


has_nan = has(torch.isnan)
has_inf = has(torch.isinf)
has_zero = has(lambda t: t == 0)


def of_bools(case):
    return case.dtype is torch.bool


def of_integers(case):
    return not (case.dtype is None or case.dtype.is_floating_point)


def ties(case):
    a, b = (t.detach() for t in case.tensors[:2])
    return bool((a == b).any())


def each(names, *args):
    return [Explained(name, *args) for name in names.split()]


EXPLAINED = [
    *each("abs", "gradient", "the sign of NaN is NaN, as in NumPy and TensorFlow; PyTorch's is 0",
          has_nan),
    *each("sign sgn", "value", "the sign of NaN is NaN, as in NumPy and TensorFlow", has_nan),
    *each("nn.functional.relu nn.functional.relu6", "gradient",
          "0 at NaN: x > 0 does not hold", has_nan),
    *each("nn.functional.selu nn.functional.elu", "gradient",
          "NaN at NaN; PyTorch passes dy", has_nan),
    *each("nn.functional.selu", "gradient", "at 0 the right derivative, as TensorFlow; PyTorch's is "
          "the left one", has_zero),
    *each("nn.functional.softsign nn.functional.silu nn.functional.mish", "value",
          "the limit at infinity; PyTorch computes inf / inf or inf * 0", has_inf),
    *each("nn.functional.celu", "gradient", "PyTorch divides by alpha rounded to float32"),
    *each("nn.functional.hardshrink", "value", "0 at NaN, as Keras: |x| > threshold does not hold",
          has_nan),
    *each("nn.functional.threshold", "value", "the other value at NaN, as Keras: x > threshold does "
          "not hold", has_nan),
    *each("nn.functional.softshrink nn.functional.prelu", "gradient", "0 at NaN, as relu", has_nan),
    *each("nn.functional.prelu", "gradient", "0 at 0, as relu; PyTorch's is the weight", has_zero),
    *each("nn.functional.hardtanh baddbmm addmv", "value",
          "a float beside integers gives floats; PyTorch makes it an integer first", of_integers),
    *each("topk", "value", "of equal values the first comes first; PyTorch's order is its own",
          lambda case: of_integers(case) or case.dtype.itemsize == 2),
    *each("sort argsort", "value", "of equal values the first comes first; PyTorch's order is its own "
          "unless stable=True", lambda case: not case.kwargs.get("stable")),
    *each("polygamma/polygamma_n_1 polygamma/polygamma_n_2 polygamma/polygamma_n_3 "
          "polygamma/polygamma_n_4", "value", "0 at infinity, its limit, and NaN or the side's infinity "
          "at the poles of even orders; PyTorch has NaN and -inf", has_inf),
    *each("polygamma/polygamma_n_0", "gradient", "PyTorch's trigamma is off by up to 5e-10; Linnet's "
          "agrees with arbitrary precision to 5e-16", lambda case: case.dtype is torch.float64),
    *each("polygamma/polygamma_n_0 polygamma/polygamma_n_1 polygamma/polygamma_n_2 "
          "polygamma/polygamma_n_3 polygamma/polygamma_n_4", "value", "computed in double and rounded once; PyTorch rounds "
          "each term to 16 bits", lambda case: case.dtype in (torch.bfloat16, torch.float16)),
    *each("logaddexp", "gradient", "inf - inf within the sum at infinity", has_inf),
    *each("nn.functional.hardsigmoid", "gradient", "PyTorch multiplies by 1/6 rounded to float32"),
    *each("digamma", "gradient", "infinite at the poles; PyTorch divides by sin(pi n), which is not "
          "quite 0"),
    *each("nn.functional.hardtanh clamp", "gradient", "passes at the edges, as TensorFlow's "
          "clip_by_value; 0 at NaN"),
    *each("maximum minimum max/binary min/binary", "gradient",
          "a tie goes to the first, as in TensorFlow; PyTorch halves it", ties),
    *each("maximum minimum max/binary min/binary", "gradient", "NaN wins, and with it the gradient "
          "goes to the operand that is NaN", has_nan),
    *each("pow __rpow__", "gradient", "d/dy x^y counts as 0 where x < 0 and is inf * 0 at x = 0, as "
          "in TensorFlow"),
    *each("atan2", "gradient", "NaN at (0, 0), as in TensorFlow; PyTorch says 0", has_zero),
    *each("xlogy", "gradient", "0 at x = 0, as in TensorFlow; PyTorch says log y", has_zero),
    *each("long int short char byte", "value", "floats beyond an integer type saturate and NaN "
          "becomes 0; in C, and so in PyTorch, that is undefined",
          lambda case: case.dtype.is_floating_point),
    *each("add __radd__ masked_fill", "value", "sums of bools count in int32; PyTorch's is a "
          "logical or", of_bools),
    *each("amax amin", "error", "the extreme of nothing is the dtype's lowest (highest) value, as in "
          "TensorFlow"),
    *each("mean", "error", "the mean of integers is floored, as in TensorFlow"),
    *each("reshape view", "error", "-1 beside a 0 is 0: a batch of none can be flattened"),
    *each("arange", "value", "the length is that of the numbers given; PyTorch makes them integers "
          "first", of_integers),
]
