"""A tongue over the lower lip: a small surface of its own, painted after the face."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from lifesign.lab.marks import LIP_BOTTOM, LIP_MIDDLE, LOWER_LIP_MIDDLE
from lifesign.lab.overlay import Overlay, grid_triangles

Points = NDArray[np.float64]

ACROSS, ALONG = 5, 9
"""Vertices of the surface, from side to side and from root to tip."""
HALF_WIDTH, HANGS = 0.26, 0.48
"""Half its width, and how far it hangs below the lower lip, in inter-ocular distances. Long, between lips that are
nearly closed, is what the landmark network takes for a tongue: 0.4 to 0.7 of 1; a short one in an open mouth, 0.0."""
ROOT_AT = 0.3
"""Where between the lips it comes out: 0 the upper, 1 the lower."""
ROOT, OVER_LIP, TIP_DEPTH, BULGE = 0.15, -0.2, -0.02, 0.1
"""Depths of the root behind the lips, of the bend before them, of the tip, and of its sides."""
LENGTH = 0.62
"""How much of a tongue the texture shows, from the tip up, in inter-ocular distances."""
WIDE_PX, LONG_PX = 128, 192
PINK, ROOT_PINK, SHINE, SHADOW = (226, 140, 135), (212, 128, 124), (252, 228, 222), (48, 20, 20)
TIP_WIDTH, ROUGH = 0.8, 0.12
SHINY, SHADOWY = 0.35, 0.25
"""How strong its highlights are, and how dark the skin right beside it becomes."""


class Tongue:
    """The tongue of any face."""

    def __init__(self) -> None:
        self._texture = _paint()
        self._triangles = grid_triangles(ALONG, ACROSS)

    def reach(self, skin: Points, out: float) -> Overlay:
        """The surface when `out` (0..1) of it is shown by a face with the moved `skin` (N, 3)."""
        upper, lower, edge = skin[LIP_MIDDLE], skin[LOWER_LIP_MIDDLE], skin[LIP_BOTTOM]
        path = np.array(
            [
                [upper[0], (1 - ROOT_AT) * upper[1] + ROOT_AT * lower[1], lower[2] + ROOT],
                [lower[0], lower[1], lower[2]],
                [edge[0], (lower[1] + edge[1]) / 2, edge[2] + OVER_LIP],
                [edge[0], edge[1] + HANGS, edge[2] + TIP_DEPTH],
            ]
        )
        travelled = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
        along = np.linspace(0.0, out * travelled[-1], ALONG)
        spine = np.column_stack([np.interp(along, travelled, path[:, axis]) for axis in range(3)])
        side = np.tile(np.linspace(-1.0, 1.0, ACROSS), ALONG)
        points = np.repeat(spine, ACROSS, axis=0)
        points += np.column_stack([side * HALF_WIDTH, np.zeros_like(side), side**2 * BULGE])
        from_tip = np.repeat(along[-1] - along, ACROSS) / LENGTH
        texels = np.column_stack([(side + 1) / 2 * WIDE_PX, (1 - from_tip) * LONG_PX])
        return Overlay(points=points, texels=texels, texture=self._texture, triangles=self._triangles)


def _paint() -> NDArray[np.uint8]:
    """Pink and rough, darker at its sides and along the middle; wet highlights; a soft shadow around it."""
    y, x = np.mgrid[0:LONG_PX, 0:WIDE_PX].astype(np.float64)
    from_tip = (LONG_PX - 1 - y) / LONG_PX * LENGTH / HALF_WIDTH  # in half widths
    across = (x / (WIDE_PX - 1) * 2 - 1) / (TIP_WIDTH + (1 - TIP_WIDTH) * np.clip(from_tip / 2.2, 0, 1))
    round_tip = np.hypot(across, np.minimum(from_tip - 1.05, 0) / 0.95)
    body = np.clip((0.9 - round_tip) / 0.1, 0, 1)
    shadow = np.clip((1.0 - round_tip) / 0.14, 0, 1) * SHADOWY
    rough = cv2.GaussianBlur(np.random.default_rng(0).normal(size=x.shape), (0, 0), 1.2)
    lit = 1 - 0.3 * np.clip(round_tip / 0.9, 0, 1) ** 3 + ROUGH * rough
    lit -= 0.1 * np.exp(-((across / 0.1) ** 2)) * np.clip(from_tip - 0.6, 0, 1)
    root = np.clip((from_tip - 1.5) / 1.2, 0, 1)[..., None]
    colour = np.array(PINK) * lit[..., None]
    for centre, height, size in ((-0.3, 1.0, 0.16), (0.24, 0.8, 0.13), (-0.1, 1.9, 0.2), (0.3, 2.1, 0.14)):
        spot = np.exp(-(((across - centre) / size) ** 2) - ((from_tip - height) / (2 * size)) ** 2)
        spot *= np.clip(1 + 1.2 * rough, 0, 2)  # broken up, as on a rough wet surface
        colour += SHINY * spot[..., None] * (np.array(SHINE) - colour)
    colour += 0.6 * root * (np.array(ROOT_PINK) - colour)
    alpha = np.maximum(body, shadow)
    tinted = SHADOW + body[..., None] * (colour - SHADOW)
    painted = np.dstack([tinted, alpha * 255])
    painted[0, 0] = 0  # the texel that the raster gives to pixels under no triangle
    blurred: NDArray[np.uint8] = cv2.GaussianBlur(np.clip(painted, 0, 255), (3, 3), 0).astype(np.uint8)
    return blurred
