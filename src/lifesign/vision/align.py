"""A face cut out upright: eyes level, always at the same place and size."""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE_PX: Final = 256
EYES_Y: Final = 0.40  # where the line of the eyes runs, share of the side from the top
# How much of the picture is face: whichever of the two asks for more room wins, so that a head turned aside, whose eyes
# are near each other, does not fill the picture with one cheek.
EYE_DISTANCES: Final = 3.2
EYE_TO_MOUTH_DISTANCES: Final = 2.9
FINEST: Final = 4  # oversampling against aliasing when a large face is shrunk
LEAST_PX: Final = 1.0  # a face of no size still gives a picture, of one pixel

RIGHT_EYE: Final = (33, 133)
LEFT_EYE: Final = (263, 362)
MOUTH: Final = (61, 291)


def align(pixels: NDArray[np.uint8], landmarks: NDArray[np.floating], side: int = SIDE_PX) -> NDArray[np.uint8]:
    """(side, side, 3) uint8 of `pixels` (H, W, 3): turned, moved and scaled, never sheared or mirrored.

    `landmarks`: (478, 2 or 3) px. What lies outside the picture repeats its edge.
    """
    matrix, scale = similarity(landmarks, side)
    fine = min(max(math.ceil(1 / scale), 1), FINEST)
    size = (side * fine, side * fine)
    crop = cv2.warpAffine(pixels, matrix * fine, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    if fine > 1:
        crop = cv2.resize(crop, (side, side), interpolation=cv2.INTER_AREA)
    return crop.astype(np.uint8, copy=False)


def similarity(landmarks: NDArray[np.floating], side: int = SIDE_PX) -> tuple[NDArray[np.float64], float]:
    """(2, 3) from the picture's pixels to the crop's, and how much larger the crop is than the picture."""
    right, left, mouth = (_middle(landmarks, ids) for ids in (RIGHT_EYE, LEFT_EYE, MOUTH))
    along, eyes = left - right, (left + right) / 2
    room = max(
        EYE_DISTANCES * math.hypot(*along), EYE_TO_MOUTH_DISTANCES * math.hypot(*(mouth - eyes)), LEAST_PX
    )  # px of the picture that the crop's side spans
    scale, angle = side / room, math.atan2(along[1], along[0])
    cos, sin = scale * math.cos(angle), scale * math.sin(angle)
    turn = np.array([[cos, sin], [-sin, cos]])
    place = np.array([side / 2, side * EYES_Y]) - turn @ eyes
    return np.column_stack([turn, place]), scale


def _middle(landmarks: NDArray[np.floating], ids: tuple[int, int]) -> NDArray[np.float64]:
    middle: NDArray[np.float64] = landmarks[list(ids), :2].astype(np.float64).mean(axis=0)
    return middle
