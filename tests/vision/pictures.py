"""The pictures that the vision tests look at, all from packages; and a sequence made of one of them."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import skimage.data
from matplotlib.cbook import get_sample_data
from numpy.typing import NDArray

from lifesign.vision.image import ImageLimits, decode

Pixels = NDArray[np.uint8]

WIDTH, HEIGHT = 640, 480
FRAMES = 44
AWAY = range(20, 27)  # frames of the sequence without the face
START_MS, FRAME_MS = 1000, 33
FACE_CENTRE = (225.0, 125.0)  # of the astronaut's picture


def hopper_jpeg() -> bytes:
    """Grace Hopper, neutral, spectacles; public domain, from matplotlib."""
    return Path(str(get_sample_data("grace_hopper.jpg", asfileobj=False))).read_bytes()


def hopper() -> Pixels:
    return decode(hopper_jpeg(), ImageLimits())


def astronaut() -> Pixels:
    """Eileen Collins, smiling; public domain, from scikit-image."""
    return np.asarray(skimage.data.astronaut(), np.uint8)


def cat() -> Pixels:
    return np.asarray(skimage.data.chelsea(), np.uint8)


def cup() -> Pixels:
    return np.asarray(skimage.data.coffee(), np.uint8)


STILLS: dict[str, Callable[[], Pixels]] = {"hopper": hopper, "astronaut": astronaut, "cat": cat, "cup": cup}


def sequence() -> list[Pixels]:
    """The astronaut carried around, turned in the picture, nearer and farther; away for a while, then back."""
    picture = astronaut()
    return [_carried(picture, index) for index in range(FRAMES)]


def sequence_ms() -> list[int]:
    """The times of `sequence`."""
    return [START_MS + FRAME_MS * index for index in range(FRAMES)]


def _carried(picture: Pixels, index: int) -> Pixels:
    if index in AWAY:
        return np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    phase = 2 * math.pi * index / FRAMES
    move = cv2.getRotationMatrix2D(FACE_CENTRE, 25 * math.sin(phase), 1.4 + 0.4 * math.sin(2 * phase))
    move[:, 2] += (
        WIDTH / 2 - FACE_CENTRE[0] + 90 * math.sin(phase),
        HEIGHT / 2 - FACE_CENTRE[1] + 40 * math.cos(phase),
    )
    return np.asarray(cv2.warpAffine(picture, move, (WIDTH, HEIGHT), borderValue=(90, 90, 90)), np.uint8)


def two_faces() -> Pixels:
    """Hopper in the left half, the astronaut in the right one; the faces are about as large."""
    left = hopper()[:HEIGHT, 96:416]
    right = cv2.resize(astronaut()[:320, 120:333], (320, HEIGHT), interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.hstack([left, right]), np.uint8)
