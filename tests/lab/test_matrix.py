"""Every prompt against every performed action: a prompt is passed by its own action, and by no other."""

from __future__ import annotations

import pytest

from lifesign.core import challenges
from lifesign.core.policy import ASKED
from lifesign.lab.actor import Actor, Portrait
from lifesign.lab.matrix import ACTIONS, NOTHING, Outcome, answer, perform
from lifesign.vision.face import FaceEngine

LIDS_FPS = 10
"""Blinks and winks are not asked for at fewer frames a second."""
# frames a second, face, roll: each rate, three sizes, heads tilted to both sides
SCENES = [(5, 1.0, -8.0), (10, 0.5, 12.0), (10, 1.5, -12.0), (15, 1.0, 0.0), (30, 0.7, 8.0)]


def matrix(engine: FaceEngine, actor: Actor, fps: float) -> dict[tuple[str, str], Outcome]:
    streams = {action: perform(engine, actor, action, fps=fps) for action in ACTIONS}
    return {(prompt, action): answer(streams[action], prompt) for prompt in ACTIONS[:-1] for action in ACTIONS}


@pytest.mark.parametrize(("fps", "face", "roll"), SCENES)
def test_a_prompt_is_passed_by_its_own_action_alone(
    engine: FaceEngine, portrait: Portrait, fps: float, face: float, roll: float
) -> None:
    outcomes = matrix(engine, Actor(portrait, face=face, roll=roll), fps)
    assert len(outcomes) == (len(ASKED) - 1) * len(ASKED)
    asked = {kind for kind in ACTIONS[:-1] if fps >= LIDS_FPS or not challenges.REGISTRY[kind].lids}
    passed = {pair for pair, outcome in outcomes.items() if outcome.passed}
    assert passed == {(kind, kind) for kind in asked}
    wrong = {pair: outcome.reason for pair, outcome in outcomes.items() if pair not in passed and pair[0] in asked}
    assert set(wrong.values()) <= {"wrong_action", "other_side", "timeout"}
    for prompt, action in (("turn_left", "turn_right"), ("turn_right", "turn_left")):
        assert wrong[prompt, action] == "other_side"
    assert {reason for (_, action), reason in wrong.items() if action == NOTHING} == {"timeout"}
