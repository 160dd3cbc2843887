"""The Verifier: the imperative shell around the core. Clock, chance, threads, stores; every front door ends here."""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import Any, Final, Protocol

from lifesign.answers import Result, Status, Ticket
from lifesign.core import cues
from lifesign.core.decision import LIVE, decide
from lifesign.core.policy import Accessibility, Policy, unsatisfied
from lifesign.core.session import Session, advance, describe, start
from lifesign.core.state import ID_PREFIX
from lifesign.core.types import Decision, Frame, Look, Step
from lifesign.errors import (
    AlreadyConsumedError,
    NotCompleteError,
    PolicyError,
    SessionExpiredError,
    SessionFinishedError,
    TooManySessionsError,
    UnknownSessionError,
)
from lifesign.lane import Lane
from lifesign.meter import Meter
from lifesign.storage import Record, SessionStore
from lifesign.storage.evidence import EvidenceStore
from lifesign.stored import Answered, Stored
from lifesign.tokens import Assurance, Keyring, claims_for
from lifesign.vision.face import Track
from lifesign.vision.image import ImageLimits, decode

ID_BYTES: Final = 16  # 128 random bits: the id is the person's capability
SECRET_BYTES: Final = 32
TICK_S: Final = 0.001  # two frames of one session never share a time
NEXT_FRAME_MOST_MS: Final = 1000
OUR_ID: Final = re.compile(ID_PREFIX + r"([0-9]{9,12})_[A-Za-z0-9_-]{22}")


class Engine(Protocol):
    """What looks at frames. One is used by one thread at a time."""

    @property
    def models(self) -> dict[str, str]: ...

    def look(self, frame: Frame, track: Track | None) -> tuple[Look, Track]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLimits:
    """What the deployment allows; nothing here decides about life."""

    max_sessions: int = 100
    session_s: float = 600.0
    repeat_s: float = 60.0
    """how long `complete` repeats its answer"""
    token_s: int = 300
    fps: int = 15
    """advised to clients; blinks are judged from 10 on, and more than 15 gains little"""
    max_fps: int = 30
    threads: int = 2
    """engines; one core each"""
    issuer: str = "lifesign"
    open: bool = False
    """anyone may start a session; stamped into every token"""
    image: ImageLimits = field(default_factory=ImageLimits)


class Verifier:
    """Runs sessions. `engine` is called once in each worker thread. Close it when done."""

    def __init__(
        self, *, engine: Callable[[], Engine], sessions: SessionStore, evidence: EvidenceStore, keyring: Keyring,
        policy: Policy, limits: ServiceLimits, clock: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        self._sessions, self._evidence, self._keyring = sessions, evidence, keyring
        self._policy, self._limits, self._clock = policy, limits, clock
        self._policy_id = policy.id  # a hash over every limit: taken once, compared at each frame
        self._own = threading.local()
        self._pool = ThreadPoolExecutor(limits.threads, "engine", lambda: setattr(self._own, "engine", engine()))
        # One call now: a broken model stops the start, not the first person.
        self.models: dict[str, str] = dict(self._pool.submit(lambda: self._own.engine.models).result())
        self._lanes: dict[str, Lane] = {}
        self._meter = Meter()

    async def start(
        self, *, nonce: str | None = None, audience: str | None = None, accessibility: Accessibility | None = None
    ) -> Ticket:
        """A new session. Raises TooManySessionsError, PolicyError."""
        now = self._clock()
        access = accessibility or Accessibility()
        if problem := unsatisfied(self._policy, access):
            raise PolicyError(problem)
        new = start(
            session_id=f"{ID_PREFIX}{int(now)}_{secrets.token_urlsafe(ID_BYTES)}",
            secret=secrets.token_hex(SECRET_BYTES),
            now=now,
            expires_at=now + self._limits.session_s,
            policy=self._policy,
            access=access,
            nonce=nonce or "",
            audience=audience or "",
        )
        record = Record(version=0, state=Stored(session=new).pack(), expires_at=new.expires_at)
        if not await self._sessions.create(new.id, record, now=now, max_open=self._limits.max_sessions):
            raise TooManySessionsError("all places are taken; try again in a minute")
        await self._sessions.add({"started": 1})
        return Ticket(
            session_id=new.id,
            step=self._advise(describe(new, self._policy, now)),
            created_at=now,
            expires_at=new.expires_at,
            max_fps=self._limits.max_fps,
        )

    async def submit(self, session_id: str, jpeg: bytes) -> Step:
        """One frame. Frames of one session are looked at in turn; when a third arrives while one is looked at and
        one waits, the waiting one is dropped. Raises BadFrameError and the session errors; none of them changes the
        session."""
        arrived = self._clock()
        lane = self._lanes.setdefault(session_id, Lane())
        try:
            if not await lane.enter():
                return replace((await self.status(session_id)).step, dropped=True)
            try:
                return await self._take(session_id, jpeg, arrived)
            finally:
                lane.leave()
        finally:
            if lane.idle:
                self._lanes.pop(session_id, None)

    async def status(self, session_id: str) -> Status:
        """Where the session stands. Raises UnknownSessionError, SessionExpiredError."""
        now = self._clock()
        current = (await self._load(session_id, now))[1].session
        step = describe(current, self._policy, now)
        if current.finished:
            step = replace(step, state=decide(current, self.models, now).verdict)
        return Status(session_id=session_id, created_at=current.created_at, state=step.state, step=self._advise(step))

    async def complete(self, session_id: str) -> Result:
        """The decision and its token, once; the same answer again for a minute. Raises NotCompleteError,
        SessionExpiredError, AlreadyConsumedError, UnknownSessionError."""
        while True:
            now = self._clock()
            record, stored = await self._load(session_id, now)
            current, decision = stored.session, decide(stored.session, self.models, now)
            if stored.answered is not None:
                if now - stored.answered.timestamp > self._limits.repeat_s:
                    raise AlreadyConsumedError("this result was handed out already")
                return _result(current, record, stored.answered, decision)
            if not current.finished:
                raise NotCompleteError("the check is not finished yet")
            answered = await asyncio.to_thread(self._conclude, current, record, decision, now)
            state = Stored(session=current, answered=answered).pack()
            if await self._sessions.save(session_id, replace(record, version=record.version + 1, state=state)):
                return _result(current, record, answered, decision)
            # Another worker answered the same call first: its answer is the one that counts.

    async def stats(self) -> dict[str, Any]:
        """Counts of all workers, and this worker's speed."""
        counts = await self._sessions.counts()
        active = await self.active_sessions()
        ended = {name: counts.get(name, 0) for name in ("live", "spoof", "inconclusive")}
        started = counts.get("started", 0)
        return {
            "active_sessions": active,
            "max_sessions": self._limits.max_sessions,
            "sessions": {
                "started": started,
                **ended,
                "expired": max(started - sum(ended.values()) - active, 0),  # neither decided nor open any more
            },
            "reasons": {name.removeprefix("reason:"): n for name, n in counts.items() if name.startswith("reason:")},
            "frames": counts.get("frames", 0),
            "worker": self._meter.reading(self._clock()),
        }

    async def active_sessions(self) -> int:
        return await self._sessions.count_open(now=self._clock())

    @property
    def max_sessions(self) -> int:
        return self._limits.max_sessions

    def cues(self) -> dict[str, str]:
        """Name to on or off."""
        return dict.fromkeys(sorted(cues.REGISTRY), "on")

    async def sweep(self) -> int:
        """Forget what has expired; call it now and then."""
        return await self._sessions.sweep(now=self._clock())

    async def close(self) -> None:
        """Waits for the frames that were accepted."""
        await asyncio.to_thread(self._pool.shutdown)
        await self._sessions.close()

    async def _take(self, session_id: str, jpeg: bytes, arrived: float) -> Step:
        while True:
            record, stored = await self._load(session_id, arrived)
            current = stored.session
            if current.finished:
                raise SessionFinishedError("this check is finished; start a new one")
            if current.policy_id != self._policy_id:  # its token would name limits that did not decide
                raise SessionExpiredError("the policy has changed since this check began; start a new one")
            looked = partial(self._look, current, record.track, jpeg, max(arrived, current.last_t + TICK_S))
            new, track, step = await asyncio.get_running_loop().run_in_executor(self._pool, looked)
            is_best = new.best is not None and new.best.seq == new.seq
            saved = replace(
                record,
                version=record.version + 1,
                state=Stored(session=new).pack(),
                track=track,
                image=jpeg if is_best else record.image,
                open=not new.finished,
                # its owner has as long again to fetch the result
                expires_at=arrived + self._limits.session_s if new.finished else record.expires_at,
            )
            if await self._sessions.save(session_id, saved):
                break
            # Another worker took a frame of this session in the meantime: look again from where it left off.
        now = self._clock()
        self._meter.count(arrived, now)
        if new.finished:
            decision = decide(new, self.models, now)
            counted = Counter(f"reason:{reason}" for reason in decision.reasons)
            await self._sessions.add({**counted, decision.verdict: 1, "frames": new.seq + 1})
            step = replace(step, state=decision.verdict)
        return self._advise(step)

    def _look(self, current: Session, track: bytes, jpeg: bytes, t: float) -> tuple[Session, bytes, Step]:
        """In a worker thread: bytes → pixels → face → the next session."""
        frame = Frame(pixels=decode(jpeg, self._limits.image), t=t, seq=current.seq + 1)
        look, following = self._own.engine.look(frame, Track.unpack(track) if track else None)
        new, step = advance(current, frame, look, self._policy)
        return new, following.pack(), step

    def _conclude(self, current: Session, record: Record, decision: Decision, now: float) -> Answered:
        """Image to disk, token signed: what `complete` answers."""
        live = decision.verdict == LIVE
        digest = hashlib.sha256(record.image).hexdigest() if live else None
        claims = claims_for(
            session_id=current.id,
            verdict=decision.verdict,
            assurance=Assurance(
                policy="fixed" if decision.fixed_plan else "default",
                challenge="fixed" if decision.fixed_plan else "random",
                entropy_bits=round(decision.challenge_entropy_bits, 2),
                cues=self.cues(),
                open=self._limits.open,
            ),
            policy_id=current.policy_id,
            image_sha256=digest,
            now=now,
            issuer=self._limits.issuer,
            seconds=self._limits.token_s,
            audience=current.audience or None,
            nonce=current.nonce or None,
        )
        path = ""
        if live:
            metadata = {"created_at": current.created_at, "completed_at": now, "image_sha256": digest}
            path = self._evidence.save(current.id, record.image, {**metadata, "decision": asdict(decision)})
        return Answered(timestamp=now, token=self._keyring.sign(claims), expires_at=claims["exp"], path=path)

    async def _load(self, session_id: str, now: float) -> tuple[Record, Stored]:
        record = await self._sessions.load(session_id, now=now)
        if record is None:
            if _over(session_id, now, self._limits.session_s):
                raise SessionExpiredError("the time for this check is over; start a new one")
            raise UnknownSessionError("there is no such session")
        return record, Stored.unpack(record.state)

    def _advise(self, step: Step) -> Step:
        """When to send the next frame: later when more sessions send than there are engines."""
        crowd = max(1.0, len(self._lanes) / self._limits.threads)
        return replace(step, next_frame_in_ms=min(round(1000 / self._limits.fps * crowd), NEXT_FRAME_MOST_MS))


def _over(session_id: str, now: float, session_s: float) -> bool:
    """Whether an id of our own making says that its time is over. Nothing is known of it but what it says."""
    stamp = OUR_ID.fullmatch(session_id)
    return stamp is not None and int(stamp[1]) + session_s <= now


def _result(current: Session, record: Record, answered: Answered, decision: Decision) -> Result:
    return Result(
        session_id=current.id,
        image=record.image if decision.verdict == LIVE else b"",
        image_path=answered.path,
        started_at=current.created_at,
        decided_at=decision.decided_at,
        steps_completed=current.index,
        total_blinks=current.blinks,
        decision=decision,
        token=answered.token,
        token_expires_at=answered.expires_at,
        timestamp=answered.timestamp,
    )
