"""What was seen of one source, so that other limits can be tried on it and a file's frames need no second look."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lifesign.core.observer import Event, Observer
from lifesign.core.policy import Policy
from lifesign.core.types import Signals
from lifesign.desktop.news import Observed

Points = NDArray[np.float32]

KEPT: Final = 9000  # frames: five minutes at 30 a second, about 50 MB


@dataclass(frozen=True, slots=True, kw_only=True)
class Glimpse:
    """`raw`: against nothing but the camera. `points`: (478, 2) px, or None."""

    raw: Signals
    points: Points | None


class Record:
    """The latest `KEPT` frames that were looked at, each by its number."""

    def __init__(self) -> None:
        self._glimpses: deque[Glimpse] = deque(maxlen=KEPT)
        self.frames = 0
        """how many there were in all"""

    def add(self, glimpse: Glimpse) -> None:
        self._glimpses.append(glimpse)
        self.frames += 1

    def points(self, number: int) -> Points | None:
        """Of frame `number`, as far as they are kept."""
        place = number - (self.frames - len(self._glimpses))
        return self._glimpses[place].points if 0 <= place < len(self._glimpses) else None

    def observed(self, policy: Policy, *, closed: bool) -> Observed:
        """Everything that is kept, as if these limits had held from its beginning. `closed`: nothing more will come."""
        observer = Observer()
        signals: list[Signals] = []
        events: list[Event] = []
        for glimpse in self._glimpses:
            observer, ended = observer.watch(glimpse.raw, policy)
            signals.append(observer.signals)
            events += ended
        if closed:
            events += observer.close(policy)
        return Observed(signals=tuple(signals), events=tuple(events))
