"""The parts of the window, and where they stand."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from lifesign.core.policy import Policy
from lifesign.desktop.happenings import Happenings
from lifesign.desktop.picture import Overlay, Picture
from lifesign.desktop.prompter import Prompter
from lifesign.desktop.sources import Sources
from lifesign.desktop.strips import Strips
from lifesign.desktop.transport import Transport
from lifesign.desktop.tuning import Tuning

MARGIN: Final = 12
SHARES: Final = (520, 470, 270)  # of the width, at first


class Parts:
    """Everything that there is to see."""

    def __init__(self, policy: Policy) -> None:
        self.sources, self.picture, self.transport = Sources(), Picture(), Transport()
        self.prompter, self.strips = Prompter(policy), Strips()
        self.happenings, self.tuning, self.sides = Happenings(), Tuning(policy), QTabWidget()
        self.overlay, self.save = QComboBox(), QPushButton("Save diagnostic …")
        self.reading, self.policy_id = QLabel(), QLabel()
        for overlay in Overlay:
            self.overlay.addItem(overlay.value, overlay)
        self.overlay.setAccessibleName("Lines over the face")
        self.reading.setAccessibleName("Speed")
        self.sides.addTab(self.happenings, "Events")
        self.sides.addTab(self.tuning, "Limits")
        self.sides.setDocumentMode(True)


def arranged(parts: Parts) -> QWidget:
    """Sources above; below them picture and check, signals, and the tabs, side by side."""
    columns = QSplitter(Qt.Orientation.Horizontal)
    columns.setChildrenCollapsible(False)
    columns.setHandleWidth(MARGIN)
    for part in (_watching(parts), _scrolled(parts.strips), parts.sides):
        columns.addWidget(part)
    columns.setSizes(list(SHARES))
    for place, share in enumerate(SHARES):
        columns.setStretchFactor(place, share)
    bar, whole = QHBoxLayout(), QWidget()
    bar.addWidget(parts.sources)
    bar.addStretch(1)
    bar.addWidget(parts.overlay)
    bar.addWidget(parts.save)
    layout = QVBoxLayout(whole)
    layout.setContentsMargins(MARGIN, MARGIN, MARGIN, 4)
    layout.setSpacing(MARGIN)
    layout.addLayout(bar)
    layout.addWidget(columns, 1)
    return whole


def _watching(parts: Parts) -> QWidget:
    column = QWidget()
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    layout.addWidget(parts.picture, 1)
    layout.addWidget(parts.transport)
    layout.addWidget(parts.prompter)
    return column


def _scrolled(strips: Strips) -> QScrollArea:
    area = QScrollArea()
    area.setWidget(strips)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setMinimumWidth(240)
    return area
