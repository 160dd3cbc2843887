"""One limit to be moved: its name, a slider, the number itself, and back to where it was."""

from __future__ import annotations

import textwrap
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QGridLayout, QLabel, QSlider, QToolButton, QWidget

from lifesign.desktop.limits import Limit

TOOLTIP_LETTERS: Final = 60  # a line: Qt breaks plain text nowhere
STEPS: Final = 200  # of the slider, from end to end


class Knob(QWidget):
    """`moved`: to another value."""

    moved = Signal(float)

    def __init__(self, limit: Limit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._limit = limit
        label = QLabel(limit.name)
        self.slider, self.number, self.reset = QSlider(Qt.Orientation.Horizontal), QDoubleSpinBox(), QToolButton()
        label.setBuddy(self.number)
        self.slider.setRange(0, STEPS)
        self.slider.setAccessibleName(f"{limit.name} slider")
        self.number.setRange(limit.low, limit.high)
        self.number.setDecimals(limit.decimals)
        self.number.setSingleStep((limit.high - limit.low) / (STEPS / 4) if limit.decimals else 1.0)
        self.number.setSuffix(f" {limit.unit}" if limit.unit.isalpha() else limit.unit)
        self.number.setKeyboardTracking(False)
        self.number.setAccessibleName(limit.name)
        self.number.setMinimumWidth(84)
        self.reset.setText("↺")
        self.reset.setAutoRaise(True)
        self.reset.setAccessibleName(f"Reset {limit.name}")
        self.reset.setToolTip(f"Back to {limit.default:g}")
        self.setToolTip(textwrap.fill(limit.note, TOOLTIP_LETTERS))
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setVerticalSpacing(0)
        layout.addWidget(label, 0, 0)
        layout.addWidget(self.number, 0, 1)
        layout.addWidget(self.reset, 0, 2)
        layout.addWidget(self.slider, 1, 0, 1, 3)
        layout.setColumnStretch(0, 1)
        self.slider.valueChanged.connect(self._slid)
        self.number.valueChanged.connect(self._entered)
        self.reset.clicked.connect(lambda: self.number.setValue(limit.default))
        self.show_value(limit.value)

    def show_value(self, value: float) -> None:
        """The limit stands here now."""
        with QSignalBlocker(self.slider), QSignalBlocker(self.number):
            self.number.setValue(value)
            self.slider.setValue(round((value - self._limit.low) / (self._limit.high - self._limit.low) * STEPS))
        self.reset.setEnabled(value != self._limit.default)

    def _slid(self, place: int) -> None:
        self.number.setValue(self._limit.low + (self._limit.high - self._limit.low) * place / STEPS)

    def _entered(self, value: float) -> None:
        self.show_value(value)
        self.moved.emit(value)
