"""Clips, pictures and cameras as frames with their own times."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from lifesign.errors import ClipError
from lifesign.vision.quiet import quiet

Pixels = NDArray[np.uint8]

PICTURES: Final = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff", ".jp2", ".ppm", ".pgm"})
TICK_S: Final = 0.001  # containers that repeat or turn back a time still move on by this much
USUAL_FPS: Final = 30.0  # for a container that names no rate
CAMERAS: Final = range(
    100
)  # OpenCV takes a number as backend and camera, a hundred of them each, and crashes on others


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """A source of frames. `fps`: what the container says, frames a second. `frames`: how many it promises; 0 when
    nobody knows, as with a camera. Errors do not name it: whoever opens it knows what people call it."""

    fps: float
    frames: int
    _capture: cv2.VideoCapture | None
    _picture: Pixels | None
    _live: bool

    @classmethod
    def open(cls, path: Path) -> Self:
        """A video, GIF or picture. Turned the way its metadata says. Raises ClipError."""
        try:
            str(path).encode()
        except UnicodeEncodeError as error:  # OpenCV crashes on it
            raise ClipError("its name is not Unicode: rename it") from error
        if not path.is_file():
            raise ClipError("there is no such file")
        quiet()
        if path.suffix.lower() in PICTURES:
            try:
                picture = cv2.imread(str(path), cv2.IMREAD_COLOR)  # applies the EXIF orientation
            except cv2.error:  # a header that promises more pixels than OpenCV takes
                picture = None
            if picture is None:
                raise ClipError("it is no picture that can be read")
            return cls(fps=USUAL_FPS, frames=1, _capture=None, _picture=_rgb(picture), _live=False)
        return cls._of(cv2.VideoCapture(str(path), cv2.CAP_FFMPEG), "it is no video that can be decoded", live=False)

    @classmethod
    def camera(cls, number: int) -> Self:
        """A camera of this machine; its frames carry the time they arrived. Raises ClipError."""
        if number not in CAMERAS:
            raise ClipError(f"cameras have numbers from {CAMERAS[0]} to {CAMERAS[-1]}")
        quiet()
        return cls._of(cv2.VideoCapture(number, cv2.CAP_ANY), "there is no such camera, or it is busy", live=True)

    @classmethod
    def _of(cls, capture: cv2.VideoCapture, fault: str, *, live: bool) -> Self:
        if not capture.isOpened():
            raise ClipError(fault)
        fps = capture.get(cv2.CAP_PROP_FPS)
        frames = 0 if live else max(int(capture.get(cv2.CAP_PROP_FRAME_COUNT)), 0)
        fps = fps if np.isfinite(fps) and fps > 0 else USUAL_FPS
        return cls(fps=fps, frames=frames, _capture=capture, _picture=None, _live=live)

    def __iter__(self) -> Iterator[tuple[float, Pixels]]:
        """(seconds since the first frame, (H, W, 3) uint8 RGB) for each frame, once. Times strictly increase; those
        of a variable frame rate are the container's. Raises ClipError when there is not one frame."""
        if self._picture is not None:
            yield 0.0, self._picture
            return
        capture, first, before, number = self._capture, None, -TICK_S, 0
        if capture is None:  # pragma: no cover - a clip is one or the other
            return
        try:
            while True:
                good, picture = capture.read()
                if not good:
                    break
                stamp = time.monotonic() if self._live else capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
                first = stamp if first is None else first
                known = self._live or number == 0 or stamp > first
                before = max(stamp - first if known else number / self.fps, before + TICK_S)
                yield before, _rgb(picture)
                number += 1
        finally:
            capture.release()
        if number == 0:
            raise ClipError("it holds no frame that can be decoded")


def _rgb(picture: NDArray[Any]) -> Pixels:
    return cv2.cvtColor(picture, cv2.COLOR_BGR2RGB).astype(np.uint8, copy=False)
