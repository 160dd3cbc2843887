"""Mouth open: the lips apart and the jaw down, and not by smiling."""

from __future__ import annotations

from dataclasses import dataclass

from lifesign.core.challenges.challenge import Gauge, Held, HoldLimits, register
from lifesign.core.types import Signals


@dataclass(frozen=True, slots=True, kw_only=True)
class MouthLimits(HoldLimits):
    hold_s: float = 0.5
    """in speech the mouth is open for less; asked for or not, the same time counts, else a recording whose mouth opens
    for just long enough would always be right and never wrong"""
    free_s: float = 0.2
    gap: float = 0.12
    """least distance of the inner lips in IOD: alone it fires on a toothy smile"""
    jaw_open: float = 0.25
    """least blendshape: alone it fires on puffed lips"""
    whole_gap: float = 0.4
    whole_jaw: float = 0.8
    """a mouth is open when the distance over the one and the blendshape over the other add up to 1. Mouths opened on
    purpose reach 1.3, speech seldom 0.9 for long"""
    smile: float = 0.6
    """a broader smile is a laugh"""
    tongue: float = 0.2
    """third output of the landmark network above the person's own: a tongue that is out opens the mouth too"""


@register
@dataclass(frozen=True, slots=True, kw_only=True)
class MouthOpen(Held):
    kind = "mouth_open"
    family = "face"
    limits_type = MouthLimits

    @classmethod
    def instruction(cls, count: int) -> str:  # noqa: ARG003
        return "Open your mouth"

    @classmethod
    def gauges(cls, limits: MouthLimits) -> tuple[Gauge, ...]:
        return (
            Gauge(name="mouth open", unit="", read=lambda now: _opening(now, limits), threshold=1.0, low=0.0, high=2.0),
        )

    def shows(self, now: Signals, start: Signals, limits: MouthLimits, ease: float) -> bool:  # noqa: ARG002
        return (
            _opening(now, limits) > ease
            and now.mouth_gap > limits.gap * ease
            and now.jaw_open > limits.jaw_open * ease
            and min(now.smile_left, now.smile_right) < limits.smile / ease
            and now.tongue < limits.tongue / ease
        )


def _opening(now: Signals, limits: MouthLimits) -> float:
    return now.mouth_gap / limits.whole_gap + now.jaw_open / limits.whole_jaw
