"""The canonical face of the bundle: its vertices, and how much each one says about the pose.

Source: the message GeometryPipelineMetadata of MediaPipe's face geometry, in protobuf wire format. The bytes come out
of a bundle whose hash was checked.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# field numbers of GeometryPipelineMetadata, of its WeightedLandmarkRef and of its Mesh3d
CANONICAL_MESH, LANDMARK_BASIS = 1, 2
LANDMARK_ID, WEIGHT = 1, 2
VERTEX_BUFFER = 3
FLOATS_PER_VERTEX = 5  # x y z u v

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5  # wire types
FIXED_SIZES = {FIXED64: 8, FIXED32: 4}
CONTINUES = 0x80  # this bit of a varint's byte: another byte follows


@dataclass(frozen=True, slots=True, kw_only=True)
class CanonicalFace:
    """`vertices`: (468, 3) cm, y up, z to the viewer. `ids`, `weights`: (n,) the vertices that a pose is solved on."""

    vertices: NDArray[np.float64]
    ids: NDArray[np.intp]
    weights: NDArray[np.float64]


def read_canonical_face(message: bytes) -> CanonicalFace:
    """Parse the bundle's `geometry_pipeline_metadata_landmarks.binarypb`."""
    basis = [dict(_fields(part)) for part in _parts(message, LANDMARK_BASIS)]
    mesh = b"".join(_parts(message, CANONICAL_MESH))
    vertices = np.frombuffer(b"".join(_parts(mesh, VERTEX_BUFFER)), dtype="<f4")
    return CanonicalFace(
        vertices=vertices.reshape(-1, FLOATS_PER_VERTEX)[:, :3].astype(np.float64),
        ids=np.array([_number(entry[LANDMARK_ID]) for entry in basis], dtype=np.intp),
        weights=np.array([struct.unpack("<f", entry[WEIGHT])[0] for entry in basis]),
    )


def _parts(message: bytes, wanted: int) -> Iterator[bytes]:
    return (value for field, value in _fields(message) if field == wanted)


def _number(varint: bytes) -> int:
    return sum((byte & ~CONTINUES) << 7 * place for place, byte in enumerate(varint))


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """(field number, raw value) one after the other."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        field, wire_type = _number(key) >> 3, _number(key) & 7
        if wire_type == VARINT:
            value, at = _varint(message, at)
        else:
            size = FIXED_SIZES.get(wire_type)
            if size is None:
                prefix, at = _varint(message, at)
                size = _number(prefix)
            value, at = message[at : at + size], at + size
        yield field, value


def _varint(message: bytes, at: int) -> tuple[bytes, int]:
    """The bytes of the varint that starts at `at`, and where the next thing starts."""
    end = at
    while message[end] & CONTINUES:
        end += 1
    return message[at : end + 1], end + 1
