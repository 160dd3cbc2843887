"""Pictures brought to a size, and to bytes."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import simplejpeg
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

QUALITY: Final = 85
FINE_QUALITY: Final = 93


def jpeg(pixels: Pixels, quality: int = QUALITY) -> bytes:
    """(H, W, 3) uint8 RGB as JPEG."""
    data: bytes = simplejpeg.encode_jpeg(np.ascontiguousarray(pixels), quality=quality, colorspace="RGB")
    return data


def sized(pixels: Pixels, scale: float) -> Pixels:
    """Scaled, at least one pixel wide and high."""
    height, width = pixels.shape[:2]
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    if size == (width, height):
        return pixels
    filter_ = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return cv2.resize(pixels, size, interpolation=filter_).astype(np.uint8, copy=False)


def fitted(pixels: Pixels, side: int, *, enlarge: bool = False) -> Pixels:
    """With the longer side `side` px long; smaller ones stay as they are unless `enlarge`."""
    scale = side / max(pixels.shape[:2])
    return sized(pixels, scale if enlarge else min(scale, 1.0))
