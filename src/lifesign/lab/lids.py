"""The skin of the upper lids, which a photograph of open eyes does not show."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from lifesign.lab.act import Act
from lifesign.lab.marks import (
    LEFT_CREASE,
    LEFT_LOWER_LID,
    LEFT_UPPER_LID,
    RIGHT_CREASE,
    RIGHT_LOWER_LID,
    RIGHT_UPPER_LID,
)
from lifesign.lab.overlay import Overlay, grid_triangles
from lifesign.lab.portrait import Portrait, to_texels

Points = NDArray[np.float64]

HIGH_PX, WIDE_PX = 48, 128
BELOW_EYE = 0.1
"""Where the colour is taken: this far below the lower lid, in inter-ocular distances."""
LASH_START, LASHES_BELOW = 0.8, 0.12
"""Where on the way from crease to edge the lashes begin, and how much of that way they hang over the edge."""
LASH_COLOUR = (52, 36, 30)
OPAQUE_AT = 0.35
"""Share of closing from which the painted lid hides the photographed one."""


class Lids:
    """Paints the lids of one portrait."""

    def __init__(self, portrait: Portrait) -> None:
        self._right = _paint(_skin_colour(portrait, RIGHT_LOWER_LID))
        self._left = _paint(_skin_colour(portrait, LEFT_LOWER_LID))
        self._triangles = grid_triangles(3, len(RIGHT_CREASE))

    def close(self, skin: Points, act: Act) -> Iterator[Overlay]:
        """The lids over a face whose moved `skin` (N, 3) has its eyes closed as `act` says."""
        eyes = (
            (act.blink_right, self._right, RIGHT_CREASE, RIGHT_UPPER_LID),
            (act.blink_left, self._left, LEFT_CREASE, LEFT_UPPER_LID),
        )
        for closed, texture, crease, lid in eyes:
            if closed > 0:
                yield self._lid(skin[list(crease)], skin[list(lid)], texture, closed)

    def _lid(self, crease: Points, edge: Points, texture: NDArray[np.float64], closed: float) -> Overlay:
        """Three rows of points: the crease, the middle, and just below the lid's edge."""
        points = np.concatenate([crease, (crease + edge) / 2, edge + LASHES_BELOW * (edge - crease)])
        x = np.linspace(0, WIDE_PX - 1, len(crease))
        texels = np.column_stack([np.tile(x, 3), np.repeat([0, HIGH_PX / 2, HIGH_PX - 1], len(crease))])
        faded = texture * [1, 1, 1, min(closed / OPAQUE_AT, 1.0)]
        return Overlay(points=points, texels=texels, texture=faded.astype(np.uint8), triangles=self._triangles)


def _skin_colour(portrait: Portrait, lower_lid: tuple[int, ...]) -> Points:
    spots = to_texels(portrait.points[list(lower_lid[2:-2]), :2] + [0, BELOW_EYE]).astype(int)
    colour: Points = np.median(portrait.texture[spots[:, 1], spots[:, 0], :3].astype(np.float64), axis=0)
    return colour


def _paint(skin: Points) -> Points:
    """(h, w, 4) RGBA: soft at the crease and the corners, round in the light, a line of lashes at the edge."""
    y, x = np.mgrid[0:HIGH_PX, 0:WIDE_PX] / [[[HIGH_PX - 1]], [[WIDE_PX - 1]]]
    aside = np.abs(2 * x - 1)
    light = 0.74 + 0.22 * np.sin(np.pi * y**0.8) - 0.12 * aside**2
    soft_corner, soft_edge = np.clip((1 - aside) / 0.25, 0, 1), np.clip((1 - y) / 0.08, 0, 1)
    lashes = np.clip((y - LASH_START) / 0.1, 0, 1) * (1 - 0.5 * aside**2)
    colour = skin * light[..., None]
    colour += lashes[..., None] * (np.array(LASH_COLOUR) - colour)
    alpha = np.clip(y / 0.45, 0, 1) * soft_corner * soft_edge
    painted: Points = np.clip(np.dstack([colour, 255 * alpha]), 0, 255)
    return painted
