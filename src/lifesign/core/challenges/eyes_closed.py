"""Eyes closed: shut for longer than a blink. For clips only; nobody is asked for it, since they could not read on."""

from __future__ import annotations

from dataclasses import dataclass

from lifesign.core.challenges.challenge import Gauge, Held, HoldLimits, register
from lifesign.core.challenges.lids import LidLimits, openness, readable
from lifesign.core.types import Signals


@dataclass(frozen=True, slots=True, kw_only=True)
class EyesClosedLimits(LidLimits, HoldLimits):
    hold_s: float = 0.5
    free_s: float = 0.5
    """95 % of blinks are shut for 0.36 s at most"""
    gap_s: float = 0.0
    """lids that open are open: two blinks close together are no closed eyes"""
    release: float = 0.83
    """they are open again at 0.72, as after a blink"""
    openness: float = 0.60
    """of the more open eye, as for a blink"""


@register
@dataclass(frozen=True, slots=True, kw_only=True)
class EyesClosed(Held):
    kind = "eyes_closed"
    lids = True
    family = ""
    exempt = True
    asked = False
    limits_type = EyesClosedLimits

    @classmethod
    def instruction(cls, count: int) -> str:  # noqa: ARG003
        return "Close your eyes"

    @classmethod
    def gauges(cls, limits: EyesClosedLimits) -> tuple[Gauge, ...]:
        return (
            Gauge(name="eyes open", unit="", read=openness, threshold=limits.openness, low=0.0, high=1.2, rest=1.0),
        )

    def shows(self, now: Signals, start: Signals, limits: EyesClosedLimits, ease: float) -> bool:  # noqa: ARG002
        return readable(now, limits) and openness(now) < limits.openness / ease
