"""One strip: a number over time, its thresholds, and the events that go by it."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from lifesign.core import challenges
from lifesign.desktop.axis import Axis
from lifesign.desktop.theme import Tones, faded
from lifesign.desktop.traces import Traces
from lifesign.report.panels import Panel
from lifesign.report.words import DEGREES, UNITS, spoken

LINE_PX: Final = 1.6
SPAN_ALPHA: Final = 0.22
MARK_ALPHA: Final = 0.5
LEAST_PX: Final = 2.0  # the shortest event is still seen
INSET_PX: Final = 4


class Strip:
    """Paints panel `number` of the traces into `plot`, and its name and value left of it."""

    def __init__(
        self, painter: QPainter, colours: Tones, traces: Traces, number: int, axis: Axis, plot: QRectF
    ) -> None:
        self._painter, self._colours, self._traces, self._number = painter, colours, traces, number
        self._axis, self._plot = axis, plot
        self._panel: Panel = traces.panels[number]

    def paint(self, now: float) -> None:
        """`now`: seconds, the frame whose value is written."""
        painter, plot, colour = self._painter, self._plot, self._colours.family(self._panel.family)
        painter.fillRect(plot, self._colours.card)
        painter.setClipRect(plot)
        for event in self._traces.events:
            if event.action in self._panel.kinds:
                left, right = self._axis.x(event.start_s), self._axis.x(event.end_s)
                span = QRectF(left, plot.top(), max(right - left, LEAST_PX), plot.height())
                own = self._colours.family(challenges.REGISTRY[event.action].family)
                painter.fillRect(span, faded(own, SPAN_ALPHA))
        painter.setPen(QPen(faded(self._colours.ink, MARK_ALPHA), 1, Qt.PenStyle.DashLine))
        marks = {gauge.threshold for _, gauge in self._panel.gauges}
        for value in sorted(marks):
            painter.drawLine(QLineF(plot.left(), self._y(value), plot.right(), self._y(value)))
        if len(marks) > 1:
            self._name_marks()
        painter.setPen(QPen(colour, LINE_PX))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)  # for the curves alone: areas take ten times as long
        for run in self._runs():
            painter.drawPolyline(run)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setClipping(False)
        self._label(now)

    def _y(self, value: float) -> float:
        share = (value - self._panel.low) / (self._panel.high - self._panel.low)
        return self._plot.bottom() - share * self._plot.height()

    def _runs(self) -> list[QPolygonF]:
        """The curve, broken where there is no face."""
        part = self._traces.between(self._axis.begin, self._axis.end)
        times, values = np.array(self._traces.times[part]), np.array(self._traces.values[self._number][part])
        x = self._axis.x(0.0) + times * (self._axis.x(1.0) - self._axis.x(0.0))
        reach = self._y(0.0) - self._y(1.0)
        y = self._y(0.0) - np.clip(values, self._panel.low, self._panel.high) * reach
        breaks = np.flatnonzero(np.diff(np.isnan(y))) + 1
        return [
            QPolygonF([QPointF(a, b) for a, b in zip(xs.tolist(), ys.tolist(), strict=True)])
            for xs, ys in zip(np.split(x, breaks), np.split(y, breaks), strict=True)
            if len(ys) and not math.isnan(ys[0])
        ]

    def _name_marks(self) -> None:
        """Whose threshold is which, where they differ: beyond each line, on the side away from rest."""
        painter, plot, placed = self._painter, self._plot, list[QRectF]()
        painter.setPen(self._colours.faint)
        metrics = painter.fontMetrics()
        for kind, gauge in self._panel.gauges:
            text, y = spoken(kind), self._y(gauge.threshold)
            box = QRectF(0, 0, metrics.horizontalAdvance(text), metrics.height())
            above = gauge.threshold * 2 > self._panel.low + self._panel.high
            box.moveTopRight(QPointF(plot.right() - INSET_PX, max(y - box.height(), plot.top()) if above else y))
            box.moveBottom(min(box.bottom(), plot.bottom()))
            while any(box.intersects(other) for other in placed):
                box.translate(-metrics.height(), 0)
            placed.append(box)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _label(self, now: float) -> None:
        painter, height = self._painter, self._painter.fontMetrics().height()
        label = QRectF(0, self._plot.top(), self._plot.left() - 10, self._plot.height())
        left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        if beside := label.height() < 2 * height:
            name, value = label, label
        else:
            name = QRectF(0, label.center().y() - height, label.width(), height)
            value = name.translated(0, height)
        painter.setPen(self._colours.ink)
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter | left, spoken(self._panel.name))
        painter.setPen(self._colours.faint)
        painter.drawText(value, Qt.AlignmentFlag.AlignVCenter | (right if beside else left), self._reading(now))

    def _reading(self, now: float) -> str:
        place = self._traces.at(now)
        value = self._traces.values[self._number][place] if place is not None else math.nan
        if math.isnan(value):
            return "–"
        digits, unit = 0 if self._panel.unit == DEGREES else 2, UNITS.get(self._panel.unit, "")
        return f"{round(value, digits) + 0.0:.{digits}f}{unit}"  # adding 0 makes no minus of a small negative number


def explained(panel: Panel) -> str:
    """The strip in words: whose it is, and where the thresholds are."""
    unit = UNITS.get(panel.unit, "")
    marks = ", ".join(f"{spoken(kind).lower()} at {gauge.threshold:.2f}{unit}" for kind, gauge in panel.gauges)
    return f"{spoken(panel.name)}, drawn from {panel.low:g}{unit} to {panel.high:g}{unit}. Dashed: {marks}."
