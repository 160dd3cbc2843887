"""The colours of actions, verdicts and paper, in light and in dark."""

from __future__ import annotations

from typing import Final

from lifesign.core import challenges

LIGHT: Final = {
    "ink": "#1c2430", "quiet": "#566070", "grid": "#d9dee6", "paper": "#fefefd", "ground": "#f2f4f7", "on": "#fffffe",
    "signal": "#33475f", "link": "#1f5fcf",
    "eyes": "#2f6fde", "head": "#b9501a", "face": "#14805b", "rest": "#7553c4",
    "clear": "#14805c", "none": "#6b7482", "suspect": "#9a6410", "deny": "#c62f3b",
}  # fmt: skip
DARK: Final = {
    "ink": "#e8ebf0", "quiet": "#a3adba", "grid": "#2e3642", "paper": "#171c24", "ground": "#0f1319", "on": "#0f1319",
    "signal": "#b8c7da", "link": "#8ab8ff",
    "eyes": "#7fb0ff", "head": "#f39b66", "face": "#55cda2", "rest": "#bda4f5",
    "clear": "#55cda3", "none": "#99a3b1", "suspect": "#e3b04f", "deny": "#ff8189",
}  # fmt: skip
"""by the same names: no two names share a value, so that a drawing's colours can be told apart"""


def name(kind: str) -> str:
    """The name of an action's colour: its family's."""
    return challenges.REGISTRY[kind].family or "rest"


def colour(kind: str) -> str:
    """The colour of an action on light ground, and in videos."""
    return LIGHT[name(kind)]


def rgb(hexadecimal: str) -> tuple[int, int, int]:
    """The same as three bytes."""
    red, green, blue = bytes.fromhex(hexadecimal[1:])
    return red, green, blue
