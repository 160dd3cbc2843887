"""The person's own neutral face: what every ratio is measured against, and what can be relied on.

Prompted, the person looks straight for a good second and the medians of that time are the baseline. In a clip
nobody was asked to, and the neutral face is estimated causally from what looks neutral so far.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final, Self

import numpy as np

from lifesign.core.types import Signals


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineLimits:
    look_s: float = 1.2
    """how long to look straight; 1.0 to 1.5 s was enough for the medians to settle"""
    fps: float = 4.5
    """fewest frames a second that anything is judged at: 5, less the clock's tolerance"""
    gap_s: float = 0.5
    """a longer interruption begins anew"""
    yaw_deg: float = 8.0
    pitch_down_deg: float = 20.0
    pitch_up_deg: float = 15.0
    """many people before a laptop read 10..15° down when they look straight; all later angles are against their own"""
    jaw_open: float = 0.1
    smile: float = 0.3
    iod_px: float = 60.0
    """smaller faces are asked to come closer before anything starts; below 45 the lids cannot be read"""
    jitter: float = 0.06
    """median change of the eye opening from frame to frame over its 80th percentile: glasses with glare gave 11
    false blinks in 13 s, all of them removed by this gate"""
    eye_opening: float = 0.12
    """a neutral eye narrower than this cannot be seen to shut"""
    blink_fps: float = 9.5
    """10 frames a second are needed to see a blink (95 % at 10, 78 % at 5); the rest is the clock's tolerance"""
    memory_s: float = 6.0
    """eye openings follow the last seconds: light and distance change them"""
    spacing_s: float = 0.15
    """one remembered sample in this time, so that the memory is small at any frame rate"""
    eye_percentile: float = 80.0
    """of the remembered openings: most of the memory may be blinks"""
    settle: int = 4
    """free estimate: this many neutral samples outweigh the population's mean"""


MEASURED: Final = ("yaw", "pitch", "nose", "mouth_width", "brow", "brow_height", "tongue")
ROW: Final = ("t", *MEASURED, "eye_left", "eye_right")
FOLLOWED_CALM: Final = ("mouth_width", "tongue")  # over neutral frames only
FOLLOWED_ALL: Final = ("pitch", "brow", "brow_height")  # a mouth that talks says nothing against the brows
DIGITS: Final = 5  # rows travel as JSON with the session: more digits than the camera has are only weight

Rows = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """Medians of the neutral face. `rows` and `calm`: recent samples in the order of `ROW`, of all frames and of
    the neutral ones. The defaults are the means over the neutral frames of the labelled clips (15 people).
    """

    yaw: float = 0.0
    pitch: float = 0.0
    nose: float = 0.5
    mouth_width: float = 0.54
    brow: float = 0.2
    brow_height: float = 0.28
    tongue: float = 0.0
    eye_left: float = 0.33
    eye_right: float = 0.33
    fps: float = 0.0
    """frames per second while it was taken; 0: it is no one's yet"""
    eyes_reliable: bool = False
    """eye actions can be judged for this person, camera and frame rate"""
    rows: Rows = ()
    calm: Rows = ()

    def relative(self, raw: Signals) -> Signals:
        """Raw signals as the person's own."""
        if raw.faces == 0:
            return raw
        return replace(
            raw,
            turn=raw.yaw - self.yaw,
            tip=raw.pitch - self.pitch,
            nose=raw.nose - self.nose,
            mouth_width=raw.mouth_width / self.mouth_width,
            brow=raw.brow - self.brow,
            brow_height=raw.brow_height / self.brow_height,
            tongue=raw.tongue - self.tongue,
            eye_left=raw.eye_left / self.eye_left,
            eye_right=raw.eye_right / self.eye_right,
        )

    def refresh(self, raw: Signals, limits: BaselineLimits) -> Self:
        """The eye openings brought up to date with one more frame; all else stays."""
        rows = _remember(self.rows, raw, limits)
        if rows is self.rows:
            return self
        left, right = _eyes(rows, limits)
        return replace(self, rows=rows, eye_left=left, eye_right=right)

    def follow(self, raw: Signals, limits: BaselineLimits) -> Self:
        """The free estimate with one more frame, for clips in which nobody was asked to look straight: yaw and nose
        stay the camera's, the rest moves from the population's mean to the medians of recent frames."""
        new = self.refresh(raw, limits)
        calm = _remember(self.calm, raw, limits) if relaxed(raw, limits) else self.calm
        if calm is not self.calm:
            new = replace(new, calm=calm, **_blend(calm, FOLLOWED_CALM, limits))
        if new.rows is not self.rows:
            new = replace(new, **_blend(new.rows, FOLLOWED_ALL, limits))
        return new


def _blend(rows: Rows, names: tuple[str, ...], limits: BaselineLimits) -> dict[str, Any]:
    """Medians of `rows`, drawn towards the population's mean while they are few."""
    own = np.median(np.array(rows), axis=0)
    weight = len(rows) / (len(rows) + limits.settle)
    nobody = Baseline()
    return {name: float(weight * own[ROW.index(name)] + (1 - weight) * getattr(nobody, name)) for name in names}


def straight(raw: Signals, limits: BaselineLimits) -> bool:
    """Whether this frame shows one near enough neutral face looking into the camera."""
    return raw.faces == 1 and raw.size >= limits.iod_px and facing(raw, limits) and relaxed(raw, limits)


def facing(raw: Signals, limits: BaselineLimits) -> bool:
    """Near enough towards the camera."""
    return abs(raw.yaw) <= limits.yaw_deg and -limits.pitch_up_deg <= raw.pitch <= limits.pitch_down_deg


def relaxed(raw: Signals, limits: BaselineLimits) -> bool:
    """Neither smiling nor with an open mouth."""
    return raw.faces > 0 and raw.jaw_open < limits.jaw_open and max(raw.smile_left, raw.smile_right) < limits.smile


def collect(rows: Rows, raw: Signals, limits: BaselineLimits) -> Rows:
    """The rows of the looking-straight phase with one more frame: a frame that is not straight begins anew."""
    if not straight(raw, limits):
        return ()
    if rows and raw.t - rows[-1][0] > limits.gap_s:
        rows = ()
    oldest = raw.t - limits.look_s - limits.gap_s  # a slow start must not hold the frame rate down for ever
    return (*(row for row in rows if row[0] >= oldest), _row(raw))


def settled(rows: Rows, limits: BaselineLimits) -> Baseline | None:
    """The baseline, once `rows` are long enough."""
    seconds = rows[-1][0] - rows[0][0] if rows else 0.0
    if seconds < limits.look_s or (fps := (len(rows) - 1) / seconds) < limits.fps:
        return None
    table = np.array(rows)
    left, right = _eyes(rows, limits)
    change = np.median(np.abs(np.diff(table[:, -2:], axis=0)), axis=0) / (left, right)
    medians: dict[str, Any] = {name: float(np.median(table[:, ROW.index(name)])) for name in MEASURED}
    return Baseline(
        **medians,
        eye_left=left,
        eye_right=right,
        fps=float(fps),
        eyes_reliable=bool(
            change.max() < limits.jitter and min(left, right) > limits.eye_opening and fps >= limits.blink_fps
        ),
        rows=rows[-1:],
    )


def _row(raw: Signals) -> tuple[float, ...]:
    return (raw.t, *(round(float(getattr(raw, name)), DIGITS) for name in ROW[1:]))


def _remember(rows: Rows, raw: Signals, limits: BaselineLimits) -> Rows:
    """`rows` with this frame, thinned; the very same object when it is too soon, or there is nothing to remember."""
    if raw.faces == 0 or (rows and raw.t - rows[-1][0] < limits.spacing_s):
        return rows
    return (*(row for row in rows if row[0] >= raw.t - limits.memory_s), _row(raw))


def _eyes(rows: Rows, limits: BaselineLimits) -> tuple[float, float]:
    eyes = np.percentile(np.array(rows)[:, -2:], limits.eye_percentile, axis=0)
    return max(float(eyes[0]), limits.eye_opening), max(float(eyes[1]), limits.eye_opening)
