"""Continuity: one unbroken take of one face. Cuts, frozen or repeated frames, a lost face, a second face.

A live camera's noise changes every picture, a head does not jump, and nobody else steps in. A replayed video
passes all of it: this cue is about splices and injected streams.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from lifesign.core.cues.cue import CLEAR, DENY, NONE, Cue, register
from lifesign.core.types import Face, Frame, Signals

HASH_DIGITS: Final = 8
SAMPLES: Final = 32  # the picture is compared at this many by this many of its own pixels, not averaged
# Points that follow the skull and the mouth, not the lids: what moves smoothly in a living face.
POINTS: Final = (
    33, 133, 362, 263, 1, 4, 6, 10, 152, 234, 454, 61, 291, 13, 14, 50, 280, 105, 334, 168, 127, 356, 172, 397,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ContinuityLimits:
    same_grey: float = 0.02
    """mean absolute difference in grey levels below which two pictures are the same one"""
    same_frames: int = 3
    same_s: float = 0.5
    """more repeats in a row than this, for longer than this, deny: a hiccup of a real camera is shorter"""
    loops: int = 3
    """more pictures than this that came before, but not just before, deny: no camera gives the same picture twice. A
    repeat of the one just before is a client that asks more often than its camera gives"""
    loop_frames: int = 150
    """so many pictures are remembered: 10 s at 15 a second"""
    cut_grey: float = 20.0
    """median change of the picture in grey levels between frames closer than `jump_s`: in 21 clips live takes reach 4,
    edits read 28 to 145"""
    jump_s: float = 0.15
    jump_iod: float = 0.7
    """centre of the face between frames closer than `jump_s`: real up to 0.55 (a fast swing), splice 0.88"""
    jump_shape: float = 0.25
    """rms change of the points about their centre, in IOD: real up to 0.11, splice 0.42"""
    jump_size: float = 0.3
    """change of the logarithm of IOD: real up to 0.14"""
    jumps: int = 2
    """so many jumps deny; each one interrupts"""
    lost_s: float = 1.0
    """a face gone for longer may come back as someone else's: interrupts"""
    other: float = 0.4
    other_s: float = 3.0
    """another face, this large against the followed one, for so long in all, denies"""
    clear_s: float = 3.0
    """so long an unbroken take of one face speaks for the stream"""


@register
@dataclass(frozen=True, slots=True, kw_only=True)
class Continuity(Cue):
    kind = "continuity"
    limits_type = ContinuityLimits

    seen: str = ""
    """base64 of the last picture's samples"""
    earlier: tuple[str, ...] = ()
    """short hashes of the pictures before it"""
    loops: int = 0
    in_a_row: int = 0
    cut: bool = False
    """this picture is of another scene than the one before"""
    changed_at: float | None = None
    """when the picture last changed"""
    points: tuple[float, ...] = ()
    """the last face: POINTS as x0, y0, x1 … px"""
    iod: float = 0.0
    face_at: float | None = None
    jumps: int = 0
    crowded_s: float = 0.0
    began: float | None = None
    """when this unbroken take began"""
    t: float | None = None

    def watch(self, frame: Frame, face: Face | None, signals: Signals, limits: ContinuityLimits) -> Self:
        if self.verdict == DENY:
            return replace(self, interrupts="")
        new = replace(self, interrupts="", t=signals.t)
        if face is None:
            gone = self.face_at is not None and signals.t - self.face_at > limits.lost_s
            return replace(new, interrupts="face_lost", began=None) if gone else new
        return new._picture(frame, limits)._face(face, signals, limits)._others(signals, self.t, limits)._sum(limits)

    def _picture(self, frame: Frame, limits: ContinuityLimits) -> Self:
        rows, columns = (np.linspace(0, side - 1, SAMPLES).astype(int) for side in frame.pixels.shape[:2])
        samples = frame.pixels[np.ix_(rows, columns)][..., 1]  # green carries most of the luminance
        before = np.frombuffer(b64decode(self.seen), dtype=np.uint8).reshape(samples.shape) if self.seen else None
        change = np.abs(samples.astype(np.int16) - before) if before is not None else np.full(1, 0xFF)
        mark = sha256(samples.tobytes()).hexdigest()[:HASH_DIGITS]
        new = replace(
            self,
            seen=b64encode(samples.tobytes()).decode(),
            cut=before is not None and float(np.median(change)) > limits.cut_grey,
        )
        if float(change.mean()) >= limits.same_grey:
            new = replace(
                new,
                in_a_row=0,
                changed_at=frame.t,
                earlier=(*self.earlier[1 - limits.loop_frames :], mark),
                loops=self.loops + (mark in self.earlier),
            )
            return replace(new, verdict=DENY, reason="repeated_frames") if new.loops > limits.loops else new
        new = replace(new, in_a_row=self.in_a_row + 1)
        frozen_s = frame.t - (self.changed_at if self.changed_at is not None else frame.t)
        if new.in_a_row > limits.same_frames and frozen_s > limits.same_s:
            return replace(new, verdict=DENY, reason="frozen_frames")
        return new

    def _face(self, face: Face, signals: Signals, limits: ContinuityLimits) -> Self:
        points = face.raw_landmarks[list(POINTS), :2].astype(np.float64)
        iod = max(signals.size, 1.0)
        new = replace(
            self,
            points=tuple(round(float(value), 2) for value in points.ravel()),
            iod=round(iod, 2),
            face_at=signals.t,
            began=self.began if self.began is not None else signals.t,
        )
        if self.face_at is None or signals.t - self.face_at > limits.jump_s:
            return new
        before = np.array(self.points).reshape(-1, 2)
        moved = float(np.hypot(*(points.mean(axis=0) - before.mean(axis=0)))) / iod
        grew = abs(float(np.log(iod / self.iod)))
        change = float(np.sqrt(((_shape(points, iod) - _shape(before, self.iod)) ** 2).sum(axis=1).mean()))
        steady = moved <= limits.jump_iod and grew <= limits.jump_size and change <= limits.jump_shape
        if steady and not self.cut:
            return new
        new = replace(new, verdict=NONE, jumps=self.jumps + 1, interrupts="tracking_jump", began=signals.t)
        return replace(new, verdict=DENY, reason="tracking_jump") if new.jumps >= limits.jumps else new

    def _others(self, signals: Signals, before: float | None, limits: ContinuityLimits) -> Self:
        if signals.other <= limits.other or before is None:
            return self
        crowded_s = self.crowded_s + min(signals.t - before, limits.lost_s)
        new = replace(self, crowded_s=crowded_s, began=signals.t)
        return replace(new, verdict=DENY, reason="second_face") if new.crowded_s > limits.other_s else new

    def _sum(self, limits: ContinuityLimits) -> Self:
        if self.verdict == DENY or self.began is None or self.t is None:
            return self
        return replace(self, verdict=CLEAR) if self.t - self.began >= limits.clear_s else self


def _shape(points: NDArray[np.float64], iod: float) -> NDArray[np.float64]:
    shape: NDArray[np.float64] = (points - points.mean(axis=0)) / iod
    return shape
