"""The frames that the benches look at: real clips where they are, else the sequence of the tests."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

REPOSITORY = Path(__file__).resolve().parent.parent
MEDIA = REPOSITORY.parent / "shared" / "media"
MODEL = REPOSITORY / "models" / "face_landmarker.task"
CLIPS = ("liveportrait/s18.mp4", "liveportrait/d0.mp4", "liveportrait/d3.mp4", "pyfeat/single_face.mp4")
FRAMES_A_CLIP = 40

Pixels = NDArray[np.uint8]


def stream() -> tuple[str, list[Pixels]]:
    """(where from, frames): a few clips one after the other, in RGB."""
    if MEDIA.is_dir():
        frames = [pixels for clip in CLIPS for pixels in read(MEDIA / clip, FRAMES_A_CLIP)]
        return f"{FRAMES_A_CLIP} frames each of {', '.join(CLIPS)}", frames
    sys.path.insert(0, str(REPOSITORY))
    from tests.vision.pictures import AWAY, sequence

    frames = [pixels for index, pixels in enumerate(sequence()) if index not in AWAY]
    return "the generated sequence of the tests (no ../shared/media here)", frames * 4


def read(clip: Path, most: int) -> Iterator[Pixels]:
    """The first frames of a clip."""
    capture = cv2.VideoCapture(str(clip))
    try:
        for _ in range(most):
            more, picture = capture.read()
            if not more:
                return
            yield np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint8)
    finally:
        capture.release()
