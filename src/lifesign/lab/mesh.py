"""The triangles of the skin, and which part of the texture each shows."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from lifesign.lab.interior import mouth_texels
from lifesign.lab.marks import (
    FACE_EDGE,
    INNER_LOWER_LIP,
    INNER_UPPER_LIP,
    LEFT_LOWER_LID,
    LEFT_UPPER_LID,
    RIGHT_LOWER_LID,
    RIGHT_UPPER_LID,
)
from lifesign.lab.portrait import VERTICES, to_texels
from lifesign.lab.skin import Skin
from lifesign.vision.draw import mesh_triangles

Points = NDArray[np.float64]
Triangles = NDArray[np.intp]

GRAIN = 1000.0
"""Subdiv2D works in single precision on numbers of the size of pixels."""
BEHIND = 0.1
"""How much deeper than the skin around them eyes and teeth lie, in inter-ocular distances."""


class Mesh:
    """`triangles`: (M, 3) vertex numbers. Eyes and mouth are windows: what lies behind stays where it is when lids
    and lips move over it."""

    def __init__(self, skin: Skin) -> None:
        self.triangles = np.vstack([mesh_triangles(), _around(skin.vertices)])
        self._texels = to_texels(skin.vertices[:, :2])[self.triangles]
        self._eyes = np.flatnonzero(
            _inside(self.triangles, RIGHT_UPPER_LID, RIGHT_LOWER_LID)
            | _inside(self.triangles, LEFT_UPPER_LID, LEFT_LOWER_LID)
        )
        self._mouth = np.flatnonzero(_inside(self.triangles, INNER_UPPER_LIP, INNER_LOWER_LIP))

    def depths(self, placed: Points) -> Points:
        """(M,) for vertices placed in the picture (N, 3): larger is farther. Windows lie behind their frames."""
        depths: Points = placed[self.triangles, 2].mean(1)
        depths[self._eyes] += BEHIND
        depths[self._mouth] += BEHIND
        return depths

    def texels(self, skin: Points) -> Points:
        """(M, 3, 2): the texture pixel under each corner, when the skin (N, 3) was moved by the rig."""
        texels = self._texels.copy()
        texels[self._eyes] = to_texels(skin[self.triangles[self._eyes], :2])
        texels[self._mouth] = mouth_texels(skin[self.triangles[self._mouth], :2])
        return texels


def _inside(triangles: Triangles, one: object, other: object) -> NDArray[np.bool_]:
    """(M,): which triangles have all their corners on two rows of vertices."""
    rows = np.concatenate([np.asarray(one), np.asarray(other)])
    return np.logical_and.reduce(np.isin(triangles, rows), axis=1)  # type: ignore[no-any-return]


def _around(vertices: Points) -> Triangles:
    """Delaunay's triangles between the face's edge and everything beyond."""
    used = np.concatenate([np.array(FACE_EDGE), np.arange(VERTICES, len(vertices))])
    triangles = used[_delaunay(vertices[used, :2])]
    edge = vertices[list(FACE_EDGE), :2].astype(np.float32)
    centres = vertices[triangles, :2].mean(1)
    beyond = [cv2.pointPolygonTest(edge, (x, y), False) < 0 for x, y in centres.tolist()]
    return triangles[beyond]


def _delaunay(points: Points) -> Triangles:
    scaled = (points * GRAIN).astype(np.float32)
    low, high = scaled.min(0) - 1, scaled.max(0) + 1
    plane = cv2.Subdiv2D((int(low[0]), int(low[1]), int(high[0] - low[0]) + 2, int(high[1] - low[1]) + 2))
    numbers = {}
    for number, (x, y) in enumerate(scaled.tolist()):
        plane.insert((x, y))
        numbers[x, y] = number
    corners = np.asarray(plane.getTriangleList(), np.float32).reshape(-1, 3, 2).tolist()
    found = [[numbers.get((x, y), -1) for x, y in triangle] for triangle in corners]
    return np.array([triangle for triangle in found if -1 not in triangle], np.intp)
