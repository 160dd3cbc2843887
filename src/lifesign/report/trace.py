"""The signals of a clip over time, as rows of floats: a frame of an hour's clip weighs 100 bytes."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from itertools import pairwise
from math import nan
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lifesign.core import challenges
from lifesign.core.challenges import Gauge
from lifesign.core.policy import Policy
from lifesign.watch import Seen

Floats = NDArray[np.float64]

SAME: Final = 1e-6  # two gauges that never differ by more are one line


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One signal of a panel. `values`: (N,), NaN without a face. `thresholds`: by the action that goes by it."""

    values: Floats
    thresholds: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The gauges of one name. `low`, `high`: the range worth drawing."""

    name: str
    unit: str
    low: float
    high: float
    lines: tuple[Line, ...]

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(kind for line in self.lines for kind, _ in line.thresholds)


class Trace:
    """Grows by one row a frame. `changes`: (t, kind of cue, verdict) whenever one changes its mind."""

    def __init__(self, policy: Policy) -> None:
        self.gauges: tuple[tuple[str, Gauge], ...] = gauges(policy)
        self.changes: list[tuple[float, str, str]] = []
        self._t = array("d")
        self._faces = array("b")
        self._values = tuple(array("d") for _ in self.gauges)
        self._verdicts: dict[str, str] = {}

    def see(self, seen: Seen) -> None:
        present = seen.look.face is not None
        self._t.append(seen.frame.t)
        self._faces.append(present)
        for values, (_, gauge) in zip(self._values, self.gauges, strict=True):
            values.append(gauge.read(seen.signals) if present else nan)
        for cue in seen.cues:
            if self._verdicts.get(cue.kind) != cue.verdict:
                self._verdicts[cue.kind] = cue.verdict
                self.changes.append((seen.frame.t, cue.kind, cue.verdict))

    @property
    def t(self) -> Floats:
        return np.array(self._t)

    def gaps(self) -> list[tuple[float, float]]:
        """Spans of time without a face, from the first frame without to the first one with it again."""
        t, faces = self.t, np.array(self._faces, np.int8)
        edges = np.flatnonzero(np.diff(faces, prepend=np.int8(1), append=np.int8(1)))
        ends = np.append(t, t[-1:])
        return [(float(ends[a]), float(ends[b])) for a, b in pairwise(edges.tolist()) if not faces[a]]

    def apex(self, kind: str, start: float, end: float) -> float:
        """When the action was at its height: where its first gauge is furthest on the side where it counts."""
        t = self.t
        first, last = int(np.searchsorted(t, start)), int(np.searchsorted(t, end, side="right"))
        own = next((i for i, (owner, _) in enumerate(self.gauges) if owner == kind), None)
        values = np.array(self._values[own][first:last]) if own is not None else np.full(0, nan)
        if own is None or not np.isfinite(values).any():
            return (start + end) / 2
        away = values * _side(self.gauges[own][1])
        return float(t[first + int(np.nanargmax(away))])

    def panels(self) -> tuple[Panel, ...]:
        """One for each name, in the order of the registry."""
        names = dict.fromkeys(gauge.name for _, gauge in self.gauges)
        return tuple(self._panel(name) for name in names)

    def _panel(self, name: str) -> Panel:
        own = [(kind, gauge, values) for (kind, gauge), values in zip(self.gauges, self._values, strict=True)
               if gauge.name == name]  # fmt: skip
        lines: list[Line] = []
        for kind, gauge, numbers in own:
            values, mark = np.array(numbers), (kind, gauge.threshold)
            same = next((i for i, line in enumerate(lines) if _same(line.values, values)), None)
            if same is None:
                lines.append(Line(values=values, thresholds=(mark,)))
            else:
                lines[same] = Line(values=lines[same].values, thresholds=(*lines[same].thresholds, mark))
        return Panel(
            name=name,
            unit=own[0][1].unit,
            low=min(gauge.low for _, gauge, _ in own),
            high=max(gauge.high for _, gauge, _ in own),
            lines=tuple(lines),
        )


def gauges(policy: Policy) -> tuple[tuple[str, Gauge], ...]:
    """(kind, gauge) of every action that is an event, in the order of the registry."""
    return tuple(
        (kind, gauge)
        for kind, cls in sorted(challenges.REGISTRY.items())
        if cls.event
        for gauge in cls.gauges(policy.challenges[kind])
    )


def _same(one: Floats, other: Floats) -> bool:
    return bool(np.allclose(one, other, atol=SAME, equal_nan=True))


def _side(gauge: Gauge) -> float:
    """+1 when the action makes the gauge grow, -1 when it makes it fall."""
    return 1.0 if gauge.threshold > gauge.rest else -1.0
