"""What every challenge is: a frozen value that is its own state, and steps from frame to frame.

The same value serves three ways. Prompted: the person was asked for it. Watched: the person was asked for
something else, and doing this one first is the wrong answer. Free: nobody was asked, a clip is searched for it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final, Self, TypeVar

from lifesign.core.types import Signals

C = TypeVar("C", bound="type[Challenge]")

TICK_S: Final = 0.001
"""times are no finer than this: 0.2 s taken twice from a clock may be a little less than 0.4"""

REGISTRY: dict[str, type[Challenge]] = {}


def register(cls: C) -> C:
    """Outermost class decorator: a class hook would fire twice with slots."""
    REGISTRY[cls.kind] = cls
    return cls


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """One number that a challenge goes by, for people to watch: reports and the desktop program draw it. Gauges of the
    same `name` share a panel."""

    name: str
    unit: str
    """deg, or empty for ratios and scores"""
    read: Callable[[Signals], float]
    """of signals that are relative to the person's own baseline"""
    threshold: float
    """the action is on beyond it: on the side away from rest"""
    low: float
    high: float
    """the range worth drawing"""
    rest: float = 0.0
    """what it reads of a neutral face, about"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge(ABC):
    """State of one action being looked for. `step` returns the next state; nothing is changed in place."""

    kind: ClassVar[str]
    family: ClassVar[str]
    """plans draw one challenge from each family; empty: never drawn at random"""
    opposite: ClassVar[str] = ""
    """the kind that is the same on the other side"""
    exempt: ClassVar[bool] = False
    """people do it unasked: done instead of the prompted action it does not fail the attempt"""
    event: ClassVar[bool] = True
    """`analyze` reports it"""
    lids: ClassVar[bool] = False
    """it goes by the lids, which glare on glasses and a slow camera make unreadable"""
    asked: ClassVar[bool] = True
    """people can be asked for it; else it is only looked for in clips"""
    limits_type: ClassVar[type]

    count: int = 1
    """how many times it is asked for"""
    seen: int = 0
    """how many times it was done, from beginning to end"""
    armed: bool = False
    """the action was not going on at some moment since the prompt: what was there before is no answer"""
    onset: float | None = None
    """when the action that is going on, or the first that counted, began"""
    last: float = 0.0
    """when the action was last seen"""

    @classmethod
    @abstractmethod
    def instruction(cls, count: int) -> str:
        """English sentence for the person; `count` is how many are still to be done."""

    @classmethod
    def free(cls) -> Self:
        """For clips: whatever the first frame shows may count."""
        return cls(armed=True)

    @classmethod
    def counts(cls, limits: Any) -> tuple[int, ...]:  # noqa: ARG003
        """How often it may be asked for in one step."""
        return (1,)

    @classmethod
    def gauges(cls, limits: Any) -> tuple[Gauge, ...]:  # noqa: ARG003
        """What it goes by, the most telling first."""
        return ()

    @property
    def done(self) -> bool:
        return self.seen >= self.count

    @property
    @abstractmethod
    def active(self) -> bool:
        """The action is going on."""

    @property
    def began(self) -> float | None:
        """When the action that is going on, or the first that counted, was begun; None: it was not."""
        return self.onset

    @property
    def over(self) -> bool:
        """It was done, and has ended: from `onset` to `last`."""
        return self.done and not self.active

    def again(self) -> Self:
        """Free again for the next one."""
        return self.free()

    def close(self, limits: Any) -> Self:  # noqa: ARG002 - kinds that wait for what comes after use it
        """The stream has ended: nothing more will come."""
        return self

    def astray(self, now: Signals, limits: Any) -> bool:  # noqa: ARG002
        """The person is about to do it on the other side."""
        return False

    @abstractmethod
    def progress(self, limits: Any) -> float:
        """How much of it is done, 0..1."""

    def step(self, now: Signals, start: Signals, limits: Any) -> Self:
        """The state after `now`. `start`: the signals when the prompt was given."""
        if now.faces == 0:
            return self.lost()
        return self.watch(now, start, limits)

    @abstractmethod
    def watch(self, now: Signals, start: Signals, limits: Any) -> Self: ...

    @abstractmethod
    def lost(self) -> Self:
        """No face in this frame: what was half done is forgotten, what is done stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldLimits:
    """What every held action has."""

    hold_s: float = 0.4
    """how long it must be shown"""
    free_s: float = 0.25
    """the same where nobody asked: such actions are shorter. With 0.4 s a third of the labelled short smiles and open
    mouths are missed, below 0.2 s speech becomes an open mouth"""
    gap_s: float = 0.12
    """shorter interruptions are bridged: one frame at 10 fps"""
    dropout_s: float = 0.5
    """frames further apart than this prove nothing about the time between them"""
    release: float = 0.75
    """share of each onset threshold below which a shown action ends, so that it does not flicker"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held(Challenge):
    """An action that is shown for a while: subclasses only say whether one frame shows it."""

    showing: bool = False

    @abstractmethod
    def shows(self, now: Signals, start: Signals, limits: Any, ease: float) -> bool:
        """Whether this frame shows the action; thresholds are multiplied by `ease` (1, or less once it is on)."""

    @property
    def active(self) -> bool:
        return self.showing

    def progress(self, limits: Any) -> float:
        if self.done:
            return 1.0
        if self.onset is None:
            return 0.0
        return float(min((self.last - self.onset) / max(limits.hold_s, limits.gap_s), 1.0))

    def watch(self, now: Signals, start: Signals, limits: Any) -> Self:
        if self.done and not self.showing:
            return self
        if not self.shows(now, start, limits, limits.release if self.showing else 1.0):
            if self.showing and now.t - self.last > limits.gap_s:
                return replace(self, armed=True, showing=False, onset=self.onset if self.done else None)
            return replace(self, armed=True)
        if not self.armed:
            return self
        going_on = self.showing and self.onset is not None and now.t - self.last <= limits.dropout_s
        onset = self.onset if going_on and self.onset is not None else now.t
        held = not self.done and now.t - onset >= limits.hold_s - TICK_S
        return replace(self, showing=True, onset=onset, last=now.t, seen=self.seen + held)

    def lost(self) -> Self:
        return replace(self, showing=False, onset=self.onset if self.done else None)
