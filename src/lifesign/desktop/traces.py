"""What the window knows of the source: every number over time, and what happened."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import Final

from lifesign.core.observer import Event
from lifesign.core.types import Evidence, Signals
from lifesign.desktop.news import Closing, Observed, Row
from lifesign.desktop.record import KEPT
from lifesign.report.panels import Panel
from lifesign.report.trace import gaps

NO_FACE: Final = "no_face"
TRIM: Final = 500  # the oldest go so many at a time


@dataclass(slots=True)
class Traces:
    """Grows with every frame. `values`: of each panel, in their order, one list each; NaN without a face. `cuts`: times
    and reason codes."""

    panels: tuple[Panel, ...]
    times: list[float] = field(default_factory=list)
    values: list[list[float]] = field(default_factory=list)
    signals: list[Signals] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    cuts: list[tuple[float, str]] = field(default_factory=list)
    cues: tuple[Evidence, ...] = ()

    def __post_init__(self) -> None:
        self.values = [[] for _ in self.panels]

    def add(self, row: Row) -> None:
        self._append(row.signals)
        self.events += row.events
        self.cues = row.cues
        if row.interrupted:
            self.cuts.append((row.signals.t, row.interrupted))
        if len(self.times) > KEPT + TRIM:
            del self.times[:TRIM], self.signals[:TRIM]
            for numbers in self.values:
                del numbers[:TRIM]

    def close(self, news: Closing) -> None:
        self.events += news.events

    def replace(self, news: Observed) -> None:
        """The same frames, read with other limits. What is too old to be read again goes."""
        self.times, self.signals, self.values = [], [], [[] for _ in self.panels]
        for signals in news.signals:
            self._append(signals)
        self.events = list(news.events)

    def between(self, begin: float, end: float) -> slice:
        """The frames from `begin` to `end` seconds, and one more on either side."""
        return slice(max(bisect_left(self.times, begin) - 1, 0), bisect_right(self.times, end) + 1)

    def at(self, t: float) -> int | None:
        """The frame that is shown at `t`."""
        place = bisect_right(self.times, t) - 1
        return place if place >= 0 else None

    def happening(self, t: float) -> tuple[str, ...]:
        """Kinds of the events that were going on at `t`, or that there was no face."""
        place = self.at(t)
        if place is not None and self.signals[place].faces == 0:
            return (NO_FACE,)
        return tuple(event.action for event in self.events if event.start_s <= t <= event.end_s)

    def faceless(self, begin: float, end: float) -> list[tuple[float, float]]:
        """Spans of time without a face, from the first frame without to the next with one."""
        part = self.between(begin, end)
        return gaps(self.times[part], [signals.faces for signals in self.signals[part]])

    def _append(self, signals: Signals) -> None:
        self.times.append(signals.t)
        self.signals.append(signals)
        for numbers, panel in zip(self.values, self.panels, strict=True):
            numbers.append(panel.read(signals) if signals.faces else float("nan"))
