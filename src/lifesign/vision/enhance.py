"""A dark picture made readable for people: brighter, with more local contrast, in its own colours.

Only for looking at. The detectors always see the original: what is brightened here is noise to them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from lifesign.core.types import Box

LUMA: Final = np.array([0.299, 0.587, 0.114], dtype=np.float32)  # BT.601
BLACK: Final = 1 / 255
WHITE: Final = 1 - BLACK
LAPLACIAN_GAIN: Final = math.sqrt(20) * 0.6745  # of the 3 × 3 kernel for white noise; of a median for a deviation


@dataclass(frozen=True, slots=True, kw_only=True)
class EnhanceLimits:
    luminance: tuple[float, float] = (0.38, 0.62)
    """mean luminance 0..1 that a face should have, well inside of what ISO/IEC 29794-5 calls good: a darker or brighter
    one is brought to the nearer end, so that nobody's skin changes its tone for no reason"""
    gamma: tuple[float, float] = (0.4, 1.25)
    """strongest brightening, and darkening of a picture that is too bright"""
    clip: float = 1.6
    """contrast limit of the local equalisation; 1 would change nothing"""
    tiles: int = 6
    contrast: float = 0.4
    """share of the local equalisation in the result: all of it looks like a comic"""
    gain: float = 6.0
    """no pixel gets brighter than this many times: deeper shadows hold only noise"""
    noise: float = 3.0
    """differences below this many times the picture's own noise are smoothed away before it is brightened"""
    quiet: float = 0.85
    """a gamma above this needs no smoothing"""
    chroma_px: float = 3.0
    """colour noise is coarse, and eyes do not see fine colour: it is smoothed this far"""


def luminance(pixels: NDArray[np.uint8], box: Box | None = None) -> float:
    """Mean luminance 0..1 of a picture (H, W, 3), or of what is inside `box`."""
    part = pixels if box is None else _inside(pixels, box)
    return float((part.reshape(-1, 3).mean(axis=0) / 255) @ LUMA) if part.size else 0.0


def enhance(
    pixels: NDArray[np.uint8], box: Box | None = None, limits: EnhanceLimits | None = None
) -> NDArray[np.uint8]:
    """The picture (H, W, 3) uint8 RGB with the face in `box`, or all of it, brought to a normal luminance. Every pixel
    is multiplied as a whole, so that its hue stays."""
    limits = limits or EnhanceLimits()
    mean = min(max(luminance(pixels, box), BLACK), WHITE)
    normal = min(max(mean, limits.luminance[0]), limits.luminance[1])
    gamma = min(max(math.log(normal) / math.log(mean), limits.gamma[0]), limits.gamma[1])
    clean: NDArray[np.float32] = pixels.astype(np.float32) / np.float32(255)
    if gamma < limits.quiet:
        clean = _denoised(clean, limits)
    before = np.maximum(clean @ LUMA, BLACK)
    bright = before**gamma
    local = cv2.createCLAHE(limits.clip, (limits.tiles, limits.tiles)).apply(np.round(bright * 255).astype(np.uint8))
    after = (1 - limits.contrast) * bright + limits.contrast * local.astype(np.float32) / 255
    room = 1 / np.maximum(clean.max(axis=2), BLACK)  # a channel that clips would change the hue
    gain = np.minimum(np.minimum(after / before, limits.gain), room)
    brightened: NDArray[np.uint8] = np.round(np.clip(clean * gain[..., None], 0, 1) * 255).astype(np.uint8)
    return brightened


def _denoised(pixels: NDArray[np.float32], limits: EnhanceLimits) -> NDArray[np.float32]:
    """(H, W, 3) 0..1 without the grain that brightening would show: fine brightness differences and fine colour."""
    luma, red, blue = cv2.split(cv2.cvtColor(pixels, cv2.COLOR_RGB2YCrCb))
    noise = float(np.median(np.abs(cv2.Laplacian(luma, cv2.CV_32F)))) / LAPLACIAN_GAIN
    luma = cv2.bilateralFilter(luma, 5, limits.noise * max(noise, BLACK), limits.chroma_px)
    red, blue = (cv2.GaussianBlur(part, (0, 0), limits.chroma_px) for part in (red, blue))
    smooth = np.clip(cv2.cvtColor(cv2.merge([luma, red, blue]), cv2.COLOR_YCrCb2RGB), 0, 1)
    return smooth.astype(np.float32, copy=False)


def _inside(pixels: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    top, left = max(int(box.y), 0), max(int(box.x), 0)
    return pixels[top : max(int(box.y + box.height), 0), left : max(int(box.x + box.width), 0)]
