"""The one worker thread: it reads and looks, and the window never waits for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Lock
from typing import Final

from PySide6.QtCore import QObject, QThread, Signal

from lifesign.core.policy import Policy
from lifesign.desktop.check import Plan
from lifesign.desktop.feed import Feed, cameras
from lifesign.desktop.news import Cameras, Failed, News, Opened, Playing, Shown, Told
from lifesign.desktop.stage import Stage
from lifesign.errors import ClipError
from lifesign.vision.face import FaceEngine
from lifesign.vision.models import Bundle

LATE_S: Final = 0.5  # a file that fell behind by more than this goes on at its rate from there, and does not hurry
TICK_S: Final = 0.001  # times of frames are no finer
LEAST_LOOP_S: Final = 0.02  # a still, or nearly: going round it would only keep the processor busy
BROKEN: Final = "This is a fault of the program, and the terminal says more. Please start it again."


class Player(QThread):
    """Takes orders from the window's thread, at once or after the frame in hand. `posted`: there is something to
    `take`. `told`: each answer of a running check, and its time, in the worker's own thread."""

    posted = Signal()
    told = Signal(object, float)

    def __init__(
        self, bundle: Bundle, policy: Policy, *, secret: Callable[[], str], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bundle, self._policy, self._secret = bundle, policy, secret
        self._orders: SimpleQueue[Callable[[Stage], None]] = SimpleQueue()
        self._lock = Lock()
        self._news: list[News] = []
        self._shown: Shown | None = None
        self._announced = False
        # of the worker's thread alone:
        self._playing, self._loop, self._stopped, self._reread = False, False, False, False
        self._target: float | None = None  # seconds: at full speed up to there, then stop
        self._clock: tuple[float, float] | None = None  # a moment of ours, and the source's time at it
        self._at: float | None = None  # time of the frame that is shown
        self._camera: int | None = None
        self._name = ""  # of the source

    # orders, from any thread

    def open(self, feed: Feed) -> None:
        """Play another source from its beginning."""
        self._orders.put(lambda stage: self._open(stage, feed))

    def play(self, on: bool) -> None:
        self._orders.put(lambda stage: self._play(stage, on))

    def loop(self, on: bool) -> None:
        self._orders.put(lambda _: setattr(self, "_loop", on))

    def seek(self, t: float) -> None:
        """To the frame at `t` seconds, looking at all up to there, and stop. Infinity: to the end."""
        self._orders.put(lambda stage: self._seek(stage, t))

    def step(self) -> None:
        """One frame further, and stop."""
        self._orders.put(lambda stage: self._step(stage))

    def limit(self, policy: Policy) -> None:
        self._orders.put(lambda stage: self._limit(stage, policy))

    def check(self, plan: Plan | None) -> None:
        """Begin a check, or give it up."""
        self._orders.put(lambda stage: self._begin(stage, plan))

    def find_cameras(self) -> None:
        self._orders.put(lambda _: self._find())

    def stop(self) -> None:
        """Ends the thread after the frame in hand, and waits for that."""
        self._orders.put(lambda _: setattr(self, "_stopped", True))
        self.wait()

    def take(self) -> tuple[list[News], Shown | None]:
        """What happened since the last time, in order, and the newest picture alone."""
        with self._lock:
            news, shown = self._news, self._shown
            self._news, self._shown, self._announced = [], None, False
        return news, shown

    # the worker's thread

    def run(self) -> None:
        done = False
        try:
            self._work()
            done = True
        finally:  # whoever waits for the end must hear of it, whatever it was; the traceback goes on to the terminal
            if not done:
                self._tell(Failed(message=BROKEN, fatal=True))

    def _work(self) -> None:
        stage = Stage(FaceEngine(self._bundle), self._policy, tell=self._tell, secret=self._secret)
        while not self._stopped:
            self._obey(stage)
            if self._reread:
                self._reread = False
                self._tell(stage.observed())
            if not self._stopped and (self._playing or self._target is not None):
                self._try(stage, self._frame)
        stage.open(None)

    def _obey(self, stage: Stage) -> None:
        """Every order there is; waits for one when there is nothing to show, or until the next frame is due."""
        wait = self._wait_s(stage)
        while not self._stopped:
            try:
                order = self._orders.get(block=wait != 0.0, timeout=wait)
            except Empty:
                return
            self._try(stage, order)
            wait = 0.0

    def _wait_s(self, stage: Stage) -> float | None:
        if self._target is not None:
            return 0.0
        if not self._playing:
            return None
        if stage.live or self._clock is None or self._at is None:
            return 0.0
        ours, theirs = self._clock
        return max(ours + self._at - theirs - time.monotonic(), 0.0)

    def _frame(self, stage: Stage) -> None:
        shown = stage.next()
        if shown is None:
            self._end(stage)
            return
        self._at = shown.t
        now = time.monotonic()
        if self._clock is None or now - self._clock[0] - (shown.t - self._clock[1]) > LATE_S:
            self._clock = now, shown.t
        self._show(shown)
        if self._target is not None and shown.t >= self._target - TICK_S:
            self._halt()

    def _end(self, stage: Stage) -> None:
        if stage.live:
            self._halt()
            self._tell(Failed(message="The camera stopped. Is it still plugged in?"))
        elif self._loop and self._target is None and self._at is not None and self._at > LEAST_LOOP_S:
            stage.rewind()
            self._clock = self._at = None
        else:
            self._halt()

    def _halt(self) -> None:
        self._playing, self._target, self._clock = False, None, None
        self._tell(Playing(on=False))

    def _open(self, stage: Stage, feed: Feed) -> None:
        self._playing, self._target, self._clock, self._at, self._camera = False, None, None, None, None
        self._name = feed.name
        stage.open(feed)
        self._camera = feed.number
        self._play(stage, True)

    def _play(self, stage: Stage, on: bool) -> None:
        if on and not stage.live and stage.ended:
            stage.rewind()
            self._at = None
        self._playing, self._target, self._clock = on, None, None
        self._tell(Playing(on=on))

    def _seek(self, stage: Stage, t: float) -> None:
        if not stage.live and self._at is not None and t <= self._at:
            stage.rewind()
            self._at = None
        self._target = t

    def _step(self, stage: Stage) -> None:
        if self._at is not None and not stage.ended:
            self._seek(stage, self._at + TICK_S + TICK_S)

    def _limit(self, stage: Stage, policy: Policy) -> None:
        stage.limit(policy)
        self._reread = True  # once for all orders that came together: a slider sends many

    def _begin(self, stage: Stage, plan: Plan | None) -> None:
        stage.check(plan)
        if plan is not None:
            self._at = self._at if stage.live else None
            self._play(stage, True)

    def _find(self) -> None:
        busy = frozenset() if self._camera is None else frozenset({self._camera})
        self._tell(Cameras(numbers=cameras(busy)))

    def _try(self, stage: Stage, order: Callable[[Stage], None]) -> None:
        try:
            order(stage)
        except ClipError as error:
            self._playing, self._target, self._camera = False, None, None
            self._tell(Failed(message=f"{self._name}: {error}."))

    def _tell(self, news: News) -> None:
        if isinstance(news, Told):
            self.told.emit(news.step, news.t)
        with self._lock:
            self._news.append(news)
            if isinstance(news, Opened | Failed):  # a picture from before must not come after it
                self._shown = None
        self._announce()

    def _show(self, shown: Shown) -> None:
        with self._lock:
            self._shown = shown
        self._announce()

    def _announce(self) -> None:
        with self._lock:
            announced, self._announced = self._announced, True
        if not announced:
            self.posted.emit()
