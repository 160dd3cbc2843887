"""Watching without asking: every challenge runs freely over a stream, and what it sees are events.

For clips. Nobody was asked to look straight, so the neutral face is estimated from the stream itself, causally.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from statistics import fmean, median
from typing import Any, Final, Self

from lifesign.core import challenges
from lifesign.core.baseline import Baseline
from lifesign.core.challenges import Challenge
from lifesign.core.challenges.challenge import HoldLimits
from lifesign.core.policy import Policy
from lifesign.core.types import Signals

JITTER_ROWS: Final = 300
"""frames that the jitter of the lids is taken over: 10 s at 30 fps, so that lively talk does not fill it"""
JITTER_LEAST: Final = 45
"""fewer say nothing"""
JITTER_FPS: Final = 25.0
"""at lower rates lids that merely move change more from frame to frame"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One action. `start_s` and `end_s`: times of the first and last signals that show it."""

    action: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Observer:
    """The state of a free watch. `signals`: the latest ones, relative to the estimated neutral face."""

    baseline: Baseline = field(default_factory=Baseline)
    states: tuple[Challenge, ...] = field(
        default_factory=lambda: tuple(cls.free() for _, cls in sorted(challenges.REGISTRY.items()) if cls.event)
    )
    signals: Signals = field(default_factory=lambda: Signals(t=0.0))
    changes: tuple[tuple[float, float], ...] = ()
    """of the two eye openings from frame to frame, as shares of the person's own, at `JITTER_FPS`"""

    def watch(self, raw: Signals, policy: Policy) -> tuple[Self, tuple[Event, ...]]:
        """The state after one more frame, and the events that ended with it."""
        own = self.baseline.follow(raw, policy.baseline)
        signals = own.relative(raw)
        changes = self._changes(signals)
        glaring = (
            len(changes) >= JITTER_LEAST and fmean(map(median, zip(*changes, strict=True))) >= policy.baseline.jitter
        )
        unread = replace(signals, faces=0) if glaring else signals  # nothing that lids do is believed
        stepped = [
            state.step(unread if state.lids else signals, signals, _limits(state, policy)) for state in self.states
        ]
        ended = tuple(_event(state) for state in stepped if state.over)
        states = tuple(state.again() if state.over else state for state in stepped)
        return replace(self, baseline=own, states=states, signals=signals, changes=changes), ended

    def _changes(self, now: Signals) -> tuple[tuple[float, float], ...]:
        before = self.signals
        if now.faces == 0 or before.faces == 0 or now.t <= before.t:
            return self.changes
        slow = max((now.t - before.t) * JITTER_FPS, 1.0)
        change = abs(now.eye_left - before.eye_left) / slow, abs(now.eye_right - before.eye_right) / slow
        return (*self.changes[1 - JITTER_ROWS :], change)

    def close(self, policy: Policy) -> tuple[Event, ...]:
        """The events that are still going on when the stream ends."""
        closed = (state.close(_limits(state, policy)) for state in self.states)
        return tuple(_event(state) for state in closed if state.done)


def _limits(state: Challenge, policy: Policy) -> Any:
    limits = policy.challenges[state.kind]
    return replace(limits, hold_s=limits.free_s) if isinstance(limits, HoldLimits) else limits


def _event(state: Challenge) -> Event:
    return Event(action=state.kind, start_s=state.onset if state.onset is not None else state.last, end_s=state.last)
