"""An annotated video that every browser plays: VP8 in WebM, the one such pair that OpenCV's own FFmpeg writes fast."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from lifesign.errors import UnwritableError
from lifesign.report.picture import Pixels
from lifesign.report.place import shown
from lifesign.vision.quiet import quiet

CODEC: Final = "VP80"
MOST_WAITING: Final = 8  # frames that wait for the encoder: more would only cost memory
SLOWEST, FASTEST = 0.5, 240.0  # frames a second; beyond these a container's rate is a slip
STDERR: Final = 2


class Video:
    """One encoder on its own thread: it takes longer than the networks, and releases Python's lock.

    `fps` is the clip's own; every frame given is one frame of the file."""

    def __init__(self, path: Path, fps: float, width: int, height: int) -> None:
        quiet()
        rate = min(max(fps, SLOWEST), FASTEST)
        with _silence():
            self._writer = cv2.VideoWriter(
                str(path), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*CODEC), rate, (width, height)
            )
        if not self._writer.isOpened():
            raise UnwritableError(f"{shown(str(path))} cannot be written: no such place, or no {CODEC} encoder here")
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="video")
        self._waiting: deque[Future[None]] = deque()

    def write(self, pixels: Pixels) -> None:
        """One frame (H, W, 3) uint8 RGB; it must not change afterwards."""
        self._waiting.append(self._thread.submit(self._encode, pixels))
        while len(self._waiting) > MOST_WAITING or (self._waiting and self._waiting[0].done()):
            self._waiting.popleft().result()

    def close(self) -> None:
        while self._waiting:
            self._waiting.popleft().result()
        self._thread.shutdown()
        self._writer.release()

    def _encode(self, pixels: Pixels) -> None:
        self._writer.write(np.ascontiguousarray(pixels[..., ::-1]))


@contextmanager
def _silence() -> Iterator[None]:
    """OpenCV prints, past its own log level, that WebM has no codec tags. Nothing is wrong, so nothing is said."""
    kept, nothing = os.dup(STDERR), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, STDERR)
        yield
    finally:
        os.dup2(kept, STDERR)
        os.close(kept)
        os.close(nothing)
