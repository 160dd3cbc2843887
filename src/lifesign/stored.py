"""A session as the store keeps it: its state, and the answer that `complete` gave."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Self

from lifesign.core.session import Session
from lifesign.errors import SessionExpiredError


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What `complete` told, so that it can tell the same again. Times: seconds since the epoch."""

    timestamp: float
    token: str
    expires_at: float
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    session: Session
    answered: Answered | None = None

    def pack(self) -> bytes:
        answered = json.dumps(asdict(self.answered) if self.answered else None)
        return b'{"session":%b,"answered":%b}' % (self.session.to_json(), answered.encode())

    @classmethod
    def unpack(cls, state: bytes) -> Self:
        """Raises SessionExpiredError for what another version of Lifesign has written: it cannot be gone on with."""
        try:
            both = json.loads(state)
            answered = Answered(**both["answered"]) if both["answered"] else None
            return cls(session=Session.from_plain(both["session"]), answered=answered)
        except (KeyError, TypeError, ValueError) as error:
            raise SessionExpiredError("this check was begun by another version; start a new one") from error
