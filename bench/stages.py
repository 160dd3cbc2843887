"""CPU time of the engine by stage, measured where it is spent: inside a running engine, with cold caches."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

import simplejpeg

from frames import Pixels
from lifesign.core.types import Frame
from lifesign.vision import face
from lifesign.vision.blendshapes import Blendshapes
from lifesign.vision.detector import Detector
from lifesign.vision.face import FaceEngine, Track
from lifesign.vision.image import ImageLimits, decode
from lifesign.vision.landmarks import Landmarker
from lifesign.vision.pose import FaceGeometry
from lifesign.vision.region import Region
from lifesign.vision.smoothing import Smoother

FRAME_S = 0.033
JPEG_QUALITY = 85
STAGES: tuple[tuple[str, Any, str], ...] = (
    ("detector", Detector, "find"),
    ("landmarks", Landmarker, "read"),
    ("crop", Region, "crop"),
    ("smoothing", Smoother, "step"),
    ("next region", face, "next_region"),
    ("blendshapes", Blendshapes, "read"),
    ("pose", FaceGeometry, "pose"),
)


class Stopwatch:
    """CPU seconds by stage; a stage inside another is taken off the outer one and named after both."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self._open: list[str] = []

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        outer = "/".join(self._open)
        self._open.append(name)
        path = "/".join(self._open)
        start = time.process_time()
        try:
            yield
        finally:
            spent = time.process_time() - start
            self._open.pop()
            self.seconds[path] += spent
            if outer:
                self.seconds[outer] -= spent

    def wrap(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any, **named: Any) -> Any:
            with self.stage(name):
                return function(*arguments, **named)

        return timed


def by_stage(engine: FaceEngine, frames: list[Pixels], rounds: int) -> dict[str, float]:
    """Milliseconds a frame by stage. The detector runs on some frames only: its time is spread over all."""
    watch = Stopwatch()
    jpegs = [simplejpeg.encode_jpeg(pixels, quality=JPEG_QUALITY) for pixels in frames]
    track: Track | None = None
    with ExitStack() as patches:
        for name, owner, attribute in STAGES:
            timed = watch.wrap(name, getattr(owner, attribute))
            patches.enter_context(patch.object(owner, attribute, timed))
        for seq, data in enumerate(jpegs * rounds):
            with watch.stage("decode"):
                pixels = decode(data, ImageLimits())
            with watch.stage("look"):
                _, track = engine.look(Frame(pixels=pixels, t=seq * FRAME_S, seq=seq), track)
    ms = {path: 1000 * seconds / len(jpegs) / rounds for path, seconds in watch.seconds.items()}
    detector = ms.pop("look/detector", 0.0) + ms.pop("look/detector/crop", 0.0)
    stages = {name: sum(value for path, value in ms.items() if path.endswith(name)) for name, _, _ in STAGES}
    return {"decode": ms["decode"], **stages, "detector": detector, "all else": ms["look"]}
