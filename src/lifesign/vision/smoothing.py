"""The one-euro filter over all coordinates of a face: still faces stop trembling, moving ones do not lag.

Source: Casiez, Roussel, Vogel, "1 € filter", CHI 2012, with the numbers of MediaPipe Tasks' face landmarker.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MIN_CUTOFF_HZ = 0.05
BETA = 80.0  # Hz of cutoff for a speed of one face size a second
SPEED_CUTOFF_HZ = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Smoother:
    """The state after one picture. All arrays are (478, 3) float32: `raw` and `smooth` in pixels, `speed` in face
    sizes a second."""

    raw: NDArray[np.float32]
    smooth: NDArray[np.float32]
    speed: NDArray[np.float32]

    @classmethod
    def start(cls, raw: NDArray[np.float32]) -> Smoother:
        return cls(raw=raw, smooth=raw, speed=np.zeros_like(raw))

    def step(self, raw: NDArray[np.float32], *, dt: float, size: float) -> Smoother:
        """The next state: `dt` > 0 seconds later the network says `raw`, of a face `size` pixels wide."""
        speed = (raw - self.raw) * np.float32(1 / (size * dt))
        speed = _blend(self.speed, speed, np.float32(_weight(SPEED_CUTOFF_HZ, dt)))
        turns = np.abs(speed) * np.float32(2 * math.pi * dt * BETA) + np.float32(2 * math.pi * dt * MIN_CUTOFF_HZ)
        return Smoother(raw=raw, smooth=_blend(self.smooth, raw, turns / (turns + 1)), speed=speed)


def _weight(cutoff_hz: float, dt: float) -> float:
    turns = 2 * math.pi * cutoff_hz * dt
    return turns / (turns + 1)


def _blend(
    old: NDArray[np.float32], new: NDArray[np.float32], weight: NDArray[np.float32] | np.float32
) -> NDArray[np.float32]:
    return old + weight * (new - old)
