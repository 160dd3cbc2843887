"""The limits of every challenge, to be moved while one watches."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from lifesign.core import challenges
from lifesign.core.policy import Policy
from lifesign.desktop import limits
from lifesign.desktop.knob import Knob
from lifesign.desktop.limits import Limit, Place
from lifesign.errors import PolicyError
from lifesign.report.words import spoken


class Tuning(QWidget):
    """`changed`: the policy with what was moved. One that stands here twice moves twice."""

    changed = Signal(object)

    def __init__(self, policy: Policy, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._base = self.policy = policy
        self.knobs: dict[Place, list[Knob]] = {}
        self.kinds = QComboBox()
        self.kinds.setAccessibleName("Limits of")
        for kind in sorted(challenges.REGISTRY):
            self.kinds.addItem(spoken(kind), kind)
        self._state = QLabel()
        self._state.setWordWrap(True)
        self.reset, self.copy = QPushButton("Reset all"), QPushButton("Copy as policy.toml")
        self._own = QVBoxLayout()
        self._build()
        self.kinds.currentIndexChanged.connect(self._list)
        self.reset.clicked.connect(lambda: self._set(self._base))
        self.copy.clicked.connect(self._copy)
        self._list()

    def set_limit(self, place: Place, value: float) -> None:
        """One limit moved, by hand or otherwise."""
        table = limits.nested(place, value)
        try:
            self._set(self.policy.overridden(table))
        except PolicyError:  # two limits that contradict each other: this one goes back
            self._set(self.policy)

    def _build(self) -> None:
        content, column = QWidget(), QVBoxLayout()
        content.setLayout(column)
        column.setSpacing(10)
        column.addWidget(_title("Documented thresholds"))
        for limit in limits.documented(self.policy, self._base):
            column.addWidget(self._knob(limit))
        column.addSpacing(6)
        column.addWidget(_title("All limits of a challenge"))
        column.addWidget(self.kinds)
        column.addLayout(self._own)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(content)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        room = content.minimumSizeHint().width() + scroll.verticalScrollBar().sizeHint().width()
        scroll.setMinimumWidth(room)
        buttons, layout = QHBoxLayout(), QVBoxLayout(self)
        buttons.addWidget(self.reset)
        buttons.addWidget(self.copy, 1)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.addWidget(scroll, 1)
        layout.addWidget(self._state)
        layout.addLayout(buttons)
        self._own.setSpacing(10)

    def _list(self) -> None:
        """The knobs of the challenge that is chosen."""
        while (item := self._own.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                for knobs in self.knobs.values():
                    if old in knobs:
                        knobs.remove(old)
                old.setParent(None)  # deleting takes until the event loop is back
                old.deleteLater()
        for limit in limits.of(self.kinds.currentData(), self.policy, self._base):
            self._own.addWidget(self._knob(limit))
        self._say()

    def _knob(self, limit: Limit) -> Knob:
        knob = Knob(limit)
        knob.moved.connect(lambda value, place=limit.place: self.set_limit(place, self._number(place, value)))
        self.knobs.setdefault(limit.place, []).append(knob)
        return knob

    def _number(self, place: Place, value: float) -> float:
        """Counts are whole numbers, which a spin box does not know."""
        return round(value) if isinstance(limits.standing(place, self._base), int) else value

    def _set(self, policy: Policy) -> None:
        moved = policy.id != self.policy.id
        self.policy = policy
        for place, knobs in self.knobs.items():
            for knob in knobs:
                knob.show_value(limits.standing(place, policy))
        self._say()
        if moved:
            self.changed.emit(policy)

    def _say(self) -> None:
        moved = limits.changed(self.policy, self._base)
        count = f"{len(moved)} limit{'s' if len(moved) != 1 else ''} changed"
        self._state.setText(f"{count}, from the next frame on and looking back" if moved else "As at the start")
        self.reset.setEnabled(bool(moved))
        self.copy.setEnabled(bool(moved))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(limits.as_toml(limits.changed(self.policy, self._base)))


def _title(text: str) -> QLabel:
    label = QLabel(text)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    return label
