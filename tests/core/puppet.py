"""A face made of numbers: the few landmarks the core reads, set in 3D and turned. No picture, no network.

Sizes are in IOD (distance of the outer eye corners), x to the image's right, y down, z to the back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from lifesign.core import signals as s
from lifesign.core.cues.continuity import POINTS
from lifesign.core.mouth import CHEEKS, EDGES
from lifesign.core.types import Box, Face, Frame, Look

WIDTH, HEIGHT = 640, 480
NOISE = np.random.default_rng(0).integers(110, 150, (HEIGHT, WIDTH, 3), dtype=np.uint8)
NOISE[HEIGHT // 2 - 15 :, :, 0] += 60  # from the nose down all is as red as lips,
NOISE[338:349] //= 4  # but for the dark that an open mouth shows right above its lower lip, and a tongue does not
BROW_POINTS = list(s.BROWS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What the puppet does: degrees, or 0..1. Left and right are its own."""

    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    blink_left: float = 0.0
    blink_right: float = 0.0
    smile: float = 0.0
    mouth: float = 0.0
    brow: float = 0.0
    tongue: float = 0.0
    x: float = WIDTH / 2
    y: float = HEIGHT / 2
    iod: float = 110.0


def neutral(act: Act) -> np.ndarray:
    points = np.zeros((478, 3))
    points[list(CHEEKS)] = (0, -0.25, 0)
    rng = np.random.default_rng(0)
    points[list(POINTS)] = rng.uniform((-0.5, -0.6, 0.0), (0.5, 0.9, 0.3), (len(POINTS), 3))
    points[[33, 133, 362, 263]] = [(-0.5, 0, 0.1), (-0.17, 0, 0), (0.17, 0, 0), (0.5, 0, 0.1)]
    for pairs, left, right, shut in (
        (s.RIGHT_LIDS, -0.5, -0.17, act.blink_right),
        (s.LEFT_LIDS, 0.5, 0.17, act.blink_left),
    ):
        for i, (upper, lower) in enumerate(pairs):
            x = left + (right - left) * (i + 1) / 4
            half = 0.05 * (1 - 0.95 * shut)
            points[[upper, lower]] = [(x, -half, 0), (x, half, 0)]
    width = 0.27 * (1 + 0.2 * act.smile)
    points[[61, 291]] = [(-width, 0.75, 0.05), (width, 0.75, 0.05)]
    points[np.array(EDGES[:2])] = (0, 0.75, -0.05)
    points[np.array(EDGES[2:])] = (0, 0.75 + 0.25 * act.mouth + 0.12 * act.tongue, -0.05)
    points[1] = (0, 0.4, -0.35)
    points[[234, 454]] = [(-0.75, 0.25, 0.6), (0.75, 0.25, 0.6)]
    points[[10, 152]] = [(0, -0.6, 0.1), (0, 1.2, 0.1)]
    points[BROW_POINTS, 1] = -0.28 * (1 + 0.2 * act.brow)
    return points


def rotation(act: Act) -> np.ndarray:
    """OpenGL axes: x right, y up, z to the camera."""
    yaw, pitch, roll = np.radians((act.yaw, act.pitch, -act.roll))
    cy, sy, cp, sp, cr, sr = np.cos(yaw), np.sin(yaw), np.cos(pitch), np.sin(pitch), np.cos(roll), np.sin(roll)
    turn = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    nod = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
    tilt = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
    return tilt @ turn @ nod


def face(act: Act) -> Face:
    r = rotation(act)
    gl = neutral(act) * (1, -1, -1)
    points = (gl @ r.T) * (1, -1, -1) * act.iod + (act.x, act.y, 0)
    pose = np.eye(4, dtype=np.float32)
    pose[:3, :3] = r
    shapes = np.zeros(52, dtype=np.float32)
    shapes[[s.EYE_BLINK_LEFT, s.EYE_BLINK_RIGHT]] = act.blink_left, act.blink_right
    shapes[[s.MOUTH_SMILE_LEFT, s.MOUTH_SMILE_RIGHT]] = act.smile
    shapes[s.JAW_OPEN] = act.mouth * 0.8
    shapes[[s.BROW_INNER_UP, s.BROW_OUTER_UP_LEFT, s.BROW_OUTER_UP_RIGHT]] = act.brow * 0.6
    low, high = points.min(axis=0), points.max(axis=0)
    box = Box(x=low[0], y=low[1], width=high[0] - low[0], height=high[1] - low[1], score=1.0)
    landmarks = points.astype(np.float32)
    return Face(
        box=box,
        score=1.0,
        landmarks=landmarks,
        raw_landmarks=landmarks,
        blendshapes=shapes,
        pose=pose,
        tongue=0.6 * act.tongue,
    )


def frame(t: float, seq: int) -> Frame:
    """Noise: a camera's picture is never the same twice."""
    return Frame(pixels=np.roll(NOISE, 7 * seq, axis=1), t=t, seq=seq)


def look(act: Act | None) -> Look:
    return Look(face=face(act) if act else None)


NEUTRAL = Act()


def ramp(t: float, begin: float, out: float, hold: float, back: float) -> float:
    """0 → 1 → 0, eased."""
    u = t - begin
    x = min(max(u / out, 0), 1) if u < out + hold else 1 - min((u - out - hold) / back, 1)
    return x * x * (3 - 2 * x)


def perform(kind: str, t: float, count: int = 1) -> Act:
    """What the puppet does `t` seconds after a prompt."""
    if kind in ("turn_left", "turn_right"):
        return replace(NEUTRAL, yaw=(30 if kind == "turn_left" else -30) * ramp(t, 0.5, 0.8, 0.6, 0.6))
    if kind == "smile":
        return replace(NEUTRAL, smile=ramp(t, 0.5, 0.25, 0.9, 0.25))
    if kind == "mouth_open":
        return replace(NEUTRAL, mouth=ramp(t, 0.5, 0.25, 0.9, 0.25))
    if kind in ("brow_raise", "tongue_out"):
        return replace(NEUTRAL, **{kind.split("_")[0]: ramp(t, 0.5, 0.25, 0.9, 0.25)})
    if kind in ("wink_left", "wink_right"):
        return replace(NEUTRAL, **{kind.replace("wink", "blink"): ramp(t, 0.5, 0.08, 0.4, 0.08)})
    if kind == "blink":
        shut = max(ramp(t, 0.5 + i * 0.7, 0.08, 0.08, 0.08) for i in range(count))
        return replace(NEUTRAL, blink_left=shut, blink_right=shut)
    if kind == "nod":
        return replace(NEUTRAL, pitch=18 * max(ramp(t, 0.5 + i * 1.0, 0.3, 0.05, 0.3) for i in range(count)))
    if kind == "eyes_closed":
        return replace(NEUTRAL, blink_left=ramp(t, 0.5, 0.1, 1.5, 0.1), blink_right=ramp(t, 0.5, 0.1, 1.5, 0.1))
    return NEUTRAL
