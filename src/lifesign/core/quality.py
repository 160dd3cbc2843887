"""What the person can do better now, and which frame is the best picture of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lifesign.core.baseline import BaselineLimits, facing, relaxed
from lifesign.core.types import Hint, Signals


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityLimits:
    other: float = 0.4
    """another face this large against the followed one is a second person, not somebody behind"""
    iod_px: float = 45.0
    """a smaller face cannot be judged"""
    height: float = 0.9
    """share of the picture's height; larger is too close"""
    off_x: float = 0.35
    off_y: float = 0.35
    """face centre from the picture's centre, share of width and height"""
    brightness: float = 0.12
    """mean luminance of the face, 0..1; darker, the landmarks wander"""
    glare: float = 0.35
    """share of burnt-out pixels"""
    restless: float = 1.0
    """speed of the face in IOD a second; faster, people are asked to hold still before anything begins"""
    # of the verified image: names of ISO/IEC 29794-5; the score is 1 at the better number and 0 at twice its distance
    pose_deg: float = 10.0
    roll_deg: float = 12.0
    motion: float = 0.3
    """IOD a second: a face that moves faster is blurred"""
    image_iod_px: float = 90.0
    eyes_open: float = 0.8
    blink: float = 0.25
    mouth_gap: float = 0.05
    smile: float = 0.4
    luminance: tuple[float, float] = (0.25, 0.75)
    under_exposed: float = 0.25
    over_exposed: float = 0.05
    dynamic_range_bits: float = 5.0
    evenness: float = 0.3


NO_FACE: Final = Hint(code="no_face", message="No face to be seen. Look into the camera")
SEVERAL_FACES: Final = Hint(code="several_faces", message="Only one face, please")
CLOSER: Final = Hint(code="closer", message="Come a little closer")
FURTHER: Final = Hint(code="further", message="Move back a little")
CENTRE: Final = Hint(code="centre", message="Bring your face to the middle")
DARK: Final = Hint(code="dark", message="More light on your face, please")
GLARE: Final = Hint(code="glare", message="Too much light on your face")
STRAIGHT: Final = Hint(code="look_straight", message="Look straight at the camera", blocks=False)
RELAX: Final = Hint(code="relax", message="Relax your face and close your mouth", blocks=False)
STILL: Final = Hint(code="hold_still", message="Hold still for a moment", blocks=False)
OTHER_SIDE: Final = Hint(
    code="other_side", message="That was the other side. Left and right are your own", blocks=False
)
TOO_EARLY: Final = Hint(code="too_early", message="Wait until you are asked, then do it", blocks=False)
WRONG_ACTION: Final = Hint(code="wrong_action", message="That was not it. Do only what you are asked for", blocks=False)
TIMEOUT: Final = Hint(code="timeout", message="The time was up. Here is another try", blocks=False)
UNCLEAR: Final = Hint(
    code="no_reliable_challenge", message="Your eyes cannot be seen well enough. More light may help", blocks=False
)
AGAIN: Final = {hint.code: hint for hint in (OTHER_SIDE, TOO_EARLY, WRONG_ACTION, TIMEOUT, UNCLEAR)}
"""what to tell somebody whose attempt failed, by the reason's code"""
SLOW: Final = Hint(code="slow", message="The pictures come too slowly. Check your connection", blocks=False)


def hint(signals: Signals, limits: QualityLimits) -> Hint | None:
    """The first thing that keeps this frame from being judged, or None."""
    if signals.faces == 0:
        return NO_FACE
    if signals.other > limits.other:
        return SEVERAL_FACES
    if signals.size < limits.iod_px:
        return CLOSER
    if signals.height > limits.height:
        return FURTHER
    if abs(signals.dx) > limits.off_x or abs(signals.dy) > limits.off_y:
        return CENTRE
    if signals.brightness < limits.brightness:
        return DARK
    return GLARE if signals.glare > limits.glare else None


def baseline_hint(raw: Signals, limits: BaselineLimits) -> Hint | None:
    """What keeps a judgeable frame from being a neutral one, or None."""
    if raw.size < limits.iod_px:
        return CLOSER
    if not facing(raw, limits):
        return STRAIGHT
    return None if relaxed(raw, limits) else RELAX


def unrest(raw: Signals, limits: QualityLimits) -> Hint | None:
    """Whether to hold still before anything begins."""
    return STILL if raw.motion > limits.restless else None


def score(signals: Signals, limits: QualityLimits) -> float:
    """Fitness of a frame as the verified image: its worst component, 0..1. Signals are relative to the baseline."""
    low, high = limits.luminance
    return min(
        _below(max(abs(signals.turn), abs(signals.tip)), limits.pose_deg),
        _below(abs(signals.roll), limits.roll_deg),
        _below(signals.motion, limits.motion),
        _above(signals.size, limits.image_iod_px),
        _above(min(signals.eye_left, signals.eye_right), limits.eyes_open),
        _below(max(signals.blink_left, signals.blink_right), limits.blink),
        _below(signals.mouth_gap, limits.mouth_gap),
        _below(max(signals.smile_left, signals.smile_right), limits.smile),
        _above(signals.brightness, low),
        _above(1 - signals.brightness, 1 - high),
        _below(signals.dark, limits.under_exposed),
        _below(signals.glare, limits.over_exposed),
        _above(signals.contrast, limits.dynamic_range_bits),
        _above(signals.evenness, limits.evenness),
    )


def _below(value: float, good: float) -> float:
    return min(max(2 - value / good, 0.0), 1.0)


def _above(value: float, good: float) -> float:
    return min(max(2 * value / good - 1, 0.0), 1.0)
