"""Blink: both lids shut and open again, within a blink's time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self

from lifesign.core.challenges.challenge import Challenge, register
from lifesign.core.types import Signals

WEIGHT_OPENING, WEIGHT_SHAPE = 0.6, 0.4
SHAPE_OPEN, SHAPE_SPAN, SHAPE_MOST = 0.2, 0.7, 1.3


@dataclass(frozen=True, slots=True, kw_only=True)
class BlinkLimits:
    closes: float = 0.60
    """openness below which the lids count as shut; measured over 109 blinks of 40 people"""
    reopens: float = 0.72
    """openness above which they are open again"""
    least_s: float = 0.03
    """a blink stays shut for 0.033 / 0.133 / 0.362 s (5 / 50 / 95 %)"""
    most_s: float = 0.8
    """longer is eyes closed"""
    yaw_deg: float = 25.0
    pitch_down_deg: float = 25.0
    pitch_up_deg: float = 18.0
    """beyond these angles the lids cannot be read"""
    sway_deg: float = 15.0
    sway_s: float = 0.2
    """a head moving further than this within this time of the blink makes lids seem to shut"""


def openness(now: Signals) -> float:
    """How open the more open eye is: about 1 open, about 0 shut; lids by geometry and by blendshape."""
    shape = (1 - min(now.blink_left, now.blink_right) - SHAPE_OPEN) / SHAPE_SPAN
    return WEIGHT_OPENING * max(now.eye_left, now.eye_right) + WEIGHT_SHAPE * max(0.0, min(shape, SHAPE_MOST))


@register
@dataclass(frozen=True, slots=True, kw_only=True)
class Blink(Challenge):
    """`shut_at`: since when the lids are shut. `pending`: a blink that waits for the head to prove still."""

    kind = "blink"
    family = "eyes"
    exempt = True
    counts = (2, 3)  # at 17 blinks a minute one within 4 s is likely by itself (0.68), two are not (0.31)
    limits_type = BlinkLimits

    shut_at: float | None = None
    pending: tuple[float, float] | None = None
    sway: tuple[tuple[float, float, float], ...] = ()
    """recent (t, yaw, pitch)"""

    @classmethod
    def instruction(cls, count: int) -> str:
        return f"Blink {count} more time{'s' if count != 1 else ''}"

    @property
    def active(self) -> bool:
        return self.shut_at is not None or self.pending is not None

    def progress(self, limits: Any) -> float:  # noqa: ARG002
        return min(self.seen / self.count, 1.0)

    def watch(self, now: Signals, start: Signals, limits: BlinkLimits) -> Self:  # noqa: ARG002
        since = now.t - limits.most_s - 2 * limits.sway_s
        settled = self._settle(limits, now.t)  # before the memory that it reads is cut
        sway = (*(row for row in self.sway if row[0] >= since), (now.t, now.yaw, now.pitch))
        new = replace(settled, sway=sway)
        readable = abs(now.yaw) <= limits.yaw_deg and -limits.pitch_up_deg <= now.pitch <= limits.pitch_down_deg
        if not readable:
            return replace(new, armed=False, shut_at=None)
        level = openness(now)
        if new.shut_at is None:
            if level < limits.closes and new.armed:
                return replace(new, shut_at=now.t)
            return replace(new, armed=new.armed or level > limits.reopens)
        if level <= limits.reopens:
            too_long = now.t - new.shut_at > limits.most_s
            return replace(new, shut_at=None, armed=False) if too_long else new
        shut_for = now.t - new.shut_at
        if limits.least_s <= shut_for <= limits.most_s:
            new = replace(new._settle(limits), pending=(new.shut_at, now.t))
        return replace(new, shut_at=None)

    def _settle(self, limits: BlinkLimits, t: float = float("inf")) -> Self:
        """A pending blink counts once the time after it is known too, unless the head swayed around it."""
        if self.pending is None or t < self.pending[1] + limits.sway_s:
            return self
        begin, end = self.pending[0] - limits.sway_s, self.pending[1] + limits.sway_s
        rows = [row for row in self.sway if begin <= row[0] <= end]
        swayed = any(max(row[i] for row in rows) - min(row[i] for row in rows) > limits.sway_deg for i in (1, 2))
        if swayed:
            return replace(self, pending=None)
        onset, last = self.pending
        onset = onset if self.onset is None else self.onset
        return replace(self, pending=None, seen=self.seen + 1, onset=onset, last=last)

    @property
    def over(self) -> bool:
        return self.done

    def again(self) -> Self:
        return replace(self, seen=0, onset=None)

    def close(self, limits: BlinkLimits) -> Self:
        return self._settle(limits)

    def lost(self) -> Self:
        return replace(self, armed=False, shut_at=None, pending=None, sway=())
