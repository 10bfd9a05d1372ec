"""linnet.quantization: inference with 8-bit integers, operands in ONNX's order."""

from ._core import dequantize, quantize, quantized_conv2d, quantized_matmul  # noqa: F401
from ._missing import missing


def __getattr__(name):
    raise missing(__name__, name)
