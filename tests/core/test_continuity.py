"""Every denial of the continuity cue, provoked; and what must not provoke it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lifesign.core.cues.continuity import Continuity, ContinuityLimits
from lifesign.core.types import Box, Look
from tests.core import puppet
from tests.core.puppet import Act

LIMITS = ContinuityLimits()
OTHER = Box(x=0, y=0, width=150, height=150, score=0.9)


def watch(scenes: list[tuple[float, int, Look]]) -> list[Continuity]:
    """States after (time, number of the picture, look): equal numbers are equal pictures."""
    cue, states = Continuity(), []
    for t, number, look in scenes:
        frame = puppet.frame(t, number)
        cue = cue.watch(frame, look.face, puppet.s.measure(frame, look), LIMITS)
        states.append(cue)
    return states


def test_a_live_take_is_clear() -> None:
    states = watch([(i / 15, i, puppet.look(Act(x=320 + 3 * (i % 5)))) for i in range(60)])
    assert [state.verdict for state in states[:5]] == ["none"] * 5
    assert states[-1].verdict == "clear"
    assert states[-1].loops == 0


@pytest.mark.parametrize("fps", [5, 15, 30])
def test_a_frozen_picture_denies(fps: int) -> None:
    states = watch([(i / fps, min(i, 10), puppet.look(puppet.NEUTRAL)) for i in range(10 + 4 * fps)])
    assert states[-1].reason == "frozen_frames"


def test_a_hiccup_of_the_camera_does_not() -> None:
    states = watch([(i / 30, i // 5 * 5 if i % 40 < 10 else i, puppet.look(puppet.NEUTRAL)) for i in range(29)])
    assert {state.verdict for state in states} == {"none"}
    assert max(state.in_a_row for state in states) == 4


@pytest.mark.parametrize(("camera", "client"), [(5, 30), (10, 15), (15, 30)])
def test_a_client_faster_than_its_camera_is_honest(camera: int, client: int) -> None:
    states = watch([(i / client, i * camera // client, puppet.look(puppet.NEUTRAL)) for i in range(5 * client)])
    assert states[-1].verdict == "clear"


def test_a_loop_denies() -> None:
    states = watch([(i / 15, i % 40, puppet.look(puppet.NEUTRAL)) for i in range(60)])
    assert [state.verdict for state in states[:40]].count("deny") == 0
    assert states[-1].reason == "repeated_frames"


def test_a_cut_to_another_room_interrupts_though_the_face_is_where_it_was() -> None:
    states, cue = [], Continuity()
    for i in range(20):
        frame = puppet.frame(i / 15, i)
        frame = replace(frame, pixels=frame.pixels // 2) if 5 <= i < 12 else frame
        look = puppet.look(puppet.NEUTRAL)
        cue = cue.watch(frame, look.face, puppet.s.measure(frame, look), LIMITS)
        states.append(cue)
    assert [i for i, state in enumerate(states) if state.interrupts][:2] == [5, 12]
    assert states[-1].reason == "tracking_jump"


def test_a_black_start_without_a_face_does_not() -> None:
    states = watch([(i / 15, 0, puppet.look(None)) for i in range(60)])
    assert states[-1].verdict == "none"


@pytest.mark.parametrize("splice", [Act(x=500), Act(iod=60), Act(roll=40)])
def test_one_cut_interrupts_and_two_deny(splice: Act) -> None:
    def scene(i: int) -> Act:
        return splice if 10 <= i < 20 else puppet.NEUTRAL

    states = watch([(i / 15, i, puppet.look(scene(i))) for i in range(25)])
    assert [i for i, state in enumerate(states[:21]) if state.interrupts] == [10, 20]
    assert states[19].verdict == "none"
    assert states[-1].reason == "tracking_jump"


def test_a_quick_head_is_no_cut() -> None:
    states = watch([(i / 15, i, puppet.look(Act(yaw=10.0 * (i % 4), x=320 + 20 * (i % 4)))) for i in range(30)])
    assert all(not state.interrupts for state in states)


def test_a_face_lost_for_long_interrupts() -> None:
    scenes = [(i / 10, i, puppet.look(puppet.NEUTRAL if i < 5 or i > 20 else None)) for i in range(30)]
    states = watch(scenes)
    assert states[10].interrupts == ""
    assert states[20].interrupts == "face_lost"
    assert states[-1].interrupts == ""


def test_a_second_face_denies_in_time_and_a_passer_by_does_not() -> None:
    def scene(other: Box, until: int) -> list[tuple[float, int, Look]]:
        faces = [replace(puppet.look(puppet.NEUTRAL), others=(other,) if i < until else ()) for i in range(80)]
        return [(i / 15, i, look) for i, look in enumerate(faces)]

    assert watch(scene(OTHER, 80))[-1].reason == "second_face"
    assert watch(scene(OTHER, 15))[-1].verdict == "clear"
    assert watch(scene(replace(OTHER, height=40), 80))[-1].verdict == "clear"
