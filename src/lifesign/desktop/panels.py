"""Which numbers are drawn: one panel for each name among the gauges of all challenges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from lifesign.core import challenges
from lifesign.core.challenges import Gauge
from lifesign.core.policy import Policy
from lifesign.core.types import Signals

FAMILY_ORDER: Final = ("eyes", "head", "face", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A threshold of one challenge."""

    kind: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One number over time. `read`: of signals relative to the person's own baseline. `low`, `high`: worth drawing.
    `marks`: the challenges that go by it, each with its threshold. `family`: of the first of them."""

    name: str
    unit: str
    read: Callable[[Signals], float]
    low: float
    high: float
    marks: tuple[Mark, ...]
    family: str

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(mark.kind for mark in self.marks)


def panels(policy: Policy) -> tuple[Panel, ...]:
    """Of every challenge that there is, by family."""
    named: dict[str, list[tuple[str, Gauge]]] = {}
    for kind in sorted(challenges.REGISTRY, key=_order):
        for gauge in challenges.REGISTRY[kind].gauges(policy.challenges[kind]):
            named.setdefault(gauge.name, []).append((kind, gauge))
    return tuple(_panel(name, users) for name, users in named.items())


def _order(kind: str) -> tuple[int, str]:
    return FAMILY_ORDER.index(challenges.REGISTRY[kind].family), kind


def _panel(name: str, users: list[tuple[str, Gauge]]) -> Panel:
    kind, gauge = users[0]  # gauges of one name read the same number
    return Panel(
        name=name,
        unit=gauge.unit,
        read=gauge.read,
        low=min(user.low for _, user in users),
        high=max(user.high for _, user in users),
        marks=tuple(Mark(kind=user, value=its.threshold) for user, its in users),
        family=challenges.REGISTRY[kind].family,
    )
