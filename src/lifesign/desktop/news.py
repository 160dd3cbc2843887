"""What the worker tells the window. Values: nothing is shared between the two threads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lifesign.core.observer import Event
from lifesign.core.types import Decision, Evidence, Signals, Step
from lifesign.desktop.feed import Feed


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A source was opened, or begins anew. `frames`: how many it promises; 0: nobody knows."""

    feed: Feed
    fps: float
    frames: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One frame that was looked at. `signals`: relative to the estimated neutral face. `events`: that ended with it.
    `interrupted`: reason code when something is cut off with this very frame. `cost_ms`: of looking."""

    signals: Signals
    events: tuple[Event, ...]
    cues: tuple[Evidence, ...]
    interrupted: str
    cost_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The running check after the frame at `t`: what the person is told, and the decision once there is one."""

    t: float
    step: Step
    attempt: int
    attempts: int
    decision: Decision | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The picture to show. `points`: (478, 2) float32 px, or None where no face is known. `active`: kinds of actions
    that are going on, known for a frame that was looked at just now."""

    index: int
    t: float
    pixels: NDArray[np.uint8]
    points: NDArray[np.float32] | None
    active: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """All that was seen so far, read again with other limits."""

    signals: tuple[Signals, ...]
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """The source came to its end. `events`: that were still going on."""

    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Playing:
    """Whether frames are coming."""

    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The source cannot be read, in one sentence. `fatal`: nothing else can be, either: the worker has ended."""

    message: str
    fatal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cameras:
    """The cameras that answered."""

    numbers: tuple[int, ...]


News = Opened | Row | Told | Observed | Closing | Playing | Failed | Cameras
