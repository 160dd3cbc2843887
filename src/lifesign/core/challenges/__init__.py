"""One file per challenge. `REGISTRY` maps each kind to its class; importing the file registers it."""

from lifesign.core.challenges import blink, brow, center, eyes_closed, mouth, nod, smile, tongue, turn, wink
from lifesign.core.challenges.challenge import REGISTRY, Challenge, Gauge

__all__ = [
    "REGISTRY",
    "Challenge",
    "Gauge",
    "blink",
    "brow",
    "center",
    "eyes_closed",
    "mouth",
    "nod",
    "smile",
    "tongue",
    "turn",
    "wink",
]
