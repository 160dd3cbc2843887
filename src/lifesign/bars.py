"""Progress bars on a terminal. They go to stderr, so that what is asked for stays alone on stdout."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click


@contextmanager
def frame_bar(source: Any, label: str) -> Iterator[Callable[[int], None]]:
    """A progress bar on stderr when a person is there to see it. It is told the number of frames done."""
    bar: Any
    with click.progressbar(
        range(source.frames) if source.frames else itertools.count(),  # nobody knows how long a camera goes on
        label=label,
        file=sys.stderr,
        hidden=not sys.stderr.isatty(),
    ) as bar:
        yield lambda done: bar.update(done - bar.pos)


@contextmanager
def download_bar() -> Iterator[Callable[[int, int], None]]:
    """A progress bar on stderr that appears with the first byte, and only then."""
    bars: list[Any] = []

    def update(done: int, total: int) -> None:
        if not bars:
            bar = click.progressbar(length=total, label="face model", file=sys.stderr)
            bars.append(bar)
            bar.__enter__()
        bars[0].update(done - bars[0].pos)

    try:
        yield update
    finally:
        for bar in bars:
            bar.__exit__(None, None, None)
