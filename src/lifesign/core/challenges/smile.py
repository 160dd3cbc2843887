"""Smile: both corners up and the mouth wider than the person's own neutral one."""

from __future__ import annotations

from dataclasses import dataclass

from lifesign.core.challenges.challenge import Gauge, Held, HoldLimits, register
from lifesign.core.types import Signals


@dataclass(frozen=True, slots=True, kw_only=True)
class SmileLimits(HoldLimits):
    smile: float = 0.45
    """least of the two mouthSmile blendshapes"""
    width: float = 0.06
    """how much wider than neutral: a photograph tilted by 60° reads a smile of 0.62 but no wider mouth"""
    yaw_deg: float = 18.0
    """of a head turned further the far corner of the mouth cannot be read"""
    jaw_open: float = 0.35
    """a mouth opened further is talking or a laugh; labelled smiles stay below 0.25"""
    uneven: float = 0.20
    """difference of the two corners: a hand before the mouth lifts one"""


@register
@dataclass(frozen=True, slots=True, kw_only=True)
class Smile(Held):
    kind = "smile"
    family = "face"
    limits_type = SmileLimits

    @classmethod
    def instruction(cls, count: int) -> str:  # noqa: ARG003
        return "Smile"

    @classmethod
    def gauges(cls, limits: SmileLimits) -> tuple[Gauge, ...]:
        return (
            Gauge(
                name="smile",
                unit="",
                read=lambda now: min(now.smile_left, now.smile_right),
                threshold=limits.smile,
                low=0.0,
                high=1.0,
            ),
            Gauge(
                name="mouth width",
                unit="",
                read=lambda now: now.mouth_width,
                threshold=1.0 + limits.width,
                low=0.8,
                high=1.4,
                rest=1.0,
            ),
        )

    def shows(self, now: Signals, start: Signals, limits: SmileLimits, ease: float) -> bool:  # noqa: ARG002
        return (
            min(now.smile_left, now.smile_right) > limits.smile * ease
            and now.mouth_width - 1.0 > limits.width * ease
            and now.jaw_open < limits.jaw_open / ease
            and abs(now.smile_left - now.smile_right) < limits.uneven / ease
            and abs(now.turn) < limits.yaw_deg
        )
