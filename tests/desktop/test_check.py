"""A check on oneself: passed by an actor who obeys, not by one who does something else."""

from __future__ import annotations

from tests.desktop.qt import listed, seen_to, until  # first: it skips this module where Qt cannot run

# isort: split
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt

from lifesign.core.policy import Policy
from lifesign.core.types import Step
from lifesign.desktop.feed import Feed
from lifesign.desktop.window import Window
from lifesign.lab.actor import Actor, Portrait
from lifesign.lab.performance import Performance
from tests.desktop.conftest import Opener

END_S = 90.0


class Player:
    """A camera before which an actor stands. `obey`: prompt to gesture, where it is another than the one asked for."""

    fps, frames = 12.0, 0

    def __init__(self, portrait: Portrait, obey: dict[str, str] | None = None) -> None:
        self._actor, self._performance, self._obey = Actor(portrait), Performance(), obey or {}
        self.prompts: list[str] = []

    def hear(self, step: Step, t: float) -> None:
        self.prompts += [step.prompt] if self.prompts[-1:] != [step.prompt] else []
        self._performance.prompt(self._obey.get(step.prompt, step.prompt), step.count, t)

    def __iter__(self) -> Iterator[tuple[float, NDArray[np.uint8]]]:
        for number in range(round(END_S * self.fps)):
            t = number / self.fps
            yield t, self._actor.render(self._performance.act(t), t)


def checked(opened: Opener, camera: Player, plan: str = "Random plan", policy: Policy | None = None) -> Window:
    """A check from its start to its decision."""
    window = opened(Feed(name="Camera 0", open=lambda: camera, live=True), policy)
    window.player.told.connect(camera.hear, Qt.ConnectionType.DirectConnection)
    until(lambda: window.shown is not None)
    plans = window.parts.prompter.plans
    plans.setCurrentIndex(plans.findText(plan))
    window.parts.prompter.button.click()
    until(lambda: window.decision is not None)
    return window


def test_who_obeys_is_live(opened: Opener, portrait: Portrait) -> None:
    camera = Player(portrait)
    window = checked(opened, camera)
    assert window.decision is not None
    assert (window.decision.verdict, window.parts.prompter.heading) == ("live", "Live")
    assert len(window.decision.challenges) == 3
    assert [kind for kind in camera.prompts if kind in window.decision.challenges] == list(window.decision.challenges)
    assert window.decision.policy_id == window.policy.id
    assert window.parts.prompter.button.text() == "Again"


def test_one_action_can_be_practised(opened: Opener, portrait: Portrait) -> None:
    window = checked(opened, Player(portrait), "Only: smile")
    assert window.decision is not None
    assert window.decision.challenges == ("smile",)
    assert (window.decision.verdict, window.decision.fixed_plan) == ("live", True)
    assert "smile" in window.parts.prompter.note


def test_something_else_is_not_verified_and_says_why(opened: Opener, portrait: Portrait) -> None:
    once = Policy().overridden({"session": {"attempts": 1}})
    window = checked(opened, Player(portrait, {"turn_left": "turn_right"}), "Only: turn left", once)
    assert window.decision is not None
    assert window.decision.reasons == ("other_side",)
    assert window.parts.prompter.heading == "Not verified"
    assert "other side" in window.parts.prompter.note


def test_a_failed_attempt_says_why_and_the_next_one_can_pass(opened: Opener, portrait: Portrait) -> None:
    camera = Player(portrait, {"smile": "mouth_open"})
    window = opened(Feed(name="Camera 0", open=lambda: camera, live=True))
    window.player.told.connect(camera.hear, Qt.ConnectionType.DirectConnection)
    window.parts.prompter.plans.setCurrentText("Only: smile")
    until(lambda: window.shown is not None)
    window.parts.prompter.button.click()
    until(lambda: "another action" in window.parts.prompter.note.lower())
    camera._obey = {}
    until(lambda: window.decision is not None)
    assert window.decision is not None
    assert window.decision.verdict == "live"


def test_a_check_can_be_given_up(opened: Opener, portrait: Portrait) -> None:
    camera = Player(portrait)
    window = opened(Feed(name="Camera 0", open=lambda: camera, live=True))
    window.player.told.connect(camera.hear, Qt.ConnectionType.DirectConnection)
    until(lambda: window.shown is not None)
    window.parts.prompter.button.click()
    until(lambda: bool(camera.prompts))
    window.parts.prompter.button.click()
    assert window.parts.prompter.button.text() == "Start"
    frames = len(window.traces.times)
    until(lambda: len(window.traces.times) > frames + 3)
    assert not window.parts.prompter.running
    assert window.decision is None


def test_a_file_that_ends_before_the_check_says_so(opened: Opener, clip: object) -> None:
    window = seen_to(opened(Feed.named(str(clip))), 2.0)
    window.parts.prompter.button.click()
    until(lambda: window.shown is not None and window.shown.t < 1.0)
    seen_to(window, float("inf"))
    assert "ended" in window.parts.prompter.note
    assert not window.parts.prompter.running
    assert listed(window)
