"""A dark picture gets lighter, keeps its colours, and its noise does not explode."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from lifesign.core.types import Box
from lifesign.vision.enhance import EnhanceLimits, enhance, luminance
from tests.vision.pictures import astronaut

WITHIN = (slice(40, 200), slice(150, 300))  # of the astronaut's face
FACE = Box(x=150, y=40, width=150, height=160, score=1.0)


@pytest.fixture(scope="module")
def dark() -> np.ndarray:
    return (astronaut() * 0.12).astype(np.uint8)


def test_a_dark_face_is_brought_to_a_normal_luminance(dark: np.ndarray) -> None:
    low, high = EnhanceLimits().luminance
    assert luminance(dark, FACE) < 0.1
    assert low - 0.12 < luminance(enhance(dark, FACE), FACE) < high
    assert luminance(enhance(dark)) > 2 * luminance(dark)


def test_hues_stay(dark: np.ndarray) -> None:
    before, after = (
        cv2.cvtColor(pixels[WITHIN], cv2.COLOR_RGB2HSV).astype(int) for pixels in (dark, enhance(dark, FACE))
    )
    coloured = (before[..., 1] > 60) & (before[..., 2] > 15)
    apart = np.abs(after[..., 0] - before[..., 0])[coloured]
    assert coloured.sum() > 1000
    assert np.median(np.minimum(apart, 180 - apart)) <= 4  # of 180; the dark picture has few levels left


def test_greys_stay_grey(dark: np.ndarray) -> None:
    grey = np.repeat(dark[..., 1:2], 3, axis=2)
    bright = enhance(grey).astype(int)
    assert np.abs(bright - bright[..., 1:2]).max() <= 2


def test_noise_grows_less_than_light() -> None:
    rng = np.random.default_rng(7)
    flat = np.clip(rng.normal(25, 3, (240, 320, 3)), 0, 255).astype(np.uint8)
    bright = enhance(flat)
    gain = luminance(bright) / luminance(flat)
    assert gain > 2
    assert bright.std() < 0.7 * gain * flat.std()


def test_good_light_is_left_alone() -> None:
    picture = astronaut()
    assert abs(luminance(enhance(picture, FACE), FACE) - luminance(picture, FACE)) < 0.08


@pytest.mark.parametrize("level", [0, 255])
def test_black_and_white_are_no_trouble(level: int) -> None:
    assert enhance(np.full((40, 60, 3), level, np.uint8)).shape == (40, 60, 3)


def test_a_box_outside_the_picture_is_no_trouble(dark: np.ndarray) -> None:
    assert enhance(dark, Box(x=-900, y=-900, width=5, height=5, score=1.0)).shape == dark.shape
