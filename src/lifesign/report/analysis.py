"""What one clip shows, as numbers and names: the content of `results/<clip>.json`."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What a clip shows. `fps`: mean over the clip. `seconds`: from the first frame to the last. `size`: width and
    height of the last frame, px. `events`: by start. `cues`: what each one says at the end. `interruptions`: when a cue
    said that what was going on must not count. `ms_per_frame`: time for one frame from pixels to events, decoding not
    included. `stopped`: by Ctrl-C, before its end. `files`: that were written, relative to the output folder."""

    clip: str
    fps: float
    seconds: float
    size: tuple[int, int]
    frames: int
    frames_with_face: int
    events: tuple[dict[str, Any], ...]
    cues: tuple[dict[str, str], ...]
    interruptions: tuple[dict[str, Any], ...]
    ms_per_frame: dict[str, float]
    stopped: bool = False
    files: tuple[str, ...] = ()

    def to_json(self, indent: int | None = None) -> str:
        return json.dumps(asdict(self), indent=indent)
