"""A small surface painted after the face: a lid, a tongue."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """`points`: (K, 3) in the portrait's frame; `texels`: (K, 2) px in `texture` (h, w, 4) uint8 RGBA, whose first
    pixel is transparent; `triangles`: (M, 3) numbers of points."""

    points: NDArray[np.float64]
    texels: NDArray[np.float64]
    texture: NDArray[np.uint8]
    triangles: NDArray[np.intp]


def grid_triangles(rows: int, columns: int) -> NDArray[np.intp]:
    """(M, 3): two triangles for every cell of a grid of points that is numbered row by row."""
    numbers = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = (part.ravel() for part in (numbers[:-1, :-1], numbers[:-1, 1:], numbers[1:, :-1], numbers[1:, 1:]))
    return np.concatenate([np.stack([a, b, c], 1), np.stack([b, d, c], 1)])
