"""The steps of a check as dots: done, current, to come."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from lifesign.desktop.theme import tones

DOT_PX: Final = 12
STEP_PX: Final = 22


class Dots(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._done, self._total = 0, 0
        self.hide()

    def show_steps(self, done: int, total: int) -> None:
        self._done, self._total = done, total
        self.setAccessibleName(f"{done} of {total} steps done")
        self.setFixedSize(self.sizeHint())
        self.setVisible(total > 0)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(max(self._total * STEP_PX, 1), DOT_PX + 4)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name and signature
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = tones(self.palette())
        for number in range(self._total):
            dot = QRectF(number * STEP_PX + 2, 2, DOT_PX, DOT_PX)
            done, current = number < self._done, number == self._done
            painter.setPen(QPen(colours.good if done else colours.accent if current else colours.line, 2))
            painter.setBrush(colours.good if done else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(dot.adjusted(1, 1, -1, -1))
            if done:
                painter.setPen(QPen(colours.window, 1.8))
                corner = QPointF(dot.center().x() - 0.6, dot.center().y() + 2.4)
                painter.drawLine(QLineF(dot.left() + 3.5, dot.center().y() + 0.3, corner.x(), corner.y()))
                painter.drawLine(QLineF(corner.x(), corner.y(), dot.right() - 3.2, dot.center().y() - 2.4))
