"""The best pictures of the face: upright, some seconds apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lifesign.core.policy import Policy
from lifesign.core.quality import score
from lifesign.report.picture import FINE_QUALITY, jpeg
from lifesign.vision.align import align
from lifesign.watch import Seen

MOST: Final = 5
APART_S: Final = 0.8
LEAST_QUALITY: Final = 0.0  # not above it: a property that is as bad as can be, and often no face at all


@dataclass(frozen=True, slots=True, kw_only=True)
class Portrait:
    """An aligned face as JPEG. `quality`: 0..1, the worst component as of the verified image. `sharpness` decides
    between equals."""

    t: float
    number: int
    quality: float
    sharpness: float
    picture: bytes

    @property
    def rank(self) -> tuple[float, float]:
        return self.quality, self.sharpness


class Portraits:
    """Keeps a handful while the clip goes by. `best`: the best one first."""

    def __init__(self, policy: Policy) -> None:
        self.best: list[Portrait] = []
        self._limits = policy.quality

    def see(self, seen: Seen) -> None:
        face, signals = seen.look.face, seen.signals
        if face is None:
            return
        rank = (score(signals, self._limits), signals.sharpness)
        near = [portrait for portrait in self.best if seen.frame.t - portrait.t < APART_S]
        rivals = near or self.best[MOST - 1 :]
        if rank[0] <= LEAST_QUALITY or any(rival.rank >= rank for rival in rivals):
            return
        portrait = Portrait(
            t=seen.frame.t,
            number=seen.frame.seq,
            quality=rank[0],
            sharpness=rank[1],
            picture=jpeg(align(seen.frame.pixels, face.landmarks), FINE_QUALITY),
        )
        kept = [other for other in self.best if other not in near]
        self.best = sorted([*kept, portrait], key=lambda each: each.rank, reverse=True)[:MOST]
