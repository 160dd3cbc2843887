"""What only a file can do: outlive its process, be shared by several, and be broken."""

import asyncio
import multiprocessing
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from lifesign.errors import SettingsError
from lifesign.storage import Record, StoreError
from lifesign.storage import sqlite as sqlite_module
from lifesign.storage.sqlite import SqliteSessions

T0 = 1_700_000_000.0
FIRST = Record(version=0, state=b"state", track=b"track", image=b"jpeg", expires_at=T0 + 600)
PROCESSES = 4
SAVES = 25


def test_the_file_and_its_companions_are_for_the_owner_only(tmp_path: Path) -> None:
    async def scenario() -> None:
        store = SqliteSessions.open(tmp_path / "deep" / "s.db")
        await store.create("a", FIRST, now=T0, max_open=1)
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "deep").iterdir()}
        assert modes == {"s.db": 0o600, "s.db-wal": 0o600, "s.db-shm": 0o600}
        await store.close()

    asyncio.run(scenario())


def test_a_session_survives_closing_and_opening(tmp_path: Path) -> None:
    async def write() -> None:
        store = SqliteSessions.open(tmp_path / "s.db")
        await store.create("a", FIRST, now=T0, max_open=1)
        await store.add({"frames": 2})
        await store.close()

    async def read() -> None:
        store = SqliteSessions.open(tmp_path / "s.db")
        assert await store.load("a", now=T0) == FIRST
        assert await store.counts() == {"frames": 2}
        await store.close()

    asyncio.run(write())
    asyncio.run(read())


WRITE_AND_DIE = """
import asyncio, os, signal, sys
from lifesign.storage import Record
from lifesign.storage.sqlite import SqliteSessions

async def main():
    store = SqliteSessions.open(sys.argv[1])
    record = Record(version=0, state=b"state", track=b"track", image=b"jpeg", expires_at=float(sys.argv[2]))
    assert await store.create("a", record, now=0, max_open=1)
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


def test_a_session_survives_a_killed_process(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    died = subprocess.run([sys.executable, "-c", WRITE_AND_DIE, path, str(FIRST.expires_at)], check=False)
    assert died.returncode == -signal.SIGKILL

    async def read() -> None:
        store = SqliteSessions.open(path)
        assert await store.load("a", now=T0) == FIRST
        assert await store.save("a", replace(FIRST, version=1))
        await store.close()

    asyncio.run(read())


def _count_up(path: str, ready: "multiprocessing.synchronize.Barrier") -> None:
    async def work() -> None:
        ready.wait()
        store = SqliteSessions.open(path)  # all at once: the first one makes the file
        await store.create("shared", FIRST, now=T0, max_open=1)  # the limit lets one of them in
        done = 0
        while done < SAVES:
            record = await store.load("shared", now=T0)
            assert record is not None
            count = int(record.track.removeprefix(b"track") or b"0") + 1
            saved = replace(record, version=record.version + 1, track=b"track%d" % count)
            done += await store.save("shared", saved)
        await store.close()

    asyncio.run(work())


def test_workers_that_start_at_once_share_one_file_and_lose_no_save(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    ready = spawn.Barrier(PROCESSES)
    path = str(tmp_path / "s.db")
    workers = [spawn.Process(target=_count_up, args=(path, ready)) for _ in range(PROCESSES)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * PROCESSES

    async def read() -> Record | None:
        store = SqliteSessions.open(path)
        record = await store.load("shared", now=T0)
        await store.close()
        return record

    record = asyncio.run(read())
    assert record is not None
    assert (record.version, record.track) == (PROCESSES * SAVES, b"track%d" % (PROCESSES * SAVES))
    assert [path.name for path in tmp_path.iterdir()] == ["s.db"]


def test_threads_that_open_at_once_agree_on_one_file(tmp_path: Path) -> None:
    start, opened = threading.Barrier(8), []

    def open_one() -> None:
        start.wait()
        opened.append(SqliteSessions.open(tmp_path / "s.db"))

    threads = [threading.Thread(target=open_one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    async def close() -> list[bool]:
        created = [await store.create(f"{i}", FIRST, now=T0, max_open=5) for i, store in enumerate(opened)]
        for store in opened:
            await store.close()
        return created

    assert sum(asyncio.run(close())) == 5
    assert len(opened) == 8


def test_an_unchanged_image_is_not_written_again(tmp_path: Path) -> None:
    async def scenario() -> tuple[int, int]:
        store = SqliteSessions.open(tmp_path / "s.db")
        record = replace(FIRST, image=os.urandom(500_000))
        await store.create("a", record, now=T0, max_open=1)
        wal = tmp_path / "s.db-wal"
        with sqlite3.connect(tmp_path / "s.db") as other:
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        other.close()
        await store.save("a", replace(record, version=1, state=b"new"))
        unchanged = wal.stat().st_size
        await store.save("a", replace(record, version=2, image=os.urandom(500_000)))
        changed = wal.stat().st_size - unchanged
        await store.close()
        return unchanged, changed

    unchanged, changed = asyncio.run(scenario())
    assert unchanged < 50_000
    assert changed > 500_000


def test_a_deleted_picture_is_gone_from_the_file(tmp_path: Path) -> None:
    async def scenario() -> None:
        store = SqliteSessions.open(tmp_path / "s.db")
        await store.create("a", replace(FIRST, image=b"PICTURE-OF-A-PERSON" * 1000), now=T0, max_open=1)
        await store.delete("a")
        await store.close()

    asyncio.run(scenario())
    assert b"PICTURE-OF-A-PERSON" not in (tmp_path / "s.db").read_bytes()


@pytest.mark.parametrize("content", [b"", b"not a database at all, whatever its name says" * 100])
def test_a_file_that_is_no_session_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "s.db").write_bytes(content)
    with pytest.raises(SettingsError, match=r"s\.db"):
        SqliteSessions.open(tmp_path / "s.db")
    assert (tmp_path / "s.db").read_bytes() == content


def test_a_locked_file_is_a_store_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_module, "_CONNECTION", "PRAGMA busy_timeout = 1")

    async def scenario() -> None:
        store = SqliteSessions.open(tmp_path / "s.db")
        other = sqlite3.connect(tmp_path / "s.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="try again"):
            await store.create("a", FIRST, now=T0, max_open=1)
        assert await store.load("a", now=T0) is None  # readers never wait
        other.execute("ROLLBACK")
        other.close()
        assert await store.create("a", FIRST, now=T0, max_open=1)
        await store.close()

    asyncio.run(scenario())
