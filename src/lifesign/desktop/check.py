"""A check tried on oneself: a real session of the core, here and now, kept nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from lifesign.core.decision import decide
from lifesign.core.policy import Policy
from lifesign.core.session import advance, start
from lifesign.core.types import Frame, Look
from lifesign.desktop.news import Told

Plan = tuple[str, ...]
"""kinds in order; none: drawn at random"""

FOREVER: Final = float("inf")  # nobody waits for the answer: it never expires


class Check:
    """`plan`: what to ask for. `secret`: what all chance comes from. `models`: of the engine that looks."""

    def __init__(self, plan: Plan, policy: Policy, *, secret: str, models: Mapping[str, str], now: float) -> None:
        self._plan, self._models, self._seq = plan, models, 0
        limits = self._planned(policy)
        self._session = start(session_id="desktop", secret=secret, now=now, expires_at=FOREVER, policy=limits)

    def see(self, frame: Frame, look: Look, policy: Policy) -> Told:
        """One more frame. The limits may be others than before: the decision names the last ones."""
        limits = self._planned(policy)
        session = replace(self._session, policy_id=limits.id)
        self._session, step = advance(session, replace(frame, seq=self._seq), look, limits)
        self._seq += 1
        finished = self._session.finished
        return Told(
            t=frame.t,
            step=step,
            attempt=self._session.attempt,
            attempts=limits.session.attempts,
            decision=decide(self._session, self._models, frame.t) if finished else None,
        )

    def _planned(self, policy: Policy) -> Policy:
        return policy.overridden({"session": {"sequence": list(self._plan)}})
