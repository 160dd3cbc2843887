"""Seconds to pixels, and which seconds are worth showing."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Self

LIVE_S: Final = 12.0  # of a camera: the latest seconds
WHOLE_S: Final = 30.0  # a clip up to this length is shown whole
FOLLOW_S: Final = 20.0  # of a longer one: so much around the playhead
AHEAD: Final = 0.25  # share of that to the right of it
TICKS: Final = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
TICK_PX: Final = 56


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """`begin` to `end` seconds stand on `width` pixels from `left` on."""

    begin: float
    end: float
    left: float
    width: float

    @classmethod
    def of_camera(cls, now: float, left: float, width: float) -> Self:
        end = max(now, LIVE_S)
        return cls(begin=end - LIVE_S, end=end, left=left, width=width)

    @classmethod
    def of_file(cls, now: float, length: float, left: float, width: float) -> Self:
        if length <= WHOLE_S:
            return cls.whole(0.0, length, left, width)
        begin = min(max(now - FOLLOW_S * (1 - AHEAD), 0.0), length - FOLLOW_S)
        return cls(begin=begin, end=begin + FOLLOW_S, left=left, width=width)

    @classmethod
    def whole(cls, begin: float, end: float, left: float, width: float) -> Self:
        return cls(begin=begin, end=max(end, begin + TICKS[0]), left=left, width=width)

    def x(self, t: float) -> float:
        return self.left + (t - self.begin) / (self.end - self.begin) * self.width

    def t(self, x: float) -> float | None:
        """The time at a pixel; None beside the axis."""
        share = (x - self.left) / self.width
        return self.begin + share * (self.end - self.begin) if 0 <= share <= 1 else None

    def ticks(self) -> list[tuple[float, bool]]:
        """Times to write below, and whether they are whole seconds."""
        span = self.end - self.begin
        step = next((tick for tick in TICKS if span / tick * TICK_PX <= self.width), TICKS[-1])
        first, last = math.ceil(self.begin / step), math.ceil(self.end / step)
        return [(number * step, step >= 1) for number in range(first, last)]
