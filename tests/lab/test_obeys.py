"""The actor passes every challenge that there is: near and far, tilted, at low and high frame rates."""

from __future__ import annotations

import pytest
import simplejpeg

from lifesign.core.challenges import REGISTRY
from lifesign.core.policy import ASKED, Policy
from lifesign.core.session import PASSED, Session, advance, start
from lifesign.core.types import Frame
from lifesign.lab.actor import Actor, Performer, Portrait
from lifesign.lab.attacks import MovedPlane, Still
from lifesign.vision.face import FaceEngine
from tests.lab.seen import Subject

SLOW_FPS = {"eyes": 10}
"""Blinks and winks are not asked for below this many frames a second."""
LONGEST_S = 30


def run(engine: FaceEngine, subject: Subject, policy: Policy, *, fps: int, seconds: float = LONGEST_S) -> Session:
    """One session from its first frame to its end, or to `seconds`."""
    session = start(session_id="s", secret="chance", now=0.0, expires_at=1e9, policy=policy)
    track = None
    for i in range(round(seconds * fps)):
        t = i / fps
        frame = Frame(pixels=simplejpeg.decode_jpeg(subject.frame(t), colorspace="RGB"), t=t, seq=i)
        look, track = engine.look(frame, track)
        session, step = advance(session, frame, look, policy)
        if session.finished:
            break
        subject.prompt(step.prompt, step.count, t)
    return session


def only(kind: str) -> Policy:
    return Policy().overridden({"session": {"sequence": [kind]}})


@pytest.mark.parametrize("kind", ASKED)
@pytest.mark.parametrize(("face", "roll", "fps"), [(0.5, 12.0, 5), (1.5, -8.0, 15)])
def test_the_actor_passes_at_the_first_attempt(
    engine: FaceEngine, portrait: Portrait, kind: str, face: float, roll: float, fps: int
) -> None:
    fps = max(fps, SLOW_FPS.get(REGISTRY[kind].family, fps))
    session = run(engine, Performer(Actor(portrait, face=face, roll=roll)), only(kind), fps=fps)
    assert (session.state, session.attempt) == (PASSED, 1)


def test_the_wrong_action_does_not_pass(engine: FaceEngine, actor: Actor) -> None:
    other = Performer(actor, obey=lambda kind: {"turn_left": "turn_right"}.get(kind, kind))
    assert run(engine, other, only("turn_left"), fps=10).state != PASSED


@pytest.mark.parametrize("kind", [kind for kind in ASKED if kind != "center"])
def test_a_still_passes_nothing(engine: FaceEngine, actor: Actor, kind: str) -> None:
    session = run(engine, Still(actor), only(kind), fps=10, seconds=6)
    assert session.state != PASSED
    assert session.steps_done == 0


@pytest.mark.parametrize("kind", ["turn_left", "turn_right"])
def test_a_tilted_plane_passes_no_turn(engine: FaceEngine, actor: Actor, kind: str) -> None:
    assert run(engine, MovedPlane(actor), only(kind), fps=10, seconds=8).state != PASSED
