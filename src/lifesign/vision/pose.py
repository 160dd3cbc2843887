"""Where the head is: the rotation and the place that lay the canonical face on the seen one.

Source: MediaPipe face geometry, a weighted orthogonal Procrustes problem. It is solved there three times: for the
scale as projected, for its correction with depth, and for the pose. The first scale cancels out of the second and
the second out of the third, so that once is enough, and the pose has no scale left in it.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lifesign.vision.canonical import CanonicalFace

# the camera that MediaPipe assumes when it is told nothing
VERTICAL_FIELD_OF_VIEW_RAD = math.radians(63.0)
NEAR_CM = 1.0


class FaceGeometry:
    """Solves the pose of faces against one canonical face."""

    def __init__(self, canonical: CanonicalFace) -> None:
        basis = canonical.vertices[canonical.ids]
        self._mesh_points = len(canonical.vertices)
        self._ids = canonical.ids
        self._weights = canonical.weights / canonical.weights.sum()
        self._centre = self._weights @ basis
        self._lever = self._weights[:, None] * (basis - self._centre)
        self._spread = float(np.sum(self._lever * (basis - self._centre)))

    def pose(self, points: NDArray[np.float32], width: int, height: int) -> NDArray[np.float32]:
        """(4, 4) float32: canonical face (cm) to camera (cm; x right, y up, z towards the viewer), no scale.

        `points`: (478, 3) pixels of a `width` × `height` picture, finite and not all in one place.
        """
        pixel = 2 * NEAR_CM * math.tan(VERTICAL_FIELD_OF_VIEW_RAD / 2) / height  # cm on the near plane
        middle = (width / 2, height / 2, float(points[: self._mesh_points, 2].mean()))
        seen = (points[self._ids] - middle) * pixel
        depth = seen[:, 2] + NEAR_CM
        # away from the near plane along each point's own ray, with y turned up and z to the viewer
        seen[:, 0] *= depth / NEAR_CM
        seen[:, 1] *= depth / -NEAR_CM
        np.negative(depth, out=seen[:, 2])
        design = seen.T @ self._lever
        left, _, right = np.linalg.svd(design)
        if np.linalg.det(design) < 0:  # the nearest rotation, not a reflection
            left[:, 2] = -left[:, 2]
        rotation = left @ right
        scale = float(np.vdot(rotation, design)) / self._spread
        pose = np.eye(4, dtype=np.float32)
        pose[:3, :3] = rotation
        pose[:3, 3] = self._weights @ seen / scale - rotation @ self._centre
        return pose
