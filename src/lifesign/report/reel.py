"""Small pictures of the face on its way through the clip, and three of them for every event."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from lifesign.core.observer import Event
from lifesign.core.types import Box
from lifesign.report.picture import Pixels, fitted, jpeg
from lifesign.report.trace import Trace
from lifesign.watch import Seen

SIDE_PX: Final = 168
ROOM: Final = 1.45  # side of the square around the face, in sides of its box
RECENT_S: Final = 6.0  # every frame of the last seconds is kept: events are told of late
SPACING_S: Final = 0.5
OLDER: Final = 600  # and one in half a second of the five minutes before: events may be long
AROUND_S: Final = 0.35  # so long before and after an event the face is back to normal
MOST: Final = 60  # strips of one clip; further events are listed in words


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One small picture, as JPEG."""

    t: float
    number: int
    picture: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """An event in three pictures."""

    event: Event
    before: Shot
    apex: Shot
    after: Shot


class Reel:
    """Bounded: recent shots closely, older ones loosely. `strips`: of the events so far, in the order they ended."""

    def __init__(self, trace: Trace) -> None:
        self.strips: list[Strip] = []
        self._trace = trace
        self._recent: deque[Shot] = deque()
        self._older: deque[Shot] = deque(maxlen=OLDER)
        self._waiting: list[Event] = []
        self._box: Box | None = None

    def see(self, seen: Seen) -> None:
        """Call it after the trace saw the same frame."""
        face = seen.look.face
        self._box = face.box if face else self._box
        picture = jpeg(_around(seen.frame.pixels, self._box))
        self._recent.append(Shot(t=seen.frame.t, number=seen.frame.seq, picture=picture))
        while seen.frame.t - self._recent[0].t > RECENT_S:
            shot = self._recent.popleft()
            if not self._older or shot.t - self._older[-1].t >= SPACING_S:
                self._older.append(shot)
        self._waiting += seen.events
        self._develop([event for event in self._waiting if seen.frame.t >= event.end_s + AROUND_S])

    def close(self, events: Iterable[Event]) -> None:
        """The clip has ended, and with it `events`."""
        self._waiting += events
        self._develop(list(self._waiting))

    def _develop(self, due: list[Event]) -> None:
        for event in due:
            self._waiting.remove(event)
            if len(self.strips) < MOST:
                self.strips.append(
                    Strip(
                        event=event,
                        before=self._at(event.start_s - AROUND_S),
                        apex=self._at(self._trace.apex(event.action, event.start_s, event.end_s)),
                        after=self._at(event.end_s + AROUND_S),
                    )
                )

    def _at(self, t: float) -> Shot:
        return min((*self._older, *self._recent), key=lambda shot: abs(shot.t - t))


def _around(pixels: Pixels, box: Box | None) -> Pixels:
    """The face and some room, as far as the picture goes; all of the picture as long as no face was seen."""
    if box is None:
        return fitted(pixels, SIDE_PX)
    half = max(box.width, box.height) * ROOM / 2
    rows = _span(box.y + box.height / 2, half, pixels.shape[0])
    columns = _span(box.x + box.width / 2, half, pixels.shape[1])
    return fitted(pixels[rows, columns], SIDE_PX, enlarge=True)


def _span(middle: float, half: float, side: int) -> slice:
    first = min(max(int(middle - half), 0), side - 1)
    return slice(first, max(min(int(middle + half), side), first + 1))
