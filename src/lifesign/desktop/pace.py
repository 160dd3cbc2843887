"""How fast frames come, and what they cost."""

from __future__ import annotations

from collections import deque
from typing import Final

RECENT: Final = 60  # frames


class Pace:
    """Of the latest frames that were looked at."""

    def __init__(self) -> None:
        self._costs_ms: deque[float] = deque(maxlen=RECENT)
        self._times: deque[float] = deque(maxlen=RECENT)

    def count(self, t: float, cost_ms: float) -> None:
        """A frame with the source's time `t`, seconds."""
        self._times.append(t)
        self._costs_ms.append(cost_ms)

    def reading(self) -> str:
        if not self._costs_ms:
            return ""
        span = self._times[-1] - self._times[0]
        fps = f"{(len(self._times) - 1) / span:.1f} fps" if span > 0 else "one picture"
        return f"{fps}  ·  {sum(self._costs_ms) / len(self._costs_ms):.1f} ms a frame"
