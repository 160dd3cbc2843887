"""One contract, run over every store."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifesign.storage import Record, SessionStore, open_sessions

T0 = 1_700_000_000.0
Opener = Callable[[], SessionStore]

FIRST = Record(version=0, state=b'{"a":1}', track=b"track", image=b"jpeg", expires_at=T0 + 600)


@pytest.fixture(params=["memory", "sqlite"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return "memory://" if request.param == "memory" else f"sqlite:///{tmp_path / 'sessions.db'}"


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[SessionStore]:
    store = open_sessions(url)
    try:
        yield store
    finally:
        await store.close()


async def create(store: SessionStore, key: str, record: Record = FIRST, max_open: int = 100) -> bool:
    return await store.create(key, record, now=T0, max_open=max_open)


def test_a_record_comes_back_as_it_was_given(store_url: str) -> None:
    async def scenario() -> None:
        async with opened(store_url) as store:
            assert await store.load("a", now=T0) is None
            assert await create(store, "a")
            assert await store.load("a", now=T0) == FIRST
            with pytest.raises(ValueError, match="taken"):
                await create(store, "a")

    asyncio.run(scenario())


def test_any_bytes_and_an_empty_image_survive(store_url: str) -> None:
    async def scenario() -> None:
        odd = Record(version=0, state=b"\x00\xff", track=b"", image=b"", open=False, expires_at=T0 + 1)
        async with opened(store_url) as store:
            assert await create(store, "odd\x00key", odd)
            assert await store.load("odd\x00key", now=T0) == odd

    asyncio.run(scenario())


def test_save_is_compare_and_set(store_url: str) -> None:
    async def scenario() -> None:
        async with opened(store_url) as store:
            second = replace(FIRST, version=1, state=b"2", track=b"t2", image=b"better", open=False)
            assert not await store.save("a", second)
            await create(store, "a")
            assert not await store.save("a", replace(second, version=2))
            assert not await store.save("a", replace(second, version=0))
            assert await store.save("a", second)
            assert not await store.save("a", second)
            assert await store.load("a", now=T0) == second

    asyncio.run(scenario())


def test_an_image_is_kept_replaced_and_taken_away(store_url: str) -> None:
    async def scenario() -> None:
        async with opened(store_url) as store:
            await create(store, "a")
            for version, image in enumerate((b"jpeg", b"other", b"", b"again"), start=1):
                assert await store.save("a", replace(FIRST, version=version, image=image))
                loaded = await store.load("a", now=T0)
                assert loaded is not None
                assert loaded.image == image

    asyncio.run(scenario())


def test_of_many_concurrent_saves_exactly_one_wins(store_url: str) -> None:
    async def scenario() -> None:
        async with opened(store_url) as one, opened(store_url) as two:
            await create(one, "a")
            stores = [one] * 10 if store_url == "memory://" else [one, two] * 5
            won = await asyncio.gather(
                *(store.save("a", replace(FIRST, version=1, state=b"%d" % i)) for i, store in enumerate(stores))
            )
            assert sum(won) == 1
            loaded = await one.load("a", now=T0)
            assert loaded is not None
            assert loaded.state == b"%d" % won.index(True)

    asyncio.run(scenario())


def test_the_limit_counts_open_unexpired_sessions(store_url: str) -> None:
    async def scenario() -> None:
        async with opened(store_url) as store:
            assert await create(store, "a", max_open=2)
            assert await create(store, "decided", replace(FIRST, open=False), max_open=2)
            assert await create(store, "b", replace(FIRST, expires_at=T0 + 10), max_open=2)
            assert not await create(store, "c", max_open=2)
            assert await store.load("c", now=T0) is None
            assert await store.count_open(now=T0) == 2
            assert await store.count_open(now=T0 + 10) == 1
            assert await store.create("c", FIRST, now=T0 + 10, max_open=2)
            assert await store.save("a", replace(FIRST, version=1, open=False))
            assert await store.count_open(now=T0 + 10) == 1

    asyncio.run(scenario())


def test_a_race_for_the_last_places_admits_exactly_that_many(store_url: str) -> None:
    async def scenario() -> None:
        async with opened(store_url) as one, opened(store_url) as two:
            stores = [one] * 20 if store_url == "memory://" else [one, two] * 10
            admitted = await asyncio.gather(*(create(store, f"key{i}", max_open=3) for i, store in enumerate(stores)))
            assert sum(admitted) == 3
            assert await one.count_open(now=T0) == 3

    asyncio.run(scenario())


def test_what_has_expired_is_gone_and_swept(store_url: str) -> None:
    async def scenario() -> None:
        async with opened(store_url) as store:
            await create(store, "short", replace(FIRST, expires_at=T0 + 5))
            await create(store, "long")
            assert await store.load("short", now=T0 + 4.9) is not None
            assert await store.load("short", now=T0 + 5) is None
            assert await store.sweep(now=T0 + 5) == 1
            assert await store.sweep(now=T0 + 5) == 0
            assert not await store.delete("short")
            assert await store.load("long", now=T0 + 5) == FIRST

    asyncio.run(scenario())


def test_delete_says_whether_there_was_something(store_url: str) -> None:
    async def scenario() -> None:
        async with opened(store_url) as store:
            await create(store, "a")
            assert await store.delete("a")
            assert not await store.delete("a")
            assert await store.load("a", now=T0) is None
            assert await create(store, "a")

    asyncio.run(scenario())


def test_counters_add_up(store_url: str) -> None:
    async def scenario() -> None:
        async with opened(store_url) as store:
            assert await store.counts() == {}
            await store.add({"frames": 3, "live": 1})
            await asyncio.gather(*(store.add({"frames": 1}) for _ in range(5)))
            await store.add({})
            assert await store.counts() == {"frames": 8, "live": 1}

    asyncio.run(scenario())


KEYS = st.sampled_from(["a", "b", "c"])
CALLS = st.one_of(
    st.tuples(st.just("create"), KEYS, st.integers(1, 3), st.booleans(), st.integers(0, 5)),
    st.tuples(st.just("save"), KEYS, st.integers(1, 4), st.booleans(), st.integers(0, 5)),
    st.tuples(st.sampled_from(["load", "delete", "count_open", "sweep"]), KEYS, st.integers(0, 6)),
)


async def answer(store: SessionStore, call: tuple[object, ...]) -> object:
    match call:
        case ("create", str(key), int(max_open), bool(is_open), int(life)):
            record = replace(FIRST, open=is_open, expires_at=T0 + life)
            try:
                return await store.create(key, record, now=T0, max_open=max_open)
            except ValueError:
                return "taken"
        case ("save", str(key), int(version), bool(is_open), int(life)):
            return await store.save(key, replace(FIRST, version=version, open=is_open, expires_at=T0 + life))
        case ("load", str(key), int(later)):
            return await store.load(key, now=T0 + later)
        case ("delete", str(key), _):
            return await store.delete(key)
        case ("count_open", _, int(later)):
            return await store.count_open(now=T0 + later)
        case ("sweep", _, int(later)):
            return await store.sweep(now=T0 + later)
    raise AssertionError(call)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls=st.lists(CALLS, min_size=1, max_size=30))
def test_sqlite_answers_like_a_dict(tmp_path: Path, calls: list[tuple[object, ...]]) -> None:
    async def scenario() -> None:
        (tmp_path / "model.db").unlink(missing_ok=True)
        async with opened(f"sqlite:///{tmp_path / 'model.db'}") as file, opened("memory://") as model:
            for call in calls:
                assert await answer(file, call) == await answer(model, call)

    asyncio.run(scenario())


def test_an_unknown_url_is_refused() -> None:
    from lifesign.errors import SettingsError

    for url in ("postgres://x/y", "sqlite://", "sqlite:///", "lifesign.db", "sqlite://host/x.db"):
        with pytest.raises(SettingsError, match="sessions_url"):
            open_sessions(url)
