"""linnet.quantization against NumPy."""

import numpy as np
import pytest

import linnet as tf
from linnet import quantization as q


def test_quantize_rounds_to_even_and_saturates():
    x = np.float32([0.5, 1.5, -2.5, 300, -300])
    assert q.quantize(x, 1.0, dtype="int8").numpy().tolist() == [0, 2, -2, 127, -128]
    zero = np.uint8(3)
    y = q.quantize(x, 0.5, zero)
    assert y.dtype == tf.uint8 and y.numpy().tolist() == [4, 6, 0, 255, 0]
    assert q.dequantize(y, 0.5, zero).numpy().tolist() == [0.5, 1.5, -1.5, 126, -1.5]


def test_products_are_exact():
    draw = np.random.default_rng(1)
    a = draw.integers(0, 256, (5, 70), np.uint8)
    b = draw.integers(-128, 128, (70, 9), np.int8)
    sums = (a.astype(np.int64) - 7) @ b.astype(np.int64)
    y = q.quantized_matmul(a, 1.0, np.uint8(7), b, 1.0)
    assert (y.numpy() == sums).all()
    bias = np.float32(draw.normal(size=9) * 1000)
    scale = np.float32([0.5] * 9)
    z = q.quantized_matmul(a, 0.25, np.uint8(7), b, scale, bias, "relu", 8.0, np.int8(-10))
    want = np.maximum(np.float32(sums * 0.125 + bias), 0) / 8
    assert z.numpy().tolist() == np.clip(np.rint(want) - 10, -128, 127).tolist()


def test_convolution_is_that_of_floats():
    draw = np.random.default_rng(2)
    x = draw.integers(-128, 128, (2, 7, 6, 4)).astype(np.int8)
    kernel = draw.integers(-128, 128, (3, 3, 4, 5)).astype(np.int8)
    y = q.quantized_conv2d(x, 1.0, np.int8(5), kernel, 1.0, strides=2, padding="SAME")
    want = tf.nn.conv2d(x.astype(np.float64) - 5, kernel.astype(np.float64), 2, "SAME")
    assert (y.numpy() == want.numpy()).all()


def test_errors_are_typed():
    with pytest.raises(ValueError, match="activation: expected none, relu"):
        q.quantized_matmul(np.uint8([[1]]), 1.0, None, np.int8([[1]]), 1.0, activation="elu")
    with pytest.raises(ValueError, match=r"\[quantize\] scale: expected a positive finite number"):
        q.quantize(np.float32([1]), 0.0)
