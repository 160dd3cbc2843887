"""One file per challenge. `REGISTRY` maps each kind to its class; importing the file registers it."""

from lifesign.core.challenges import blink, center, mouth, smile, turn
from lifesign.core.challenges.challenge import REGISTRY, Challenge

__all__ = ["REGISTRY", "Challenge", "blink", "center", "mouth", "smile", "turn"]
