"""Attackers with one picture of the actor in their hands. They see the same prompts and do what the picture allows."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lifesign.lab.act import REST, Act
from lifesign.lab.actor import DISTANCE, Actor, jpeg, rotation
from lifesign.lab.overlay import grid_triangles
from lifesign.lab.performance import REACTION_S, Gesture, Performance
from lifesign.lab.raster import paint_triangles

Points = NDArray[np.float64]

FACE_WIDTH = 1.5
"""Inter-ocular distances in the width of a face: radii are given in face widths."""
SHEET_HALF, SHEET_UP, SHEET_DOWN = 1.75, 1.75, 1.5
"""What of the picture is on the sheet, in inter-ocular distances around the middle of the face."""
MOST_BENT = 1.4
"""Radians: a sheet reaches no farther around its cylinder, so that its back is never seen."""
FLAT_RADIUS = 1e6
"""Face widths: a cylinder so large that a sheet on it is flat."""
ROWS, COLUMNS = 17, 25
FLAT_TILT_DEG, BENT_TILT_DEG = 56.0, 52.0
"""How far a sheet is turned when a turn is asked for (the hand adds up to 4): a little farther the engine loses the
face, which serves no attacker."""

_TILT = {"out_s": 0.8, "hold_s": 0.6, "back_s": 0.6}
_JERK = {"out_s": 0.1, "hold_s": 0.05, "back_s": 0.1}
SHEET_GESTURES = {
    "nod": Gesture(peak=Act(pitch=40.0), out_s=0.35, hold_s=0.05, back_s=0.4),
    "smile": Gesture(peak=Act(pitch=56.0), **_TILT),
    "brow_raise": Gesture(peak=Act(pitch=-35.0), **_TILT),
    "mouth_open": Gesture(peak=Act(pitch=-50.0, scale=1.2), **_TILT),
    "tongue_out": Gesture(peak=Act(scale=1.3), **_TILT),
    "blink": Gesture(peak=Act(pitch=25.0, dy=0.1), **_JERK),
    "wink_left": Gesture(peak=Act(yaw=30.0, roll=8.0), **_JERK),
    "wink_right": Gesture(peak=Act(yaw=-30.0, roll=-8.0), **_JERK),
}
"""How a sheet of paper is moved to pass for each action: tilted, jerked, brought nearer."""
HAND = (
    ("yaw", 4.0, 0.41), ("pitch", 3.0, 0.53), ("roll", 3.0, 0.37), ("dx", 0.1, 0.29), ("dy", 0.07, 0.47),
)  # fmt: skip
"""A hand that waves a sheet: what moves, by how much (degrees; inter-ocular distances), how often a second."""


class Still:
    """The neutral picture, filling the camera's view. `frozen`: the same bytes for ever, without noise."""

    def __init__(self, actor: Actor, *, frozen: bool = False) -> None:
        self._camera = actor.camera
        self._picture = actor.paint(REST)
        self._frozen = frozen

    def prompt(self, kind: str | None, count: int, t: float) -> None:
        """A picture takes no notice."""

    def frame(self, t: float) -> bytes:
        """The JPEG that the camera gives at `t`."""
        return jpeg(self._picture if self._frozen else self._camera.see(self._picture, t))


class BentPlane:
    """The picture on a sheet bent around a vertical cylinder of `radius` face widths, turned by `tilt_deg` when a turn
    is asked for."""

    def __init__(
        self,
        actor: Actor,
        *,
        radius: float = 0.8,
        tilt_deg: float = BENT_TILT_DEG,
        reaction_s: float = REACTION_S,
    ) -> None:
        self._actor = actor
        turns = {
            "turn_left": Gesture(peak=Act(yaw=tilt_deg), **_TILT),
            "turn_right": Gesture(peak=Act(yaw=-tilt_deg), **_TILT),
        }
        self._performance = Performance(reaction_s=reaction_s, gestures=SHEET_GESTURES | turns)
        radius *= FACE_WIDTH
        half = min(SHEET_HALF, MOST_BENT * radius)
        x, y = np.meshgrid(np.linspace(-half, half, COLUMNS), np.linspace(-SHEET_UP, SHEET_DOWN, ROWS))
        flat = np.column_stack([x.ravel(), y.ravel()])
        around = flat[:, 0] / radius
        self._sheet = np.column_stack([radius * np.sin(around), flat[:, 1], radius * (1 - np.cos(around))])
        self._triangles = grid_triangles(ROWS, COLUMNS)
        self._centre = np.array(actor.size) / 2
        self._picture = np.dstack([actor.paint(REST), np.full(actor.size[::-1], 255, np.uint8)])
        self._picture[0, 0] = 0  # what the raster shows where there is no sheet
        self._texels = np.clip(flat * actor.iod + self._centre, 1, np.array(actor.size) - 2)

    def prompt(self, kind: str | None, count: int, t: float) -> None:
        """What the client is told at `t`; see `Performance.prompt`."""
        self._performance.prompt(kind, count, t)

    def frame(self, t: float) -> bytes:
        """The JPEG that the camera gives at `t`."""
        return jpeg(self.render(_waved(self._performance.act(t), t), t))

    def render(self, held: Act, t: float) -> NDArray[np.uint8]:
        """(H, W, 3) uint8 RGB: the sheet held as `held` says."""
        placed = self._sheet @ rotation(held.yaw, held.pitch, held.roll).T
        nearer = held.scale * DISTANCE / (DISTANCE + placed[:, 2:])
        corners = (placed[:, :2] * nearer + [held.dx, held.dy]) * self._actor.iod + self._centre
        scene = paint_triangles(
            self._actor.background,
            self._picture,
            corners=corners[self._triangles],
            depths=placed[self._triangles, 2].mean(1),
            texels=self._texels[self._triangles],
        )
        return self._actor.camera.see(scene, t)


class MovedPlane(BentPlane):
    """The picture on a flat sheet that is waved, and tilted by `tilt_deg` when a turn is asked for."""

    def __init__(self, actor: Actor, *, tilt_deg: float = FLAT_TILT_DEG, reaction_s: float = REACTION_S) -> None:
        super().__init__(actor, radius=FLAT_RADIUS, tilt_deg=tilt_deg, reaction_s=reaction_s)


def _waved(held: Act, t: float) -> Act:
    return replace(
        held, **{name: getattr(held, name) + size * math.sin(math.tau * hertz * t) for name, size, hertz in HAND}
    )
