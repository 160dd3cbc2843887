"""Watching without asking: every challenge runs freely over a stream, and what it sees are events.

For clips. Nobody was asked to look straight, so the neutral face is estimated from the stream itself, causally.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

from lifesign.core import challenges
from lifesign.core.baseline import Baseline
from lifesign.core.challenges import Challenge
from lifesign.core.policy import Policy
from lifesign.core.types import Signals

FREE_HOLD_S: Final = 0.25
"""unasked-for actions are shorter than prompted ones: with the prompted 0.4 s a third of the labelled short smiles
and open mouths are missed, below 0.2 s speech becomes an open mouth"""


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

    def watch(self, raw: Signals, policy: Policy) -> tuple[Self, tuple[Event, ...]]:
        """The state after one more frame, and the events that ended with it."""
        own = self.baseline.follow(raw, policy.baseline)
        signals = own.relative(raw)
        stepped = [state.step(signals, signals, _limits(state, policy)) for state in self.states]
        ended = tuple(_event(state) for state in stepped if state.over)
        states = tuple(state.again() if state.over else state for state in stepped)
        return replace(self, baseline=own, states=states, signals=signals), ended

    def close(self, policy: Policy) -> tuple[Event, ...]:
        """The events that are still going on when the stream ends."""
        closed = (state.close(_limits(state, policy)) for state in self.states)
        return tuple(_event(state) for state in closed if state.done)


def _limits(state: Challenge, policy: Policy) -> Any:
    limits = policy.challenges[state.kind]
    return replace(limits, hold_s=min(limits.hold_s, FREE_HOLD_S)) if hasattr(limits, "hold_s") else limits


def _event(state: Challenge) -> Event:
    return Event(action=state.kind, start_s=state.onset if state.onset is not None else state.last, end_s=state.last)
