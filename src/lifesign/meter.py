"""How fast this process looks at frames."""

from __future__ import annotations

from collections import deque
from typing import Any, Final

RECENT: Final = 1000  # frames that percentiles are taken over
WINDOW_S: Final = 10.0  # the frame rate is counted over


class Meter:
    """Remembers the latest frames."""

    def __init__(self) -> None:
        self._latency_ms: deque[float] = deque(maxlen=RECENT)
        self._done_at: deque[float] = deque(maxlen=RECENT)

    def count(self, arrived: float, done: float) -> None:
        """One frame, from the time it arrived to the time its answer was ready; seconds."""
        self._latency_ms.append((done - arrived) * 1000)
        self._done_at.append(done)

    def reading(self, now: float) -> dict[str, Any]:
        """Frames, frames a second of late, and percentiles of the latency in ms."""
        ordered = sorted(self._latency_ms)
        late = sum(now - t <= WINDOW_S for t in self._done_at)
        return {
            "frames": len(ordered),
            "fps": round(late / WINDOW_S, 1),
            "latency_ms": {f"p{q}": _percentile(ordered, q) for q in (50, 95, 99)},
        }


def _percentile(ordered: list[float], q: int) -> float:
    return round(ordered[min(len(ordered) * q // 100, len(ordered) - 1)], 2) if ordered else 0.0
