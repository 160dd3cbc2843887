"""The frame that needs light most, to be shown beside its brightened self."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from lifesign.core.policy import Policy
from lifesign.core.quality import score
from lifesign.core.types import Box
from lifesign.report.picture import FINE_QUALITY, Pixels, fitted, jpeg
from lifesign.vision.enhance import enhance, luminance
from lifesign.watch import Seen

SIDE_PX: Final = 720
STEP: Final = 0.01  # a frame must be darker by this luminance than the one kept to take its place
EVERY: Final = 8  # a clip without a face: so many frames apart its light is measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Lit:
    """A frame, not longer than SIDE_PX, and its enhanced self, as JPEG. `before`, `after`: mean luminance of the face,
    or of all where there is none, 0..1. `dark`: it needed it; otherwise it is the best frame, in good light."""

    t: float
    number: int
    original: bytes
    enhanced: bytes
    before: float
    after: float
    dark: bool
    face: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    t: float
    number: int
    pixels: Pixels
    box: Box | None
    rank: tuple[bool, bool, float]
    """has a face; is dark; how dark, or how good"""


class Light:
    """Keeps one frame while the clip goes by."""

    def __init__(self, policy: Policy) -> None:
        self._limits = policy.quality
        self._kept: Candidate | None = None

    def see(self, seen: Seen) -> None:
        rank = self._rank(seen)
        if self._kept is not None and rank <= (*self._kept.rank[:2], self._kept.rank[2] + STEP):
            return
        pixels = seen.frame.pixels
        small = fitted(pixels, SIDE_PX)
        face, scale = seen.look.face, small.shape[1] / pixels.shape[1]
        self._kept = Candidate(
            t=seen.frame.t,
            number=seen.frame.seq,
            pixels=small.copy() if small is pixels else small,
            box=_scaled(face.box, scale) if face else None,
            rank=rank,
        )

    def _rank(self, seen: Seen) -> tuple[bool, bool, float]:
        darkest = self._limits.luminance[0]
        if seen.look.face is None:
            known = self._kept is not None and (self._kept.rank[0] or seen.frame.seq % EVERY)
            # the brightest one: a clip that begins black has more to show later
            return (False, False, -1.0 if known else luminance(seen.frame.pixels))
        if seen.signals.brightness < darkest:
            return (True, True, darkest - seen.signals.brightness)
        return (True, False, score(seen.signals, self._limits))

    def result(self) -> Lit | None:
        """None when there was no frame."""
        kept = self._kept
        if kept is None:
            return None
        bright = enhance(kept.pixels, kept.box)
        before = luminance(kept.pixels, kept.box)
        return Lit(
            t=kept.t,
            number=kept.number,
            original=jpeg(kept.pixels, FINE_QUALITY),
            enhanced=jpeg(bright, FINE_QUALITY),
            before=before,
            after=luminance(bright, kept.box),
            dark=before < self._limits.luminance[0],
            face=kept.box is not None,
        )


def _scaled(box: Box, scale: float) -> Box:
    return replace(box, x=box.x * scale, y=box.y * scale, width=box.width * scale, height=box.height * scale)
