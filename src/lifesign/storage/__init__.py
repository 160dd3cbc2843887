"""Where sessions live between two frames. One contract, many stores; a store looks at none of the bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from lifesign.errors import LifesignError, SettingsError


class StoreError(LifesignError):
    """The store did not answer in time, or cannot write. Trying again later may help."""

    code = "store_unavailable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What a store keeps of one session.

    `version`: 0 at creation, one more at every save. `state`: the session as JSON. `track`: the engine's
    track, packed (about 12 kB). `image`: the best frame so far, original JPEG bytes (at most 1 MB; it changes
    seldom). `open`: still undecided, so it counts against the limit of sessions. `expires_at`: seconds since
    the epoch; from then on the record is as good as gone.
    """

    version: int
    state: bytes
    track: bytes = b""
    image: bytes = b""
    open: bool = True
    expires_at: float


class SessionStore(Protocol):
    """The contract: every call is atomic, also between processes. `now` is seconds since the epoch.

    Every call raises StoreError when the store cannot answer.
    """

    async def create(self, key: str, record: Record, *, now: float, max_open: int) -> bool:
        """Add `record`, or return False when `max_open` open, unexpired sessions exist already.

        Raises ValueError when there is a place but the key is taken.
        """

    async def load(self, key: str, *, now: float) -> Record | None:
        """The record, or None when there is none or it has expired."""

    async def save(self, key: str, record: Record) -> bool:
        """Compare and set: True, and stored, only if the stored version is `record.version - 1`."""

    async def delete(self, key: str) -> bool:
        """Remove everything of one session; True if there was something."""

    async def count_open(self, *, now: float) -> int:
        """How many open sessions have not expired."""

    async def sweep(self, *, now: float) -> int:
        """Remove what has expired; returns how many sessions that were."""

    async def add(self, counts: Mapping[str, int]) -> None:
        """Add to the statistics counters, which all workers share."""

    async def counts(self) -> dict[str, int]:
        """The statistics counters."""

    async def close(self) -> None:
        """Let go of files and threads. The store cannot be used afterwards."""


def open_sessions(url: str) -> SessionStore:
    """A store by URL: `sqlite:///relative.db`, `sqlite:////absolute.db` or `memory://`.

    Open it in the process that uses it, after any fork. Raises SettingsError for any other URL, and for a
    file that is no session file.
    """
    parts = urlsplit(url)
    if parts.scheme == "memory":
        from lifesign.storage.memory import MemorySessions

        return MemorySessions()
    if parts.scheme == "sqlite" and not parts.netloc and parts.path.strip("/"):
        from lifesign.storage.sqlite import SqliteSessions

        return SqliteSessions.open(parts.path.removeprefix("/"))
    raise SettingsError(f"sessions_url {url!r} is none of sqlite:///file.db, sqlite:////absolute/file.db, memory://")
