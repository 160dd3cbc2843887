"""The session as a value: all that is known of one check.

It serialises to JSON, lives in any store, can be fed by any worker, and replays exactly.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Self

from lifesign.core import challenges, cues
from lifesign.core.baseline import Baseline, Rows
from lifesign.core.challenges import Challenge
from lifesign.core.cues import Cue
from lifesign.core.plain import plain, restored, tuples
from lifesign.core.policy import Accessibility, Plan, Policy, Task
from lifesign.core.types import Signals

ID_PREFIX: Final = "liveness_"

BASELINE: Final = "baseline"
STEPS: Final = "steps"
CLOSING: Final = "closing"  # every step done, but no neutral picture yet of the face that did the last one
PASSED: Final = "passed"  # every step done; the decision is still to be made
FAILED: Final = "failed"  # no attempt left, or a cue denied


@dataclass(frozen=True, slots=True, kw_only=True)
class Best:
    """The best frame for the verified image so far: `rank` is its score to a tenth, then its sharpness."""

    seq: int
    t: float
    rank: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """All that is known of one check. Times are seconds on the server's clock."""

    id: str
    created_at: float
    expires_at: float
    policy_id: str
    secret: str
    """what all chance of this session comes from; never leaves the server"""
    access: Accessibility = field(default_factory=Accessibility)
    nonce: str = ""
    audience: str = ""

    state: str = BASELINE
    failure: str = ""
    """reason code of the latest failed attempt"""
    seq: int = -1
    last_t: float = 0.0
    faces: int = 0
    place: tuple[float, float, float] | None = None
    """when and where the face was last: seconds, centre in px"""
    attempt: int = 1
    rows: Rows = ()
    """frames of looking straight, until there is a baseline"""
    baseline: Baseline | None = None
    plan: Plan | None = None
    index: int = 0
    prompt_at: float = 0.0
    """when the current prompt was given (the first is to look straight), or the time before which it will not be"""
    start: Signals | None = None
    """the signals when the current prompt was given; None: it is not given yet"""
    watched: tuple[Challenge, ...] = ()
    """every challenge since the prompt, the prompted one first"""
    cues: tuple[Cue, ...] = ()
    best: Best | None = None
    """of the present unbroken take of one face: whoever comes into the picture later is not shown by it"""
    steps_done: int = 0
    """of all attempts"""
    blinks: int = 0
    finished_at: float | None = None

    @property
    def finished(self) -> bool:
        return self.state in (PASSED, FAILED)

    @property
    def task(self) -> Task | None:
        """The current step's, once there is a plan."""
        if self.plan is None or self.index >= len(self.plan.tasks):
            return None
        return self.plan.tasks[self.index]

    def to_json(self) -> bytes:
        return json.dumps(plain(self), separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, data: bytes) -> Self:
        return cls.from_plain(json.loads(data))

    @classmethod
    def from_plain(cls, raw: dict[str, Any]) -> Self:
        """From JSON's types, as `to_json` makes them. `raw` is used up."""
        nested: dict[str, Any] = {
            "access": Accessibility,
            "baseline": Baseline,
            "start": Signals,
            "best": Best,
        }
        for name, kind in nested.items():
            if raw[name] is not None:
                raw[name] = restored(kind, raw[name])
        if raw["plan"] is not None:
            tasks = tuple(Task(**task) for task in raw["plan"].pop("tasks"))
            raw["plan"] = Plan(tasks=tasks, **raw["plan"])
        raw["rows"] = tuples(raw["rows"])
        raw["place"] = tuples(raw["place"]) if raw["place"] else None
        raw["watched"] = tuple(restored(challenges.REGISTRY[state.pop("kind")], state) for state in raw["watched"])
        raw["cues"] = tuple(restored(cues.REGISTRY[state.pop("kind")], state) for state in raw["cues"])
        return cls(**raw)


def start(
    *, session_id: str, secret: str, now: float, expires_at: float, policy: Policy,
    access: Accessibility | None = None, nonce: str = "", audience: str = "", watching: Iterable[str] | None = None,
) -> Session:  # fmt: skip
    """A new session. `secret`: at least 128 bits from a CSPRNG. `watching`: the cues that are on; all by default."""
    kinds = sorted(cues.REGISTRY) if watching is None else sorted(watching)
    return Session(
        id=session_id,
        created_at=now,
        expires_at=expires_at,
        policy_id=policy.id,
        secret=secret,
        access=access or Accessibility(),
        nonce=nonce,
        audience=audience,
        last_t=now,
        prompt_at=now,
        cues=tuple(cues.REGISTRY[kind]() for kind in kinds),
    )
