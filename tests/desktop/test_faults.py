"""What goes wrong is said in a sentence, in the window or on the terminal; and the worker always ends."""

from __future__ import annotations

from tests.desktop.qt import listed, seen_to, until  # first: it skips this module where Qt cannot run

# isort: split
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from lifesign.desktop.feed import Feed
from tests.desktop.conftest import Opener

FRAME = np.zeros((240, 320, 3), np.uint8)


class Unplugged:
    """A camera that gives a few black frames and is gone."""

    fps, frames = 30.0, 0

    def __iter__(self) -> Iterator[tuple[float, NDArray[np.uint8]]]:
        yield from ((number / self.fps, FRAME) for number in range(5))


class Endless:
    """A camera that goes on for ever."""

    fps, frames = 30.0, 0

    def __iter__(self) -> Iterator[tuple[float, NDArray[np.uint8]]]:
        t = 0.0
        while True:
            t += 1 / self.fps
            yield t, FRAME


@pytest.mark.parametrize("name", ["missing.mp4", "text.mp4", "text.png", "folder"])
def test_what_is_no_clip(opened: Opener, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "text.mp4").write_text("no video")
    (tmp_path / "text.png").write_text("no picture")
    window = opened(Feed.named(str(tmp_path / name)))
    until(lambda: name in window.parts.picture.message and "open a file" in window.parts.picture.message)
    assert not window.parts.transport.isEnabled()
    assert not window.parts.prompter.button.isEnabled()


def test_after_a_broken_file_a_good_one_plays(opened: Opener, tmp_path: Path, clip: Path) -> None:
    (tmp_path / "text.mp4").write_text("no video")
    window = opened(Feed.named(str(tmp_path / "text.mp4")))
    until(lambda: "no video" in window.parts.picture.message)
    window.open(Feed.named(str(clip)))
    seen_to(window, 0.5)
    assert window.parts.picture.message == ""
    assert window.parts.prompter.button.isEnabled()


def test_no_such_camera(opened: Opener) -> None:
    window = opened(Feed.named("999"))
    until(lambda: window.parts.picture.message.startswith("Camera 999: cameras have numbers"))


def test_a_camera_that_is_gone(opened: Opener) -> None:
    window = opened(Feed(name="Camera 0", open=Unplugged, live=True))
    until(lambda: "stopped" in window.parts.picture.message)
    assert len(window.traces.times) == 5


def test_cameras_are_looked_for(opened: Opener) -> None:
    window = opened()
    window.parts.sources.search.click()
    until(lambda: "Cameras that answered" in window.statusBar().currentMessage())


def test_closing_ends_a_camera_that_never_does(opened: Opener) -> None:
    window = opened(Feed(name="Camera 0", open=Endless, live=True))
    until(lambda: len(window.traces.times) > 3)
    window.close()
    assert window.player.isFinished()


def test_closing_again_does_no_harm(opened: Opener) -> None:
    window = opened()
    window.close()
    window.close()
    assert window.player.isFinished()


class Faulty:
    """A source with a fault that nobody thought of."""

    fps, frames = 30.0, 0

    def __iter__(self) -> Iterator[tuple[float, NDArray[np.uint8]]]:
        yield 0.0, FRAME
        raise ZeroDivisionError


def test_a_fault_nobody_thought_of_ends_the_waiting(opened: Opener, capsys: pytest.CaptureFixture[str]) -> None:
    window = seen_to(opened(Feed(name="Camera 0", open=Faulty, live=True)), float("inf"))
    assert "fault of the program" in window.failure
    assert "ZeroDivisionError" in capsys.readouterr().err
    assert not window.parts.sources.isEnabled()


def test_a_source_that_fails_leaves_nothing_of_the_one_before(opened: Opener, tmp_path: Path, clip: Path) -> None:
    (tmp_path / "text.mp4").write_text("no video")
    window = seen_to(opened(Feed.named(str(clip))), 2.5)
    assert listed(window)
    assert window.parts.save.isEnabled()
    window.open(Feed.named(str(tmp_path / "text.mp4")))
    until(lambda: bool(window.failure))
    assert (window.traces.times, window.traces.events, window.shown, listed(window)) == ([], [], None, [])
    assert window.windowTitle().startswith("text.mp4")
    assert not window.parts.save.isEnabled()


def test_a_key_does_no_more_than_its_button(opened: Opener, tmp_path: Path) -> None:
    window = opened(Feed.named(str(tmp_path / "missing.mp4")))
    until(lambda: bool(window.failure))
    before = window.parts.prompter.heading, window.parts.prompter.note
    menus = [action.menu() for action in window.menuBar().actions()]
    [start] = [action for menu in menus for action in menu.actions() if action.text() == "&Start or give up"]
    start.trigger()
    assert not window.parts.prompter.running
    assert (window.parts.prompter.heading, window.parts.prompter.note) == before


def test_files_and_cameras_are_told_apart(opened: Opener, tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("no video")
    window = opened(Feed.named(str(tmp_path / "text.mp4")))
    until(lambda: bool(window.failure))
    assert window.failure.startswith("text.mp4: ")
    assert "camera" not in window.failure
