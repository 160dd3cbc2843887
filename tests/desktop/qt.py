"""Skips the module that imports it where Qt cannot run; waits for what the worker does elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from lifesign.desktop import ready
from lifesign.errors import DesktopError

try:
    ready.check(unseen=True)
except DesktopError as error:
    pytest.skip(str(error), allow_module_level=True)

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from lifesign.desktop.window import Window

PATIENCE_S = 60.0  # for machines that are busy; nothing is asserted about how long it takes


def until(happened: Callable[[], bool]) -> None:
    """Lets the window live until something has happened."""
    end = time.monotonic() + PATIENCE_S
    while not happened():
        assert time.monotonic() < end, "it never happened"
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        time.sleep(0.001)  # lets the worker have Python's lock


def seen_to(window: Window, t: float) -> Window:
    """At full speed to `t` seconds or the end."""
    stops: list[bool] = []
    window.stopped.connect(lambda: stops.append(True))
    window.player.seek(t)
    until(lambda: bool(stops))
    return window


def listed(window: Window) -> list[tuple[str, str]]:
    """(time, action) as the list of events shows them."""
    rows = window.parts.happenings.list
    items = [rows.topLevelItem(row) for row in range(rows.topLevelItemCount())]
    return [(item.text(0), item.text(1)) for item in items if item is not None]
