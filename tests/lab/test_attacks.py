"""The attackers see the same prompts, and have one picture."""

from __future__ import annotations

import numpy as np
import pytest

from lifesign.lab.actor import Actor, Performer
from lifesign.lab.attacks import BentPlane, MovedPlane, Still
from lifesign.vision.face import FaceEngine
from tests.lab.seen import planarity, watch

A_TURN = 18.0
SOLID = 0.0012
"""T up to which a turn is taken for a head's (ALGORITHMS §4)."""


def test_a_frozen_still_is_the_same_bytes_for_ever(actor: Actor) -> None:
    still = Still(actor, frozen=True)
    assert still.frame(0.0) == still.frame(1.0)


def test_a_still_has_a_cameras_noise(actor: Actor) -> None:
    still = Still(actor)
    assert still.frame(0.0) != still.frame(1.0)
    assert still.frame(1.0) == Still(actor).frame(1.0)


def test_a_still_answers_nothing(engine: FaceEngine, actor: Actor) -> None:
    seen = watch(engine, Still(actor), "turn_left")
    assert max(abs(row.turn) for row in seen.rows) < 2
    assert min(min(row.eye_left, row.eye_right) for row in seen.rows) > 0.85


@pytest.mark.parametrize("kind", ["turn_left", "turn_right"])
def test_a_tilted_plane_is_no_turn(engine: FaceEngine, actor: Actor, kind: str) -> None:
    seen = watch(engine, MovedPlane(actor), kind, may_hide=True)
    assert max(abs(row.turn) for row in seen.rows) < 12
    assert min(row.size for row in seen.rows) < 0.75 * seen.neutral.size  # it was tilted indeed


@pytest.mark.parametrize("kind", ["blink", "smile", "mouth_open", "nod"])
def test_a_plane_is_waved_for_every_prompt(engine: FaceEngine, actor: Actor, kind: str) -> None:
    """The engine follows it all along: whether a challenge believes it is the challenge's own test."""
    seen = watch(engine, MovedPlane(actor), kind)
    assert len(seen.rows) > 30
    assert np.ptp([row.dx for row in seen.rows]) > 0.01


@pytest.mark.parametrize("radius", [1.2, 0.8, 0.55])
@pytest.mark.parametrize(("kind", "side"), [("turn_left", 1), ("turn_right", -1)])
def test_bent_paper_reads_as_a_turn_but_not_of_a_solid_head(
    engine: FaceEngine, actor: Actor, kind: str, side: int, radius: float
) -> None:
    paper = watch(engine, BentPlane(actor, radius=radius), kind, may_hide=True)
    assert max(row.turn * side for row in paper.rows) > A_TURN
    head = watch(engine, Performer(actor), kind)
    assert np.median(planarity(paper, least_yaw=A_TURN)) > 1.2 * np.median(planarity(head, least_yaw=A_TURN))
