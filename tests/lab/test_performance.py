"""The time line: what is done when, at any frame rate."""

from __future__ import annotations

from itertools import pairwise

import pytest

from lifesign.lab.act import REST, Act
from lifesign.lab.performance import GESTURES, PATIENCE_S, RETURN_S, Performance

FINE_S = 0.01


def acts(performance: Performance, start: float, end: float) -> list[Act]:
    return [performance.act(start + i * FINE_S) for i in range(round((end - start) / FINE_S))]


def rises(levels: list[float]) -> int:
    """How often the level passes one half on its way up."""
    return sum(a < 0.5 <= b for a, b in pairwise(levels))


def test_rests_until_it_has_reacted() -> None:
    performance = Performance(reaction_s=0.5)
    performance.prompt("smile", 1, 1.0)
    assert set(acts(performance, 1.0, 1.5)) == {REST}
    assert performance.act(2.0).smile == 1


@pytest.mark.parametrize("kind", sorted(set(GESTURES) - {"center"}))
def test_every_gesture_reaches_its_peak_and_comes_back(kind: str) -> None:
    performance = Performance(reaction_s=0.0)
    performance.prompt(kind, 1, 0.0)
    gesture = GESTURES[kind]
    assert performance.act(gesture.out_s + gesture.hold_s / 2) == gesture.peak
    assert performance.act(gesture.length_s + 0.01) == REST


@pytest.mark.parametrize("count", [1, 2, 3])
def test_does_it_as_often_as_asked(count: int) -> None:
    performance = Performance(reaction_s=0.3)
    performance.prompt("blink", count, 0.0)
    assert rises([act.blink_left for act in acts(performance, 0.0, PATIENCE_S + 0.3)]) == count


def test_tries_again_while_the_prompt_stands() -> None:
    performance = Performance(reaction_s=0.3)
    performance.prompt("wink_left", 1, 0.0)
    levels = [act.blink_left for act in acts(performance, 0.0, 0.3 + 2 * (PATIENCE_S + 0.5))]
    assert rises(levels) == 2


def test_the_same_prompt_again_changes_nothing() -> None:
    once, often = Performance(), Performance()
    once.prompt("blink", 2, 0.0)
    for i in range(100):
        often.prompt("blink", 2 if i < 50 else 1, i * 0.02)
    assert acts(once, 2.0, 4.0) == acts(often, 2.0, 4.0)


@pytest.mark.parametrize("calm", ["baseline", "pause", "", None, "juggle"])
def test_looks_straight_again_when_nothing_is_asked(calm: str | None) -> None:
    performance = Performance(reaction_s=0.0)
    performance.prompt("turn_left", 1, 0.0)
    out = performance.act(1.0).yaw
    performance.prompt(calm, 1, 1.0)
    way = [act.yaw for act in acts(performance, 1.0, 1.0 + RETURN_S)]
    assert out > 20
    assert way == sorted(way, reverse=True)
    assert way[0] == out
    assert performance.act(1.0 + RETURN_S) == REST


def test_moves_smoothly() -> None:
    """No faster than a head: the tracker takes more than 250 degrees a second for a cut."""
    performance = Performance()
    performance.prompt("turn_right", 1, 0.0)
    yaws = [act.yaw for act in acts(performance, 0.0, 4.0)]
    assert max(abs(b - a) / FINE_S for a, b in pairwise(yaws)) < 120


def test_the_frame_rate_does_not_matter() -> None:
    slow, fast = Performance(), Performance()
    for performance in (slow, fast):
        performance.prompt("nod", 2, 0.0)
    for i in range(300):
        fast.act(i / 100)
    assert slow.act(1.37) == fast.act(1.37) != REST
