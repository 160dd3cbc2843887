"""The decision: gates in order, never an average. A good smile never buys back a failed cue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lifesign.core.cues.cue import DENY, SUSPECT
from lifesign.core.state import PASSED, Session
from lifesign.core.types import Decision, Evidence

LIVE: Final = "live"
SPOOF: Final = "spoof"
INCONCLUSIVE: Final = "inconclusive"


def decide(session: Session, models: Mapping[str, str], now: float) -> Decision:
    """The reasoned end of a session, whatever its state: one that is not finished is inconclusive.

    (1) a cue that denies → spoof; (2) every step done in order, or inconclusive; (3) a picture to show for it, or
    inconclusive; then live. Suspicion is listed and does not decide.
    """
    evidence = tuple(Evidence(kind=cue.kind, verdict=cue.verdict, reason=cue.reason) for cue in session.cues)
    denials = tuple(item.reason for item in evidence if item.verdict == DENY)
    suspicions = tuple(item.reason for item in evidence if item.verdict == SUSPECT)
    if denials:
        verdict, reasons = SPOOF, (*denials, *suspicions)
    elif session.state != PASSED:
        verdict, reasons = INCONCLUSIVE, (session.failure or "not_finished", *suspicions)
    elif session.best is None:
        verdict, reasons = INCONCLUSIVE, ("no_neutral_frame", *suspicions)
    else:
        verdict, reasons = LIVE, ("challenges_passed", *suspicions)
    plan = session.plan
    return Decision(
        verdict=verdict,
        reasons=reasons,
        evidence=evidence,
        policy_id=session.policy_id,
        models=tuple(sorted(models.items())),
        started_at=session.created_at,
        decided_at=now if session.finished_at is None else session.finished_at,
        challenges=tuple(task.kind for task in plan.tasks[: session.index]) if plan else (),
        challenge_entropy_bits=plan.entropy_bits if plan else 0.0,
        fixed_plan=bool(plan and plan.fixed),
    )
