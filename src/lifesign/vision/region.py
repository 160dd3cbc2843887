"""The rotated rectangle of a picture that a network looks at, and the way into it and back.

Source: MediaPipe Tasks, image_to_tensor and rect_transformation calculators. Corner 0 of the crop is corner 0 of
the region: there is no half-pixel shift (a shift costs 1 % of the inter-ocular distance).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from lifesign.core.types import Box

MIN_SIDE_PX = 8.0  # smaller holds no face and makes the mapping meaningless
MAX_SIDE_IMAGES = 4.0  # a face nearer than this fills the picture with one cheek


class Border(IntEnum):
    """What is outside the picture: the detector was trained with black, the landmarks with repeated edges."""

    ZERO = cv2.BORDER_CONSTANT
    REPLICATE = cv2.BORDER_REPLICATE


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Centre and sides in pixels, rotation in radians, clockwise in the picture."""

    cx: float
    cy: float
    width: float
    height: float
    rotation: float

    @classmethod
    def around(cls, box: Box, *, scale: float, rotation: float) -> Region:
        """A box grown by `scale` about its centre and turned."""
        return cls(
            cx=box.x + box.width / 2,
            cy=box.y + box.height / 2,
            width=box.width * scale,
            height=box.height * scale,
            rotation=rotation,
        )

    def usable(self, width: int, height: int) -> bool:
        """Whether it is a sane rectangle whose centre is in a picture of this size (NaN is not)."""
        longest = MAX_SIDE_IMAGES * max(width, height)
        return (
            0 <= self.cx <= width
            and 0 <= self.cy <= height
            and MIN_SIDE_PX <= self.width <= longest
            and MIN_SIDE_PX <= self.height <= longest
            and math.isfinite(self.rotation)
        )

    def matrix(self, size: int) -> NDArray[np.float64]:
        """(2, 3): from pixels of a `size` × `size` crop to pixels of the picture."""
        cos, sin = math.cos(self.rotation), math.sin(self.rotation)
        along, down = self.width / size, self.height / size
        return np.array(
            [
                [cos * along, -sin * down, self.cx - (cos * self.width - sin * self.height) / 2],
                [sin * along, cos * down, self.cy - (sin * self.width + cos * self.height) / 2],
            ]
        )

    def crop(self, pixels: NDArray[np.uint8], size: int, border: Border, out: NDArray[np.uint8]) -> None:
        """Fill `out` (size, size, 3) with this part of `pixels`, bilinear."""
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        cv2.warpAffine(pixels, self.matrix(size), (size, size), dst=out, flags=flags, borderMode=int(border))


def eye_line_rotation(right_eye: NDArray[np.floating], left_eye: NDArray[np.floating]) -> float:
    """Radians, clockwise in the picture, that turn upright into the direction from the subject's right eye (image
    left) to the left one."""
    return math.atan2(float(left_eye[1] - right_eye[1]), float(left_eye[0] - right_eye[0]))
