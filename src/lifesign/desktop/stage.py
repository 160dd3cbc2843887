"""One source being played, looked at and, when asked for, checked. No Qt in here: the player gives it a thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from lifesign.core.policy import Policy
from lifesign.desktop.check import Check, Plan
from lifesign.desktop.feed import Feed
from lifesign.desktop.news import Closing, News, Observed, Opened, Row, Shown
from lifesign.desktop.record import Glimpse, Record
from lifesign.vision.face import FaceEngine
from lifesign.watch import Watch

Pixels = NDArray[np.uint8]


class Stage:
    """Frames come one by one. A file's frame is looked at once: shown again, it is only decoded, so that going back
    costs little and changes nothing. For one thread. `tell` is given what happens; `secret` makes the chance of a
    check."""

    def __init__(
        self, engine: FaceEngine, policy: Policy, *, tell: Callable[[News], None], secret: Callable[[], str]
    ) -> None:
        self._engine, self._policy, self._tell, self._secret = engine, policy, tell, secret
        self._feed: Feed | None = None
        self._frames: Iterator[tuple[float, Pixels]] = iter(())
        self._index, self._closed = -1, False
        self._watch, self._record = Watch(engine, policy), Record()
        self._check: Check | None = None
        self._plan: Plan | None = None
        self.ended = False
        """the last frame of the source was given"""

    @property
    def live(self) -> bool:
        return self._feed is not None and self._feed.live

    def open(self, feed: Feed | None) -> None:
        """Another source from its beginning; None: no source. Raises ClipError."""
        self._feed, self._frames = None, iter(())  # lets go of a camera before it is asked for again
        self._plan = self._check = None
        if feed is not None:
            self._open(feed)

    def rewind(self) -> None:
        """To the beginning of a file; what was seen of it stays known. Raises ClipError."""
        if self._feed is not None:
            self._frames, self._index, self.ended = iter(self._feed.open()), -1, False

    def limit(self, policy: Policy) -> None:
        """Other limits from the next frame on."""
        self._policy = self._watch.policy = policy

    def observed(self) -> Observed:
        """What was seen so far, with the limits that hold now."""
        return self._record.observed(self._policy, closed=self._closed)

    def check(self, plan: Plan | None) -> None:
        """Begin a check with the next frame, or give it up. A file is for checking from its beginning."""
        self._plan, self._check = plan, None
        if plan is not None and self._feed is not None and not self._feed.live:
            self._open(self._feed)

    def next(self) -> Shown | None:
        """The next frame, or None at the end. Raises ClipError."""
        frame = next(self._frames, None)
        if frame is None:
            self.ended = True
            if not self._closed:
                self._closed = True
                self._tell(Closing(events=self._watch.close()))
            return None
        t, pixels = frame
        self._index += 1
        active: tuple[str, ...] = ()
        if self._index < self._record.frames:
            points = self._record.points(self._index)
        else:
            points, active = self._look(pixels, t)
        return Shown(index=self._index, t=t, pixels=pixels, points=points, active=active)

    def _open(self, feed: Feed) -> None:
        source = feed.open()
        self._feed, self._frames, self._index, self._closed = feed, iter(source), -1, False
        self.ended = False
        self._watch, self._record = Watch(self._engine, self._policy), Record()
        self._tell(Opened(feed=feed, fps=source.fps, frames=source.frames))

    def _look(self, pixels: Pixels, t: float) -> tuple[NDArray[np.float32] | None, tuple[str, ...]]:
        begin = time.perf_counter()
        seen = self._watch.see(pixels, t)
        cost_ms = 1000 * (time.perf_counter() - begin)
        points = seen.look.face.landmarks[:, :2].copy() if seen.look.face else None
        self._record.add(Glimpse(raw=seen.raw, points=None if self.live else points))
        row = Row(
            signals=seen.signals,
            events=seen.events,
            cues=seen.cues,
            interrupted=seen.interrupted,
            cost_ms=cost_ms,
        )
        self._tell(row)
        if self._plan is not None:
            self._check = Check(self._plan, self._policy, secret=self._secret(), models=self._engine.models, now=t)
            self._plan = None
        if self._check is not None:
            told = self._check.see(seen.frame, seen.look, self._policy)
            self._tell(told)
            if told.decision is not None:
                self._check = None
        return points, seen.active
