"""Sessions in this process's memory: for tests, and for one worker that may forget everything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from lifesign.storage import Record


class MemorySessions:
    """Sessions in a dict. No method awaits anything, so each one is atomic on its event loop."""

    def __init__(self) -> None:
        self._records: dict[str, Record] = {}
        self._counts: Counter[str] = Counter()

    async def create(self, key: str, record: Record, *, now: float, max_open: int) -> bool:
        if await self.count_open(now=now) >= max_open:
            return False
        if key in self._records:
            raise ValueError("the session's key is taken")
        self._records[key] = record
        return True

    async def load(self, key: str, *, now: float) -> Record | None:
        record = self._records.get(key)
        return record if record is not None and record.expires_at > now else None

    async def save(self, key: str, record: Record) -> bool:
        stored = self._records.get(key)
        if stored is None or stored.version != record.version - 1:
            return False
        self._records[key] = record
        return True

    async def delete(self, key: str) -> bool:
        return self._records.pop(key, None) is not None

    async def count_open(self, *, now: float) -> int:
        return sum(record.open and record.expires_at > now for record in self._records.values())

    async def sweep(self, *, now: float) -> int:
        expired = [key for key, record in self._records.items() if record.expires_at <= now]
        for key in expired:
            del self._records[key]
        return len(expired)

    async def add(self, counts: Mapping[str, int]) -> None:
        self._counts.update(counts)

    async def counts(self) -> dict[str, int]:
        return dict(self._counts)

    async def close(self) -> None:
        self._records.clear()
