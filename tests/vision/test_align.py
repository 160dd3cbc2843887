"""Aligned crops: eyes level and in their place, whatever the picture's turn and size."""

from __future__ import annotations

import numpy as np
import pytest

from lifesign.vision.align import EYES_Y, LEFT_EYE, MOUTH, RIGHT_EYE, align, similarity

SIDE = 128


def landmarks(scale: float = 1.0, angle: float = 0.0, *, narrow: float = 1.0) -> np.ndarray:
    """Two eyes 60 px apart and a mouth 70 px below them, turned about (200, 150)."""
    points = np.zeros((478, 3), np.float32)
    places = {RIGHT_EYE: (-30 * narrow, 0), LEFT_EYE: (30 * narrow, 0), MOUTH: (0, 70)}
    cos, sin = np.cos(angle), np.sin(angle)
    for ids, (x, y) in places.items():
        points[list(ids), :2] = np.array([cos * x - sin * y, sin * x + cos * y]) * scale + (200, 150)
    return points


@pytest.mark.parametrize("angle", [-1.0, 0.0, 0.4, 3.0])
@pytest.mark.parametrize("scale", [0.3, 1.0, 5.0])
def test_the_eyes_are_level_and_in_their_place(scale: float, angle: float) -> None:
    points = landmarks(scale, angle)
    matrix, _ = similarity(points, SIDE)
    right, left = (matrix @ [*points[list(ids), :2].mean(axis=0), 1] for ids in (RIGHT_EYE, LEFT_EYE))
    assert right[1] == pytest.approx(SIDE * EYES_Y, abs=1e-3)
    assert left[1] == pytest.approx(SIDE * EYES_Y, abs=1e-3)
    assert left[0] - SIDE / 2 == pytest.approx(SIDE / 2 - right[0], abs=1e-3)
    assert left[0] > right[0]


def test_it_is_a_similarity() -> None:
    matrix, scale = similarity(landmarks(1.7, 0.8), SIDE)
    turn = matrix[:, :2] / scale
    assert turn @ turn.T == pytest.approx(np.eye(2))
    assert np.linalg.det(turn) == pytest.approx(1.0)


def test_a_head_turned_aside_is_not_blown_up() -> None:
    _, straight = similarity(landmarks(), SIDE)
    _, aside = similarity(landmarks(narrow=0.3), SIDE)
    assert aside < 1.1 * straight


@pytest.mark.parametrize("scale", [0.2, 1.0, 8.0])
def test_the_crop_has_the_size_asked_for(scale: float) -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (300, 400, 3), dtype=np.uint8)
    crop = align(pixels, landmarks(scale), SIDE)
    assert (crop.shape, crop.dtype) == ((SIDE, SIDE, 3), np.uint8)


def test_points_in_one_place_still_give_a_picture() -> None:
    assert align(np.zeros((30, 40, 3), np.uint8), np.zeros((478, 3), np.float32), SIDE).shape == (SIDE, SIDE, 3)
