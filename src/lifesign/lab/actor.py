"""The actor: a portrait that does as it is told.

It tests plumbing, sides, order and timing. It says nothing about recall on people.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import simplejpeg
from numpy.typing import NDArray

from lifesign.lab.act import REST, Act
from lifesign.lab.camera import Camera
from lifesign.lab.interior import with_interior
from lifesign.lab.lids import Lids
from lifesign.lab.mesh import Mesh
from lifesign.lab.overlay import Overlay
from lifesign.lab.performance import REACTION_S, Performance
from lifesign.lab.portrait import TEXELS, Portrait, to_texels
from lifesign.lab.raster import paint_triangles
from lifesign.lab.rig import Rig
from lifesign.lab.skin import Skin
from lifesign.lab.tongue import Tongue

__all__ = ["REST", "Act", "Actor", "Performance", "Performer", "Portrait"]

FACE_SHARE = 0.205
"""Inter-ocular distance of a face of size 1, in widths of a 4:3 picture: 131 px of 640."""
PIVOT = np.array([0.0, -0.15, 0.1])
"""Where the head turns: between the ears, a little above the middle of the face."""
DISTANCE = 7.0
"""From the camera to the head, in inter-ocular distances (about 65 cm): how strong the perspective is."""
UNTURN = 0.8
"""How much of the photograph's own pitch is taken back at rest."""
SWAY = (("yaw", 0.8, 0.23), ("pitch", 0.6, 0.31), ("roll", 0.5, 0.19), ("dx", 0.012, 0.27), ("dy", 0.008, 0.37))
"""Nobody keeps still: what moves, by how much (degrees; inter-ocular distances), how often a second."""


class Actor:
    """Renders acts. `size`: (width, height) px of the pictures. `face`: 1 fills about half of their height; 0.5 and
    1.5 are good limits. `roll`: degrees that the head is always tilted. `seed`: of the sway and the camera's noise.
    Rendering changes nothing in an actor: threads may share one.

    Readable: `size`, `iod` (px between the outer eye corners), `background` (H, W, 3) and `camera`."""

    def __init__(
        self,
        portrait: Portrait,
        *,
        size: tuple[int, int] = (640, 480),
        face: float = 1.0,
        roll: float = 0.0,
        seed: int = 0,
    ) -> None:
        width, height = size
        self._roll = roll
        self.size = size
        self.iod = face * FACE_SHARE * min(width, height * 4 / 3)
        self._centre = np.array([width / 2, height / 2])
        self._frontal = rotation(-portrait.yaw, -UNTURN * portrait.pitch, 0)
        self._skin = Skin.over(portrait.points)
        self._rig = Rig(self._skin, portrait.smile)
        self._mesh = Mesh(self._skin)
        self._texture = with_interior(portrait)
        self._lids, self._tongue = Lids(portrait), Tongue()
        self.camera = Camera(size, seed=seed)
        self._phases = np.random.default_rng(seed).uniform(0, math.tau, len(SWAY))
        scale = self.iod / TEXELS
        place = np.column_stack([np.eye(2) * scale, self._centre - scale * to_texels(np.zeros(2))])
        self.background = cv2.warpAffine(
            portrait.background, place, size, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE
        ).astype(np.uint8)

    def paint(self, act: Act) -> NDArray[np.uint8]:
        """(H, W, 3) uint8 RGB: exactly `act`, without sway and noise."""
        skin = self._rig.move(act)
        placed = self._stand(skin, act, turn=self._skin.turn, lean=self._skin.lean)
        mesh = self._mesh
        picture = paint_triangles(
            self.background,
            self._texture,
            corners=placed[mesh.triangles, :2],
            depths=mesh.depths(placed),
            texels=mesh.texels(skin),
        )
        for overlay in self._lids.close(skin, act):
            picture = self._cover(picture, overlay, act)
        if act.tongue > 0:
            picture = self._cover(picture, self._tongue.reach(skin, act.tongue), act)
        return picture

    def render(self, act: Act, t: float) -> NDArray[np.uint8]:
        """(H, W, 3) uint8 RGB: what the camera sees at `t` seconds. The same arguments give the same bits."""
        return self.camera.see(self.paint(self._sway(act, t)), t)

    def jpeg(self, act: Act, t: float, quality: int = 85) -> bytes:
        """`render` as JPEG bytes."""
        return jpeg(self.render(act, t), quality)

    def _cover(self, picture: NDArray[np.uint8], overlay: Overlay, act: Act) -> NDArray[np.uint8]:
        whole = np.ones(len(overlay.points))
        corners = self._stand(overlay.points, act, turn=whole, lean=whole)[overlay.triangles]
        return paint_triangles(
            picture,
            overlay.texture,
            corners=corners[..., :2],
            depths=corners[..., 2].mean(1),
            texels=overlay.texels[overlay.triangles],
        )

    def _sway(self, act: Act, t: float) -> Act:
        waves = {
            name: getattr(act, name) + size * math.sin(math.tau * hertz * t + phase)
            for (name, size, hertz), phase in zip(SWAY, self._phases.tolist(), strict=True)
        }
        return replace(act, **waves)

    def _stand(
        self, skin: NDArray[np.float64], act: Act, *, turn: NDArray[np.float64], lean: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """(N, 3): points of the portrait's frame where the picture shows them, px, and their depth in inter-ocular
        distances. `turn`, `lean`: (N,) how far each follows yaw and pitch, and roll."""
        turned = rotation(act.yaw, act.pitch, 0) @ self._frontal
        placed: NDArray[np.float64] = skin + turn[:, None] * ((skin - PIVOT) @ turned.T + PIVOT - skin)
        leaned = rotation(0, 0, act.roll + self._roll)
        placed += lean[:, None] * ((placed - PIVOT) @ leaned.T + PIVOT - placed)
        # the photograph has its own perspective: only what moved nearer or farther since changes size
        nearer = (DISTANCE + skin[:, 2:]) / (DISTANCE + placed[:, 2:])
        placed[:, :2] = (placed[:, :2] * nearer * act.scale + [act.dx, act.dy]) * self.iod + self._centre
        return placed


class Performer:
    """An actor who follows prompts. `obey`: which gesture answers which prompt, when it is not the one asked for."""

    def __init__(
        self, actor: Actor, *, reaction_s: float = REACTION_S, obey: Callable[[str], str] | None = None
    ) -> None:
        self._actor = actor
        self._performance = Performance(reaction_s=reaction_s)
        self._obey = obey

    def prompt(self, kind: str | None, count: int, t: float) -> None:
        """What the client is told at `t`; see `Performance.prompt`."""
        done = self._obey(kind) if self._obey and kind else kind
        self._performance.prompt(done, count, t)

    def frame(self, t: float) -> bytes:
        """The JPEG that the camera gives at `t`."""
        return self._actor.jpeg(self._performance.act(t), t)


def jpeg(pixels: NDArray[np.uint8], quality: int = 85) -> bytes:
    """JPEG bytes of (H, W, 3) uint8 RGB."""
    encoded: bytes = simplejpeg.encode_jpeg(np.ascontiguousarray(pixels), quality=quality, colorspace="RGB")
    return encoded


def rotation(yaw: float, pitch: float, roll: float) -> NDArray[np.float64]:
    """(3, 3): nod, then turn, then tilt; degrees, with the signs of `core.types`; x right, y down, z away."""
    (cy, sy), (cp, sp), (cr, sr) = ((math.cos(a), math.sin(a)) for a in map(math.radians, (yaw, pitch, roll)))
    nod = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
    turn = np.array([[cy, 0, -sy], [0, 1, 0], [sy, 0, cy]])
    tilt = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
    whole: NDArray[np.float64] = tilt @ turn @ nod
    return whole
