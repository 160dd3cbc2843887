"""The clips and pictures of a folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from lifesign.vision.clip import PICTURES

VIDEOS: Final = frozenset(
    {
        ".3gp", ".avi", ".flv", ".gif", ".m2ts", ".m4v", ".mjpeg", ".mjpg", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg",
        ".mts", ".ogv", ".ts", ".webm", ".wmv", ".y4m",
    }
)  # fmt: skip


def clips_in(folder: Path, *, leave_out: Path | None = None) -> tuple[Path, ...]:
    """Every video, GIF and picture by its suffix, sorted, with all subfolders. Without what is hidden, and without
    `leave_out`, where earlier results may be. Links to folders are not followed."""
    left_out = leave_out.resolve() if leave_out is not None else None
    found: list[Path] = []
    for here, folders, files in os.walk(folder):
        place = Path(here)
        folders[:] = [name for name in folders if _shown(name) and (place / name).resolve() != left_out]
        found += [place / name for name in files if _shown(name) and Path(name).suffix.lower() in PICTURES | VIDEOS]
    return tuple(sorted(found))


def _shown(name: str) -> bool:
    return not name.startswith(".")
