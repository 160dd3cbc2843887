"""The lids: how open they are, and when that can be read. Blinks, winks and closed eyes go by it."""

from __future__ import annotations

from dataclasses import dataclass

from lifesign.core.types import Signals

WEIGHT_OPENING, WEIGHT_SHAPE = 0.6, 0.4
SHAPE_OPEN, SHAPE_SPAN, SHAPE_MOST = 0.2, 0.7, 1.3


@dataclass(frozen=True, kw_only=True)  # no slots: closed eyes are held as well, and two slotted bases do not mix
class LidLimits:
    """What every action of the lids has."""

    yaw_deg: float = 25.0
    pitch_down_deg: float = 25.0
    pitch_up_deg: float = 18.0
    """beyond these angles the lids cannot be read"""


def readable(now: Signals, limits: LidLimits) -> bool:
    """Whether the head is straight enough for the lids to be read."""
    return abs(now.yaw) <= limits.yaw_deg and -limits.pitch_up_deg <= now.pitch <= limits.pitch_down_deg


def openness(now: Signals) -> float:
    """How open the more open eye is: about 1 open, about 0 shut; lids by geometry and by blendshape."""
    shape = (1 - min(now.blink_left, now.blink_right) - SHAPE_OPEN) / SHAPE_SPAN
    return WEIGHT_OPENING * max(now.eye_left, now.eye_right) + WEIGHT_SHAPE * max(0.0, min(shape, SHAPE_MOST))
