"""What the actor does with the whole head is no expression."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from lifesign.analyze import analyze
from lifesign.core.policy import Policy
from lifesign.lab.actor import REST, Act, Actor
from lifesign.vision.face import FaceEngine

FPS = 15
SECONDS = 6


@pytest.mark.parametrize(
    ("move", "size"),
    [("roll", 20.0), ("roll", -20.0), ("pitch", -12.0), ("pitch", 12.0), ("yaw", 14.0), ("scale", 0.3)],
)
def test_a_tilted_head_is_no_raised_brow_and_nothing_else(
    engine: FaceEngine, actor: Actor, move: str, size: float
) -> None:
    """Slowly there and back again, after a second of rest."""

    def act(t: float) -> Act:
        share = math.sin(math.pi * min(max((t - 1) / (SECONDS - 1), 0), 1))
        return replace(REST, **{move: getattr(REST, move) + size * share})

    frames = ((i / FPS, actor.render(act(i / FPS), i / FPS)) for i in range(SECONDS * FPS))
    assert analyze(frames, engine, Policy(), name="head", fps=FPS).events == ()
