"""Limits and times as people read them."""

from __future__ import annotations

from typing import Final

from lifesign.report.words import spoken

UNITS: Final = {"s": "s", "deg": "°", "deg_s": "°/s", "px": "px", "iod": "IOD", "fps": "fps"}
"""endings of limits' names, and what they mean; without one it is a share, a ratio or a score"""


def limit_name(name: str) -> tuple[str, str]:
    """A limit's name without its unit, and the unit: `hold_s` → Hold, s."""
    for ending in sorted(UNITS, key=len, reverse=True):
        if name.endswith(f"_{ending}"):
            return spoken(name[: -len(ending) - 1]), UNITS[ending]
    return spoken(name), ""


def clock(seconds: float) -> str:
    """`83.25` → 1:23.25."""
    minutes, rest = divmod(max(seconds, 0.0), 60)
    return f"{int(minutes)}:{rest:05.2f}"
