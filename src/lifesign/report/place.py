"""Where the files of one clip go. The folders of the clips are kept, so that equal names do not meet."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final
from urllib.parse import quote

from lifesign.errors import UnwritableError

LONGEST_BYTES: Final = 180  # of one part of a path: file systems end at 255, and suffixes are still to come
DIGEST_DIGITS: Final = 8


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
        return self.keep(self.make(group, name), data)

    @property
    def result(self) -> Path:
        """`<output>/results/<clip>.json`"""
        return self.output / "results" / self.clip.with_name(self.clip.name + ".json")

    def make(self, group: str, name: str) -> Path:
        """The path of a file that somebody else writes; its folder is there. Raises UnwritableError."""
        path = self.output / group / self.clip / name
        make_folder(path.parent)
        return path

    def keep(self, path: Path, data: bytes) -> str:
        """Writes a file under `output`; its path relative to it. Raises UnwritableError."""
        write(path, data)
        return self.relative(path)

    def relative(self, path: Path) -> str:
        return path.relative_to(self.output).as_posix()


def write(path: Path, data: bytes) -> None:
    """Makes the file and its folder. Raises UnwritableError."""
    make_folder(path.parent)
    try:
        path.write_bytes(data)
    except OSError as error:
        raise UnwritableError(f"{shown(str(path))} cannot be written: {error.strerror}") from error


def make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnwritableError(f"{shown(str(path))} cannot be made: {error.strerror}") from error


def shown(name: str) -> str:
    """A file name for people, as valid Unicode in one line: names are bytes, and somebody else chose them."""
    text = os.fsencode(name).decode("utf-8", "replace")
    return "".join(letter if letter.isprintable() else "�" for letter in text)


def link(path: str) -> str:
    """A relative path as a URL: `./` keeps a name with a colon from being taken for a scheme."""
    return "./" + quote(os.fsencode(path))


def _short(part: str) -> str:
    data = os.fsencode(part)
    if len(data) <= LONGEST_BYTES:
        return part
    digest = hashlib.sha256(data).hexdigest()[:DIGEST_DIGITS]
    return f"{data[: LONGEST_BYTES - 1 - DIGEST_DIGITS].decode('utf-8', 'ignore')}~{digest}"
