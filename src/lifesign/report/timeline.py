"""A clip's events along its time, as shares of its length: what the page draws with boxes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lifesign.report.recorder import Chapter

STEPS_S: Final = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600)
MOST_TICKS: Final = 9
EDGE: Final = 4.0  # percent: nearer to an end a label would reach over it
LEAST_SHARE: Final = 0.6  # percent: a shorter event is still to be seen and to be hit


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """`left`, `width`: percent. `words`: what it is and when. `index`: of the event among its clip's; -1: none."""

    left: float
    width: float
    words: str
    index: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """`lanes`: of the actions that were seen, by name. `gaps`: without a face. `cuts`: interruptions. `ticks`: percent,
    label, and how much of the label's own width it stands further left, percent."""

    lanes: tuple[tuple[str, tuple[Mark, ...]], ...]
    gaps: tuple[Mark, ...]
    cuts: tuple[Mark, ...]
    ticks: tuple[tuple[float, str, int], ...]


def of(chapter: Chapter) -> Timeline | None:
    """None for a clip that has no length."""
    analysis, span = chapter.analysis, chapter.analysis.seconds
    if span <= 0:
        return None

    def mark(start: float, end: float, words: str, index: int = -1) -> Mark:
        width = max(100 * (end - start) / span, LEAST_SHARE)
        left = min(max(100 * start / span, 0), 100 - LEAST_SHARE)
        return Mark(left=round(left, 3), width=round(min(width, 100 - left), 3), words=words, index=index)

    lanes: dict[str, list[Mark]] = {event["action"]: [] for event in analysis.events}
    for index, event in enumerate(analysis.events):
        start, end = event["start_s"], event["end_s"]
        lanes[event["action"]].append(mark(start, end, f"{start:.2f} to {end:.2f} s", index))
    step = next((step for step in STEPS_S if span / step <= MOST_TICKS), STEPS_S[-1])
    return Timeline(
        lanes=tuple((kind, tuple(marks)) for kind, marks in sorted(lanes.items())),
        gaps=tuple(mark(start, end, f"no face from {start:.2f} to {end:.2f} s") for start, end in chapter.gaps),
        cuts=tuple(
            mark(cut["t_s"], cut["t_s"], f"interrupted at {cut['t_s']:.2f} s") for cut in analysis.interruptions
        ),
        ticks=tuple(_tick(100 * i * step / span, f"{i * step:g}") for i in range(int(span / step) + 1)),
    )


def _tick(at: float, label: str) -> tuple[float, str, int]:
    return round(at, 3), label, 0 if at < EDGE else 100 if at > 100 - EDGE else 50
