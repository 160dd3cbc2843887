"""The vertices of the person: where each is at rest, and how far it follows the head."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lifesign.lab.marks import CHIN, FACE_EDGE
from lifesign.lab.portrait import REACH_DOWN, REACH_UP, REACH_X

Points = NDArray[np.float64]

EDGE_DEPTH = -0.03
"""The sides of the face are no deeper than this: the photograph has no skin to show there when the head turns."""
CLIFF_WIDTH, CLIFF_ZONE = 0.08, (0.72, 0.92)
"""Depths are levelled over this distance, fully beyond the second share of the way to the face's edge."""
RINGS = ((1.1, 1), (1.22, 1), (1.4, 2), (1.62, 2), (1.9, 3))
"""Outlines of the face blown up by the first number, with every second-number-th vertex."""
HAIR_END = 1.8
"""Ring at which the hair's outline lies. A head is round: its outline stays where it is when the head turns."""
OUTLINE_TURN, SKULL_DEPTH = 0.2, 0.1
NECK_START, NECK_END = -0.1, 0.5
"""Below the chin, where the neck stops following the head, in inter-ocular distances."""
GRID_STEP, GRID_START, HEAD_ASPECT = 0.8, 2.0, (0.78, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Skin:
    """`vertices`: (N, 3) in the portrait's frame, the first 468 are the landmarks. `turn`: (N,) 0..1, how far each
    follows yaw and pitch; `lean`: the same for roll."""

    vertices: Points
    turn: Points
    lean: Points

    @staticmethod
    def over(points: Points) -> Skin:
        """The skin of a face with the landmarks `points` (468, 3): the face, rings of hair and neck, the rest."""
        face = points.copy()
        face[:, 2] = _without_cliffs(face)
        around = np.vstack([_rings(face), _grid()])
        chin = float(face[CHIN, 1])
        out = _outwards(around)
        lean = 1 - smooth(around[:, 1], chin + NECK_START, chin + NECK_END)
        turn = lean * (1 - (1 - OUTLINE_TURN) * smooth(out, 1.0, HAIR_END))
        on_head = np.ones(len(face))
        return Skin(
            vertices=np.vstack([face, around]),
            turn=np.concatenate([on_head, turn]),
            lean=np.concatenate([on_head, lean]),
        )


def smooth(x: Points, start: float, end: float) -> Points:
    """0 below `start`, 1 above `end`, an S in between (smoothstep)."""
    s = np.clip((x - start) / (end - start), 0.0, 1.0)
    return s * s * (3 - 2 * s)


def soft_minimum(x: Points, limit: float, width: float = 0.12) -> Points:
    """min(x, limit) without the corner."""
    return limit - width * np.logaddexp(0.0, (limit - x) / width)


def _outwards(points: Points) -> Points:
    """0 in the middle of the face, 1 on its edge."""
    return np.hypot(points[:, 0] / HEAD_ASPECT[0], points[:, 1] / HEAD_ASPECT[1])


def _without_cliffs(face: Points) -> Points:
    """Depths (468,) that do not fall off steeply at the sides, where points lie one behind the other in the
    photograph and the skin between them was not seen."""
    depth = soft_minimum(face[:, 2], EDGE_DEPTH)
    apart = ((face[:, None, :2] - face[None, :, :2]) ** 2).sum(2)
    near = np.exp(-apart / (2 * CLIFF_WIDTH**2))
    level = near @ depth / near.sum(1)
    smoothed: Points = depth + smooth(_outwards(face), *CLIFF_ZONE) * (level - depth)
    return smoothed


def _rings(face: Points) -> Points:
    edge = face[list(FACE_EDGE)]
    rings = []
    for size, every in RINGS:
        ring = edge[::every] * [size, size, 1.0]
        ring[:, 2] += (SKULL_DEPTH - ring[:, 2]) * smooth(np.array(size), 1.0, HAIR_END)
        rings.append(ring)
    return np.vstack(rings)


def _grid() -> Points:
    x, y = np.meshgrid(
        np.arange(-REACH_X, REACH_X + GRID_STEP, GRID_STEP),
        np.arange(-REACH_UP, REACH_DOWN + GRID_STEP, GRID_STEP),
    )
    grid = np.stack([x.ravel(), y.ravel(), np.full(x.size, SKULL_DEPTH)], axis=1)
    return grid[_outwards(grid) > GRID_START]
