"""Every prompt against every performed action: who passes.

The actor is seen once for each action and frame rate; what was seen is then shown to a session for each prompt.
That is exact, since with the same secret every session gives its prompt at the same moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lifesign.core.policy import ASKED, DRAWN, Policy
from lifesign.core.session import PASSED, Session, advance, start
from lifesign.core.types import Frame, Look
from lifesign.lab.actor import Actor
from lifesign.lab.performance import Performance
from lifesign.vision.face import FaceEngine

NOTHING: Final = "nothing"
ACTIONS: Final = (*(kind for kind in ASKED if kind != "center"), NOTHING)
STEP_S: Final = 5.0  # long enough for every gesture, short enough for a matrix
CHANCE: Final = "the same moments for all"

Stream = list[tuple[Frame, Look]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one session ended: `passed`, or `reason` says why not."""

    passed: bool
    reason: str


def prompting(kind: str) -> Policy:
    """A policy that asks for `kind` alone, in one attempt. tongue_out counts as wrong too."""
    session = {"sequence": [kind], "attempts": 1, "step_s": STEP_S, "pool": DRAWN}
    return Policy().overridden({"session": session})


def perform(engine: FaceEngine, actor: Actor, action: str, *, fps: float) -> Stream:
    """What the engine sees of an actor who looks straight, and does `action` when a prompt comes, whatever it is."""
    session, performance, track = _start(prompting("center")), Performance(), None
    stream: Stream = []
    prompt_at: float | None = None
    seq = 0
    while prompt_at is None or seq / fps < prompt_at + STEP_S + 1 / fps:
        t = seq / fps
        pixels = actor.render(performance.act(t), t)
        frame = Frame(pixels=pixels, t=t, seq=seq)
        look, track = engine.look(frame, track)
        stream.append((frame, look))
        if prompt_at is None:
            session, step = advance(session, frame, look, prompting("center"))
            if step.prompt == "center":
                prompt_at = t
                performance.prompt(None if action == NOTHING else action, _times(action), t)
        seq += 1
    return stream


def answer(stream: Stream, prompt: str) -> Outcome:
    """What a session says that asks for `prompt` and is shown the stream."""
    policy = prompting(prompt)
    session = _start(policy)
    for frame, look in stream:
        session, _ = advance(session, frame, look, policy)
        if session.finished:
            break
    return Outcome(passed=session.state == PASSED, reason=session.failure or ("" if session.finished else "timeout"))


def _times(action: str) -> int:
    return 1 if action == NOTHING else min(Policy().counts(action))


def _start(policy: Policy) -> Session:
    return start(session_id="liveness_0_matrix", secret=CHANCE, now=0.0, expires_at=1e9, policy=policy)
