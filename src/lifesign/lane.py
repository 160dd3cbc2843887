"""Frames of one session in one process: one is looked at, the newest waits, all between are dropped."""

from __future__ import annotations

import asyncio


class Lane:
    """A turn at a time. Whoever `enter`s with True must `leave`."""

    __slots__ = ("_busy", "_waiting")

    def __init__(self) -> None:
        self._busy = False
        self._waiting: asyncio.Future[bool] | None = None

    async def enter(self) -> bool:
        """True when it is this frame's turn; False when a newer one took its place."""
        if not self._busy:
            self._busy = True
            return True
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(False)
        mine: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting = mine
        try:
            return await mine
        except asyncio.CancelledError:
            # The turn may have been given to a caller who is gone: pass it on, or the lane is stuck.
            if mine.done() and not mine.cancelled() and mine.result():
                self.leave()
            raise

    @property
    def idle(self) -> bool:
        return not self._busy

    def leave(self) -> None:
        """Hands the turn to the waiting frame, if there is one."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(True)
            self._waiting = None
        else:
            self._busy = False
