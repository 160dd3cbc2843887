"""Nod: the chin goes down and comes up again, in one quick movement."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self

from lifesign.core.challenges.challenge import Challenge, Gauge, register
from lifesign.core.types import Signals

COUNTS = (2,)  # one may be a glance at the keyboard


@dataclass(frozen=True, slots=True, kw_only=True)
class NodLimits:
    pitch_deg: float = 10.0
    """how far the chin goes"""
    back: float = 0.7
    """share of that way by which it has to come back"""
    most_s: float = 1.8
    """slower is looking down; a deliberate slow nod took 1.5 s, and between 1.2 and 1.8 no false alarm is added"""
    yaw_deg: float = 25.0
    """range of yaw meanwhile: more is a head that turns"""
    rest_deg: float = 3.0
    """change of pitch within which the head counts as not moving yet"""


@register
@dataclass(frozen=True, slots=True, kw_only=True)
class Nod(Challenge):
    kind = "nod"
    family = "head"
    limits_type = NodLimits

    rows: tuple[tuple[float, float, float], ...] = ()
    """recent (t, pitch, yaw)"""
    down_at: float | None = None
    """when the chin that is down began to go there"""

    @classmethod
    def instruction(cls, count: int) -> str:
        return f"Nod {count} times" if count > 1 else "Nod once more"

    @classmethod
    def counts(cls, limits: NodLimits) -> tuple[int, ...]:  # noqa: ARG003
        return COUNTS

    @classmethod
    def gauges(cls, limits: NodLimits) -> tuple[Gauge, ...]:
        return (
            Gauge(name="nod", unit="deg", read=lambda now: now.tip, threshold=limits.pitch_deg, low=-30.0, high=30.0),
        )

    @property
    def active(self) -> bool:
        return self.down_at is not None

    @property
    def began(self) -> float | None:
        return self.onset if self.seen else self.down_at

    def progress(self, limits: Any) -> float:  # noqa: ARG002
        return min(self.seen / self.count, 1.0)

    def watch(self, now: Signals, start: Signals, limits: NodLimits) -> Self:  # noqa: ARG002
        rows = (*(row for row in self.rows if row[0] >= now.t - limits.most_s), (now.t, now.tip, now.turn))
        begin, nodded = _nodded(rows, limits)
        if not nodded:
            return replace(self, armed=True, rows=rows, down_at=begin)
        onset = self.onset if self.seen else begin
        return replace(self, armed=True, rows=rows[-1:], down_at=None, seen=self.seen + 1, onset=onset, last=now.t)

    def lost(self) -> Self:
        return replace(self, armed=False, rows=(), down_at=None)


def _nodded(rows: tuple[tuple[float, float, float], ...], limits: NodLimits) -> tuple[float | None, bool]:
    """When the chin began to go down that is down in the latest row, or None; and whether it has come up again."""
    low = max(rows, key=lambda row: row[1])
    before = [row for row in rows if row[0] < low[0]]
    turned = max(row[2] for row in rows) - min(row[2] for row in rows)
    way = low[1] - min((row[1] for row in before), default=low[1])
    if way < limits.pitch_deg or turned > limits.yaw_deg:
        return None, False
    top = low[1] - way
    begin = next(row[0] for row in reversed(before) if row[1] - top < limits.rest_deg)
    deep = min(way, max(low[1], limits.pitch_deg))  # who lifts the chin first comes back to rest, not up there again
    return begin, low[1] - rows[-1][1] >= limits.back * deep
