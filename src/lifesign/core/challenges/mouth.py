"""Mouth open: the lips apart and the jaw down, and not by smiling."""

from __future__ import annotations

from dataclasses import dataclass

from lifesign.core.challenges.challenge import Held, HoldLimits, register
from lifesign.core.types import Signals


@dataclass(frozen=True, slots=True, kw_only=True)
class MouthLimits(HoldLimits):
    hold_s: float = 0.5
    """in speech the mouth is open for less; asked for or not, the same time counts, else a recording whose mouth opens
    for just long enough would always be right and never wrong"""
    gap: float = 0.12
    """distance of the inner lips in IOD: alone it fires on a toothy smile"""
    jaw_open: float = 0.25
    """blendshape: alone it fires on puffed lips"""
    smile: float = 0.6
    """a broader smile is a laugh"""


@register
@dataclass(frozen=True, slots=True, kw_only=True)
class MouthOpen(Held):
    kind = "mouth_open"
    family = "face"
    limits_type = MouthLimits

    @classmethod
    def instruction(cls, count: int) -> str:  # noqa: ARG003
        return "Open your mouth"

    def shows(self, now: Signals, start: Signals, limits: MouthLimits, ease: float) -> bool:  # noqa: ARG002
        return (
            now.mouth_gap > limits.gap * ease
            and now.jaw_open > limits.jaw_open * ease
            and min(now.smile_left, now.smile_right) < limits.smile / ease
        )
