"""What the person is told after a frame: the current prompt, never one to come; hints; the time that is left."""

from __future__ import annotations

from typing import Final

from lifesign.core import quality
from lifesign.core.policy import Policy
from lifesign.core.state import BASELINE, CLOSING, PASSED, STEPS, Session
from lifesign.core.types import Hint, Signals, Step

LOOK_STRAIGHT: Final = "Look straight at the camera"
PAUSE: Final = "Good. Look straight at the camera"
AGAIN_S: Final = 2.0  # long enough to read a sentence
COACH_AFTER_S: Final = 1.5  # an action that was on at the prompt has to end first; people need to be told


def describe(
    session: Session, policy: Policy, now: float, *, hint: Hint | None = None, step_completed: bool = False
) -> Step:
    """What the person is told: the current prompt, never one to come."""
    limits = policy.session
    total = len(session.plan.tasks) if session.plan else (len(limits.sequence) or limits.steps)
    prompt, count, instruction, progress, left = BASELINE, 1, LOOK_STRAIGHT, 0.0, 0.0
    if session.state == BASELINE and session.rows:
        progress = min((session.rows[-1][0] - session.rows[0][0]) / policy.baseline.look_s, 1.0)
    elif session.finished:
        prompt, count, instruction, progress = (
            "",
            0,
            "Done" if session.state == PASSED else "Not verified",
            1.0,
        )
    elif session.state == CLOSING:
        prompt, instruction = "center", PAUSE
        left = max(session.prompt_at + step_time(session, policy) - now, 0.0)
    elif session.task and session.start is None:
        prompt, instruction = "pause", PAUSE
    elif session.task:
        asked = session.watched[0]
        prompt, count = session.task.kind, max(asked.count - asked.seen, 0)
        instruction = type(asked).instruction(count)
        progress = asked.progress(policy.challenges[prompt])
        left = max(session.prompt_at + step_time(session, policy) - now, 0.0)
    return Step(
        seq=session.seq,
        state=session.state,
        prompt=prompt,
        count=count,
        instruction=instruction,
        step=min(session.index + 1, total),
        total=total,
        progress=progress,
        hint=hint,
        time_left_s=round(left, 1),
        face_detected=session.faces > 0,
        step_completed=step_completed,
        finished=session.finished,
        failure=session.failure if session.state != PASSED else "",
    )


def patience(session: Session, seconds: float, policy: Policy) -> float:
    """So many seconds for this person, who may need longer."""
    return seconds * (policy.session.extra_time if session.access.extra_time else 1.0)


def step_time(session: Session, policy: Policy) -> float:
    """Seconds for the current step: more for actions that are asked for many times."""
    limits = policy.session
    repeats = session.task.count if session.task else 1
    return patience(session, limits.step_s * max(repeats / limits.repeats, 1.0), policy)


def coach(session: Session, signals: Signals, policy: Policy) -> Hint | None:
    """Advice on the running step."""
    if session.state != STEPS or session.start is None or not session.watched:
        return None
    asked = session.watched[0]
    if asked.astray(signals, policy.challenges[asked.kind]):
        return quality.OTHER_SIDE
    late = signals.t - session.prompt_at > COACH_AFTER_S
    if not late or asked.armed or asked.done:
        return None
    return quality.STRAIGHT if asked.family == "head" else quality.RELAX


def again(session: Session) -> Hint | None:
    """Why there is another attempt, for its first seconds; the hints of the moment come first."""
    early = session.attempt > 1 and session.last_t - session.prompt_at < AGAIN_S
    return quality.AGAIN.get(session.failure) if early else None


def slow(before: Session, now: Session, policy: Policy) -> Hint | None:
    """Whether good frames come too far apart to begin."""
    limits = policy.baseline
    apart = bool(before.rows) and now.last_t - before.last_t > limits.gap_s
    long_enough = bool(now.rows) and now.rows[-1][0] - now.rows[0][0] >= limits.look_s
    return quality.SLOW if apart or long_enough else None
