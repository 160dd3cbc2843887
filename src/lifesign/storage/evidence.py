"""The verified image and its metadata, on disk. Written once per live session, for its owner's eyes only."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Protocol

from lifesign.storage import StoreError

# What an id of ours looks like. Anything else could be a path trick and is refused.
SAFE_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,128}")
PREFIX: Final = "liveness_"


class EvidenceStore(Protocol):
    def save(self, session_id: str, image: bytes, metadata: Mapping[str, Any]) -> str:
        """Keep the image and its metadata; returns where the image is. Raises StoreError when it cannot.
        Saving the same session again replaces what was there."""


class FileEvidence:
    """A folder with `liveness_verified_<id>.jpg` and `.json` for each live session."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, session_id: str, image: bytes, metadata: Mapping[str, Any]) -> str:
        if not SAFE_ID.fullmatch(session_id):
            raise StoreError("the session id is none of ours")
        path = self._folder / f"liveness_verified_{session_id.removeprefix(PREFIX)}.jpg"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(path, image)
            _write(path.with_suffix(".json"), json.dumps(metadata, indent=2).encode() + b"\n")
        except OSError as error:
            raise StoreError(f"the verified image cannot be written to {self._folder}: {error.strerror}") from error
        return path.as_posix()


def _write(path: Path, data: bytes) -> None:
    """All or nothing: a reader never sees half a file."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")  # mode 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except OSError:
        with suppress(OSError):
            Path(name).unlink()
        raise
