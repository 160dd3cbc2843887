"""Sessions in one SQLite file: several workers on one machine, and it survives a restart."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Self, TypeVar

from lifesign.errors import SettingsError
from lifesign.storage import Record, StoreError

T = TypeVar("T")

BUSY_TIMEOUT_MS = 5_000  # how long one worker waits for another one's write, which takes less than 1 ms
FORMAT = 1  # PRAGMA user_version; sessions live minutes, so an older file is refused and not migrated

_SCHEMA = f"""
PRAGMA journal_mode = WAL;
CREATE TABLE sessions (
    key TEXT PRIMARY KEY, version INTEGER NOT NULL, state BLOB NOT NULL, track BLOB NOT NULL,
    open INTEGER NOT NULL, expires_at REAL NOT NULL
);
CREATE INDEX open_sessions ON sessions (expires_at) WHERE open;
CREATE INDEX all_sessions ON sessions (expires_at);
CREATE TABLE images (
    key TEXT PRIMARY KEY REFERENCES sessions ON DELETE CASCADE, image BLOB NOT NULL
);
CREATE TABLE counts (name TEXT PRIMARY KEY, n INTEGER NOT NULL);
PRAGMA user_version = {FORMAT};
"""

# secure_delete: pictures of people are overwritten with zeros when their session goes, not only unlinked.
_CONNECTION = f"""
PRAGMA busy_timeout = {BUSY_TIMEOUT_MS};
PRAGMA synchronous = NORMAL;
PRAGMA foreign_keys = ON;
PRAGMA secure_delete = ON;
"""

_CREATE = """
INSERT INTO sessions (key, version, state, track, open, expires_at)
SELECT :key, :version, :state, :track, :open, :expires_at
WHERE (SELECT count(*) FROM sessions WHERE open AND expires_at > :now) < :max_open
"""
_LOAD = """
SELECT version, state, track, coalesce(image, x''), open, expires_at
FROM sessions LEFT JOIN images USING (key) WHERE key = ? AND expires_at > ?
"""
_SAVE = """
UPDATE sessions SET version = :version, state = :state, track = :track, open = :open, expires_at = :expires_at
WHERE key = :key AND version = :version - 1
"""
# The best frame changes a few times in a session and the rest on every frame: an equal image is not written.
_SAVE_IMAGE = """
INSERT INTO images (key, image) VALUES (:key, :image)
ON CONFLICT (key) DO UPDATE SET image = excluded.image WHERE image <> excluded.image
"""
_ADD = "INSERT INTO counts (name, n) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET n = n + excluded.n"


class SqliteSessions:
    """Sessions in one file, in WAL mode. One connection, used from one thread of its own."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sessions")

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """Open the file, or make it (for its owner only). Raises SettingsError when that cannot be."""
        path = Path(path)
        try:
            if not path.exists():
                _make(path)
            # autocommit: transactions are written out below; the one thread of its own is the only user
            db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            db.executescript(_CONNECTION)
            (found,) = db.execute("PRAGMA user_version").fetchone()
        except (sqlite3.Error, OSError) as error:
            raise SettingsError(f"the session file {path} cannot be opened: {error}") from error
        if found != FORMAT:
            db.close()
            raise SettingsError(f"{path} is not a session file of this version: move it away and a new one is made")
        return cls(db)

    async def create(self, key: str, record: Record, *, now: float, max_open: int) -> bool:
        row = {**_row(key, record), "now": now, "max_open": max_open}

        def create() -> bool:
            with self._transaction():
                try:
                    created = self._db.execute(_CREATE, row).rowcount == 1
                except sqlite3.IntegrityError as error:
                    raise ValueError("the session's key is taken") from error
                if created:
                    self._save_image(row)
                return created

        return await self._run(create)

    async def load(self, key: str, *, now: float) -> Record | None:
        row = await self._run(lambda: self._db.execute(_LOAD, (key, now)).fetchone())
        if row is None:
            return None
        version, state, track, image, is_open, expires_at = row
        return Record(version=version, state=state, track=track, image=image, open=bool(is_open), expires_at=expires_at)

    async def save(self, key: str, record: Record) -> bool:
        row = _row(key, record)

        def save() -> bool:
            with self._transaction():
                saved = self._db.execute(_SAVE, row).rowcount == 1
                if saved:
                    self._save_image(row)
                return saved

        return await self._run(save)

    async def delete(self, key: str) -> bool:
        return await self._change("DELETE FROM sessions WHERE key = ?", key) == 1

    async def count_open(self, *, now: float) -> int:
        query = "SELECT count(*) FROM sessions WHERE open AND expires_at > ?"
        (count,) = await self._run(lambda: self._db.execute(query, (now,)).fetchone())
        return int(count)

    async def sweep(self, *, now: float) -> int:
        return await self._change("DELETE FROM sessions WHERE expires_at <= ?", now)

    async def add(self, counts: Mapping[str, int]) -> None:
        rows = list(counts.items())

        def add() -> None:
            with self._transaction():
                self._db.executemany(_ADD, rows)

        await self._run(add)

    async def counts(self) -> dict[str, int]:
        return dict(await self._run(lambda: self._db.execute("SELECT name, n FROM counts").fetchall()))

    async def close(self) -> None:
        await self._run(self._db.close)
        self._thread.shutdown()

    async def _run(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except sqlite3.OperationalError as error:  # locked for too long, disk full, file gone
            raise StoreError("The session store is busy or cannot write; try again in a moment.") from error

    async def _change(self, statement: str, argument: str | float) -> int:
        return await self._run(lambda: self._db.execute(statement, (argument,)).rowcount)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        # IMMEDIATE: a transaction that starts by reading could not wait for another writer, only fail
        self._db.execute("BEGIN IMMEDIATE")
        with self._db:  # commits, or rolls back
            yield

    def _save_image(self, row: Mapping[str, object]) -> None:
        if row["image"]:
            self._db.execute(_SAVE_IMAGE, row)
        else:
            self._db.execute("DELETE FROM images WHERE key = :key", row)


def _row(key: str, record: Record) -> dict[str, object]:
    return {
        "key": key,
        "version": record.version,
        "state": record.state,
        "track": record.track,
        "image": record.image,
        "open": record.open,
        "expires_at": record.expires_at,
    }


def _make(path: Path) -> None:
    """An empty session file appears at `path` complete or not at all: of several workers, one wins.

    SQLite cannot wait while two connections switch one file to WAL, so that is done before it has its name.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-") as folder:
        draft = Path(folder) / path.name
        draft.touch(mode=0o600)  # SQLite gives the -wal and -shm files the same mode
        with closing(sqlite3.connect(draft)) as db:
            db.executescript(_SCHEMA)
        with suppress(FileExistsError):
            os.link(draft, path)
