"""The list of what was detected."""

from __future__ import annotations

from bisect import bisect_right
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QHeaderView, QLabel, QStackedWidget, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from lifesign.core import challenges
from lifesign.core.observer import Event
from lifesign.desktop.theme import tones
from lifesign.desktop.traces import Traces
from lifesign.desktop.words import clock
from lifesign.report.words import reason, said, spoken

SWATCH_PX: Final = 10
TIME_ROLE: Final = Qt.ItemDataRole.UserRole
"""the moment to go to: its middle"""


class Happenings(QWidget):
    """Events and cuts by time. `picked`: the time of one that was activated, seconds."""

    picked = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._known: tuple[list[Event], list[tuple[float, str]]] = ([], [])
        self._starts: list[float] = []  # of the rows
        self.list = QTreeWidget()
        self.list.setAccessibleName("Detected events")
        self.list.setHeaderLabels(["Time", "Action", "Length"])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setAlternatingRowColors(True)
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        self.list.itemActivated.connect(lambda item, _: self.picked.emit(item.data(0, TIME_ROLE)))
        empty = QLabel("Nothing detected yet.\nBlink, wink, turn your head, smile …")
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty.setWordWrap(True)
        empty.setForegroundRole(self.foregroundRole())
        self._stack = QStackedWidget()
        self._stack.addWidget(empty)
        self._stack.addWidget(self.list)
        self._cues = QLabel()
        self._cues.setAccessibleName("Cues")
        self._cues.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._cues)

    def show_traces(self, traces: Traces) -> None:
        """Puts what is new in its place by time; what was read again with other limits makes the list anew."""
        cues = "\n".join(said(cue.kind, cue.verdict, cue.reason) for cue in traces.cues)
        if cues != self._cues.text():
            self._cues.setText(cues)
        events, cuts = self._known
        if traces.events[: len(events)] != events or traces.cuts[: len(cuts)] != cuts:
            self.list.clear()
            events, cuts, self._starts = [], [], []
        for event in traces.events[len(events) :]:
            self._put(
                event.start_s,
                spoken(event.action),
                family=challenges.REGISTRY[event.action].family,
                length=event.end_s - event.start_s,
            )
        for t, code in traces.cuts[len(cuts) :]:
            self._put(t, spoken(reason(code)))
        self._known = list(traces.events), list(traces.cuts)
        self._stack.setCurrentIndex(1 if self.list.topLevelItemCount() else 0)

    def _put(self, start: float, text: str, *, family: str | None = None, length: float = 0.0) -> None:
        """One row; without a `family` it is a cut."""
        colours, metrics = tones(self.palette()), self.fontMetrics()
        item = QTreeWidgetItem([clock(start), text, f"{length:.2f} s" if length else ""])
        item.setData(0, TIME_ROLE, start + length / 2)
        item.setIcon(1, swatch(colours.bad if family is None else colours.family(family)))
        item.setTextAlignment(2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setToolTip(1, text)
        item.setSizeHint(0, QSize(metrics.horizontalAdvance(clock(start)) + 16, metrics.height() + 10))
        place = bisect_right(self._starts, start)
        self._starts.insert(place, start)
        self.list.insertTopLevelItem(place, item)
        self.list.scrollToItem(item)


def swatch(colour: QColor) -> QIcon:
    dot = QPixmap(SWATCH_PX, SWATCH_PX)
    dot.fill(Qt.GlobalColor.transparent)
    painter = QPainter(dot)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(dot.rect())
    painter.end()
    return QIcon(dot)
