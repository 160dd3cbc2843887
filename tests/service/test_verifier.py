"""The Verifier: nothing is lost, nothing is stuck, nothing is handed out twice."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lifesign.core.policy import Accessibility, Policy
from lifesign.errors import (
    AlreadyConsumedError,
    BadFrameError,
    NotCompleteError,
    PolicyError,
    SessionExpiredError,
    SessionFinishedError,
    TooManySessionsError,
    UnknownSessionError,
)
from lifesign.storage import StoreError, open_sessions
from lifesign.storage.evidence import FileEvidence
from lifesign.tokens import verify
from tests.service.stage import EPOCH, Clock, Script, Stage, perform, stage


async def live(one: Stage, **start: Any) -> str:
    """A session that passed."""
    ticket = await one.verifier.start(**start)
    steps = await perform(one, ticket.session_id)
    assert steps[-1].state == "live"
    return ticket.session_id


def test_frames_to_a_signed_decision(tmp_path: Path) -> None:
    async def story() -> None:
        one = stage(tmp_path)
        session_id = await live(one, nonce="n1", audience="bank")
        result = await one.verifier.complete(session_id)
        assert result.decision.verdict == "live"
        assert result.steps_completed == 3
        assert result.total_blinks >= (2 if "blink" in result.decision.challenges else 0)
        claims = verify(result.token, one.keyring.jwks(), audience="bank", nonce="n1", now=one.clock.now)
        assert claims["verdict"] == "live"
        assert claims["image_sha256"] == hashlib.sha256(result.image).hexdigest()
        assert claims["assurance"]["challenge"] == "random"
        assert claims["assurance"]["entropy_bits"] > 7.3
        assert claims["policy_id"] == Policy().id
        assert session_id not in json.dumps(claims)
        picture = Path(result.image_path)
        assert picture.parent == tmp_path / "verified_images"
        assert picture.name == f"liveness_verified_{session_id.removeprefix('liveness_')}.jpg"
        assert picture.read_bytes() == result.image
        assert picture.stat().st_mode & 0o077 == 0
        metadata = json.loads(picture.with_suffix(".json").read_text())
        assert metadata["decision"]["verdict"] == "live"
        assert metadata["decision"]["models"] == [["puppet", "0" * 64]]
        await one.verifier.close()

    asyncio.run(story())


def test_the_answer_repeats_for_a_minute_and_then_is_gone(tmp_path: Path) -> None:
    async def story() -> None:
        one = stage(tmp_path)
        session_id = await live(one)
        first = await one.verifier.complete(session_id)
        one.clock.now += 59
        assert await one.verifier.complete(session_id) == first
        one.clock.now += 2
        with pytest.raises(AlreadyConsumedError):
            await one.verifier.complete(session_id)

    asyncio.run(story())


def test_two_calls_of_complete_at_once_get_one_answer(tmp_path: Path) -> None:
    async def story() -> None:
        one = stage(tmp_path, url=f"sqlite:///{tmp_path}/s.db")
        session_id = await live(one)
        a, b, c = await asyncio.gather(*(one.verifier.complete(session_id) for _ in range(3)))
        assert a == b == c
        await one.verifier.close()

    asyncio.run(story())


def test_a_session_that_does_not_pass_has_a_verdict_and_no_picture(tmp_path: Path) -> None:
    async def story() -> None:
        one = stage(tmp_path)
        ticket = await one.verifier.start()
        steps = await perform(one, ticket.session_id, obey=lambda _: "nothing", most_s=90)
        assert steps[-1].state == "inconclusive"
        assert steps[-1].failure == "timeout"
        result = await one.verifier.complete(ticket.session_id)
        assert result.image == b""
        assert verify(result.token, one.keyring.jwks(), now=one.clock.now)["verdict"] == "inconclusive"
        assert not (tmp_path / "verified_images").exists()
        stats = await one.verifier.stats()
        assert stats["sessions"] == {"started": 1, "live": 0, "spoof": 0, "inconclusive": 1, "expired": 0}
        assert stats["reasons"] == {"timeout": 1}
        assert stats["frames"] == len(steps)
        assert stats["active_sessions"] == 0

    asyncio.run(story())


def test_too_early_too_late_and_unknown(tmp_path: Path) -> None:
    async def story() -> None:
        one = stage(tmp_path)
        ticket = await one.verifier.start()
        with pytest.raises(NotCompleteError):
            await one.verifier.complete(ticket.session_id)
        for call in (one.verifier.status, one.verifier.complete):
            with pytest.raises(UnknownSessionError):
                await call("liveness_1_nobody")
        with pytest.raises(UnknownSessionError):
            await one.verifier.submit("liveness_1_nobody", one.jpeg())
        one.clock.now = ticket.expires_at
        with pytest.raises(SessionExpiredError):
            await one.verifier.submit(ticket.session_id, one.jpeg())
        with pytest.raises(SessionExpiredError):
            await one.verifier.complete(ticket.session_id)
        with pytest.raises(SessionExpiredError):
            await one.verifier.status(ticket.session_id)
        with pytest.raises(UnknownSessionError):
            await one.verifier.status("liveness_1699123456_1234")

    asyncio.run(story())


def test_a_result_can_be_fetched_after_the_session_would_have_expired(tmp_path: Path) -> None:
    async def story() -> None:
        one = stage(tmp_path, session_s=30)
        session_id = await live(one)
        one.clock.now += 25
        assert (await one.verifier.complete(session_id)).decision.verdict == "live"

    asyncio.run(story())


def test_a_finished_session_takes_no_frame(tmp_path: Path) -> None:
    async def story() -> None:
        one = stage(tmp_path)
        session_id = await live(one)
        with pytest.raises(SessionFinishedError):
            await one.verifier.submit(session_id, one.jpeg())
        assert (await one.verifier.status(session_id)).state == "live"

    asyncio.run(story())


@pytest.mark.parametrize("junk", [b"", b"GIF89a", b"\xff\xd8\xff", b"\xff\xd8" + b"\0" * 2_000_000])
def test_a_bad_frame_changes_nothing(tmp_path: Path, junk: bytes) -> None:
    async def story() -> None:
        one = stage(tmp_path)
        ticket = await one.verifier.start()
        await one.verifier.submit(ticket.session_id, one.jpeg())
        before = await one.verifier.status(ticket.session_id)
        with pytest.raises(BadFrameError):
            await one.verifier.submit(ticket.session_id, junk)
        assert await one.verifier.status(ticket.session_id) == before
        assert (await perform(one, ticket.session_id))[-1].state == "live"

    asyncio.run(story())


def test_of_three_frames_at_once_the_newest_wins(tmp_path: Path) -> None:
    async def story() -> None:
        script = Script()
        one = stage(tmp_path, script=script)
        ticket = await one.verifier.start()
        script.gate.clear()
        looked_at = asyncio.create_task(one.verifier.submit(ticket.session_id, one.jpeg()))
        await asyncio.to_thread(script.entered.acquire)
        waiting = asyncio.create_task(one.verifier.submit(ticket.session_id, one.jpeg()))
        await asyncio.sleep(0)
        newest = asyncio.create_task(one.verifier.submit(ticket.session_id, one.jpeg()))
        assert (await waiting).dropped
        script.gate.set()
        assert [(await looked_at).seq, (await newest).seq] == [0, 1]

    asyncio.run(story())


def test_a_caller_who_leaves_blocks_nobody(tmp_path: Path) -> None:
    async def story() -> None:
        script = Script()
        one = stage(tmp_path, script=script)
        ticket = await one.verifier.start()
        script.gate.clear()
        first = asyncio.create_task(one.verifier.submit(ticket.session_id, one.jpeg()))
        await asyncio.to_thread(script.entered.acquire)
        waiting = asyncio.create_task(one.verifier.submit(ticket.session_id, one.jpeg()))
        await asyncio.sleep(0)
        waiting.cancel()
        first.cancel()
        await asyncio.wait([first, waiting])
        script.gate.set()
        assert not (await one.verifier.submit(ticket.session_id, one.jpeg())).dropped

    asyncio.run(story())


def test_two_workers_on_one_file_take_turns(tmp_path: Path) -> None:
    async def story() -> None:
        clock, script, url = Clock(), Script(), f"sqlite:///{tmp_path}/s.db"
        one, two = (stage(tmp_path, url=url, clock=clock, script=script) for _ in range(2))
        ticket = await one.verifier.start()
        steps = await perform(one, ticket.session_id, turns=[one, two])
        assert steps[-1].state == "live"
        assert [step.seq for step in steps] == list(range(len(steps)))
        a, b = await one.verifier.complete(ticket.session_id), await two.verifier.complete(ticket.session_id)
        assert a == b
        await one.verifier.close()
        await two.verifier.close()

    asyncio.run(story())


def test_workers_that_look_at_once_lose_no_frame(tmp_path: Path) -> None:
    async def story() -> None:
        clock, script, url = Clock(), Script(), f"sqlite:///{tmp_path}/s.db"
        stages = [stage(tmp_path, url=url, clock=clock, script=script) for _ in range(3)]
        ticket = await stages[0].verifier.start()
        rounds = 8
        for _ in range(rounds):
            clock.now += 0.1
            await asyncio.gather(*(one.verifier.submit(ticket.session_id, one.jpeg()) for one in stages))
        final = await stages[0].verifier.status(ticket.session_id)
        assert final.step.seq == rounds * len(stages) - 1
        for one in stages:
            await one.verifier.close()

    asyncio.run(story())


def test_the_limit_of_open_sessions_and_the_sweep(tmp_path: Path) -> None:
    async def story() -> None:
        one = stage(tmp_path, max_sessions=2, session_s=60)
        await one.verifier.start()
        second = await one.verifier.start()
        with pytest.raises(TooManySessionsError):
            await one.verifier.start()
        await perform(one, second.session_id)
        await one.verifier.start()
        one.clock.now += 1000
        assert await one.verifier.sweep() == 3
        assert await one.verifier.active_sessions() == 0

    asyncio.run(story())


def test_expired_sessions_leave_room_for_others(tmp_path: Path) -> None:
    async def story() -> None:
        one = stage(tmp_path, max_sessions=1, session_s=60)
        ticket = await one.verifier.start()
        one.clock.now += 61
        await one.verifier.start()
        assert (await one.verifier.stats())["sessions"]["expired"] == 1
        with pytest.raises(SessionExpiredError):
            await one.verifier.status(ticket.session_id)

    asyncio.run(story())


def test_a_session_of_another_policy_or_version_is_not_gone_on_with(tmp_path: Path) -> None:
    async def story() -> None:
        clock, script, url = Clock(), Script(), f"sqlite:///{tmp_path}/s.db"
        one = stage(tmp_path, url=url, clock=clock, script=script)
        stricter = Policy().overridden({"challenges": {"smile": {"smile": 0.6}}})
        two = stage(tmp_path, url=url, clock=clock, script=script, policy=stricter)
        begun, passed = (await one.verifier.start()).session_id, await live(one)
        with pytest.raises(SessionExpiredError):
            await two.verifier.submit(begun, two.jpeg())
        result = await two.verifier.complete(passed)
        assert result.decision.policy_id == Policy().id, "it was decided by the policy that it names"
        assert (await perform(one, begun))[-1].state == "live"
        store = open_sessions(url)
        ticket = await one.verifier.start()
        record = await store.load(ticket.session_id, now=clock.now)
        assert record is not None
        assert await store.save(ticket.session_id, replace(record, version=1, state=b'{"session":{},"answer":null}'))
        with pytest.raises(SessionExpiredError):
            await one.verifier.submit(ticket.session_id, one.jpeg())
        await store.close()
        await one.verifier.close()
        await two.verifier.close()

    asyncio.run(story())


def test_a_full_disk_costs_no_result(tmp_path: Path) -> None:
    class Full(FileEvidence):
        full = True

        def save(self, session_id: str, image: bytes, metadata: Mapping[str, Any]) -> str:
            if self.full:
                raise StoreError("no room")
            return super().save(session_id, image, metadata)

    async def story() -> None:
        evidence = Full(tmp_path / "verified_images")
        one = stage(tmp_path, evidence=evidence)
        session_id = await live(one)
        with pytest.raises(StoreError):
            await one.verifier.complete(session_id)
        evidence.full = False
        assert (await one.verifier.complete(session_id)).decision.verdict == "live"

    asyncio.run(story())


def test_ids_are_long_and_none_is_like_another(tmp_path: Path) -> None:
    async def story() -> None:
        one = stage(tmp_path, max_sessions=200)
        ids = [(await one.verifier.start()).session_id for _ in range(100)]
        prefix = f"liveness_{int(EPOCH)}_"
        assert all(session_id.startswith(prefix) for session_id in ids)
        assert len({session_id[len(prefix) :][:8] for session_id in ids}) == 100
        assert min(len(session_id) - len(prefix) for session_id in ids) >= 22  # base64url of 128 bits

    asyncio.run(story())


def test_what_nobody_could_do_is_refused_at_the_start(tmp_path: Path) -> None:
    async def story() -> None:
        one = stage(tmp_path)
        with pytest.raises(PolicyError):
            await one.verifier.start(accessibility=Accessibility(skip=("wave",)))
        skip = ("blink", "wink_left", "wink_right", "smile")
        with pytest.raises(PolicyError):
            await one.verifier.start(accessibility=Accessibility(no_motion=True, skip=skip))
        assert await one.verifier.active_sessions() == 0

    asyncio.run(story())


def test_a_session_id_that_is_a_path_saves_nothing(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        FileEvidence(tmp_path).save("liveness_../../etc/passwd", b"", {})
    assert list(tmp_path.iterdir()) == []
