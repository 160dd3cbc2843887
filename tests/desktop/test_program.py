"""The program as a whole: runs until its window is closed, by hand or by Ctrl-C."""

from __future__ import annotations

import tests.desktop.qt  # noqa: F401 - first: it skips this module where Qt cannot run

# isort: split
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from lifesign.core.policy import Policy
from lifesign.desktop import program
from lifesign.desktop.feed import Feed
from lifesign.vision.models import Bundle


@pytest.mark.parametrize(
    "end", [QApplication.closeAllWindows, lambda: signal.raise_signal(signal.SIGINT)], ids=["closed", "Ctrl-C"]
)
def test_runs_until_it_is_closed(
    application: QApplication,  # noqa: ARG001
    bundle: Bundle,
    clip: Path,
    end: Callable[[], None],
) -> None:
    before = signal.getsignal(signal.SIGINT)
    QTimer.singleShot(300, end)
    assert program.run(bundle, Policy(), Feed.file(clip)) == 0
    assert signal.getsignal(signal.SIGINT) is before
