"""The signals of a clip over time, as rows of floats: a frame of an hour's clip weighs 100 bytes."""

from __future__ import annotations

from array import array
from itertools import pairwise
from math import nan

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lifesign.core import challenges
from lifesign.core.policy import Policy
from lifesign.report.panels import panels
from lifesign.watch import Seen

Floats = NDArray[np.float64]


class Trace:
    """Grows by one row a frame. `changes`: (t, kind of cue, verdict) whenever one changes its mind."""

    def __init__(self, policy: Policy) -> None:
        self.panels = panels(policy)
        self.changes: list[tuple[float, str, str]] = []
        self._t = array("d")
        self._faces = array("b")
        self._values = tuple(array("d") for _ in self.panels)
        self._verdicts: dict[str, str] = {}

    def see(self, seen: Seen) -> None:
        present = seen.look.face is not None
        self._t.append(seen.frame.t)
        self._faces.append(present)
        for values, panel in zip(self._values, self.panels, strict=True):
            values.append(panel.read(seen.signals) if present else nan)
        for cue in seen.cues:
            if self._verdicts.get(cue.kind) != cue.verdict:
                self._verdicts[cue.kind] = cue.verdict
                self.changes.append((seen.frame.t, cue.kind, cue.verdict))

    @property
    def t(self) -> Floats:
        return np.array(self._t)

    @property
    def values(self) -> tuple[Floats, ...]:
        """Of each panel, (N,), NaN without a face."""
        return tuple(np.array(values) for values in self._values)

    def gaps(self) -> list[tuple[float, float]]:
        return gaps(self._t, self._faces)

    def apex(self, kind: str, start: float, end: float) -> float:
        """When the action was at its height: where its first gauge is furthest on the side where it counts. Of one
        whose other side has a gauge of its own, such as a wink, where the two are furthest apart."""
        t = self.t
        part = slice(int(np.searchsorted(t, start)), int(np.searchsorted(t, end, side="right")))
        own, other = self._place(kind), self._place(challenges.REGISTRY[kind].opposite)
        if own is None:
            return (start + end) / 2
        gauge = dict(self.panels[own].gauges)[kind]
        values = np.array(self._values[own][part])
        if other not in (None, own):
            values -= np.array(self._values[other][part])
        if not np.isfinite(values).any():
            return (start + end) / 2
        side = 1.0 if gauge.threshold > gauge.rest else -1.0
        return float(t[part.start + int(np.nanargmax(values * side))])

    def _place(self, kind: str) -> int | None:
        return next((place for place, panel in enumerate(self.panels) if kind in panel.kinds), None)


def gaps(times: ArrayLike, faces: ArrayLike) -> list[tuple[float, float]]:
    """Spans of time without a face, from the first frame without to the first one with it again, or the last frame.
    `times`: (N,) seconds; `faces`: (N,) how many."""
    t, present = np.asarray(times, np.float64), np.asarray(faces, np.bool_)
    edges = np.flatnonzero(np.diff(present, prepend=True, append=True))
    ends = np.append(t, t[-1:])
    return [(float(ends[a]), float(ends[b])) for a, b in pairwise(edges.tolist()) if not present[a]]
