"""One application without a screen for all tests, and windows that are closed again."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before anything imports Qt

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import pytest

from lifesign.core.policy import Policy
from lifesign.lab.actor import Actor, Portrait
from lifesign.lab.performance import GESTURES, REACTION_S, Performance
from lifesign.vision.face import FaceEngine
from lifesign.vision.models import Bundle
from tests.desktop.script import END_S, FPS, SCRIPT

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from lifesign.desktop.feed import Feed
    from lifesign.desktop.window import Window

Opener = Callable[..., "Window"]


@pytest.fixture(scope="session")
def application() -> QApplication:
    from PySide6.QtWidgets import QApplication

    return QApplication.instance() or QApplication(["tests"])


@pytest.fixture(scope="session")
def portrait(engine: FaceEngine) -> Portrait:
    return Portrait.load(engine=engine)


@pytest.fixture(scope="session")
def clip(portrait: Portrait, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The actor's performance of `SCRIPT` as a file."""
    path = tmp_path_factory.mktemp("clip") / "actor.avi"
    actor, performance = Actor(portrait), Performance()
    ends = {at + REACTION_S + GESTURES[kind].length_s + 0.1: "pause" for at, kind in SCRIPT.items()}
    due = {**SCRIPT, **ends}
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"MJPG"), FPS, actor.size)
    for number in range(round(END_S * FPS)):
        t = number / FPS
        for at in [at for at in due if at <= t]:
            performance.prompt(due.pop(at), 1, t)
        writer.write(cv2.cvtColor(actor.render(performance.act(t), t), cv2.COLOR_RGB2BGR))
    writer.release()
    return path


@pytest.fixture
def opened(application: QApplication, bundle: Bundle, tmp_path: Path) -> Iterator[Opener]:  # noqa: ARG001
    """Makes windows, shown but on no screen."""
    from lifesign.desktop.window import Window

    windows: list[Window] = []

    def make(feed: Feed | None = None, policy: Policy | None = None) -> Window:
        window = Window(bundle, policy or Policy(), secret=lambda: "chance", diagnostics=tmp_path, feed=feed)
        windows.append(window)
        window.show()
        return window

    yield make
    for window in windows:
        window.close()
        assert window.player.isFinished()
