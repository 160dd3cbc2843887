"""Pause, and for a file where it is, back and forth, round and round."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QSlider, QVBoxLayout, QWidget

from lifesign.desktop.words import clock

TICKS: Final = 100  # of the slider, a second
SLIDER_PX: Final = 120  # below it nothing can be found


class Transport(QWidget):
    """`played`: on or off. `sought`: to a time in seconds. `looped`: on or off."""

    played = Signal(bool)
    sought = Signal(float)
    looped = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button, self.slider = QPushButton("Pause"), QSlider(Qt.Orientation.Horizontal)
        self._time, self.loop = QLabel(), QCheckBox("Loop")
        self._playing, self._length = False, 0.0
        self.slider.setAccessibleName("Position")
        self.slider.setPageStep(TICKS)
        self.slider.setSingleStep(TICKS // 10)
        self._time.setAccessibleName("Time")
        self.slider.setMinimumWidth(SLIDER_PX)
        below, layout = QHBoxLayout(), QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.slider)
        layout.addLayout(below)
        below.addWidget(self.button)
        below.addWidget(self._time)
        below.addStretch(1)
        below.addWidget(self.loop)
        self.button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(self.sizeHint().height())  # the same for cameras, which have no slider
        self.button.clicked.connect(self.toggle)
        self.slider.valueChanged.connect(lambda ticks: self.sought.emit(ticks / TICKS))
        self.loop.toggled.connect(self.looped)

    def toggle(self) -> None:
        self.played.emit(not self._playing)

    def show_source(self, *, live: bool, length: float) -> None:
        """`length`: seconds of a file."""
        self._length = length
        self.slider.setVisible(not live)
        self.loop.setVisible(not live)
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, round(length * TICKS))

    def show_playing(self, on: bool) -> None:
        self._playing = on
        self.button.setText("Pause" if on else "Play")

    def move_to(self, now: float, *, live: bool) -> None:
        if now > self._length and not live:  # the container promised less
            self.show_source(live=False, length=now)
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(now * TICKS))
        self._time.setText(clock(now) if live else f"{clock(now)} / {clock(self._length)}")
