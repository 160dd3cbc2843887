"""Turn left and right: the head goes to the side in one continuous movement, and stays a moment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Self

from lifesign.core.challenges.challenge import Held, HoldLimits, register
from lifesign.core.types import Signals


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnLimits(HoldLimits):
    hold_s: float = 0.25
    release: float = 0.6
    yaw_deg: float = 18.0
    """against the baseline; the network under-reports: 18° reported is 25..30° true"""
    nose: float = 0.20
    """how far the nose tip moves between the face edges: a tilted flat photograph keeps it in its place"""
    start_deg: float = 8.0
    """the way begins inside this angle"""
    approach_deg: float = 5.0
    """at least one sample between this and `yaw_deg`: two photographs shown in turn have none"""
    cut_deg: float = 15.0
    cut_deg_s: float = 250.0
    """a larger and faster step is a cut, not a head; the fastest real turn seen was 225°/s. Both are asked for, because
    frames that a slow network held back arrive together"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn(Held):
    """The way to one side. `approach`: samples seen on the way."""

    family = "head"
    limits_type = TurnLimits
    side: ClassVar[int]
    """+1: the subject's left"""

    approach: int = 0
    angle: float = 0.0
    """latest turn towards this side, degrees"""
    at: float | None = None
    """when that was"""

    @classmethod
    def free(cls) -> Self:
        return cls(armed=True, approach=1)

    def shows(self, now: Signals, start: Signals, limits: TurnLimits, ease: float) -> bool:  # noqa: ARG002
        return (
            now.turn * self.side > limits.yaw_deg * ease
            and now.nose * self.side > limits.nose * ease
            and self.approach > 0
        )

    def watch(self, now: Signals, start: Signals, limits: TurnLimits) -> Self:
        angle = now.turn * self.side
        step = abs(angle - self.angle)
        cut = self.at is not None and step > max(limits.cut_deg, limits.cut_deg_s * (now.t - self.at))
        between = limits.approach_deg <= angle < limits.yaw_deg
        gone = cut or angle < limits.approach_deg
        approach = 0 if gone else self.approach + between
        moved = replace(self, angle=angle, at=now.t, approach=approach)
        unseen = angle >= limits.yaw_deg and approach == 0  # there without having come: back to the centre first
        if cut or unseen or not self.armed:
            return replace(moved, armed=abs(angle) < limits.start_deg, showing=False)
        return super(Turn, moved).watch(now, start, limits)

    def lost(self) -> Self:
        return replace(super(Turn, self).lost(), armed=False, approach=0, angle=0.0, at=None)

    def progress(self, limits: TurnLimits) -> float:
        way = max(0.0, min(self.angle / limits.yaw_deg, 1.0)) if self.armed else 0.0
        return 1.0 if self.done else (way + super(Turn, self).progress(limits)) / 2


@register
@dataclass(frozen=True, slots=True, kw_only=True)
class TurnLeft(Turn):
    kind = "turn_left"
    side = 1

    @classmethod
    def instruction(cls, count: int) -> str:  # noqa: ARG003
        return "Turn your head left"


@register
@dataclass(frozen=True, slots=True, kw_only=True)
class TurnRight(Turn):
    kind = "turn_right"
    side = -1

    @classmethod
    def instruction(cls, count: int) -> str:  # noqa: ARG003
        return "Turn your head right"
