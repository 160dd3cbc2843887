"""Blink: both lids shut and open again, within a blink's time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self

from lifesign.core.challenges.challenge import Challenge, Gauge, register
from lifesign.core.challenges.lids import LidLimits, openness, readable
from lifesign.core.types import Signals
from lifesign.errors import PolicyError

MOST_BLINKS = 30
COUNTS = (2, 3)  # at 17 blinks a minute one within 4 s is likely by itself (0.68), two are not (0.31)


@dataclass(frozen=True, slots=True, kw_only=True)
class BlinkLimits(LidLimits):
    blink_threshold: float = 0.40
    """how far the lids come down to count as shut, 0..1 of `openness`; lower is easier. Measured over 109 blinks of 40
    people: 102 found"""
    reopens_by: float = 0.12
    """how much further open than that they have to be afterwards"""
    ear_threshold: float = 0.0
    """when set, the lids count as shut below this eye-aspect ratio instead, for everybody alike (0.25 is documented):
    narrow eyes are then never open, and wide ones hard to shut"""
    blink_required: int = 0
    """how often to blink in one step; 0: two or three times, by chance"""
    least_s: float = 0.03
    """a blink stays shut for 0.033 / 0.133 / 0.362 s (5 / 50 / 95 %)"""
    most_s: float = 0.8
    """longer is eyes closed"""
    sway_deg: float = 15.0
    sway_s: float = 0.2
    """a head moving further than this within this time of the blink makes lids seem to shut"""

    def __post_init__(self) -> None:
        if not 0 < self.blink_threshold < 1 or self.ear_threshold < 0:
            raise PolicyError("blink_threshold is between 0 and 1; ear_threshold is not negative")
        if not 0 <= self.blink_required <= MOST_BLINKS or self.least_s > self.most_s:
            raise PolicyError(f"blink_required is 0 to {MOST_BLINKS}; least_s is not above most_s")


@register
@dataclass(frozen=True, slots=True, kw_only=True)
class Blink(Challenge):
    """`shut_at`: since when the lids are shut. `pending`: a blink that waits for the head to prove still."""

    kind = "blink"
    lids = True
    family = "eyes"
    exempt = True
    limits_type = BlinkLimits

    shut_at: float | None = None
    pending: tuple[float, float] | None = None
    sway: tuple[tuple[float, float, float], ...] = ()
    """recent (t, yaw, pitch)"""

    @classmethod
    def instruction(cls, count: int) -> str:
        return f"Blink {count} more time{'s' if count != 1 else ''}"

    @classmethod
    def counts(cls, limits: BlinkLimits) -> tuple[int, ...]:
        return (limits.blink_required,) if limits.blink_required else COUNTS

    @classmethod
    def gauges(cls, limits: BlinkLimits) -> tuple[Gauge, ...]:
        if limits.ear_threshold:
            return (
                Gauge(
                    name="eye-aspect ratio",
                    unit="",
                    read=lambda now: now.ear,
                    threshold=limits.ear_threshold,
                    low=0.0,
                    high=0.5,
                    rest=0.33,
                ),
            )
        return (
            Gauge(
                name="eyes open",
                unit="",
                read=openness,
                threshold=1 - limits.blink_threshold,
                low=0.0,
                high=1.2,
                rest=1.0,
            ),
        )

    @property
    def active(self) -> bool:
        return self.shut_at is not None or self.pending is not None

    @property
    def began(self) -> float | None:
        return self.shut_at if self.onset is None else self.onset

    def progress(self, limits: Any) -> float:  # noqa: ARG002
        return min(self.seen / self.count, 1.0)

    def watch(self, now: Signals, start: Signals, limits: BlinkLimits) -> Self:  # noqa: ARG002
        since = now.t - limits.most_s - 2 * limits.sway_s
        settled = self._settle(limits, now.t)  # before the memory that it reads is cut
        sway = (*(row for row in self.sway if row[0] >= since), (now.t, now.yaw, now.pitch))
        new = replace(settled, sway=sway)
        if not readable(now, limits):
            return replace(new, armed=False, shut_at=None)
        closed = 1 - limits.blink_threshold
        level = closed * now.ear / limits.ear_threshold if limits.ear_threshold else openness(now)
        if new.shut_at is None:
            if level < closed and new.armed:
                return replace(new, shut_at=now.t)
            return replace(new, armed=new.armed or level > closed + limits.reopens_by)
        if level <= closed + limits.reopens_by:
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
