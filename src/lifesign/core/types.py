"""The values that travel through Lifesign. All are frozen; shapes and units are in the docstrings.

Signs, written down once: left and right are the SUBJECT's own, in an unmirrored image (the eye at the image's
right is the subject's left). `yaw > 0`: the head turns to the subject's left. `pitch > 0`: chin down.
`roll > 0`: the head tilts to the subject's left shoulder (clockwise in the image). Angles are degrees, times
are seconds, lengths are pixels unless a docstring says otherwise. IOD (inter-ocular distance) is the distance
between the outer eye corners, landmarks 33 and 263.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One camera picture. `pixels`: (H, W, 3) uint8 RGB, unmirrored, upright. `t`: seconds on the server's
    clock. `seq`: 0, 1, 2 … within its session."""

    pixels: NDArray[np.uint8]
    t: float
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """An upright rectangle in pixels: top left corner, width and height; `score` 0..1 from the detector."""

    x: float
    y: float
    width: float
    height: float
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """One face as the networks see it.

    `box`: around all 478 landmarks. `score`: 0..1 presence. `landmarks`: (478, 3) float32 px, x right, y down,
    z towards the back in the same scale as x, smoothed over time; 468..477 are the irises. `raw_landmarks`: the same
    before smoothing. `blendshapes`: (52,) 0..1 in MediaPipe's order, or all zero when they were not asked for.
    `pose`: (4, 4) float32 canonical face to camera, cm, OpenGL axes. `tongue`: 0..1, the landmark network's
    third output.
    """

    box: Box
    score: float
    landmarks: NDArray[np.float32]
    raw_landmarks: NDArray[np.float32]
    blendshapes: NDArray[np.float32]
    pose: NDArray[np.float32]
    tongue: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one frame shows: the followed face, or None, and the boxes of the other faces that the latest
    detector pass saw (the detector runs a few times a second, not on every frame)."""

    face: Face | None
    others: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """One frame as plain numbers: the only thing challenges see. `core/signals.py` makes it.

    Ratios are to the person's own neutral face once there is a `Baseline`; before that they are the raw ratios.
    """

    t: float
    """seconds on the server's clock"""
    faces: int = 0
    """how many faces; 0: all other numbers are 0 and mean nothing"""
    presence: float = 0.0
    """0..1, that the followed face is one at all"""
    other: float = 0.0
    """height of the largest other face, as a share of the followed one's"""
    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    """head pose against the camera, degrees"""
    turn: float = 0.0
    tip: float = 0.0
    """yaw and pitch against the baseline's, degrees"""
    nose: float = 0.0
    """where the nose stands between the two face edges, 0..1, minus the baseline's; grows towards the subject's left"""
    eye_left: float = 0.0
    eye_right: float = 0.0
    """eye opening over eye width, de-rotated, as a share of the baseline's"""
    ear: float = 0.0
    """eye-aspect ratio: mean opening over width of both eyes, de-rotated, not against any baseline"""
    blink_left: float = 0.0
    blink_right: float = 0.0
    """blendshapes eyeBlink, 0..1"""
    mouth_gap: float = 0.0
    """distance of the inner lips, de-rotated, in IOD"""
    mouth_width: float = 0.0
    """distance of the mouth corners, de-rotated, in IOD, as a share of the baseline's"""
    jaw_open: float = 0.0
    smile_left: float = 0.0
    smile_right: float = 0.0
    """blendshapes jawOpen, mouthSmile, 0..1"""
    brow: float = 0.0
    """mean of blendshape browInnerUp and the two browOuterUp, minus the baseline's"""
    brow_height: float = 0.0
    """distance from brows to eye corners, de-rotated, in IOD, as a share of the baseline's"""
    tongue: float = 0.0
    """third output of the landmark network, 0..1, minus the baseline's"""
    mouth_tone: float = 0.0
    """how far up from the lower lip its colour goes on in what is seen between the lips, in IOD"""
    lip_tone: float = 0.0
    """how far the lips' colour is from the cheeks': logarithm of a ratio"""
    size: float = 0.0
    """IOD, de-rotated, px"""
    height: float = 0.0
    """height of the face as a share of the picture's"""
    x: float = 0.0
    y: float = 0.0
    """centre of the face, px"""
    motion: float = 0.0
    """its speed since the frame before, IOD a second"""
    dx: float = 0.0
    dy: float = 0.0
    """centre of the face from the centre of the picture, as a share of the picture's width and height"""
    brightness: float = 0.0
    dark: float = 0.0
    glare: float = 0.0
    """mean luminance of the face 0..1; shares of its pixels that are nearly black and nearly white"""
    contrast: float = 0.0
    """dynamic range of the face, bits: entropy of its grey levels"""
    evenness: float = 0.0
    """luminance of the darker half of the face over the brighter half's, left against right, 0..1"""
    sharpness: float = 0.0
    """variance of the Laplacian over the face brought to 160 px"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """One thing the person can do better now. `code` is stable; `message` is the English sentence.
    `blocks`: nothing is judged while it holds."""

    code: str
    message: str
    blocks: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What the person's client is told after a frame. Never scores, never a step to come."""

    seq: int
    state: str
    """baseline, steps, closing; then passed or failed, which the service turns into the verdict"""
    prompt: str
    """a challenge's kind, or baseline, pause, or empty when finished"""
    count: int
    """how many times the action is still asked for"""
    instruction: str
    step: int
    """1..total"""
    total: int
    progress: float
    """of this step, 0..1"""
    hint: Hint | None = None
    time_left_s: float = 0.0
    face_detected: bool = False
    step_completed: bool = False
    """this very frame closed a step"""
    finished: bool = False
    failure: str = ""
    """reason code of the latest failed attempt or of the verdict; empty while all is well"""
    next_frame_in_ms: int = 0
    dropped: bool = False
    """this frame was not looked at: a newer one took its place"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What one cue or the challenges say at the end. `verdict`: deny, suspect, clear or none."""

    kind: str
    verdict: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The reasoned end of a session. `verdict`: live, spoof or inconclusive. `reasons`: codes, the deciding one
    first. `models`: name to sha256 of every network that looked."""

    verdict: str
    reasons: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    policy_id: str
    models: tuple[tuple[str, str], ...]
    started_at: float
    decided_at: float
    challenges: tuple[str, ...]
    challenge_entropy_bits: float
    fixed_plan: bool = False
