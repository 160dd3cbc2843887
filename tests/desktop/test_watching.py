"""What the window shows of a file: events at their times, back and forth, and limits that act at once."""

from __future__ import annotations

from tests.desktop.qt import listed, seen_to, until  # first: it skips this module where Qt cannot run

# isort: split
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest

from lifesign.core import challenges
from lifesign.core.observer import Event
from lifesign.core.policy import DOCUMENTED, Policy
from lifesign.core.types import Signals
from lifesign.desktop.feed import Feed
from lifesign.desktop.news import Row
from lifesign.desktop.picture import Overlay
from lifesign.desktop.strips import LANE_PX
from lifesign.desktop.theme import tones
from lifesign.desktop.traces import Traces
from lifesign.desktop.transport import SLIDER_PX
from lifesign.desktop.window import Window
from lifesign.vision.clip import Clip
from tests.desktop.conftest import Opener
from tests.desktop.script import END_S, FPS, SCRIPT

END = float("inf")
ACTIONS = list(SCRIPT.values())
MANY = {"blink", "brow_raise", "eyes_closed", "turn_left"}  # one of each colour, more than there are rows
SHOWN = ["Blink", "Turn left", "Smile"]


def at(window: Window) -> float:
    """The time of the frame that is shown."""
    return window.shown.t if window.shown is not None else -1.0


@pytest.fixture
def feed(clip: Path) -> Feed:
    return Feed.named(str(clip))


def test_events_are_listed_at_their_times(opened: Opener, feed: Feed) -> None:
    window = seen_to(opened(feed), END)
    assert [event.action for event in window.traces.events] == ACTIONS
    assert [action for _, action in listed(window)] == SHOWN
    starts = [event.start_s - at for event, at in zip(window.traces.events, SCRIPT, strict=True)]
    assert all(0.5 < late < 1.5 for late in starts)
    assert [time for time, _ in listed(window)] == [f"0:{event.start_s:05.2f}" for event in window.traces.events]


def test_no_frame_is_left_out(opened: Opener, feed: Feed) -> None:
    window = seen_to(opened(feed), END)
    assert len(window.traces.times) == round(END_S * FPS)
    assert {len(values) for values in window.traces.values} == {round(END_S * FPS)}


def test_a_limit_acts_at_once_on_what_was_seen(opened: Opener, feed: Feed) -> None:
    window = seen_to(opened(feed), END)
    place = DOCUMENTED["blink_threshold"]
    window.parts.tuning.set_limit(place, 0.99)
    until(lambda: [action for _, action in listed(window)] == SHOWN[1:])
    [panel] = [panel for panel in window.traces.panels if panel.name == "eyes open"]
    assert dict(panel.gauges)["blink"].threshold == pytest.approx(0.01)
    assert window.parts.policy_id.text() == f"policy {window.parts.tuning.policy.id}"
    window.parts.tuning.reset.click()
    until(lambda: [action for _, action in listed(window)] == SHOWN)
    assert window.policy.id == Policy().id


def test_a_limit_acts_at_once_on_what_comes(opened: Opener, feed: Feed) -> None:
    window = seen_to(opened(feed), 0.5)
    window.parts.tuning.set_limit(DOCUMENTED["blink_threshold"], 0.99)
    seen_to(window, END)
    assert [event.action for event in window.traces.events] == ACTIONS[1:]


def test_an_event_that_is_chosen_is_shown(opened: Opener, feed: Feed) -> None:
    window = seen_to(opened(feed), END)
    turn = window.traces.events[1]
    rows = window.parts.happenings.list
    rows.itemActivated.emit(rows.topLevelItem(1), 0)
    middle = (turn.start_s + turn.end_s) / 2
    until(lambda: abs(at(window) - middle) <= 1 / FPS)
    assert window.shown is not None
    assert window.shown.points is not None
    assert len(window.traces.times) == round(END_S * FPS), "nothing was looked at twice"
    assert "Turn left" in window.parts.picture.accessibleDescription()


def test_one_frame_further(opened: Opener, feed: Feed) -> None:
    window = seen_to(opened(feed), 2.0)
    first = at(window)
    assert first == pytest.approx(2.0, abs=1 / FPS)
    window.player.step()
    until(lambda: at(window) != first)
    assert at(window) == pytest.approx(first + 1 / FPS, abs=0.002)


def test_round_and_round(opened: Opener, feed: Feed) -> None:
    window = seen_to(opened(feed), END_S - 0.3)
    window.parts.transport.loop.setChecked(True)
    window.parts.transport.toggle()
    until(lambda: at(window) < 1.0)
    window.parts.transport.toggle()
    until(lambda: window.parts.transport.button.text() == "Play")
    assert [event.action for event in window.traces.events] == ACTIONS


def test_every_overlay_can_be_painted(opened: Opener, feed: Feed) -> None:
    window = seen_to(opened(feed), 0.5)
    pictures = []
    for number, _ in enumerate(Overlay):
        window.parts.overlay.setCurrentIndex(number)
        pictures.append(window.parts.picture.grab().toImage())
    assert len({bytes(picture.constBits()) for picture in pictures}) == len(Overlay)


def test_a_file_is_not_mirrored_and_a_camera_is(opened: Opener, feed: Feed) -> None:
    window = seen_to(opened(feed), 0.5)
    assert not window.parts.picture.mirrored
    live = Feed(name="Camera 7", open=feed.open, live=True)
    window.open(live)
    until(lambda: window.parts.picture.mirrored)


def test_everything_can_be_reached_with_keys(opened: Opener, feed: Feed) -> None:
    window = seen_to(opened(feed), 0.5)
    start = at(window)
    window.activateWindow()
    parts = window.parts
    named = [parts.sources.box, parts.transport.slider, parts.prompter.plans, parts.happenings.list, parts.overlay]
    assert all(widget.accessibleName() for widget in named)
    menus = [action.menu() for action in window.menuBar().actions()]
    keys = [action.shortcut().toString() for menu in menus for action in menu.actions() if action.text()]
    assert all(keys)
    assert len(set(keys)) == len(keys)
    QTest.mouseClick(parts.transport.button, Qt.MouseButton.LeftButton)
    until(lambda: at(window) > start)


def test_both_winks_of_a_real_clip(opened: Opener, media: Path) -> None:
    window = seen_to(opened(Feed.file(media / "liveportrait" / "d3.mp4")), END)
    winks = [event for event in window.traces.events if event.action.startswith("wink")]
    assert [event.action for event in winks] == ["wink_left", "wink_right"]
    assert [event.start_s * 30 for event in winks] == pytest.approx([5, 33], abs=4)
    assert [event.end_s * 30 for event in winks] == pytest.approx([21, 47], abs=4)
    assert [action for _, action in listed(window)][:2] == ["Wink left", "Wink right"]


def test_a_still_does_not_go_round(opened: Opener, clip: Path, tmp_path: Path) -> None:
    _, pixels = next(iter(Clip.open(clip)))
    Image.fromarray(pixels).save(tmp_path / "still.png")
    window = seen_to(opened(Feed.file(tmp_path / "still.png")), END)
    window.parts.transport.loop.setChecked(True)
    pauses: list[bool] = []
    window.stopped.connect(lambda: pauses.append(True))
    window.parts.transport.button.click()
    until(lambda: bool(pauses))
    assert window.parts.transport.button.text() == "Play"


def test_the_slider_can_be_used_in_the_smallest_window(opened: Opener, feed: Feed) -> None:
    window = seen_to(opened(feed), 0.5)
    window.resize(window.minimumSize())
    until(lambda: window.size() == window.minimumSize())
    assert window.parts.transport.slider.width() >= SLIDER_PX


def test_every_event_has_its_bar(opened: Opener) -> None:
    strips = opened().parts.strips
    events = [Event(action=kind, start_s=1.0 + i / 100, end_s=2.0) for i, kind in enumerate(sorted(MANY))]
    strips.show_traces(Traces(panels=(), events=events), live=False, length=END_S)
    picture = strips.grab(QRect(0, 0, strips.width(), LANE_PX)).toImage()
    colours = tones(strips.palette())
    wanted = {colours.family(challenges.REGISTRY[kind].family).name() for kind in MANY}
    seen = {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}
    assert wanted <= seen


def test_a_face_that_is_lost_twice_is_told_of_twice() -> None:
    traces = Traces(panels=())
    for second, reason in enumerate(["face_lost", "", "face_lost"]):
        signals = Signals(t=float(second))
        traces.add(Row(signals=signals, events=(), cues=(), interrupted=reason, cost_ms=1.0))
    assert traces.cuts == [(0.0, "face_lost"), (2.0, "face_lost")]
