"""The check on oneself: what to do now, how far it got, and what came of it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from lifesign.core.decision import LIVE
from lifesign.core.policy import ASKED, Policy
from lifesign.core.types import Decision
from lifesign.desktop.check import Plan
from lifesign.desktop.dots import Dots
from lifesign.desktop.news import Told
from lifesign.desktop.theme import tones
from lifesign.report.words import reason, spoken

IDLE: Final = "Try a check"
IDLE_NOTE: Final = "The same check as the service's, on what you see here. Nothing is kept."
VERDICTS: Final = {"live": "Live", "spoof": "Spoof", "inconclusive": "Not verified"}
LARGE: Final = 1.7  # the instruction, against the system's font: it is read from an arm's length
FULL: Final = 1000  # of the progress bar


class Prompter(QFrame):
    """`begun`: with the plan that was chosen. `given_up`: the running check is."""

    begun = Signal(object)
    given_up = Signal()

    def __init__(self, policy: Policy, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Check")
        self._dots, self._time = Dots(), QLabel()
        self._heading, self._note = QLabel(IDLE), QLabel(IDLE_NOTE)
        self._progress = QProgressBar()
        self.plans, self.button = QComboBox(), QPushButton("Start")
        self._running = False
        self._build()
        fixed = policy.session.sequence
        if fixed:
            self.plans.addItem("As the policy says", fixed)
        self.plans.addItem("Random plan", ())
        for kind in ASKED:
            self.plans.addItem(f"Only: {spoken(kind).lower()}", (kind,))

    def idle(self, note: str = IDLE_NOTE) -> None:
        """No check is running."""
        self._running = False
        self._say(IDLE, note)
        self._dots.show_steps(0, 0)
        self._time.clear()
        self._progress.hide()
        self._button()

    def show_told(self, told: Told) -> None:
        """A frame's answer."""
        if not self._running:  # given up while it was on its way
            return
        step = told.step
        self._running = told.decision is None
        self._button()
        if told.decision is not None:
            self._decided(told.decision)
            self._dots.show_steps(step.total if told.decision.verdict == LIVE else step.step - 1, step.total)
            return
        self._dots.show_steps(step.step - 1 if step.state == "steps" else step.total * (step.state == "closing"),
                              step.total)  # fmt: skip
        self._say(step.instruction, self._advice(told))
        left = f"{step.time_left_s:.0f} s left" if step.time_left_s else ""
        attempt = f"attempt {told.attempt} of {told.attempts}" if told.attempt > 1 else ""
        self._time.setText("  ·  ".join(filter(None, (attempt, left))))
        self._progress.show()
        self._progress.setValue(round(step.progress * FULL))

    def start(self) -> None:
        """What the button does."""
        if self._running:
            self.idle()
            self.given_up.emit()
        else:
            self._running = True
            self._say("Look straight at the camera", "")
            self._button()
            plan: Plan = tuple(self.plans.currentData())
            self.begun.emit(plan)

    @property
    def heading(self) -> str:
        return self._heading.text()

    @property
    def running(self) -> bool:
        return self._running

    @property
    def note(self) -> str:
        return self._note.text()

    def _build(self) -> None:
        font = self._heading.font()
        font.setPointSizeF(font.pointSizeF() * LARGE)
        font.setBold(True)
        self._heading.setFont(font)
        self._heading.setWordWrap(True)
        self._heading.setAccessibleName("Instruction")
        self._note.setWordWrap(True)
        self._note.setMinimumHeight(2 * self._note.fontMetrics().lineSpacing())
        self._note.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._note.setAccessibleName("Advice")
        self._progress.setRange(0, FULL)
        self._progress.setTextVisible(False)
        self._progress.setFixedHeight(6)
        self._progress.setAccessibleName("Progress of this step")
        policy = self._progress.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._progress.setSizePolicy(policy)
        self._progress.hide()
        self.plans.setAccessibleName("What to ask for")
        self.button.setDefault(True)
        self.button.setToolTip("Start or give up the check (Ctrl+Return)")
        self.button.clicked.connect(self.start)
        top, bottom, layout = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        top.addWidget(self._heading, 1)
        top.addWidget(self._time, 0, Qt.AlignmentFlag.AlignBottom)
        bottom.addWidget(self._dots)
        bottom.addWidget(self.plans, 1)
        bottom.addWidget(self.button)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(top)
        layout.addWidget(self._progress)
        layout.addWidget(self._note)
        layout.addLayout(bottom)

    def _advice(self, told: Told) -> str:
        step = told.step
        hint = step.hint.message if step.hint is not None else ""
        failed = f"Once more: {reason(step.failure)}." if step.failure else ""
        return "\n".join(filter(None, (hint, failed)))

    def _decided(self, decision: Decision) -> None:
        colours = tones(self.palette())
        good = decision.verdict == LIVE
        reasons = "; ".join(reason(code) for code in decision.reasons)
        bits = f" {decision.challenge_entropy_bits:.1f} bits of chance." if decision.challenge_entropy_bits else ""
        asked = ", ".join(spoken(kind).lower() for kind in decision.challenges)
        done = f" Done: {asked}.{bits}" if asked else ""
        self._say(VERDICTS[decision.verdict], f"{spoken(reasons)}.{done}", colours.good if good else colours.bad)
        self._time.clear()
        self._progress.hide()

    def _say(self, heading: str, note: str, colour: QColor | None = None) -> None:
        self._heading.setText(heading)
        self._note.setText(note)
        palette = QPalette(self.palette())
        if colour is not None:
            palette.setColor(QPalette.ColorRole.WindowText, colour)
        self._heading.setPalette(palette)

    def _button(self) -> None:
        self.button.setText("Give up" if self._running else "Start" if self.heading == IDLE else "Again")
        self.plans.setEnabled(not self._running)
