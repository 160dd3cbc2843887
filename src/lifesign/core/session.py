"""`advance`: the whole of a frame's meaning. CREATED → BASELINE → STEPS → decided."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from lifesign.core import baseline, challenges, quality
from lifesign.core.baseline import Baseline
from lifesign.core.challenges import Challenge
from lifesign.core.challenges.challenge import TICK_S
from lifesign.core.policy import Chance, Policy, Task, draw
from lifesign.core.signals import measure, moving
from lifesign.core.state import BASELINE, CLOSING, FAILED, PASSED, STEPS, Best, Session, start
from lifesign.core.telling import again, coach, describe, patience, slow, step_time
from lifesign.core.types import Frame, Look, Signals, Step

TOGETHER_S: Final = 0.12  # one frame at 10 fps

__all__ = ["FAILED", "PASSED", "Session", "advance", "describe", "start"]


def advance(session: Session, frame: Frame, look: Look, policy: Policy) -> tuple[Session, Step]:
    """The session after one more frame, and what the person is told. A finished session stays as it is."""
    if session.finished:
        return session, describe(session, policy, frame.t)
    raw = moving(measure(frame, look), session.place)
    signals = session.baseline.relative(raw) if session.baseline else raw
    watching = tuple(cue.watch(frame, look.face, signals, policy.cues[cue.kind]) for cue in session.cues)
    place = (raw.t, raw.x, raw.y) if raw.faces else None
    new = replace(session, seq=frame.seq, last_t=frame.t, faces=raw.faces, place=place, cues=watching)
    new = _keep_best(new, raw, signals, policy)
    hint = quality.hint(signals, policy.quality)
    denied = next((cue for cue in watching if cue.verdict == "deny"), None)
    if denied:
        new = _finish(new, FAILED, denied.reason)
    elif new.state == CLOSING:
        new = _close(new, raw, policy)
        hint = hint or quality.baseline_hint(raw, policy.baseline)
    elif new.state == BASELINE:
        new = _settle(new, raw, policy, blocked=bool(hint))
        hint = hint or quality.baseline_hint(raw, policy.baseline) or slow(session, new, policy)
        hint = hint or again(new) or quality.unrest(raw, policy.quality)
    else:
        new = _act(new, raw, signals, policy, blocked=bool(hint and hint.blocks))
        hint = hint or coach(new, signals, policy)
    done = new.steps_done > session.steps_done
    return new, describe(new, policy, frame.t, hint=None if new.finished else hint, step_completed=done)


def _settle(session: Session, raw: Signals, policy: Policy, *, blocked: bool) -> Session:
    """Looking straight, until there is a baseline; then the plan is drawn, with what can be judged of this person."""
    if session.seq == 0:  # a camera that is still being asked for, or a link on its way to a phone, costs no time
        session = replace(session, prompt_at=raw.t)
    if raw.t - session.prompt_at > patience(session, policy.session.baseline_s, policy):
        return _fail(session, "no_neutral_face", policy)
    anew = blocked or bool(_interrupted(session))
    rows = () if anew else baseline.collect(session.rows, raw, policy.baseline)
    own = baseline.settled(rows, policy.baseline)
    if own is None:
        return replace(session, rows=rows)
    label = f"attempt {session.attempt}"
    drawn = draw(policy, Chance(secret=session.secret), label, session.access, eyes=own.eyes_reliable)
    if drawn is None:
        return _fail(session, "no_reliable_challenge", policy)
    return _pause(replace(session, state=STEPS, rows=(), baseline=own, plan=drawn, index=0), raw.t, policy)


def _pause(session: Session, t: float, policy: Policy) -> Session:
    """The random wait before the next prompt."""
    label = f"attempt {session.attempt} pause {session.index}"
    wait = Chance(secret=session.secret).between(label, *policy.session.pause_s)
    return replace(session, prompt_at=t + wait, start=None, watched=())


def _act(session: Session, raw: Signals, signals: Signals, policy: Policy, *, blocked: bool) -> Session:
    """One frame of the steps."""
    limits = policy.session
    if interrupted := _interrupted(session):
        return _fail(session, interrupted, policy)
    if signals.t - session.prompt_at > step_time(session, policy):
        return _fail(session, "timeout", policy)
    task = session.task
    if session.baseline is None or task is None:  # a state that cannot be: fail closed
        return _finish(session, FAILED, "internal")
    closing = any(state.lids and state.active for state in session.watched[:1])
    if not closing:  # an eye that stays half shut must not become what open means
        session = replace(session, baseline=session.baseline.refresh(raw, policy.baseline))
    if blocked:
        return replace(session, watched=tuple(state.lost() for state in session.watched))
    if session.start is None:
        if signals.t < session.prompt_at:
            return session
        return replace(session, start=signals, prompt_at=signals.t, watched=_watched(session, task, policy))
    early = signals.t - session.prompt_at < limits.anticipation_s
    watched = tuple(
        state if early and state.exempt else state.step(signals, session.start, policy.challenges[state.kind])
        for state in session.watched
    )
    session = replace(session, watched=watched)
    asked = watched[0]
    rivals = [state for state in watched[1:] if not state.exempt and not _first(asked, state)]
    wrong = next((state for state in rivals if state.done), None)
    if wrong:
        return _fail(session, "other_side" if wrong.kind == asked.opposite else "wrong_action", policy)
    if not asked.done or any(state.active for state in rivals):  # what began earlier may yet prove the wrong answer
        return session
    if asked.began is not None and asked.began - session.prompt_at < limits.anticipation_s and not asked.exempt:
        return _fail(session, "too_early", policy)
    blinks = sum(state.seen for state in watched if state.kind == "blink")
    session = replace(
        session,
        index=session.index + 1,
        steps_done=session.steps_done + 1,
        blinks=session.blinks + blinks,
        failure="",
    )
    if session.task is not None:
        return _pause(session, signals.t, policy)
    if session.best is None:
        return replace(session, state=CLOSING, prompt_at=signals.t, start=None, watched=())
    return _finish(session, PASSED, "")


def _close(session: Session, raw: Signals, policy: Policy) -> Session:
    """The face was lost for a moment, so the picture has to be of what is there now: whoever did the last step. It
    must not go away again before that."""
    if raw.faces == 0 or (interrupted := _interrupted(session)):
        return _fail(session, "face_lost" if raw.faces == 0 else interrupted, policy)
    if raw.t - session.prompt_at > step_time(session, policy):
        return _fail(session, "timeout", policy)
    return session if session.best is None else _finish(session, PASSED, "")


def _interrupted(session: Session) -> str:
    return next((cue.interrupts for cue in session.cues if cue.interrupts), "")


def _watched(session: Session, task: Task, policy: Policy) -> tuple[Challenge, ...]:
    """The prompted challenge, then every other one that could be asked of this person: done as often as it may be
    asked for, it is the wrong answer."""
    kinds = set(policy.session.pool) | set(policy.session.sequence) | {"blink"}
    others = [
        challenges.REGISTRY[kind](count=min(policy.counts(kind)))
        for kind in sorted(kinds - {task.kind})
        if session.access.allows(kind)
    ]
    return (task.challenge(count=task.count), *others)


def _first(asked: Challenge, other: Challenge) -> bool:
    """Whether the asked-for action began first: people smile while they turn their heads. In the same family they
    may begin together, since brows go up with an opening mouth."""
    if asked.began is None or other.began is None:
        return False
    together = TOGETHER_S if asked.family == other.family and asked.opposite != other.kind else -TICK_S
    return asked.began <= other.began + together


def _fail(session: Session, reason: str, policy: Policy) -> Session:
    """This attempt is over: another baseline and another plan, or the end."""
    if session.attempt >= policy.session.attempts:
        return _finish(session, FAILED, reason)
    return replace(
        session, attempt=session.attempt + 1, state=BASELINE, failure=reason,
        rows=(), baseline=None, plan=None, index=0, prompt_at=session.last_t, start=None, watched=(), best=None,
    )  # fmt: skip


def _finish(session: Session, state: str, reason: str) -> Session:
    return replace(session, state=state, failure=reason, finished_at=session.last_t, start=None, watched=())


def _keep_best(session: Session, raw: Signals, signals: Signals, policy: Policy) -> Session:
    """The best picture of the present take. One that breaks forgets it: else a photograph could be shown first, be
    taken away, and stand in the result of somebody else's actions."""
    if raw.faces == 0 or _interrupted(session):
        return replace(session, best=None)
    if not baseline.straight(raw, policy.baseline):
        return session
    own = session.baseline or Baseline()
    worst = quality.score(own.relative(raw) if session.baseline is None else signals, policy.quality)
    rank = (round(worst, 1), round(raw.sharpness, 1))
    if session.best is not None and rank <= session.best.rank:
        return session
    return replace(session, best=Best(seq=session.seq, t=session.last_t, rank=rank))
