"""A clip through the Verifier's own code: the same engine, the same signals, every challenge running freely."""

from __future__ import annotations

import bisect
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lifesign.core.observer import Event, Observer
from lifesign.core.policy import Policy
from lifesign.core.signals import measure
from lifesign.core.types import Frame
from lifesign.errors import ClipError
from lifesign.vision.face import FaceEngine, Track

Pixels = NDArray[np.uint8]
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What a clip shows. `fps`: mean over the clip. `events` by start. `ms_per_frame`: time for one frame from
    pixels to events, decoding not included."""

    clip: str
    fps: float
    frames: int
    frames_with_face: int
    events: tuple[dict[str, Any], ...]
    ms_per_frame: dict[str, float]

    def to_json(self) -> str:
        return json.dumps(asdict(self))


def analyze(
    frames: Iterable[tuple[float, Pixels]], engine: FaceEngine, policy: Policy, *, name: str, fps: float,
    progress: Progress = lambda _: None,
) -> Analysis:  # fmt: skip
    """Runs over (seconds, pixels) frames in order. `fps` is reported for a single picture, whose rate is nobody's.
    `progress` is told the number of frames done. Ctrl-C ends the clip and keeps what was seen."""
    observer, track = Observer(), None
    times: list[float] = []
    costs: list[float] = []
    events: list[Event] = []
    seen = 0
    try:
        for t, pixels in frames:
            begin = time.perf_counter()
            observer, track, ended, face = _watch(
                observer, track, Frame(pixels=pixels, t=t, seq=len(times)), engine, policy
            )
            costs.append(1000 * (time.perf_counter() - begin))
            times.append(t)
            events += ended
            seen += face
            progress(len(times))
    except KeyboardInterrupt:
        pass
    if not times:
        raise ClipError(f"{name} holds no frame")
    events += observer.close(policy)
    span = times[-1] - times[0]
    p50, p95 = np.percentile(costs, (50, 95))
    return Analysis(
        clip=name,
        fps=round((len(times) - 1) / span if span > 0 else fps, 3),
        frames=len(times),
        frames_with_face=seen,
        events=tuple(_plain(event, times) for event in sorted(events, key=lambda event: (event.start_s, event.action))),
        ms_per_frame={
            "mean": round(float(np.mean(costs)), 3),
            "p50": round(float(p50), 3),
            "p95": round(float(p95), 3),
        },
    )


def write(analysis: Analysis, folder: Path) -> Path:
    """Keeps the analysis as `<folder>/results/<clip>.json`. Raises ClipError when it cannot."""
    path = folder / "results" / f"{Path(analysis.clip).name}.json"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(analysis), indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise ClipError(f"{path} cannot be written: {error.strerror}") from error
    return path


def _watch(
    observer: Observer, track: Track | None, frame: Frame, engine: FaceEngine, policy: Policy
) -> tuple[Observer, Track, tuple[Event, ...], bool]:
    look, track = engine.look(frame, track)
    observer, ended = observer.watch(measure(frame, look), policy)
    return observer, track, ended, look.face is not None


def _plain(event: Event, times: list[float]) -> dict[str, Any]:
    return {
        "action": event.action,
        "start_s": round(event.start_s, 3),
        "end_s": round(event.end_s, 3),
        "frame_start": bisect.bisect_left(times, event.start_s),
        "frame_end": bisect.bisect_left(times, event.end_s),
    }
