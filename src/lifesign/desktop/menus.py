"""Every order as a menu entry with its key. An entry presses the order's button: disabled, neither does anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

if TYPE_CHECKING:
    from lifesign.desktop.window import Window

Keys = str | QKeySequence.StandardKey


def fill_menus(window: Window) -> None:
    parts = window.parts
    file = window.menuBar().addMenu("&File")
    _entry(file, "&Open file …", QKeySequence.StandardKey.Open, parts.sources.file.click)
    _entry(file, "&Find cameras", "Ctrl+F", parts.sources.search.click)
    _entry(file, "&Save diagnostic …", QKeySequence.StandardKey.Save, parts.save.click)
    file.addSeparator()
    _entry(file, "&Quit", "Ctrl+Q", window.close)
    play = window.menuBar().addMenu("&Play")
    _entry(play, "&Pause or play", "Ctrl+P", parts.transport.button.click)
    _entry(play, "&Next frame", "Ctrl+Right", window.player.step)
    _entry(play, "From the &beginning", "Ctrl+Home", lambda: window.go_to(0.0))
    _entry(play, "&Loop", "Ctrl+L", parts.transport.loop.click)
    check = window.menuBar().addMenu("&Check")
    _entry(check, "&Start or give up", "Ctrl+Return", parts.prompter.button.click)
    _entry(check, "&What to ask for", "Ctrl+T", parts.prompter.plans.showPopup)
    view = window.menuBar().addMenu("&View")
    _entry(view, "&Events", "Ctrl+1", lambda: parts.sides.setCurrentWidget(parts.happenings))
    _entry(view, "&Limits", "Ctrl+2", lambda: parts.sides.setCurrentWidget(parts.tuning))
    _entry(view, "Li&nes over the face", "Ctrl+M", lambda: _turn(window))


def _turn(window: Window) -> None:
    box = window.parts.overlay
    box.setCurrentIndex((box.currentIndex() + 1) % box.count())


def _entry(menu: QMenu, text: str, keys: Keys, do: Callable[[], object]) -> None:
    action = QAction(text, menu)
    action.setShortcut(QKeySequence(keys))
    action.triggered.connect(lambda: do())
    menu.addAction(action)
