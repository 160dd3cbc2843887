"""What the service answers its callers with."""

from __future__ import annotations

from dataclasses import dataclass

from lifesign.core.types import Decision, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A session just started."""

    session_id: str
    step: Step
    created_at: float
    expires_at: float
    max_fps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A session as its person may see it."""

    session_id: str
    created_at: float
    state: str
    step: Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The end of a session. `image`: the verified image, empty unless live. Times: seconds since the epoch."""

    session_id: str
    image: bytes
    image_path: str
    started_at: float
    decided_at: float
    steps_completed: int
    total_blinks: int
    decision: Decision
    token: str
    token_expires_at: float
    timestamp: float
