"""The JSON of the HTTP API: the documented field names, and what was added to them."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from lifesign import __version__
from lifesign.core.policy import Accessibility
from lifesign.errors import BadFrameError

if TYPE_CHECKING:
    from lifesign.answers import Result, Status, Ticket
    from lifesign.core.types import Step

LIVE = "live"
SECONDS_A_MINUTE = 60
FAILED_STATES = frozenset({"spoof", "inconclusive"})

SessionId = Annotated[str, Field(max_length=128, description="the person's capability: keep it secret")]
ShortText = Annotated[str, Field(max_length=256)]
Kind = Annotated[str, Field(max_length=32)]


class Question(BaseModel):
    """Strict on types, indifferent to unknown fields: an older or newer client still gets through."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


class Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class AccessibilityWish(Question):
    no_flash: bool = Field(default=False, description="no coloured light")
    no_motion: bool = Field(default=False, description="no head movements")
    extra_time: bool = Field(default=False, description="twice the time for each step")
    skip: list[Kind] = Field(default=[], max_length=16, description="kinds of challenges this person cannot do")

    def value(self) -> Accessibility:
        return Accessibility(
            no_flash=self.no_flash,
            no_motion=self.no_motion,
            extra_time=self.extra_time,
            skip=tuple(self.skip),
        )


class StartRequest(Question):
    policy: Literal["default"] | None = Field(default=None, description="this server has one policy")
    locale: Kind | None = Field(default=None, description="instructions are in English so far")
    nonce: ShortText | None = Field(default=None, description="comes back in the token")
    audience: ShortText | None = Field(default=None, description="whom the token is for; comes back as aud")
    accessibility: AccessibilityWish | None = None


class FrameRequest(Question):
    session_id: SessionId
    image: str = Field(description="a JPEG as base64 or as a data URL, not mirrored")


class SessionRequest(Question):
    session_id: SessionId


class HealthAnswer(Answer):
    status: Literal["healthy"] = "healthy"
    service: str = "liveness-detection-only"
    version: str = __version__
    active_sessions: int
    max_sessions: int
    open: bool = Field(description="sessions can be started by anyone")
    cues: dict[str, str] = Field(description="what is watched for: name to on or off")


class StartAnswer(Answer):
    success: Literal[True] = True
    session_id: str
    instruction: str
    current_step: int
    total_steps: int
    expires_in_minutes: int
    expires_at: str
    max_fps: int

    @classmethod
    def of(cls, ticket: Ticket) -> Self:
        return cls(
            session_id=ticket.session_id,
            instruction=ticket.step.instruction,
            current_step=ticket.step.step,
            total_steps=ticket.step.total,
            expires_in_minutes=round((ticket.expires_at - ticket.created_at) / SECONDS_A_MINUTE),
            expires_at=iso(ticket.expires_at),
            max_fps=ticket.max_fps,
        )


class Feedback(Answer):
    code: str
    message: str


class FrameAnswer(Answer):
    success: Literal[True] = True
    face_detected: bool
    instruction: str
    step_completed: bool = Field(description="this frame closed a step")
    verification_complete: bool
    verification_failed: bool
    current_step: int
    total_steps: int
    feedback: Feedback | None = Field(description="what the person can do better now")
    step_progress: float
    time_left_s: float
    next_frame_in_ms: int
    failure_code: str | None
    dropped: bool = Field(description="a newer frame took this one's place")

    @classmethod
    def of(cls, step: Step) -> Self:
        return cls(
            face_detected=step.face_detected,
            instruction=step.instruction,
            step_completed=step.step_completed,
            verification_complete=step.state == LIVE,
            verification_failed=step.state in FAILED_STATES,
            current_step=step.step,
            total_steps=step.total,
            feedback=Feedback(code=step.hint.code, message=step.hint.message) if step.hint else None,
            step_progress=round(step.progress, 3),
            time_left_s=step.time_left_s,
            next_frame_in_ms=step.next_frame_in_ms,
            failure_code=step.failure or None,
            dropped=step.dropped,
        )


class Verdict(Answer):
    """The decision as far as the person may know it: no scores."""

    verdict: str
    reasons: list[str]
    policy_id: str


class CompleteAnswer(Answer):
    success: bool = Field(description="the verdict is live")
    session_id: str
    verified_image: str | None = Field(description="base64 of the chosen JPEG; null unless live")
    verified_image_path: str | None
    verification_time: float = Field(description="seconds")
    steps_completed: int
    total_blinks: int
    timestamp: str
    decision: Verdict
    failure_code: str | None
    token: str = Field(description="a signed token with the verdict, for the backend to verify")
    token_expires_at: str

    @classmethod
    def of(cls, result: Result) -> Self:
        live = result.decision.verdict == LIVE
        return cls(
            success=live,
            session_id=result.session_id,
            verified_image=base64.b64encode(result.image).decode() if live else None,
            verified_image_path=(result.image_path or None) if live else None,
            verification_time=round(result.decided_at - result.started_at, 2),
            steps_completed=result.steps_completed,
            total_blinks=result.total_blinks,
            timestamp=iso(result.timestamp),
            decision=Verdict(
                verdict=result.decision.verdict,
                reasons=list(result.decision.reasons),
                policy_id=result.decision.policy_id,
            ),
            failure_code=None if live else next(iter(result.decision.reasons), "inconclusive"),
            token=result.token,
            token_expires_at=iso(result.token_expires_at),
        )


class StatusAnswer(Answer):
    success: Literal[True] = True
    session_id: str
    created_at: str
    completed: bool = Field(description="the session ended as live")
    current_step: int
    total_steps: int
    instruction: str
    state: str

    @classmethod
    def of(cls, status: Status) -> Self:
        return cls(
            session_id=status.session_id,
            created_at=iso(status.created_at),
            completed=status.step.state == LIVE,
            current_step=status.step.step,
            total_steps=status.step.total,
            instruction=status.step.instruction,
            state=status.state,
        )


def iso(seconds: float) -> str:
    """Seconds since the epoch as ISO 8601, to the second, in UTC and saying so."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def image_bytes(text: str) -> bytes:
    """The bytes of base64 or of a data URL; line breaks and spaces are fine. Raises BadFrameError."""
    if text.startswith("data:"):
        head, comma, text = text.partition(",")
        if not comma or not head.endswith(";base64"):
            raise BadFrameError("bad_base64", "The data URL is not of the form data:image/jpeg;base64,….")
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadFrameError("bad_base64", "The image is not base64. Send a JPEG as base64.") from error
    if not data:
        raise BadFrameError("bad_base64", "The image is empty. Send a JPEG as base64.")
    return data
