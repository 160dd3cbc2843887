"""Which numbers are drawn: one panel for each name among the gauges of the actions that are looked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lifesign.core import challenges
from lifesign.core.challenges import Gauge
from lifesign.core.policy import Policy
from lifesign.core.types import Signals

FAMILIES: Final = ("eyes", "head", "face", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The gauges of one name: they read the same number, each with a threshold of its own. `gauges`: by the kind of
    action that goes by them. `low`, `high`: the range worth drawing."""

    gauges: tuple[tuple[str, Gauge], ...]

    @property
    def name(self) -> str:
        return self._first.name

    @property
    def unit(self) -> str:
        return self._first.unit

    @property
    def low(self) -> float:
        return min(gauge.low for _, gauge in self.gauges)

    @property
    def high(self) -> float:
        return max(gauge.high for _, gauge in self.gauges)

    @property
    def family(self) -> str:
        """Of the first action."""
        return challenges.REGISTRY[self.kinds[0]].family

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(kind for kind, _ in self.gauges)

    @property
    def _first(self) -> Gauge:
        return self.gauges[0][1]

    def read(self, signals: Signals) -> float:
        """Of signals that are relative to the person's own neutral face."""
        return self._first.read(signals)


def panels(policy: Policy) -> tuple[Panel, ...]:
    """Of every action that is an event, by family."""
    named: dict[str, list[tuple[str, Gauge]]] = {}
    for kind in sorted(challenges.REGISTRY, key=_order):
        if challenges.REGISTRY[kind].event:
            for gauge in challenges.REGISTRY[kind].gauges(policy.challenges[kind]):
                named.setdefault(gauge.name, []).append((kind, gauge))
    return tuple(Panel(gauges=tuple(gauges)) for gauges in named.values())


def _order(kind: str) -> tuple[int, str]:
    return FAMILIES.index(challenges.REGISTRY[kind].family), kind
