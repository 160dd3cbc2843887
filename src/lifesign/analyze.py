"""A clip through the Verifier's own code: the same engine, the same signals, every challenge running freely."""

from __future__ import annotations

import bisect
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lifesign.core.observer import Event
from lifesign.core.policy import Policy
from lifesign.errors import ClipError
from lifesign.report.analysis import Analysis
from lifesign.report.place import shown
from lifesign.report.recorder import Chapter, Recorder
from lifesign.vision.clip import Clip
from lifesign.vision.face import FaceEngine
from lifesign.watch import Seen, Watch

__all__ = ["Analysis", "Study", "analyze"]

Pixels = NDArray[np.uint8]
Frames = Iterable[tuple[float, Pixels]]
Progress = Callable[[int], None]
Stop = Callable[[], bool]
"""asked before each frame: is it enough?"""


def analyze(
    frames: Frames,
    engine: FaceEngine,
    policy: Policy,
    *,
    name: str,
    fps: float,
    progress: Progress = lambda _: None,
    stop: Stop = lambda: False,
) -> Analysis:
    """Runs over (seconds, pixels) frames in order. `fps` is reported for a single picture, whose rate is nobody's.
    `progress` is told the number of frames done. `stop`, or a KeyboardInterrupt, ends the clip and keeps what was seen.
    Raises ClipError when there is no frame."""
    return _run(frames, Watch(engine, policy), lambda _: None, name, fps, progress, stop)[0]


class Study:
    """One clip after the other, and one report over all of them in `output`; without one, nothing is written."""

    def __init__(self, engine: FaceEngine, policy: Policy, output: Path | None) -> None:
        self.chapters: list[Chapter] = []
        self.unreadable: list[tuple[str, str]] = []
        """name and reason"""
        self.unreached: list[str] = []
        """names of the clips that were left when it was stopped"""
        self._engine, self._policy, self._output = engine, policy, output

    def add(
        self, clip: Clip, name: str, *, live: bool, progress: Progress = lambda _: None, stop: Stop = lambda: False
    ) -> Analysis:
        """`name`: what its files are called, a relative path or a bare name. `live`: the clip's rate is a guess. Raises
        ClipError and UnwritableError."""
        if self._output is None:
            return analyze(clip, self._engine, self._policy, name=name, fps=clip.fps, progress=progress, stop=stop)
        recorder = Recorder(self._output, name, self._policy, None if live else clip.fps)
        watch = Watch(self._engine, self._policy)
        analysis, last = _run(clip, watch, recorder.see, name, clip.fps, progress, stop)
        chapter = recorder.close(analysis, last)
        self.chapters.append(chapter)
        return chapter.analysis

    def close(self) -> Path | None:
        """The report, written. Raises UnwritableError."""
        if self._output is None:
            return None
        from lifesign.report.page import write_page

        lists = (self.chapters, self.unreadable, self.unreached)
        return write_page(self._output, *lists, self._policy.id, datetime.now())


def _run(
    frames: Frames, watch: Watch, see: Callable[[Seen], None], name: str, fps: float, progress: Progress, stop: Stop
) -> tuple[Analysis, tuple[Event, ...]]:
    """The analysis, and the events that ended only with the clip."""
    times: list[float] = []
    costs: list[float] = []
    events: list[Event] = []
    interruptions: list[dict[str, Any]] = []
    faces = 0
    seen: Seen | None = None
    stopped = False
    try:
        for t, pixels in frames:
            if stop():
                stopped = True
                break
            begin = time.perf_counter()
            seen = watch.see(pixels, t)
            costs.append(1000 * (time.perf_counter() - begin))
            times.append(t)
            events += seen.events
            faces += seen.look.face is not None
            if seen.interrupted:
                interruptions.append({"t_s": round(t, 3), "frame": seen.frame.seq, "reason": seen.interrupted})
            see(seen)
            progress(len(times))
    except KeyboardInterrupt:
        stopped = True
    if seen is None:
        raise ClipError("it was stopped before its first frame" if stopped else "it holds no frame")
    last = watch.close()
    events += last
    span = times[-1] - times[0]
    p50, p95 = np.percentile(costs, (50, 95))
    height, width = seen.frame.pixels.shape[:2]
    analysis = Analysis(
        clip=shown(name),
        fps=round((len(times) - 1) / span if span > 0 else fps, 3),
        seconds=round(span, 3),
        size=(width, height),
        frames=len(times),
        frames_with_face=faces,
        events=tuple(_plain(event, times) for event in sorted(events, key=lambda event: (event.start_s, event.action))),
        cues=tuple(asdict(cue) for cue in seen.cues),
        interruptions=tuple(interruptions),
        ms_per_frame={
            "mean": round(float(np.mean(costs)), 3),
            "p50": round(float(p50), 3),
            "p95": round(float(p95), 3),
        },
        stopped=stopped,
    )
    return analysis, last


def _plain(event: Event, times: list[float]) -> dict[str, Any]:
    return {
        "action": event.action,
        "start_s": round(event.start_s, 3),
        "end_s": round(event.end_s, 3),
        "frame_start": bisect.bisect_left(times, event.start_s),
        "frame_end": bisect.bisect_left(times, event.end_s),
    }
