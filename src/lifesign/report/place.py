"""Where the files of one clip go. The folders of the clips are kept, so that equal names do not meet.

They show faces: folders and files that are made here are for their owner alone.
"""

from __future__ import annotations

import hashlib
import os
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final
from urllib.parse import quote

from lifesign.errors import UnwritableError

LONGEST_BYTES: Final = 180  # of one part of a path: file systems end at 255, and suffixes are still to come
DIGEST_DIGITS: Final = 8
FOLDER_MODE, FILE_MODE = 0o700, 0o600
GROUPS: Final = ("diagnostics", "faces", "enhanced")
OWN: Final = re.compile(r"annotated\.(webm|jpg)|signals\.png|face_\d+\.jpg|frame_\d+_(original|enhanced)\.jpg")
"""the files that we make in a clip's folders"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The files of the clip `clip`, a relative path or a bare name, under `output`."""

    output: Path
    clip: PurePath

    @classmethod
    def of(cls, output: Path, name: str) -> Place:
        parts = [_short(part) for part in PurePath(name).parts if part not in ("..", "/", os.sep)]
        return cls(output=output, clip=PurePath(*parts or ["clip"]))

    def write(self, group: str, name: str, data: bytes) -> str:
        """Keeps `data` as `<output>/<group>/<clip>/<name>`. The path relative to `output`. Raises UnwritableError."""
        path = self.path(group, name)
        write(path, data)
        return self.relative(path)

    @property
    def result(self) -> Path:
        """`<output>/results/<clip>.json`"""
        return self.output / "results" / self.clip.with_name(self.clip.name + ".json")

    def path(self, group: str, name: str) -> Path:
        return self.output / group / self.clip / name

    def relative(self, path: Path) -> str:
        return path.relative_to(self.output).as_posix()

    def clear(self) -> None:
        """Removes what an earlier run kept of this clip, and nothing that others put there or that a link leads to.
        Raises UnwritableError."""
        folders = [self.output / group / self.clip for group in GROUPS]
        found = [file for folder in folders for file in _files(folder) if OWN.fullmatch(file.name)]
        for path in (*found, self.result):
            if not self._linked(path.parent):
                _remove(path)
        for folder in folders:
            with suppress(OSError):  # it holds something else, or is not there
                folder.rmdir()

    def _linked(self, folder: Path) -> bool:
        """A folder on the way from `output` to here is a link."""
        inside = [
            path for path in (folder, *folder.parents) if path != self.output and path.is_relative_to(self.output)
        ]
        return any(path.is_symlink() for path in inside)


def write(path: Path, data: bytes) -> None:
    """Makes the file and its folder; a file or link of that name gives way. Raises UnwritableError."""
    make_folder(path.parent)
    _remove(path)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), "wb") as file:
            file.write(data)
    except OSError as error:
        raise UnwritableError(f"{shown(str(path))} cannot be written: {error.strerror}") from error


def make_folder(path: Path) -> None:
    """With all that lead there. Folders that are there keep their mode. Raises UnwritableError."""
    try:
        missing = [folder for folder in path.parents if not folder.exists()]
        for folder in (*reversed(missing), path):
            folder.mkdir(mode=FOLDER_MODE, exist_ok=True)
    except OSError as error:
        raise UnwritableError(f"{shown(str(path))} cannot be made: {error.strerror}") from error


def shown(name: str) -> str:
    """A file name for people, as valid Unicode in one line: names are bytes, and somebody else chose them."""
    text = os.fsencode(name).decode("utf-8", "replace")
    return "".join(letter if letter.isprintable() else "�" for letter in text)


def link(path: str) -> str:
    """A relative path as a URL: `./` keeps a name with a colon from being taken for a scheme."""
    return "./" + quote(os.fsencode(path))


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise UnwritableError(f"{shown(str(path))} cannot be replaced: {error.strerror}") from error


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_file() and not path.is_symlink()] if folder.is_dir() else []


def _short(part: str) -> str:
    data = os.fsencode(part)
    if len(data) <= LONGEST_BYTES:
        return part
    digest = hashlib.sha256(data).hexdigest()[:DIGEST_DIGITS]
    return f"{data[: LONGEST_BYTES - 1 - DIGEST_DIGITS].decode('utf-8', 'ignore')}~{digest}"
