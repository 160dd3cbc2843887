"""The way in: an application around the window, or a sentence that says why there can be none."""

from __future__ import annotations

import secrets
import signal
from pathlib import Path
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from lifesign.core.policy import Policy
from lifesign.desktop.feed import Feed
from lifesign.desktop.window import Window
from lifesign.errors import ClipError
from lifesign.vision.models import Bundle

SECRET_BYTES: Final = 32
POLL_MS: Final = 250  # Python sees Ctrl-C only when Qt lets it run for a moment
DIAGNOSTICS: Final = Path("output/diagnostics")
END: Final = float("inf")


def run(bundle: Bundle, policy: Policy, feed: Feed) -> int:
    """Shows the window until it is closed. Returns the exit code."""
    application = _application([])
    window = _window(bundle, policy)
    before = signal.signal(signal.SIGINT, lambda *_: window.close())
    timer = QTimer(window)
    timer.timeout.connect(lambda: None)
    timer.start(POLL_MS)
    window.show()
    window.open(feed)
    code = application.exec()
    signal.signal(signal.SIGINT, before)
    return code


def photograph(bundle: Bundle, policy: Policy, feed: Feed, picture: Path, *, at: float | None) -> None:
    """Runs unseen, as fast as it can, to `at` seconds or the end, and keeps a picture of the window. Raises ClipError
    when the source cannot be read or the picture not be written."""
    application = _application(["-platform", "offscreen"])
    window = _window(bundle, policy)
    window.stopped.connect(application.quit)
    window.show()
    window.open(feed)
    window.player.seek(END if at is None else at)
    application.exec()
    application.processEvents()
    shot = window.grab()
    window.close()
    if window.failure:
        raise ClipError(window.failure.removesuffix("."))
    if not shot.save(str(picture)):
        raise ClipError(f"{picture} cannot be written: is its folder there, and does its name end in .png?")


def _application(arguments: list[str]) -> QApplication:
    there = QApplication.instance()
    if isinstance(there, QApplication):  # in tests, where there can be one only
        return there
    application = QApplication(["lifesign", *arguments])
    application.setApplicationName("Lifesign")
    return application


def _window(bundle: Bundle, policy: Policy) -> Window:
    return Window(bundle, policy, secret=lambda: secrets.token_hex(SECRET_BYTES), diagnostics=DIAGNOSTICS)
