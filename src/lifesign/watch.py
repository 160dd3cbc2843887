"""Watching without asking, frame by frame: what `lifesign analyze` and the desktop program share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lifesign.core import cues
from lifesign.core.observer import Event, Observer
from lifesign.core.policy import Policy
from lifesign.core.signals import measure
from lifesign.core.types import Evidence, Frame, Look, Signals
from lifesign.vision.face import FaceEngine, Track


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one frame showed. `raw`: its signals against nothing but the camera. `signals`: relative to the neutral
    face estimated so far. `events`: that ended with this frame. `active`: kinds of actions that are going on. `cues`:
    what each cue says by now. `interrupted`: reason code when a cue begins, with this very frame, to say that what was
    going on must not count, such as a cut; empty again while it goes on saying so."""

    frame: Frame
    look: Look
    raw: Signals
    signals: Signals
    events: tuple[Event, ...]
    active: tuple[str, ...]
    cues: tuple[Evidence, ...]
    interrupted: str


class Watch:
    """Runs the engine, every challenge and every cue over the frames of one source. Not for several threads.

    `policy` may be replaced between two frames: its limits hold from the next one on."""

    def __init__(self, engine: FaceEngine, policy: Policy) -> None:
        self.policy = policy
        self._engine = engine
        self._observer = Observer()
        self._track: Track | None = None
        self._cues = tuple(cls() for _, cls in sorted(cues.REGISTRY.items()))
        self._interrupts = ""
        self._seq = 0

    def see(self, pixels: NDArray[np.uint8], t: float) -> Seen:
        """`pixels`: (H, W, 3) uint8 RGB; `t`: seconds, growing."""
        frame = Frame(pixels=pixels, t=t, seq=self._seq)
        self._seq += 1
        look, self._track = self._engine.look(frame, self._track)
        raw = measure(frame, look)
        self._observer, ended = self._observer.watch(raw, self.policy)
        signals = self._observer.signals
        self._cues = tuple(cue.watch(frame, look.face, signals, self.policy.cues[cue.kind]) for cue in self._cues)
        before, self._interrupts = self._interrupts, next((cue.interrupts for cue in self._cues if cue.interrupts), "")
        return Seen(
            frame=frame,
            look=look,
            raw=raw,
            signals=signals,
            events=ended,
            active=tuple(state.kind for state in self._observer.states if state.active),
            cues=tuple(Evidence(kind=cue.kind, verdict=cue.verdict, reason=cue.reason) for cue in self._cues),
            interrupted=self._interrupts if self._interrupts != before else "",
        )

    def close(self) -> tuple[Event, ...]:
        """The events that are still going on when the source ends."""
        return self._observer.close(self.policy)
