"""A verifier that looks at nothing: it takes every frame and does what the test told it to answer."""

from dataclasses import dataclass, field, replace
from typing import Any

from lifesign.answers import Result, Status, Ticket
from lifesign.core.policy import Accessibility
from lifesign.core.types import Decision, Hint, Step
from lifesign.errors import LifesignError, SessionFinishedError, UnknownSessionError

CREATED_AT = 1_730_820_600.0  # 2024-11-05T15:30:00+00:00
JPEG = b"\xff\xd8 the picture \xff\xd9"

STEP = Step(
    seq=7,
    state="steps",
    prompt="turn_left",
    count=1,
    instruction="Turn your head left",
    step=2,
    total=3,
    progress=0.33333,
    hint=Hint(code="closer", message="Come a little closer"),
    time_left_s=5.5,
    face_detected=True,
    next_frame_in_ms=66,
)
LIVE = replace(STEP, state="live", prompt="", step=3, progress=1.0, finished=True, hint=None, instruction="Done")
SPOOF = replace(LIVE, state="spoof", failure="tracking_jump", instruction="Not verified")

DECISION = Decision(
    verdict="live",
    reasons=("challenges_passed",),
    evidence=(),
    policy_id="0123456789abcdef",
    models=(("face_landmarker", "ab" * 32),),
    started_at=CREATED_AT,
    decided_at=CREATED_AT + 12.5,
    challenges=("blink", "turn_left", "smile"),
    challenge_entropy_bits=8.4,
)


@dataclass
class FakeService:
    """`answers`: session id to the Step of the next frame, or the error it raises."""

    answers: dict[str, Step | LifesignError] = field(default_factory=dict)
    decision: Decision = DECISION
    error: Exception | None = None
    calls: list[tuple[str, Any]] = field(default_factory=list)
    max_sessions: int = 100

    async def start(
        self, *, nonce: str | None = None, audience: str | None = None, accessibility: Accessibility | None = None
    ) -> Ticket:
        self._called("start", (nonce, audience, accessibility))
        session_id = f"liveness_1730820600_{len(self.answers):022d}"
        self.answers[session_id] = STEP
        step = replace(STEP, state="baseline", prompt="baseline", instruction="Look straight at the camera", step=1)
        return Ticket(session_id=session_id, step=step, created_at=CREATED_AT, expires_at=CREATED_AT + 600, max_fps=30)

    async def submit(self, session_id: str, jpeg: bytes) -> Step:
        self._called("submit", jpeg)
        step = self._step(session_id)
        if step.finished:
            raise SessionFinishedError("this check is finished; start a new one")
        return step

    async def status(self, session_id: str) -> Status:
        self._called("status", session_id)
        step = self._step(session_id)
        return Status(session_id=session_id, created_at=CREATED_AT, state=step.state, step=step)

    async def complete(self, session_id: str) -> Result:
        self._called("complete", session_id)
        self._step(session_id)
        return Result(
            session_id=session_id,
            image=JPEG,
            image_path="verified_images/liveness_verified_1.jpg",
            started_at=CREATED_AT,
            decided_at=CREATED_AT + 12.5,
            steps_completed=3,
            total_blinks=4,
            decision=self.decision,
            token="header.claims.signature",
            token_expires_at=CREATED_AT + 330,
            timestamp=CREATED_AT + 45,
        )

    async def stats(self) -> dict[str, Any]:
        return {"frames": 3}

    async def active_sessions(self) -> int:
        return len(self.answers)

    def cues(self) -> dict[str, str]:
        return {"continuity": "on"}

    def _called(self, name: str, argument: object) -> None:
        self.calls.append((name, argument))
        if self.error:
            raise self.error

    def _step(self, session_id: str) -> Step:
        answer = self.answers.get(session_id, UnknownSessionError("there is no such session"))
        if isinstance(answer, LifesignError):
            raise answer
        return answer
