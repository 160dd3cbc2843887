"""Raised brows: higher than the person's own, and not because the head went back."""

from __future__ import annotations

from dataclasses import dataclass

from lifesign.core.challenges.challenge import Gauge, Held, HoldLimits, register
from lifesign.core.types import Signals


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowLimits(HoldLimits):
    hold_s: float = 0.3
    free_s: float = 0.3
    shape: float = 0.08
    """least rise of the blendshapes browInnerUp and browOuterUp above the person's own: a head that goes back fires
    them alone"""
    height: float = 0.08
    """least rise of the brows over the eyes, de-rotated, as a share of the person's own height"""
    whole_shape: float = 0.5
    whole_height: float = 0.2
    """a raise, when the one over the other and its partner add up to 1: some brows move far and hardly change the
    blendshapes (0.09 with 16 % more height was the least of 11 labelled raises), others the other way round"""
    pitch_deg: float = 12.0
    """against the baseline: of a head tipped further the brows cannot be read"""


@register
@dataclass(frozen=True, slots=True, kw_only=True)
class BrowRaise(Held):
    kind = "brow_raise"
    family = "face"
    limits_type = BrowLimits

    @classmethod
    def instruction(cls, count: int) -> str:  # noqa: ARG003
        return "Raise your eyebrows"

    @classmethod
    def gauges(cls, limits: BrowLimits) -> tuple[Gauge, ...]:
        return (
            Gauge(name="brow raise", unit="", read=lambda now: _raise(now, limits), threshold=1.0, low=-1.0, high=3.0),
        )

    def shows(self, now: Signals, start: Signals, limits: BrowLimits, ease: float) -> bool:  # noqa: ARG002
        return (
            _raise(now, limits) > ease
            and now.brow > limits.shape * ease
            and now.brow_height - 1.0 > limits.height * ease
            and abs(now.tip) < limits.pitch_deg
        )


def _raise(now: Signals, limits: BrowLimits) -> float:
    return now.brow / limits.whole_shape + (now.brow_height - 1.0) / limits.whole_height
