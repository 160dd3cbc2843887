"""Geometry of one face → one row of plain numbers.

All ratios are taken after the landmarks were turned back to the front with the head pose: the raw eye-aspect ratio
of the far eye rises from 0.20 to 0.60 at 45° of yaw though the eye does not change; turned back it stays.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from lifesign.core.mouth import tones
from lifesign.core.types import Frame, Look, Signals

if TYPE_CHECKING:
    from lifesign.core.types import Face

Points = NDArray[np.float64]

# Landmark indices of MediaPipe's face mesh. The subject's right is at the image's left.
RIGHT_EYE: Final = (33, 133)  # outer and inner corner
LEFT_EYE: Final = (263, 362)
RIGHT_LIDS: Final = ((160, 144), (159, 145), (158, 153))  # upper and lower lid, pairwise
LEFT_LIDS: Final = ((387, 373), (386, 374), (385, 380))
INNER_LIPS: Final = (13, 14)
MOUTH_CORNERS: Final = (61, 291)
NOSE_TIP: Final = 1
FACE_EDGES: Final = (234, 454)
BROWS: Final = (70, 63, 105, 66, 107, 300, 293, 334, 296, 336)

# Blendshape indices in the order of the network.
BROW_INNER_UP, BROW_OUTER_UP_LEFT, BROW_OUTER_UP_RIGHT = 3, 4, 5
EYE_BLINK_LEFT, EYE_BLINK_RIGHT = 9, 10
JAW_OPEN = 25
MOUTH_SMILE_LEFT, MOUTH_SMILE_RIGHT = 44, 45

CROP_PX: Final = 160  # the face is sampled down to about this size before its light and sharpness are read
LUMA: Final = np.array([77, 150, 29], dtype=np.uint16)  # BT.601 in 1/256
DARK_LEVEL, GLARE_LEVEL = 26, 250  # grey levels that count as black and as burnt out (ISO/IEC 29794-5 shares)
LAPLACIAN_PX: Final = 3  # rows and columns that it needs
TINY_PX: Final = 1e-6


def angles(pose: NDArray[np.float32]) -> tuple[float, float, float]:
    """Yaw, pitch and roll in degrees of a (4, 4) pose (OpenGL axes: x right, y up, z to the camera).

    The rotation is read as roll · yaw · pitch, so that a tilted head's yaw and pitch are those of the upright one.
    """
    r = _rotation(pose)
    yaw = np.degrees(np.arctan2(-r[2, 0], np.hypot(r[2, 1], r[2, 2])))
    pitch = np.degrees(np.arctan2(r[2, 1], r[2, 2]))
    roll = np.degrees(np.arctan2(-r[1, 0], r[0, 0]))
    return float(yaw), float(pitch), float(roll)


def frontal(face: Face) -> Points:
    """(478, 3) px landmarks turned back to the front, y down; the origin is arbitrary."""
    points = face.landmarks.astype(np.float64) * (1.0, -1.0, -1.0)  # image axes → OpenGL axes
    turned: Points = (points - points[NOSE_TIP]) @ _rotation(face.pose)  # = Rᵀ·p, row-wise
    return turned * (1.0, -1.0, -1.0)


def measure(frame: Frame, look: Look) -> Signals:
    """One frame's numbers, raw: ratios and angles against nothing but the camera.
    `Baseline.relative` turns them into the person's own. No face: `faces` is 0."""
    face = look.face
    if face is None:
        return Signals(t=frame.t)
    height, width = frame.pixels.shape[:2]
    flat = frontal(face)[:, :2]
    iod = max(_distance(flat, RIGHT_EYE[0], LEFT_EYE[0]), TINY_PX)
    yaw, pitch, roll = angles(face.pose)
    shapes = face.blendshapes
    brow = shapes[[BROW_INNER_UP, BROW_OUTER_UP_LEFT, BROW_OUTER_UP_RIGHT]]
    eyes = (flat[RIGHT_EYE[0]] + flat[RIGHT_EYE[1]] + flat[LEFT_EYE[0]] + flat[LEFT_EYE[1]]) / 4
    box = face.box
    nose = _nose(face.landmarks, roll)
    left, right = _opening(flat, LEFT_EYE, LEFT_LIDS), _opening(flat, RIGHT_EYE, RIGHT_LIDS)
    gap = _distance(flat, *INNER_LIPS) / iod
    tone, contrast = tones(frame.pixels, face.landmarks)
    signals = Signals(
        t=frame.t,
        faces=1 + len(look.others),
        presence=face.score,
        other=max((other.height for other in look.others), default=0.0) / max(box.height, TINY_PX),
        yaw=yaw,
        pitch=pitch,
        roll=roll,
        turn=yaw,
        tip=pitch,
        nose=nose,
        eye_left=left,
        eye_right=right,
        ear=(left + right) / 2,
        blink_left=float(shapes[EYE_BLINK_LEFT]),
        blink_right=float(shapes[EYE_BLINK_RIGHT]),
        mouth_gap=gap,
        mouth_width=_distance(flat, *MOUTH_CORNERS) / iod,
        jaw_open=float(shapes[JAW_OPEN]),
        smile_left=float(shapes[MOUTH_SMILE_LEFT]),
        smile_right=float(shapes[MOUTH_SMILE_RIGHT]),
        brow=float(brow[0] + (brow[1] + brow[2]) / 2) / 2,
        brow_height=float(eyes[1] - flat[list(BROWS), 1].mean()) / iod,
        tongue=face.tongue,
        mouth_tone=tone * gap,
        lip_tone=contrast,
        size=iod,
        height=box.height / height,
        x=box.x + box.width / 2,
        y=box.y + box.height / 2,
        dx=(box.x + box.width / 2) / width - 0.5,
        dy=(box.y + box.height / 2) / height - 0.5,
    )
    return _light(signals, frame.pixels, face)


def moving(raw: Signals, before: tuple[float, float, float] | None) -> Signals:
    """`raw` with the face's speed since `before`: when and where it was, seconds and px."""
    if before is None or raw.faces == 0 or raw.t <= before[0]:
        return raw
    way = float(np.hypot(raw.x - before[1], raw.y - before[2]))
    return replace(raw, motion=way / max(raw.size, TINY_PX) / (raw.t - before[0]))


def _rotation(pose: NDArray[np.float32]) -> Points:
    """The rotation without the pose's scale, which is within some percent of 1."""
    r = pose[:3, :3].astype(np.float64)
    rotation: Points = r / max(np.cbrt(np.linalg.det(r)), TINY_PX)
    return rotation


def _distance(points: Points, a: int, b: int) -> float:
    return float(np.hypot(*(points[a] - points[b])))


def _opening(points: Points, corners: tuple[int, int], lids: tuple[tuple[int, int], ...]) -> float:
    """Eye-aspect ratio: mean lid distance over eye width (Soukupová and Čech 2016, with a third lid pair)."""
    width = max(_distance(points, *corners), TINY_PX)
    return sum(_distance(points, upper, lower) for upper, lower in lids) / len(lids) / width


def _nose(landmarks: NDArray[np.float32], roll: float) -> float:
    """Where the nose tip stands between the face edges in the picture, along the line of the eyes; 0..1."""
    along = np.array([np.cos(np.radians(roll)), np.sin(np.radians(roll))])
    right, left, nose = landmarks[[*FACE_EDGES, NOSE_TIP], :2].astype(np.float64) @ along
    return float((nose - right) / (left - right)) if abs(left - right) > TINY_PX else 0.5


def _light(signals: Signals, pixels: NDArray[np.uint8], face: Face) -> Signals:
    """Fills in what the face's own pixels say about light and focus."""
    box = face.box
    top, left = max(int(box.y), 0), max(int(box.x), 0)
    crop = pixels[top : max(int(box.y + box.height), 0), left : max(int(box.x + box.width), 0)]
    stride = max(1, round(min(crop.shape[:2]) / CROP_PX))
    crop = crop[::stride, ::stride]
    if min(crop.shape[:2]) < LAPLACIAN_PX:
        return signals
    grey = ((crop[..., :3] @ LUMA) >> 8).astype(np.int16)
    middle = grey[1:-1, 1:-1]
    laplacian = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:] - 4 * middle
    share = np.bincount(grey.ravel(), minlength=256) / grey.size
    halves = np.array_split(grey, 2, axis=1)
    a, b = float(halves[0].mean()), float(halves[1].mean())
    seen = share[share > 0]
    return replace(
        signals,
        brightness=float(grey.mean()) / 255,
        dark=float(share[:DARK_LEVEL].sum()),
        glare=float(share[GLARE_LEVEL:].sum()),
        contrast=float(-(seen * np.log2(seen)).sum()),
        evenness=min(a, b) / max(a, b, 1.0),
        sharpness=float(laplacian.astype(np.float32).var()),
    )
