"""linnet.quantization: inference with 8-bit integers, operands in ONNX's order."""

import linnet
from typing import Any
from linnet._typing import Activation as _Activation, DTypeLike as _DTypeLike, Size as _Size, TensorLike as _TensorLike

def dequantize(x: _TensorLike, scale: _TensorLike, zero_point: Any = None, axis: int = -1) -> linnet.Tensor:
    """(x - zero_point) * scale in float32, of x int8, uint8 or int32 (such as an integer bias; it has no zero point). ONNX's DequantizeLinear. Errors as quantize."""
    ...

def quantize(x: _TensorLike, scale: _TensorLike, zero_point: Any = None, axis: int = -1, dtype: _DTypeLike = 'uint8') -> linnet.Tensor:
    """saturate(round(x / scale) + zero_point), ties to even, computed in float32. x: any shape, floats; scale 0-d or [c] along `axis`. NaN gives the zero point. int8 or uint8 of x's shape. ONNX's QuantizeLinear. ShapeError, DTypeError for operands that do not fit.  quantize(tensor({-1.f, 0.3f, 9.f}), tensor(0.1f), {.dtype = int8});  // -10, 3, 90"""
    ...

def quantized_conv2d(x: _TensorLike, x_scale: _TensorLike, x_zero_point: Any, kernel: _TensorLike, kernel_scale: _TensorLike, strides: _Size | None = 1, padding: str = 'VALID', dilations: int = 1, groups: int = 1, bias: Any = None, activation: _Activation = None, output_scale: Any = None, output_zero_point: Any = None) -> linnet.Tensor:
    """conv2d of x [n, h, w, in], int8 or uint8, with a kernel [kh, kw, in / groups, out], int8; sums, scales and errors as in quantized_matmul. ONNX's QLinearConv."""
    ...

def quantized_matmul(a: _TensorLike, a_scale: _TensorLike, a_zero_point: Any, b: _TensorLike, b_scale: _TensorLike, bias: Any = None, activation: _Activation = None, output_scale: Any = None, output_zero_point: Any = None) -> linnet.Tensor:
    """The product of a [..., k], int8 or uint8, with weights b [k, n], int8: activation(a b + bias) [..., n]. Products are summed in int32, without overflow up to k = 65,793, then scaled and rounded once to float32; with an output_scale the result is what quantize() makes of that. The same bits on every processor (tanh and sigmoid apart). ONNX's QLinearMatMul. ShapeError, DTypeError, ValueError for operands that do not fit."""
    ...
