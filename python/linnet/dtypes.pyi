"""The element types."""

import linnet

from linnet import DType as DType

from linnet import as_dtype as as_dtype

bfloat16: linnet.DType

bool: linnet.DType

float16: linnet.DType

float32: linnet.DType

float64: linnet.DType

int16: linnet.DType

int32: linnet.DType

int64: linnet.DType

int8: linnet.DType

uint16: linnet.DType

uint32: linnet.DType

uint64: linnet.DType

uint8: linnet.DType
