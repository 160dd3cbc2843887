"""Paints textured triangles, the far ones first."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Picture = NDArray[np.uint8]

SUBPIXEL_BITS = 4
THIN_PX = 0.3
"""Triangles narrower than this are left to their neighbours, whose outlines cover half a pixel more than they are."""
STEEP = 20.0
"""Texels per pixel beyond which a triangle is squeezed to a line: it gets one texel, not a guess."""
TORN = 10.0
"""Neighbouring pixels whose texels lie farther apart than this belong to different surfaces."""
_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))


def paint_triangles(picture: Picture, texture: Picture, *, corners: Points, depths: Points, texels: Points) -> Picture:
    """`picture` (H, W, 3) RGB with triangles over it. `corners`: (M, 3, 2) px in the picture; `depths`: (M,) larger
    is farther; `texels`: (M, 3, 2) px in `texture` (h, w, 4) RGBA, whose first pixel is transparent."""
    order = np.argsort(-depths, kind="stable")
    order = order[_widths(corners)[order] > THIN_PX]
    corners, texels = corners[order], texels[order]
    painted = picture.copy()
    size = np.array(picture.shape[1::-1])
    if not len(order):
        return painted
    left, top = np.clip(np.floor(corners.min((0, 1))), 0, size).astype(int)
    right, bottom = np.clip(np.ceil(corners.max((0, 1))) + 1, 0, size).astype(int)
    if left >= right or top >= bottom:
        return painted
    region = painted[top:bottom, left:right]
    x, y = _lookup(corners - [left, top], texels, (bottom - top, right - left))
    layer = cv2.remap(texture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).astype(np.uint8, copy=False)
    _soften(layer, x, y)
    alpha = layer[..., 3] * np.float32(1 / 255)
    region[:] = cv2.blendLinear(cv2.cvtColor(layer, cv2.COLOR_RGBA2RGB), region, alpha, 1 - alpha)
    return painted


def _lookup(corners: Points, texels: Points, shape: tuple[int, int]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Where in the texture every pixel looks, x and y: at its first pixel where there is no triangle."""
    nothing = len(corners)
    visible = np.full(shape, nothing, np.int32)
    for number, outline in enumerate(np.round(corners * (1 << SUBPIXEL_BITS)).astype(np.int32)):
        cv2.fillConvexPoly(visible, outline, number, cv2.LINE_8, SUBPIXEL_BITS)
    maps = np.zeros((nothing + 1, 6), np.float32)
    maps[:nothing] = _affine(corners, texels)
    own = np.take(maps, visible, axis=0)
    x = np.arange(shape[1], dtype=np.float32)
    y = np.arange(shape[0], dtype=np.float32)[:, None]
    return own[..., 0] * x + own[..., 1] * y + own[..., 2], own[..., 3] * x + own[..., 4] * y + own[..., 5]


def _soften(layer: Picture, x: NDArray[np.float32], y: NDArray[np.float32]) -> None:
    """Blurs `layer` along the edges where one part of the surface hides another: they are jagged otherwise."""
    spread = cv2.max(*(cv2.morphologyEx(texel, cv2.MORPH_GRADIENT, _CROSS) for texel in (x, y)))
    cv2.copyTo(cv2.GaussianBlur(layer, (3, 3), 0), (spread > TORN).astype(np.uint8), layer)


def _affine(corners: Points, texels: Points) -> Points:
    """(M, 6): the affine map of each triangle from picture to texture, rows of x and y."""
    origin, texel = corners[:, 0], texels[:, 0]
    a, b = corners[:, 1] - origin, corners[:, 2] - origin
    u, v = texels[:, 1] - texel, texels[:, 2] - texel
    area = _cross(a, b)[:, None]
    along_x, along_y = (u * b[:, 1:] - v * a[:, 1:]) / area, (v * a[:, :1] - u * b[:, :1]) / area
    sound = np.maximum(np.abs(along_x), np.abs(along_y)).max(1, keepdims=True) < STEEP
    along_x, along_y = along_x * sound, along_y * sound
    start = texel - along_x * origin[:, :1] - along_y * origin[:, 1:]
    return np.stack([along_x, along_y, start], axis=2).reshape(-1, 6)


def _widths(corners: Points) -> Points:
    """(M,): the smallest height of each triangle, px."""
    sides = corners - np.roll(corners, 1, axis=1)
    longest = np.linalg.norm(sides, axis=2).max(1)
    widths: Points = np.abs(_cross(sides[:, 0], sides[:, 1])) / np.maximum(longest, THIN_PX)
    return widths


def _cross(a: Points, b: Points) -> Points:
    return a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
