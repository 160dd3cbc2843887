"""Centre: look straight for a moment. Nothing is proved by it; the documented fixed plans use it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from lifesign.core.challenges.challenge import Held, HoldLimits, register
from lifesign.core.types import Signals


@dataclass(frozen=True, slots=True, kw_only=True)
class CenterLimits(HoldLimits):
    hold_s: float = 0.5
    yaw_deg: float = 8.0
    """against the baseline"""


@register
@dataclass(frozen=True, slots=True, kw_only=True)
class Center(Held):
    kind = "center"
    family = ""
    exempt = True
    event = False
    limits_type = CenterLimits

    @classmethod
    def instruction(cls, count: int) -> str:  # noqa: ARG003
        return "Look straight at the camera"

    def shows(self, now: Signals, start: Signals, limits: CenterLimits, ease: float) -> bool:  # noqa: ARG002
        return abs(now.turn) < limits.yaw_deg

    def watch(self, now: Signals, start: Signals, limits: CenterLimits) -> Self:
        # Looking straight already when asked is a good answer: no other state has to come first.
        return super(Center, replace(self, armed=True)).watch(now, start, limits)
