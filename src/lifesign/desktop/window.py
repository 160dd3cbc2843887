"""The window: puts the parts side by side, and carries news to them and orders to the worker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QFileDialog, QMainWindow

from lifesign.core.policy import Policy
from lifesign.core.types import Decision
from lifesign.desktop.check import Plan
from lifesign.desktop.diagnostic import Diagnostic
from lifesign.desktop.feed import Feed
from lifesign.desktop.layout import Parts, arranged
from lifesign.desktop.menus import fill_menus
from lifesign.desktop.news import Cameras, Closing, Failed, News, Observed, Opened, Playing, Row, Shown, Told
from lifesign.desktop.pace import Pace
from lifesign.desktop.picture import Overlay
from lifesign.desktop.player import Player
from lifesign.desktop.traces import Traces
from lifesign.errors import UnwritableError
from lifesign.report.panels import panels
from lifesign.vision.models import Bundle

SIZE: Final = (1280, 800)
LEAST: Final = (820, 560)
NO_SOURCE: Final = "Choose a camera above, or open a file."
CLIPS: Final = "Videos and pictures (*.mp4 *.mov *.mkv *.webm *.avi *.gif *.jpg *.jpeg *.png *.webp);;All files (*)"


class Window(QMainWindow):
    """`stopped`: the source came to its end or to the time that was sought, or it cannot be read. `diagnostics`: the
    folder where they go unless the person chooses another. Closing ends the worker."""

    stopped = Signal()

    def __init__(
        self, bundle: Bundle, policy: Policy, *, secret: Callable[[], str], diagnostics: Path, feed: Feed | None = None
    ) -> None:
        super().__init__()
        self.setWindowTitle("Lifesign")
        self.setMinimumSize(*LEAST)
        self.resize(*SIZE)
        self._models: Mapping[str, str] = {bundle.name: bundle.sha256}
        self._diagnostics, self._live, self._length, self._size = diagnostics, True, 0.0, ""
        self._feed: Feed | None = None
        self._on = False
        """the source that was asked for is the one that news are of"""
        self.decision: Decision | None = None
        self.failure = ""
        """why there is no picture, in a sentence"""
        self.shown: Shown | None = None
        self.policy, self.traces, self._pace = policy, Traces(panels=panels(policy)), Pace()
        self.player = Player(bundle, policy, secret=secret, parent=self)
        self.parts = Parts(policy)
        self.setCentralWidget(arranged(self.parts))
        self.statusBar().setContentsMargins(8, 0, 8, 2)
        self.statusBar().addWidget(self.parts.reading, 1)
        self.statusBar().addPermanentWidget(self.parts.policy_id)
        self._connect()
        fill_menus(self)
        self._show_policy()
        self.parts.picture.say(NO_SOURCE)
        self._enable(False)
        self.player.start()
        if feed is not None:
            self.open(feed)

    def open(self, feed: Feed) -> None:
        """Watch this source from now on."""
        self._feed, self.decision, self.failure, self._on = feed, None, "", False
        self._forget()
        self._enable(False)
        self.setWindowTitle(f"{feed.name} – Lifesign")
        self.parts.prompter.idle()
        self.parts.sources.show_feed(feed)
        self.parts.picture.say(f"Opening {feed.name} …")
        self.player.open(feed)

    def go_to(self, t: float) -> None:
        """To `t` seconds of a file, and stop there."""
        if not self._live and self._on:
            self.player.seek(t)

    def ask_for_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Open a video, GIF or picture", "", CLIPS)
        if name:
            self.open(Feed.file(Path(name)))

    def ask_where_to_save(self) -> None:
        question = "A folder for the diagnostic: it will hold pictures of what is seen"
        name = QFileDialog.getExistingDirectory(self, question, str(self._diagnostics.resolve().parent))
        if name:
            self.save_diagnostic(Path(name))

    def save_diagnostic(self, parent: Path) -> Path | None:
        """A new folder in `parent`; says in the status bar where, or why not."""
        diagnostic = Diagnostic(
            source=self._feed.name if self._feed else "",
            traces=self.traces,
            policy=self.policy,
            decision=self.decision,
            models=self._models,
            pictures={
                "window": self.grab(),
                "picture": self.parts.picture.grab(),
                "signals": self.parts.strips.draw_whole(self.traces),
            },
        )
        try:
            folder = diagnostic.save(parent, datetime.now().astimezone())
        except UnwritableError as error:
            self.statusBar().showMessage(str(error))
            return None
        self.statusBar().showMessage(f"Saved in {folder}")
        return folder

    def show_overlay(self, overlay: Overlay) -> None:
        self.parts.picture.overlay = overlay
        self.parts.picture.update()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        self.player.stop()
        super().closeEvent(event)

    def _connect(self) -> None:
        parts, player = self.parts, self.player
        player.posted.connect(self._take)
        parts.sources.chosen.connect(self.open)
        parts.sources.file.clicked.connect(self.ask_for_file)
        parts.sources.search.clicked.connect(player.find_cameras)
        parts.overlay.currentIndexChanged.connect(lambda _: self.show_overlay(parts.overlay.currentData()))
        parts.save.clicked.connect(self.ask_where_to_save)
        parts.transport.played.connect(player.play)
        parts.transport.sought.connect(self.go_to)
        parts.transport.looped.connect(player.loop)
        parts.strips.picked.connect(self.go_to)
        parts.happenings.picked.connect(self.go_to)
        parts.tuning.changed.connect(self._limit)
        parts.prompter.begun.connect(self._begin)
        parts.prompter.given_up.connect(lambda: player.check(None))

    def _take(self) -> None:
        news, shown = self.player.take()
        for item in news:
            self._on = self._on or (isinstance(item, Opened) and item.feed is self._feed)
            if self._on or isinstance(item, Playing | Failed | Cameras):  # others are of the source before
                self._hear(item)
        if shown is not None and self._on:
            self._show(shown)
        if any((isinstance(item, Playing) and not item.on) or isinstance(item, Failed) for item in news):
            self.stopped.emit()

    def _hear(self, news: News) -> None:
        match news:
            case Row():
                self.traces.add(news)
                self._pace.count(news.signals.t, news.cost_ms)
            case Told():
                self.decision = news.decision if self.parts.prompter.running else self.decision
                self.parts.prompter.show_told(news)
            case Opened():
                self._opened(news)
            case Observed():
                self.traces.replace(news)
                self.parts.happenings.show_traces(self.traces)
            case Closing():
                self.traces.close(news)
                self.parts.happenings.show_traces(self.traces)
                if self.parts.prompter.running:
                    self.parts.prompter.idle("The file ended before the check did.")
            case Playing():
                self.parts.transport.show_playing(news.on)
            case Failed():
                self._failed(news)
            case Cameras():
                self.parts.sources.show_cameras(news.numbers)
                found = ", ".join(map(str, news.numbers)) or "none"
                self.statusBar().showMessage(f"Cameras that answered: {found}", 5000)

    def _failed(self, news: Failed) -> None:
        self.failure, self._on = news.message, False
        self.parts.picture.say(news.message if news.fatal else f"{news.message}\n\n{NO_SOURCE}")
        self.parts.transport.show_playing(False)
        self.parts.prompter.idle()
        self.parts.sources.setEnabled(not news.fatal)
        self._enable(False)
        self.parts.save.setEnabled(bool(self.traces.times))  # what was seen of it until then

    def _forget(self) -> None:
        """Nothing is known of the source yet."""
        self.traces, self._pace, self.shown = Traces(panels=panels(self.policy)), Pace(), None
        self.parts.reading.clear()
        self._show_traces()

    def _opened(self, news: Opened) -> None:
        self._live = self.parts.picture.mirrored = news.feed.live
        self._length = 0.0 if self._live else max(news.frames - 1, 0) / news.fps
        self.failure = ""
        self.parts.transport.show_source(live=self._live, length=self._length)
        self._forget()
        self._enable(True)
        if self.decision is None and not self.parts.prompter.running:
            self.parts.prompter.idle()

    def _show(self, shown: Shown) -> None:
        self.shown, parts = shown, self.parts
        self._size = f"{shown.pixels.shape[1]}×{shown.pixels.shape[0]}"
        parts.picture.show_frame(shown, shown.active or self.traces.happening(shown.t))
        parts.transport.move_to(shown.t, live=self._live)
        parts.strips.move_to(shown.t)
        parts.happenings.show_traces(self.traces)
        parts.reading.setText("  ·  ".join(filter(None, (self._size, self._pace.reading()))))

    def _enable(self, on: bool) -> None:
        self.parts.transport.setEnabled(on)
        self.parts.prompter.button.setEnabled(on)
        self.parts.save.setEnabled(on)

    def _show_traces(self) -> None:
        self.parts.strips.show_traces(self.traces, live=self._live, length=self._length)
        self.parts.happenings.show_traces(self.traces)

    def _show_policy(self) -> None:
        self.parts.policy_id.setText(f"policy {self.policy.id}")
        self.traces.panels = panels(self.policy)
        self._show_traces()

    def _limit(self, policy: Policy) -> None:
        self.policy = policy
        self._show_policy()
        self.player.limit(policy)

    def _begin(self, plan: Plan) -> None:
        self.decision = None
        self.player.check(plan)
