"""The running signals: one strip for each number, what was detected above them, one time axis below."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from lifesign.core import challenges
from lifesign.desktop.axis import Axis
from lifesign.desktop.strip import Strip, explained
from lifesign.desktop.theme import Tones, faded, tones
from lifesign.desktop.traces import Traces
from lifesign.desktop.words import clock
from lifesign.report.words import spoken

LABEL_PX: Final = 116
ROW_PX: Final = 20
LANE_ROWS: Final = 3
BAR_PX: Final = 3
LANE_PX: Final = ROW_PX * LANE_ROWS + 8
AXIS_PX: Final = 20
LEAST_PX, USUAL_PX, MOST_PX = 34, 44, 84
GAP_PX: Final = 4
SECOND_PX: Final = 40  # of the picture of everything
SHEET_PX: Final = (1280, 8000)
LINE_PX: Final = 1.5
GAP_ALPHA: Final = 0.25


class Strips(QWidget):
    """`picked`: a time in seconds that was clicked."""

    picked = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Signals over time")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._traces = Traces(panels=())
        self._now, self._length, self._live, self._whole = 0.0, 0.0, True, False

    def show_traces(self, traces: Traces, *, live: bool, length: float) -> None:
        """`length`: of a file in seconds, as far as it is known."""
        self._traces, self._live, self._length = traces, live, length
        self.setMinimumHeight(LANE_PX + AXIS_PX + LEAST_PX * len(traces.panels))
        self.update()

    def move_to(self, now: float) -> None:
        """`now`: seconds, the frame that is shown."""
        self._now = now
        self.update()

    def draw_whole(self, traces: Traces) -> QPixmap:
        """A picture of everything from the first frame to the last, as wide as it takes."""
        sheet = Strips()
        sheet.setPalette(self.palette())
        sheet.show_traces(traces, live=False, length=0.0)
        sheet._whole = True
        end = traces.times[-1] if traces.times else 0.0
        seconds = end - traces.times[0] if traces.times else 0.0
        sheet.resize(round(min(max(seconds * SECOND_PX, SHEET_PX[0]), SHEET_PX[1])), sheet.sizeHint().height())
        sheet.move_to(end)
        return sheet.grab()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(480, LANE_PX + AXIS_PX + USUAL_PX * len(self._traces.panels))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name and signature
        painter = QPainter(self)
        colours, axis = tones(self.palette()), self._axis()
        self._lane(painter, colours, axis)
        for number in range(len(self._traces.panels)):
            Strip(painter, colours, self._traces, number, axis, self._place(number)).paint(self._now)
        self._over_all(painter, colours, axis)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        t = self._axis().t(event.position().x())
        if not self._live and t is not None:
            self.picked.emit(t)

    def event(self, event: QEvent) -> bool:
        if not isinstance(event, QHelpEvent):
            return super().event(event)
        number = int((event.pos().y() - LANE_PX) // self._row_height())
        if 0 <= number < len(self._traces.panels):
            QToolTip.showText(event.globalPos(), explained(self._traces.panels[number]), self)
        else:
            QToolTip.hideText()
        return True

    def _axis(self) -> Axis:
        left, width = float(LABEL_PX), max(self.width() - LABEL_PX - 1.0, 1.0)
        first, last = (self._traces.times[0], self._traces.times[-1]) if self._traces.times else (0.0, 0.0)
        if self._whole:
            return Axis.whole(first, last, left, width)
        if self._live:
            return Axis.of_camera(self._now, left, width)
        return Axis.of_file(self._now, max(self._length, last), left, width)

    def _row_height(self) -> float:
        rows = max(len(self._traces.panels), 1)
        return min(max((self.height() - LANE_PX - AXIS_PX) / rows, LEAST_PX), MOST_PX)

    def _place(self, number: int) -> QRectF:
        """The plot of one strip."""
        height = self._row_height()
        return QRectF(LABEL_PX, LANE_PX + number * height, self.width() - LABEL_PX - 1.0, height - GAP_PX)

    def _lane(self, painter: QPainter, colours: Tones, axis: Axis) -> None:
        """Everything that was detected, by name, in as many rows as it takes."""
        painter.setPen(colours.faint)
        left_middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRectF(0, 0, LABEL_PX, ROW_PX), left_middle, "Detected")
        painter.setClipRect(QRectF(axis.left, 0, axis.width, LANE_PX))
        free, barred = [0.0] * LANE_ROWS, [0.0] * LANE_ROWS  # where each row's last words end, and its last bar
        for event in sorted(self._traces.events, key=lambda event: event.start_s):
            left, right = axis.x(event.start_s), max(axis.x(event.end_s), axis.x(event.start_s) + BAR_PX)
            if right < axis.left or left > self.width():
                continue
            text = spoken(event.action)
            wide = painter.fontMetrics().horizontalAdvance(text)
            at = max(min(left, self.width() - wide - 2.0), axis.left)
            fits = next((row for row in range(LANE_ROWS) if at >= free[row]), None)
            row = fits if fits is not None else min(range(LANE_ROWS), key=barred.__getitem__)
            barred[row] = max(barred[row], right)
            colour, bottom = colours.family(challenges.REGISTRY[event.action].family), (row + 1) * ROW_PX
            painter.fillRect(QRectF(left, bottom - BAR_PX, right - left, BAR_PX), colour)
            if fits is None:  # too many at once for their names; the list has them
                continue
            free[row] = max(right, at + wide) + 2 * BAR_PX
            painter.setPen(colour)
            painter.drawText(QPointF(at, bottom - BAR_PX - 3), text)
        painter.setClipping(False)

    def _over_all(self, painter: QPainter, colours: Tones, axis: Axis) -> None:
        """Times without a face, cuts, the axis and the playhead."""
        bottom = LANE_PX + len(self._traces.panels) * self._row_height() - GAP_PX
        painter.setClipRect(QRectF(axis.left, LANE_PX, axis.width, bottom - LANE_PX))
        hatched = QBrush(faded(colours.ink, GAP_ALPHA), Qt.BrushStyle.BDiagPattern)
        for begin, end in self._traces.faceless(axis.begin, axis.end):
            painter.fillRect(QRectF(axis.x(begin), LANE_PX, axis.x(end) - axis.x(begin), bottom - LANE_PX), hatched)
        painter.setPen(QPen(colours.bad, LINE_PX))
        for t, _ in self._traces.cuts:
            painter.drawLine(QLineF(axis.x(t), LANE_PX, axis.x(t), bottom))
        painter.setClipping(False)
        painter.setPen(colours.faint)
        for tick, whole in axis.ticks():
            text = clock(tick)[:-3] if whole else clock(tick)[:-1]
            at = min(axis.x(tick), self.width() - painter.fontMetrics().horizontalAdvance(text) - 1.0)
            painter.drawLine(QLineF(axis.x(tick), bottom, axis.x(tick), bottom + 3))
            painter.drawText(QPointF(at, bottom + 4 + painter.fontMetrics().ascent()), text)
        if not self._live and not self._whole:
            painter.setPen(QPen(colours.ink, LINE_PX))
            painter.drawLine(QLineF(axis.x(self._now), LANE_PX, axis.x(self._now), bottom))
