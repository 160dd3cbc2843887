"""Twenty random plans for each attacker, and none of them passes; the honest actor passes them all.

Everything is real but the clock: twenty sessions run side by side, so that minutes take seconds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Protocol

import pytest

from lifesign.answers import Result
from lifesign.core.policy import Policy
from lifesign.core.types import Step
from lifesign.errors import SessionFinishedError
from lifesign.lab.actor import Actor, Performer, Portrait
from lifesign.lab.attacks import MovedPlane, Still
from lifesign.service import ServiceLimits, Verifier
from lifesign.storage import open_sessions
from lifesign.storage.evidence import FileEvidence
from lifesign.tokens import Keyring
from lifesign.vision.face import FaceEngine
from lifesign.vision.models import Bundle
from tests.service.stage import Clock

PLANS = 20
MOST_S = 60.0
KINDS = set(Policy().session.pool)
# What the wrong performer does: always something, never the thing.
WRONG = {
    "blink": "smile", "turn_left": "turn_right", "turn_right": "turn_left", "smile": "mouth_open", "nod": "turn_left",
    "mouth_open": "smile", "brow_raise": "smile", "wink_left": "wink_right", "wink_right": "wink_left",
}  # fmt: skip


class Performs(Protocol):
    def prompt(self, kind: str | None, count: int, t: float) -> None: ...

    def frame(self, t: float) -> bytes: ...


async def run(folder: Path, bundle: Bundle, performers: list[Performs], fps: float) -> list[Result]:
    """One session for each performer, all on one clock."""
    clock = Clock()
    verifier = Verifier(
        engine=partial(FaceEngine, bundle),
        sessions=open_sessions("memory://"),
        evidence=FileEvidence(folder / "verified_images"),
        keyring=Keyring.open(folder / "keys.json"),
        policy=Policy(),
        limits=ServiceLimits(),
        clock=clock,
    )
    begin = clock.now
    ids = [(await verifier.start()).session_id for _ in performers]

    async def one_frame(session_id: str, performer: Performs, t: float) -> Step | None:
        jpeg = await asyncio.to_thread(performer.frame, t)
        try:
            step = await verifier.submit(session_id, jpeg)
        except SessionFinishedError:
            return None
        if not step.finished:
            prompts.add(step.prompt)
        performer.prompt(step.prompt, step.count, t)
        return None if step.finished else step

    prompts: set[str] = set()
    going = list(zip(ids, performers, strict=True))
    while going and clock.now - begin < MOST_S:
        steps = await asyncio.gather(*(one_frame(*pair, clock.now - begin) for pair in going))
        going = [pair for pair, step in zip(going, steps, strict=True) if step is not None]
        clock.now += 1 / fps
    assert not going, "every session ends by itself"
    assert not prompts - {"baseline"} or prompts >= KINDS, "all kinds were asked for, if any"
    results = [await verifier.complete(session_id) for session_id in ids]
    await verifier.close()
    return results


Cast = Callable[[Actor], Performs]


@pytest.fixture(scope="module")
def portrait(engine: FaceEngine) -> Portrait:
    return Portrait.load(engine=engine)


@pytest.fixture
def play(tmp_path: Path, bundle: Bundle, portrait: Portrait) -> Callable[[Cast, float], list[Result]]:
    def play(cast: Cast, fps: float) -> list[Result]:
        performers = [cast(Actor(portrait, seed=seed)) for seed in range(PLANS)]
        return asyncio.run(run(tmp_path, bundle, performers, fps))

    return play


def test_the_honest_actor_passes(play: Callable[[Cast, float], list[Result]]) -> None:
    results = play(Performer, 10)
    assert [result.decision.verdict for result in results] == ["live"] * PLANS
    plans = {result.decision.challenges for result in results}
    assert len(plans) > PLANS / 3, "plans are random"


@pytest.mark.parametrize(
    ("cast", "verdict", "reasons"),
    [
        pytest.param(Still, "inconclusive", {"timeout"}, id="still"),
        pytest.param(partial(Still, frozen=True), "spoof", {"frozen_frames"}, id="frozen"),
        pytest.param(
            lambda actor: Performer(actor, obey=lambda kind: WRONG.get(kind, kind)),
            "inconclusive",
            {"wrong_action", "other_side", "timeout"},
            id="wrong action",
        ),
    ],
)
def test_an_attacker_does_not_pass(
    play: Callable[[Cast, float], list[Result]], cast: Cast, verdict: str, reasons: set[str]
) -> None:
    results = play(cast, 10)
    assert [result.decision.verdict for result in results] == [verdict] * PLANS
    assert {reason for result in results for reason in result.decision.reasons} <= reasons
    assert all(result.image == b"" for result in results)


def test_a_moved_plane_does_not_pass(play: Callable[[Cast, float], list[Result]]) -> None:
    results = play(MovedPlane, 10)
    assert "live" not in {result.decision.verdict for result in results}
    assert all(result.image == b"" for result in results)
