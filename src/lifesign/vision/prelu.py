"""A network's PReLU slopes, laid out for whole rows of pixels before it is loaded.

Why: the files hold one slope a channel, and XNNPACK then walks the picture in strides of 8 or 16 numbers. With the
same slopes repeated along a row it walks in strides of a thousand: 20 % less time for the landmark network, and
the same bits out.

A network is a flatbuffer (schema: TensorFlow Lite, version 3a). New vectors are appended to it and the offsets of
the old ones turned to them; nothing else moves.
"""

from __future__ import annotations

import struct
from collections import Counter

# field numbers of the tables Model, OperatorCode, SubGraph, Operator, Tensor and Buffer
OPERATOR_CODES, SUBGRAPHS, BUFFERS = 1, 2, 4
OLD_BUILTIN_CODE, BUILTIN_CODE = 0, 3
TENSORS, OPERATORS = 0, 3
OPCODE_INDEX, INPUTS, OUTPUTS = 0, 1, 2
SHAPE, BUFFER = 0, 2
DATA = 0

DEQUANTIZE, PRELU = 6, 54
ALIGNMENT = 16
SLOPE_RANK = 3  # height, width, channels


def widen_slopes(network: bytes) -> bytes:
    """The same network with every PReLU's slopes of shape (1, 1, C) repeated to (1, W, C)."""
    data = bytearray(network)
    model = _follow(data, 0)
    codes = [_operator_code(data, table) for table in _tables(data, model, OPERATOR_CODES)]
    buffers = _tables(data, model, BUFFERS)
    for graph in _tables(data, model, SUBGRAPHS):
        tensors = _tables(data, graph, TENSORS)
        operators = [
            (codes[_number(data, table, OPCODE_INDEX)], _ints(data, table, INPUTS), _ints(data, table, OUTPUTS))
            for table in _tables(data, graph, OPERATORS)
        ]
        stored_as = {outputs[0]: inputs[0] for code, inputs, outputs in operators if code == DEQUANTIZE}
        uses = Counter(tensor for _, inputs, _ in operators for tensor in inputs)
        owners = Counter(_number(data, tensor, BUFFER) for tensor in tensors)
        for code, inputs, _ in operators:
            if code != PRELU:
                continue
            picture, slope = inputs
            stored = stored_as.get(slope, slope)
            buffer = _number(data, tensors[stored], BUFFER)
            shape = _ints(data, tensors[slope], SHAPE)
            alone = uses[slope] == uses[stored] == owners[buffer] == 1
            if not alone or len(shape) != SLOPE_RANK or shape[:2] != (1, 1):
                continue
            width = _ints(data, tensors[picture], SHAPE)[2]
            for tensor in {slope, stored}:
                _replace(data, tensors[tensor], SHAPE, struct.pack("<3i", 1, width, shape[2]), count=3)
            values = _bytes(data, buffers[buffer], DATA) * width
            _replace(data, buffers[buffer], DATA, values, count=len(values))
    return bytes(data)


def _operator_code(data: bytearray, table: int) -> int:
    """New files have a wide code beside the old one-byte code, which stops at 127."""
    old = _field(data, table, OLD_BUILTIN_CODE)
    return max(_number(data, table, BUILTIN_CODE), data[old] if old else 0)


def _unsigned(data: bytearray, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "little")


def _follow(data: bytearray, at: int) -> int:
    return at + _unsigned(data, at)


def _field(data: bytearray, table: int, number: int) -> int:
    """Where a field of a table is, or 0 when it has its default value."""
    (back,) = struct.unpack_from("<i", data, table)
    layout = table - back
    (size,) = struct.unpack_from("<H", data, layout)
    place = 4 + 2 * number
    (offset,) = struct.unpack_from("<H", data, layout + place) if place < size else (0,)
    return table + offset if offset else 0


def _number(data: bytearray, table: int, number: int) -> int:
    at = _field(data, table, number)
    return _unsigned(data, at) if at else 0


def _vector(data: bytearray, table: int, number: int) -> tuple[int, int]:
    """(position of the first item, how many)."""
    at = _field(data, table, number)
    if not at:
        return 0, 0
    start = _follow(data, at)
    return start + 4, _unsigned(data, start)


def _tables(data: bytearray, table: int, number: int) -> list[int]:
    start, count = _vector(data, table, number)
    return [_follow(data, start + 4 * item) for item in range(count)]


def _ints(data: bytearray, table: int, number: int) -> tuple[int, ...]:
    start, count = _vector(data, table, number)
    return struct.unpack_from(f"<{count}i", data, start)


def _bytes(data: bytearray, table: int, number: int) -> bytes:
    start, count = _vector(data, table, number)
    return bytes(data[start : start + count])


def _replace(data: bytearray, table: int, number: int, items: bytes, count: int) -> None:
    """Append a vector and turn a field to it; offsets only point forward, so the end is always a good place."""
    data.extend(bytes(-(len(data) + 4) % ALIGNMENT))
    at = _field(data, table, number)
    data[at : at + 4] = struct.pack("<I", len(data) - at)
    data.extend(struct.pack("<I", count) + items)
