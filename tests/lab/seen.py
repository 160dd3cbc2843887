"""What the engine sees of someone who performs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import simplejpeg
from numpy.typing import NDArray

from lifesign.core.baseline import Baseline
from lifesign.core.signals import measure
from lifesign.core.types import Face, Frame, Signals
from lifesign.vision.face import FaceEngine

PROMPT_AT = 0.4
"""Seconds of looking straight before a prompt: what is measured then is the baseline."""


class Subject(Protocol):
    def prompt(self, kind: str | None, count: int, t: float) -> None: ...
    def frame(self, t: float) -> bytes: ...


@dataclass(frozen=True, kw_only=True)
class Seen:
    """`rows`: one for each frame after the prompt, against the subject's own `neutral`."""

    neutral: Signals
    rows: list[Signals]
    faces: list[Face]
    neutral_face: Face


def watch(
    engine: FaceEngine, subject: Subject, kind: str, *, fps: int = 15, seconds: float = 2.6, may_hide: bool = False
) -> Seen:
    """The subject looks straight for a moment, then is prompted for `kind`. Fails when the face is ever lost, unless
    it `may_hide`: then there are no rows of those frames."""
    track = None
    signals: list[Signals] = []
    faces: list[Face] = []
    for i in range(round((PROMPT_AT + seconds) * fps)):
        t = i / fps
        if i == round(PROMPT_AT * fps):
            subject.prompt(kind, 1, t)
        frame = Frame(pixels=simplejpeg.decode_jpeg(subject.frame(t), colorspace="RGB"), t=t, seq=i)
        look, track = engine.look(frame, track)
        assert may_hide or look.face is not None, f"face lost at {t:.2f} s"
        if look.face is None:
            continue
        signals.append(measure(frame, look))
        faces.append(look.face)
    calm = round(PROMPT_AT * fps)
    neutral = signals[calm - 1]
    own = Baseline(
        yaw=neutral.yaw,
        pitch=neutral.pitch,
        nose=neutral.nose,
        mouth_width=neutral.mouth_width,
        brow=neutral.brow,
        brow_height=neutral.brow_height,
        tongue=neutral.tongue,
        eye_left=neutral.eye_left,
        eye_right=neutral.eye_right,
    )
    return Seen(
        neutral=neutral,
        rows=[own.relative(row) for row in signals[calm:]],
        faces=faces[calm:],
        neutral_face=faces[calm - 1],
    )


RIGID = (
    1, 2, 4, 5, 195, 197, 6, 168, 8, 9, 151, 10, 50, 280, 101, 330, 117, 346, 123, 352, 234, 454, 93, 323, 127, 356,
    162, 389, 21, 251, 54, 284, 33, 133, 263, 362,
)  # fmt: skip
"""Nose, forehead, cheeks, face edge and eye corners: what moves as one."""
TOP, BOTTOM = 10, 152


def planarity(seen: Seen, *, least_yaw: float) -> NDArray[np.float64]:
    """T = r3 / |yaw| of every frame turned by at least `least_yaw` degrees (ALGORITHMS §4)."""
    reference = seen.neutral_face.raw_landmarks[list(RIGID)].astype(np.float64)
    turned = [(row, face) for row, face in zip(seen.rows, seen.faces, strict=True) if abs(row.turn) >= least_yaw]
    assert turned, "never turned that far"
    return np.array([_misfit(reference, face) / abs(row.turn) for row, face in turned])


def _misfit(reference: NDArray[np.float64], face: Face) -> float:
    """RMS residual of the best similarity (Umeyama 1991) from `reference` to this face, in face heights."""
    a = reference - reference.mean(0)
    points = face.raw_landmarks[list(RIGID)].astype(np.float64)
    b = points - points.mean(0)
    u, s, vt = np.linalg.svd(a.T @ b)
    sign = np.diag([1.0, 1.0, float(np.sign(np.linalg.det(u @ vt)))])
    fitted = (s * np.diag(sign)).sum() / (a**2).sum() * a @ u @ sign @ vt
    height = np.linalg.norm(face.raw_landmarks[TOP] - face.raw_landmarks[BOTTOM])
    return float(np.sqrt(((fitted - b) ** 2).sum(1).mean()) / height)
