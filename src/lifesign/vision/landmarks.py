"""The 478 points of one face: landmark network, 256×256 → points, presence and a third output.

Source: MediaPipe Tasks, face_landmarks_detector_graph.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lifesign.core.types import Box
from lifesign.vision.models import Network
from lifesign.vision.region import MIN_SIDE_PX, Border, Region, eye_line_rotation

SIZE = 256
POINTS = 478
RIGHT_EYE_OUTER, LEFT_EYE_OUTER = 33, 263
REGION_SCALE = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Mesh:
    """`points`: (478, 3) float32, pixels of the picture, z towards the back on the same scale, as the network put
    them. `box`: around them. `presence`: 0..1, that there is a face at all. `tongue`: 0..1, the network's third
    output: it tells a tongue that is out (AUC 0.95), and also rises on hidden or blurred faces."""

    points: NDArray[np.float32]
    box: Box
    presence: float
    tongue: float

    @property
    def sound(self) -> bool:
        """Whether the points are numbers and make an area: all else in this package relies on it."""
        extent = min(self.box.width, self.box.height)
        return bool(np.isfinite(self.points).all()) and extent >= MIN_SIDE_PX


class Landmarker:
    """The points of the face in a region."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._crop = np.empty((SIZE, SIZE, 3), np.uint8)

    def read(self, pixels: NDArray[np.uint8], region: Region) -> Mesh:
        """The face in that region of `pixels` (H, W, 3) uint8 RGB; look at `presence` before believing it."""
        region.crop(pixels, SIZE, Border.REPLICATE, self._crop)
        np.multiply(self._crop, np.float32(1 / 255), out=self._network.input()[0])
        self._network.run()
        local = self._network.output(0).reshape(POINTS, 3)
        points = _project(local, region, pixels.shape[1] / pixels.shape[0])
        presence = _sigmoid(float(self._network.output(1)[0]))
        return Mesh(
            points=points,
            box=bounds(points, presence),
            presence=presence,
            tongue=float(self._network.output(2)[0]),  # the network's own last layer is the sigmoid
        )


def bounds(points: NDArray[np.float32], score: float) -> Box:
    """The upright box around points (n, 3)."""
    x, y, _ = points.min(axis=0).tolist()
    right, bottom, _ = points.max(axis=0).tolist()
    return Box(x=x, y=y, width=right - x, height=bottom - y, score=score)


def next_region(mesh: Mesh) -> Region:
    """Where to look for the face in the next picture: a square on the long side of its box, grown, eyes level."""
    box, points = mesh.box, mesh.points
    side = max(box.width, box.height)
    square = Box(
        x=box.x + (box.width - side) / 2,
        y=box.y + (box.height - side) / 2,
        width=side,
        height=side,
        score=box.score,
    )
    rotation = eye_line_rotation(points[RIGHT_EYE_OUTER], points[LEFT_EYE_OUTER])
    return Region.around(square, scale=REGION_SCALE, rotation=rotation)


def _project(local: NDArray[np.float32], region: Region, aspect: float) -> NDArray[np.float32]:
    """Points of the crop to pixels of the picture, whose width is `aspect` heights.

    Depth scales with the region's width, measured as MediaPipe does: along its upper edge, in widths and heights of
    the picture. So depth grows with the roll of the head in a wide picture (1 % at 10° in 4:3), and shrinks in a
    tall one; the pose is solved from it, and everything measured so far was measured with it.
    """
    matrix = region.matrix(SIZE).astype(np.float32)
    stretch = math.hypot(math.cos(region.rotation), math.sin(region.rotation) * aspect)
    points = np.empty_like(local)
    np.matmul(local[:, :2], matrix[:, :2].T, out=points[:, :2])
    points[:, :2] += matrix[:, 2]
    np.multiply(local[:, 2], np.float32(region.width / SIZE * stretch), out=points[:, 2])
    return points


def _sigmoid(logit: float) -> float:
    return 0.5 * (1 + math.tanh(logit / 2))  # the same function, without overflow
