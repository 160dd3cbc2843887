"""Names and codes as people read them: in the report and in the desktop program alike."""

from __future__ import annotations

from typing import Final

from lifesign.core.reasons import REASONS

DEGREES: Final = "deg"
UNITS: Final = {DEGREES: "°"}
"""of gauges"""
VERDICTS: Final = {
    "clear": "found nothing wrong",
    "none": "has no opinion: it saw too little",
    "suspect": "found something odd",
    "deny": "found something wrong",
}
"""what a cue says"""


def title(name: str) -> str:
    """`turn_left` → turn left."""
    return name.replace("_", " ")


def spoken(name: str) -> str:
    """`turn_left` → Turn left."""
    words = title(name)
    return words[:1].upper() + words[1:]


def reason(code: str) -> str:
    """A reason's sentence, without its first capital and its full stop."""
    return REASONS.get(code, title(code))


def said(kind: str, verdict: str, code: str) -> str:
    """What a cue says and why, as a sentence."""
    return f"{spoken(kind)} {VERDICTS[verdict]}{': ' + reason(code) if code else ''}."
