"""Where frames come from: a camera or a file, named, and opened when it is its turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from lifesign.errors import ClipError
from lifesign.vision.clip import Clip

Pixels = NDArray[np.uint8]

MOST_CAMERAS: Final = 8  # numbers above this are not tried


class Source(Protocol):
    """Frames with their own times, once: what `vision.clip.Clip` is."""

    @property
    def fps(self) -> float:
        """frames a second, as far as the source says"""

    @property
    def frames(self) -> int:
        """how many it promises; 0: nobody knows"""

    def __iter__(self) -> Iterator[tuple[float, Pixels]]:
        """(seconds, (H, W, 3) uint8 RGB); times grow. Raises ClipError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """`name` is for people. `open` raises ClipError. `live`: it goes on by itself, at its own pace, and what is past
    does not come again; shown mirrored, as people know themselves."""

    name: str
    open: Callable[[], Source]
    live: bool
    number: int | None = None
    """of a camera"""

    @classmethod
    def camera(cls, number: int) -> Self:
        return cls(name=f"Camera {number}", open=partial(Clip.camera, number), live=True, number=number)

    @classmethod
    def file(cls, path: Path) -> Self:
        return cls(name=path.name, open=partial(Clip.open, path), live=False)

    @classmethod
    def named(cls, text: str) -> Self:
        """A camera for a number, else a file."""
        return cls.camera(int(text)) if text.isdecimal() else cls.file(Path(text))


def cameras(busy: frozenset[int] = frozenset()) -> tuple[int, ...]:
    """Numbers of this machine's cameras. Each is opened for a moment, but for the `busy` ones, which are there."""
    return tuple(number for number in range(MOST_CAMERAS) if number in busy or _answers(number))


def _answers(number: int) -> bool:
    try:
        Clip.camera(number)  # released again when it is forgotten
    except ClipError:
        return False
    return True
