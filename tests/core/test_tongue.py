"""Tongue out, on painted mouths: what lies between the lips decides, not that they are apart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from lifesign.core.challenges.tongue import TongueLimits, TongueOut, reach
from lifesign.core.mouth import CHEEKS, EDGES, tones
from lifesign.core.types import Signals

SIDE = 120
UPPER, LOWER = 40, 80
"""Rows of the picture between which the mouth is open."""
SKIN, LIP, TEETH, DARK = (200, 150, 125), (180, 95, 95), (215, 205, 190), (40, 16, 16)
LIMITS = TongueLimits()
STILL = Signals(t=0.0, faces=1, presence=1.0)
TONGUE = replace(STILL, mouth_gap=0.25, mouth_tone=0.25, lip_tone=0.2)
"""What a long tongue reads when the third output is silent."""

Colour = tuple[int, int, int]


def face(*between: tuple[int, int, Colour]) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """A picture of skin and lips with bands (first row, end, colour) in the open mouth, and its landmarks."""
    pixels = np.full((SIDE, SIDE, 3), SKIN, np.uint8)
    pixels[UPPER - 12 : LOWER + 12] = LIP
    for first, end, colour in between:
        pixels[first:end] = colour
    landmarks = np.zeros((478, 3), np.float32)
    landmarks[list(CHEEKS)] = (60, 10, 0)
    for row, y in zip(EDGES, (UPPER - 10, UPPER, LOWER, LOWER + 10), strict=True):
        landmarks[list(row)] = [(x, y, 0) for x in (40, 50, 60, 70, 80)]
    return pixels, landmarks


def play(frames: list[Signals], fps: float = 15.0) -> TongueOut:
    state = TongueOut()
    for i, signals in enumerate(frames):
        state = state.step(replace(signals, t=i / fps), STILL, LIMITS)
    return state


def test_the_colour_of_a_tongue_goes_on_from_the_lip_up() -> None:
    assert tones(*face())[0] == 1.0


def test_it_ends_where_the_dark_above_the_tongue_begins() -> None:
    assert tones(*face((UPPER, 60, DARK)))[0] == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize("colour", [TEETH, DARK, SKIN])
def test_what_else_is_between_the_lips_is_not_of_their_colour(colour: Colour) -> None:
    assert tones(*face((UPPER, LOWER, colour)))[0] == 0.0


def test_a_tooth_aside_does_not_end_it() -> None:
    pixels, landmarks = face()
    pixels[UPPER:LOWER, :45] = TEETH
    assert tones(pixels, landmarks)[0] == 1.0


def test_a_thin_shadow_does_not_end_it() -> None:
    assert tones(*face((72, 74, DARK)))[0] == 1.0


@pytest.mark.parametrize("light", [(0.5, 0.5, 0.5), (1.1, 0.9, 0.7)])
def test_the_lamp_matters_little(light: tuple[float, float, float]) -> None:
    pixels, landmarks = face((UPPER, 60, DARK))
    share, contrast = tones((pixels * light).astype(np.uint8), landmarks)
    assert share == tones(pixels, landmarks)[0]
    assert contrast == pytest.approx(tones(pixels, landmarks)[1], rel=0.15)


def test_lips_like_the_skin_are_told() -> None:
    pixels, landmarks = face()
    assert tones(pixels, landmarks)[1] > 3 * LIMITS.contrast
    pixels[:] = SKIN
    assert tones(pixels, landmarks)[1] == 0.0


def test_a_mouth_beyond_the_picture_is_no_error() -> None:
    pixels, landmarks = face()
    assert tones(pixels, landmarks + 1000)[0] == 1.0


def test_a_tongue_passes_without_the_third_output() -> None:
    assert play([STILL, *[TONGUE] * 10]).done


def test_the_third_output_makes_a_short_one_enough() -> None:
    short = replace(TONGUE, mouth_tone=0.1)
    assert not play([STILL, *[short] * 10]).done
    assert play([STILL, *[replace(short, tongue=0.5)] * 10]).done


@pytest.mark.parametrize(
    "no",
    [
        {"mouth_tone": 0.02, "tongue": 1.0},
        {"mouth_gap": 0.05},
        {"lip_tone": 0.02},
        {"presence": 0.7},
    ],
    ids=["third output alone", "closed lips", "lips like skin", "hidden face"],
)
def test_what_no_tongue_looks_like(no: dict[str, float]) -> None:
    assert not play([STILL, *[replace(TONGUE, **no)] * 10]).done


def test_a_passing_glimpse_does_not_count() -> None:
    assert not play([STILL, *[TONGUE] * 6, *[STILL] * 4]).done


def test_a_tongue_that_was_out_at_the_prompt_is_no_answer() -> None:
    assert not play([TONGUE] * 20).done


def test_less_than_the_own_third_output_takes_nothing_away() -> None:
    assert reach(replace(TONGUE, tongue=-0.3), LIMITS) == TONGUE.mouth_tone
