"""Free watching: events as they were, however close together, and the last one too."""

from __future__ import annotations

import math

import pytest

from lifesign.core import challenges
from lifesign.core.observer import Event, Observer
from lifesign.core.policy import Policy
from tests.core import puppet
from tests.core.puppet import Act

POLICY = Policy()


def watch(acts: list[Act | None], fps: float) -> list[Event]:
    observer, events = Observer(), []
    for i, act in enumerate(acts):
        observer, ended = observer.watch(puppet.s.measure(puppet.frame(i / fps, i), puppet.look(act)), POLICY)
        events += ended
    return [*events, *observer.close(POLICY)]


def shut(pattern: str) -> list[Act | None]:
    """`o` an open frame, `x` a shut one, `-` no face."""
    acts = {"o": puppet.NEUTRAL, "x": Act(blink_left=1, blink_right=1), "-": None}
    return [acts[frame] for frame in pattern]


@pytest.mark.parametrize("between", [2, 3, 5, 6, 20])
def test_blinks_close_together_are_blinks_of_their_own(between: int) -> None:
    events = watch(shut("o" * 30 + ("xxx" + "o" * between) * 3 + "o" * 20), 25)
    assert [event.action for event in events] == ["blink"] * 3
    assert [event.start_s for event in events] == pytest.approx([(30 + i * (3 + between)) / 25 for i in range(3)])
    assert [event.end_s - event.start_s for event in events] == pytest.approx([3 / 25] * 3)


def test_the_last_blink_counts_though_nothing_comes_after() -> None:
    assert len(watch(shut("o" * 30 + "xxxo"), 25)) == 1
    assert watch(shut("o" * 30 + "xxx"), 25) == []


@pytest.mark.parametrize("pattern", ["o" * 30 + "x" * 40 + "o" * 30, "x" * 30, "-" * 30, "o", ""])
def test_what_is_no_blink(pattern: str) -> None:
    assert "blink" not in [event.action for event in watch(shut(pattern), 25)]


def test_lids_that_stay_down_are_closed_eyes() -> None:
    [event] = watch(shut("o" * 30 + "x" * 40 + "o" * 30), 25)
    assert (event.action, event.start_s, event.end_s) == ("eyes_closed", 30 / 25, 69 / 25)


@pytest.mark.parametrize("fps", [10, 15, 30])
@pytest.mark.parametrize("kind", sorted(set(challenges.REGISTRY) - {"center"}))
def test_each_action_is_found_once_and_is_nothing_else(kind: str, fps: int) -> None:
    still: list[Act | None] = [puppet.NEUTRAL] * 3 * fps
    events = watch([*still, *(puppet.perform(kind, i / fps) for i in range(3 * fps)), *still], fps)
    assert [event.action for event in events] == [kind]
    assert 3.3 < events[0].start_s < events[0].end_s < 6


def test_speech_is_no_open_mouth() -> None:
    """Four syllables a second, as wide as a deliberate opening."""
    talk = [Act(mouth=max(0.0, math.sin(2 * math.pi * 4 * i / 25))) for i in range(250)]
    assert watch([puppet.NEUTRAL] * 30 + talk, 25) == []


def test_glare_on_glasses_makes_no_blinks() -> None:
    glare = [Act(blink_left=0.8 * (i % 4 < 2), blink_right=0.8 * (i % 4 < 2)) for i in range(300)]
    assert len(watch(glare, 25)) <= 45 / 4  # what it takes to know that lids cannot be read here


def test_an_action_that_goes_on_at_the_end_is_an_event() -> None:
    [event] = watch([puppet.NEUTRAL] * 30 + [Act(smile=1)] * 30, 25)
    assert (event.action, event.start_s, event.end_s) == ("smile", 30 / 25, 59 / 25)
