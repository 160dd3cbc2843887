"""Moves the skin as the muscles do: every expression is a fixed displacement of the vertices, in inter-ocular
distances, times how much of it is asked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lifesign.lab.act import Act
from lifesign.lab.marks import (
    CHIN,
    INNER_LOWER_LIP,
    INNER_UPPER_LIP,
    LEFT_BROW,
    LEFT_CREASE,
    LEFT_LOWER_LID,
    LEFT_MOUTH,
    LEFT_UPPER_LID,
    LIP_BOTTOM,
    LIP_MIDDLE,
    LIP_TOP,
    LOWER_LIP,
    NOSE_BASE,
    RIGHT_BROW,
    RIGHT_CREASE,
    RIGHT_LOWER_LID,
    RIGHT_MOUTH,
    RIGHT_UPPER_LID,
    UPPER_LIP,
)
from lifesign.lab.skin import Skin, smooth

Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pull:
    """A bell-shaped tug at the skin: `at` an offset from a landmark group's middle, over `reach`, by `move`; x
    counts outwards from the middle of the face."""

    at: tuple[float, float]
    reach: tuple[float, float]
    move: tuple[float, float, float]

    def field(self, vertices: Points, marks: tuple[int, ...], side: int) -> Points:
        """(N, 3) displacements around `marks`; `side`: +1 for the subject's left, -1 for the right."""
        offset = vertices[:, :2] - vertices[list(marks), :2].mean(0) - np.multiply(self.at, (side, 1))
        bell = np.exp(-((offset / self.reach) ** 2).sum(1))
        pulled: Points = bell[:, None] * np.multiply(self.move, (side, 1, 1))
        return pulled


SMILE = (
    Pull(at=(0.0, 0.0), reach=(0.28, 0.24), move=(0.095, -0.06, 0.05)),  # the corner, out, up and back
    Pull(at=(0.1, -0.3), reach=(0.25, 0.2), move=(0.0, -0.035, 0.0)),  # the cheek under the eye
)
PUCKER = (Pull(at=(0.0, 0.0), reach=(0.2, 0.25), move=(-0.05, 0.06, 0.0)),)  # the corners of an open mouth
BROW = (Pull(at=(0.0, -0.03), reach=(0.36, 0.17), move=(0.0, -0.13, 0.0)),)

JAW_DROP, UPPER_LIP_LIFT = 0.23, 0.03
TONGUE_OPENS, TONGUE_PUCKERS = 0.08, 0.4
"""How far the mouth is opened and its corners are drawn in for the tongue."""
LIP_SHARES = (0.36, 0.68)
"""How much of the gap in the photograph the upper and the lower lip close; a little more than all of it."""
LID_TRAVEL, LOWER_LID_TRAVEL, CREASE_TRAVEL = 0.92, 0.08, 0.2
BROW_FOOT = 0.12
"""Below the brow the skin follows it this far and no farther: the lid stays."""


class Rig:
    """The displacements for one face. `smile`: how much the photographed face smiles, 0..1: it is taken away
    first, together with the gap between the lips."""

    def __init__(self, skin: Skin, smile: float) -> None:
        self._vertices = skin.vertices
        self._photo_smile = smile
        mouth = ((RIGHT_MOUTH,), (LEFT_MOUTH,))
        self._smile = self._both(SMILE, mouth)
        self._closed = self._closing()
        pucker = self._both(PUCKER, mouth)
        self._jaw = self._jaw_drop() + pucker
        self._tongue = TONGUE_OPENS * self._jaw + TONGUE_PUCKERS * pucker
        self._brow = self._both(BROW, (RIGHT_BROW, LEFT_BROW))
        self._brow[:, 1] *= self._above_the_lid()
        self._lid_right = self._lid(RIGHT_UPPER_LID, RIGHT_LOWER_LID, RIGHT_CREASE)
        self._lid_left = self._lid(LEFT_UPPER_LID, LEFT_LOWER_LID, LEFT_CREASE)

    def move(self, act: Act) -> Points:
        """(N, 3): the skin with the expression of `act`, the head still as it was photographed."""
        return (
            self._vertices
            + (act.smile - self._photo_smile) * self._smile
            + (1 - act.smile) * self._closed
            + act.mouth * self._jaw
            + act.tongue * self._tongue
            + act.brow * self._brow
            + act.blink_right * self._lid_right
            + act.blink_left * self._lid_left
        )

    def _both(self, pulls: tuple[Pull, ...], marks: tuple[tuple[int, ...], tuple[int, ...]]) -> Points:
        """`pulls` at the subject's right and left `marks`."""
        fields = [pull.field(self._vertices, marks[side > 0], side) for pull in pulls for side in (-1, 1)]
        total: Points = np.sum(fields, axis=0)
        return total

    def _lip_masks(self) -> tuple[Points, Points]:
        upper, lower = np.zeros(len(self._vertices)), np.zeros(len(self._vertices))
        upper[list(UPPER_LIP)] = 1
        lower[list(LOWER_LIP)] = 1
        return upper, lower

    def _closing(self) -> Points:
        """Lips together: what is above follows up to the nose, what is below down to the chin."""
        x, y = self._vertices[:, 0], self._vertices[:, 1]
        top, bottom = self._vertices[list(INNER_UPPER_LIP)], self._vertices[list(INNER_LOWER_LIP)]
        gap = np.interp(x, (top[:, 0] + bottom[:, 0]) / 2, np.maximum(bottom[:, 1] - top[:, 1], 0), left=0, right=0)
        upper, lower = self._lip_masks()
        marks = self._vertices[[NOSE_BASE, LIP_TOP, LIP_MIDDLE, LIP_BOTTOM, CHIN], 1]
        skin = 1 - upper - lower
        over = skin * smooth(y, marks[0], marks[1]) * (y < marks[2])
        under = skin * (1 - smooth(y, marks[3], marks[4])) * (y > marks[2])
        field = np.zeros_like(self._vertices)
        field[:, 1] = gap * (LIP_SHARES[0] * (upper + over) - LIP_SHARES[1] * (lower + under))
        return field

    def _jaw_drop(self) -> Points:
        x, y = self._vertices[:, 0], self._vertices[:, 1]
        corners = self._vertices[[RIGHT_MOUTH, LEFT_MOUTH]]
        middle, half = corners[:, :2].mean(0), float(np.ptp(corners[:, 0])) / 2
        aside = np.abs(x - middle[0])
        upper, lower = self._lip_masks()
        arch = 1 - np.clip(aside / half, 0, 1) ** 2
        chin = self._vertices[CHIN, 1]
        skin = (1 - upper - lower) * smooth(y, middle[1], self._vertices[LIP_BOTTOM, 1])
        skin *= (1 - smooth(aside, 0.3, 0.85)) * (1 - smooth(y, chin, chin + 0.5))
        field = np.zeros_like(self._vertices)
        field[:, 1] = JAW_DROP * (skin + lower * (0.1 + 0.9 * arch)) - UPPER_LIP_LIFT * upper * arch
        return field

    def _above_the_lid(self) -> Points:
        y = self._vertices[:, 1]
        foot = self._vertices[list(RIGHT_BROW + LEFT_BROW), 1].mean()
        return 1 - 0.8 * smooth(y, foot + 0.02, foot + BROW_FOOT)

    def _lid(self, upper: tuple[int, ...], lower: tuple[int, ...], crease: tuple[int, ...]) -> Points:
        drop = self._vertices[list(lower)] - self._vertices[list(upper)]
        field = np.zeros_like(self._vertices)
        field[list(upper)] = LID_TRAVEL * drop
        field[list(crease)] = CREASE_TRAVEL * drop
        field[list(lower)] -= LOWER_LID_TRAVEL * drop
        return field
