"""A camera's noise."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

GREY_LEVELS = 1.8
"""Standard deviation of a webcam's noise in a lit room."""
ROOM_PX = 64
"""The noise field is this much larger than the picture: every frame takes two other parts of it. One alone would come
again within minutes, which no camera's noise does."""
LAYERS = 2
TICKS = 1_000_000
"""Times are told apart down to a microsecond."""


class Camera:
    """Adds noise to pictures of one `size` (width, height). The same `seed` and time give the same noise."""

    def __init__(self, size: tuple[int, int], *, seed: int) -> None:
        self._seed = seed
        field = np.random.default_rng(seed).normal(
            0, GREY_LEVELS / LAYERS**0.5, (size[1] + ROOM_PX, size[0] + ROOM_PX, 3)
        )
        noise = np.round(field).astype(np.int16)
        self._more = np.maximum(noise, 0).astype(np.uint8)
        self._less = np.maximum(-noise, 0).astype(np.uint8)

    def see(self, scene: NDArray[np.uint8], t: float) -> NDArray[np.uint8]:
        """`scene` (H, W, 3) uint8 as the sensor gives it at `t` seconds."""
        height, width = scene.shape[:2]
        places = np.random.default_rng([self._seed, round(abs(t) * TICKS)]).integers(0, ROOM_PX, (LAYERS, 2))
        seen = scene
        for x, y in places.tolist():
            window = np.s_[y : y + height, x : x + width]
            seen = cv2.subtract(cv2.add(seen, self._more[window]), self._less[window]).astype(np.uint8, copy=False)
        return seen
