"""One annotated frame: the mesh on the face, what is going on as badges, and the gauges beside it."""

from __future__ import annotations

import math
from collections import Counter
from typing import Final

import cv2
import numpy as np

from lifesign.core.policy import Policy
from lifesign.report.palette import DARK, LIGHT, colour, rgb
from lifesign.report.panels import Panel, panels
from lifesign.report.picture import Pixels
from lifesign.report.words import title
from lifesign.vision.draw import draw_mesh
from lifesign.watch import Seen

AREA_PX: Final = 80_000  # the encoder's time grows with it
LARGEST: Final = 2.0  # a tiny clip is enlarged so far and no further
COLUMN_PX, MARGIN_PX, TOP_PX, ROW_PX, FOOT_PX = 144, 12, 30, 21, 20
BAR_PX, TICK_PX, BADGE_PX = 5, 3, 22
LETTERS: Final = 0.38
FLASH_S: Final = 0.9  # so long an event that is over stays on
BACKDROP, TRACK, INK, QUIET, ACCENT = "#161a21", "#39414d", "#e8ebf0", "#9aa4b2", "#6fb6ff"
MESH, FEATURES = "#5fd0c5", "#a4efe6"
MOST_COLUMNS: Final = 2
MESH_SHARE: Final = 0.3


class Canvas:
    """For the frames of one clip. `area`: px that the picture is brought to. `width`, `height`: of what `draw` returns,
    even numbers."""

    def __init__(self, policy: Policy, width: int, height: int, area: int = AREA_PX) -> None:
        scale = min((area / (width * height)) ** 0.5, LARGEST)
        self._picture = (_even(width * scale), _even(height * scale))
        self._scale = np.array([self._picture[0] / width, self._picture[1] / height])
        self._rows = panels(policy)
        room = max((self._picture[1] - TOP_PX - FOOT_PX) // ROW_PX, 1)
        columns = min(math.ceil(len(self._rows) / room), MOST_COLUMNS)
        self._rows_each = math.ceil(len(self._rows) / columns)
        needed = TOP_PX + ROW_PX * self._rows_each + FOOT_PX
        self.width = self._picture[0] + COLUMN_PX * columns + MARGIN_PX
        self.height = max(self._picture[1], _even(needed))
        self._blank = self._background()
        self._flashes: dict[str, float] = {}
        self._counts: Counter[str] = Counter()

    def draw(self, seen: Seen) -> Pixels:
        """(height, width, 3) uint8 RGB, new for every frame."""
        canvas = self._blank.copy()
        pixels = cv2.resize(seen.frame.pixels, self._picture, interpolation=cv2.INTER_AREA)
        picture = pixels.astype(np.uint8, copy=False)
        if seen.look.face is not None:
            points = seen.look.face.landmarks[:, :2] * self._scale
            draw_mesh(picture, points, lines=rgb(FEATURES), mesh=rgb(MESH), share=MESH_SHARE)
        top = (self.height - self._picture[1]) // 2
        canvas[top : top + self._picture[1], : self._picture[0]] = picture
        self._badges(canvas, seen, top + self._picture[1])
        self._gauges(canvas, seen)
        return canvas

    def _background(self) -> Pixels:
        blank = np.full((self.height, self.width, 3), rgb(BACKDROP), np.uint8)
        for i, panel in enumerate(self._rows):
            x, y = self._bar(i)
            _text(blank, panel.name, x, y - BAR_PX, QUIET)
        return blank

    @property
    def _left(self) -> int:
        return self._picture[0] + MARGIN_PX

    def _bar(self, gauge: int) -> tuple[int, int]:
        """Left upper corner of a gauge's bar."""
        column, row = divmod(gauge, self._rows_each)
        return self._left + COLUMN_PX * column, TOP_PX + ROW_PX * row + ROW_PX - BAR_PX - TICK_PX

    def _gauges(self, canvas: Pixels, seen: Seen) -> None:
        frame = seen.frame
        _text(canvas, f"{frame.t:.2f} s", self._left, TOP_PX - MARGIN_PX, INK)
        _text(canvas, f"frame {frame.seq}", self._left + COLUMN_PX // 2, TOP_PX - MARGIN_PX, QUIET)
        for row, panel in enumerate(self._rows):
            self._gauge(canvas, seen, *self._bar(row), panel)
        at = self._left
        for cue in seen.cues:
            words = f"{title(cue.kind)}: {cue.verdict}"
            _text(canvas, words, at, self.height - MARGIN_PX, DARK[cue.verdict])
            at += _width(words) + MARGIN_PX

    def _gauge(self, canvas: Pixels, seen: Seen, left: int, y: int, panel: Panel) -> None:
        width = COLUMN_PX - MARGIN_PX

        def x(value: float) -> int:
            share = (value - panel.low) / (panel.high - panel.low)
            return left + round(width * min(max(share, 0.0), 1.0))

        cv2.rectangle(canvas, (x(panel.low), y), (x(panel.high), y + BAR_PX), rgb(TRACK), cv2.FILLED)
        if seen.look.face is not None:
            on = next((kind for kind in panel.kinds if kind in seen.active), None)
            ends = sorted((x(0.0), x(panel.read(seen.signals))))
            fill = rgb(colour(on) if on else ACCENT)
            cv2.rectangle(canvas, (ends[0], y), (ends[1], y + BAR_PX), fill, cv2.FILLED)
        for _, gauge in panel.gauges:
            at = x(gauge.threshold)
            cv2.line(canvas, (at, y - TICK_PX), (at, y + BAR_PX + TICK_PX), rgb(INK), 1)

    def _badges(self, canvas: Pixels, seen: Seen, bottom: int) -> None:
        t = seen.frame.t
        for event in seen.events:
            self._counts[event.action] += 1
            self._flashes[event.action] = t + FLASH_S
        if seen.interrupted:
            self._flashes[seen.interrupted] = t + FLASH_S
        self._flashes = {name: until for name, until in self._flashes.items() if until > t}
        badges = [(title(kind), colour(kind), False) for kind in seen.active if kind not in self._flashes]
        for name in self._flashes:
            counted = name in self._counts
            words = f"{title(name)}  {self._counts[name]}" if counted else title(name)
            badges.append((words, colour(name) if counted else LIGHT["deny"], True))
        if seen.look.face is None:
            badges.append(("no face", TRACK, True))
        for i, (words, ground, filled) in enumerate(badges):
            _badge(canvas, words, MARGIN_PX, bottom - MARGIN_PX - i * (BADGE_PX + TICK_PX), ground, filled)


def _badge(canvas: Pixels, words: str, x: int, bottom: int, ground: str, filled: bool) -> None:
    corners = (x, bottom - BADGE_PX), (x + _width(words) + 2 * MARGIN_PX, bottom)
    cv2.rectangle(canvas, *corners, rgb(ground if filled else BACKDROP), cv2.FILLED)
    cv2.rectangle(canvas, *corners, rgb(ground), 2)
    _text(canvas, words, x + MARGIN_PX, bottom - BAR_PX, "#ffffff" if filled else INK)


def _text(canvas: Pixels, words: str, x: int, y: int, ink: str) -> None:
    cv2.putText(canvas, words, (x, y), cv2.FONT_HERSHEY_SIMPLEX, LETTERS, rgb(ink), 1, cv2.LINE_AA)


def _width(words: str) -> int:
    return int(cv2.getTextSize(words, cv2.FONT_HERSHEY_SIMPLEX, LETTERS, 1)[0][0])


def _even(length: float) -> int:
    return max(2 * round(length / 2), 2)
