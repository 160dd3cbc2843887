"""One session: CREATED → BASELINE → STEPS → decided. `advance` is the whole of a frame's meaning.

A session is a value. It serialises to JSON, lives in any store, can be fed by any worker, and replays exactly.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, Final, Self

from lifesign.core import baseline, challenges, cues, quality
from lifesign.core.baseline import Baseline, Rows
from lifesign.core.challenges import Challenge
from lifesign.core.cues import Cue
from lifesign.core.policy import Accessibility, Chance, Plan, Policy, Task, plan
from lifesign.core.signals import measure
from lifesign.core.types import Frame, Hint, Look, Signals, Step

ID_PREFIX: Final = "liveness_"

BASELINE: Final = "baseline"
STEPS: Final = "steps"
PASSED: Final = "passed"  # every step done; the decision is still to be made
FAILED: Final = "failed"  # no attempt left, or a cue denied

LOOK_STRAIGHT: Final = "Look straight at the camera"
PAUSE: Final = "Good. Look straight at the camera"


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
        return json.dumps(_plain(self), separators=(",", ":")).encode()

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
                raw[name] = _value(kind, raw[name])
        if raw["plan"] is not None:
            tasks = tuple(Task(**task) for task in raw["plan"].pop("tasks"))
            raw["plan"] = Plan(tasks=tasks, **raw["plan"])
        raw["rows"] = _tuples(raw["rows"])
        raw["watched"] = tuple(_value(challenges.REGISTRY[state.pop("kind")], state) for state in raw["watched"])
        raw["cues"] = tuple(_value(cues.REGISTRY[state.pop("kind")], state) for state in raw["cues"])
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


def advance(session: Session, frame: Frame, look: Look, policy: Policy) -> tuple[Session, Step]:
    """The session after one more frame, and what the person is told. A finished session stays as it is."""
    if session.finished:
        return session, describe(session, policy, frame.t)
    raw = measure(frame, look)
    signals = session.baseline.relative(raw) if session.baseline else raw
    watching = tuple(cue.watch(frame, look.face, signals, policy.cues[cue.kind]) for cue in session.cues)
    new = replace(session, seq=frame.seq, last_t=frame.t, faces=raw.faces, cues=watching)
    new = _keep_best(new, raw, signals, policy)
    hint = quality.hint(signals, policy.quality)
    denied = next((cue for cue in watching if cue.verdict == "deny"), None)
    if denied:
        new = _finish(new, FAILED, denied.reason)
    elif new.state == BASELINE:
        new = _settle(new, raw, policy, blocked=bool(hint))
        hint = hint or quality.baseline_hint(raw, policy.baseline) or _slow(session, new, policy)
    else:
        new = _act(new, raw, signals, policy, blocked=bool(hint and hint.blocks))
        hint = hint or _coach(new, signals)
    done = new.steps_done > session.steps_done
    return new, describe(new, policy, frame.t, hint=None if new.finished else hint, step_completed=done)


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
    elif session.task and session.start is None:
        prompt, instruction = "pause", PAUSE
    elif session.task:
        asked = session.watched[0]
        prompt, count = session.task.kind, max(asked.count - asked.seen, 0)
        instruction = type(asked).instruction(count)
        progress = asked.progress(policy.challenges[prompt])
        left = max(session.prompt_at + _patience(session, limits.step_s, policy) - now, 0.0)
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


def _patience(session: Session, seconds: float, policy: Policy) -> float:
    return seconds * (policy.session.extra_time if session.access.extra_time else 1.0)


def _settle(session: Session, raw: Signals, policy: Policy, *, blocked: bool) -> Session:
    """Looking straight, until there is a baseline; then the plan is drawn, with what can be judged of this person."""
    if raw.t - session.prompt_at > _patience(session, policy.session.baseline_s, policy):
        return _fail(session, "no_neutral_face", policy)
    rows = () if blocked else baseline.collect(session.rows, raw, policy.baseline)
    own = baseline.settled(rows, policy.baseline)
    if own is None:
        return replace(session, rows=rows)
    label = f"attempt {session.attempt}"
    drawn = plan(policy, Chance(secret=session.secret), label, session.access, eyes=own.eyes_reliable)
    if drawn is None:
        return _finish(session, FAILED, "no_reliable_challenge")
    return _pause(replace(session, state=STEPS, rows=(), baseline=own, plan=drawn, index=0), raw.t, policy)


def _pause(session: Session, t: float, policy: Policy) -> Session:
    """The random wait before the next prompt."""
    label = f"attempt {session.attempt} pause {session.index}"
    wait = Chance(secret=session.secret).between(label, *policy.session.pause_s)
    return replace(session, prompt_at=t + wait, start=None, watched=())


def _act(session: Session, raw: Signals, signals: Signals, policy: Policy, *, blocked: bool) -> Session:
    """One frame of the steps."""
    limits = policy.session
    interrupted = next((cue.interrupts for cue in session.cues if cue.interrupts), "")
    if interrupted:
        return _fail(session, interrupted, policy)
    if session.start is not None and signals.t - session.prompt_at > _patience(session, limits.step_s, policy):
        return _fail(session, "timeout", policy)
    task = session.task
    if session.baseline is None or task is None:  # a state that cannot be: fail closed
        return _finish(session, FAILED, "internal")
    session = replace(session, baseline=session.baseline.refresh(raw, policy.baseline))
    if blocked:
        return replace(session, watched=tuple(state.lost() for state in session.watched))
    if session.start is None:
        if signals.t < session.prompt_at:
            return session
        return replace(session, start=signals, prompt_at=signals.t, watched=_watched(task))
    early = signals.t - session.prompt_at < limits.anticipation_s
    watched = tuple(
        state if early and state.exempt else state.step(signals, session.start, _limits(state, i, policy))
        for i, state in enumerate(session.watched)
    )
    session = replace(session, watched=watched)
    asked, others = watched[0], watched[1:]
    wrong = next((state for state in others if state.done and not state.exempt and not _began(asked, state)), None)
    if wrong:
        return _fail(session, "other_side" if wrong.family == asked.family == "head" else "wrong_action", policy)
    if not asked.done:
        return session
    if asked.onset is not None and asked.onset - session.prompt_at < limits.anticipation_s and not asked.exempt:
        return _fail(session, "too_early", policy)
    blinks = sum(state.seen for state in watched if state.kind == "blink")
    session = replace(
        session,
        index=session.index + 1,
        steps_done=session.steps_done + 1,
        blinks=session.blinks + blinks,
        failure="",
    )
    return _finish(session, PASSED, "") if session.task is None else _pause(session, signals.t, policy)


def _watched(task: Task) -> tuple[Challenge, ...]:
    others = (cls() for kind, cls in sorted(challenges.REGISTRY.items()) if kind != task.kind)
    return (task.challenge(count=task.count), *others)


def _limits(state: Challenge, position: int, policy: Policy) -> Any:
    """The limits of a challenge; unasked-for held actions must be held longer to be an answer."""
    limits = policy.challenges[state.kind]
    if position == 0 or not hasattr(limits, "hold_s"):
        return limits
    return replace(limits, hold_s=limits.hold_s * policy.session.wrong_hold)


def _began(asked: Challenge, other: Challenge) -> bool:
    """Whether the asked-for action is going on and began first."""
    return asked.done or (
        asked.active and asked.onset is not None and other.onset is not None and asked.onset <= other.onset
    )


def _fail(session: Session, reason: str, policy: Policy) -> Session:
    """This attempt is over: another baseline and another plan, or the end."""
    if session.attempt >= policy.session.attempts:
        return _finish(session, FAILED, reason)
    return replace(
        session, attempt=session.attempt + 1, state=BASELINE, failure=reason,
        rows=(), baseline=None, plan=None, index=0, prompt_at=session.last_t, start=None, watched=(),
    )  # fmt: skip


def _finish(session: Session, state: str, reason: str) -> Session:
    return replace(session, state=state, failure=reason, finished_at=session.last_t, start=None, watched=())


def _keep_best(session: Session, raw: Signals, signals: Signals, policy: Policy) -> Session:
    if not baseline.straight(raw, policy.baseline):
        return session
    own = session.baseline or Baseline()
    worst = quality.score(own.relative(raw) if session.baseline is None else signals, policy.quality)
    rank = (round(worst, 1), round(raw.sharpness, 1))
    if session.best is not None and rank <= session.best.rank:
        return session
    return replace(session, best=Best(seq=session.seq, t=session.last_t, rank=rank))


def _coach(session: Session, signals: Signals) -> Hint | None:
    """Advice on the running step."""
    if session.state != STEPS or session.start is None or not session.watched:
        return None
    asked = session.watched[0]
    late = signals.t - session.prompt_at > COACH_AFTER_S
    return quality.RELAX if late and not asked.armed and not asked.done else None


def _slow(before: Session, now: Session, policy: Policy) -> Hint | None:
    """Whether good frames come too far apart to begin."""
    limits = policy.baseline
    apart = bool(before.rows) and now.last_t - before.last_t > limits.gap_s
    long_enough = bool(now.rows) and now.rows[-1][0] - now.rows[0][0] >= limits.look_s
    return quality.SLOW if apart or long_enough else None


COACH_AFTER_S: Final = 1.5  # an action that was on at the prompt has to end first; people need to be told


def _plain(value: Any) -> Any:
    """A dataclass as JSON's types; tuples of numbers pass as they are. Challenges and cues carry their kind."""
    if is_dataclass(value) and not isinstance(value, type):
        plain = {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
        return {"kind": value.kind, **plain} if isinstance(value, Challenge | Cue) else plain
    if isinstance(value, tuple) and value and is_dataclass(value[0]):
        return [_plain(item) for item in value]
    return value


def _value(kind: type, raw: dict[str, Any]) -> Any:
    return kind(**{name: _tuples(value) for name, value in raw.items()})


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value
