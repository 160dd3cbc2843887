"""What every cue is: a frozen value that is its own state and watches for one tell of an attack.

A cue says deny, suspect, clear or none, and why. It is never a number that is averaged with others.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Self, TypeVar

from lifesign.core.types import Face, Frame, Signals

C = TypeVar("C", bound="type[Cue]")

REGISTRY: dict[str, type[Cue]] = {}

DENY, SUSPECT, CLEAR, NONE = "deny", "suspect", "clear", "none"


def register(cls: C) -> C:
    """Outermost class decorator: a class hook would fire twice with slots."""
    REGISTRY[cls.kind] = cls
    return cls


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue(ABC):
    """State of one watch over the whole session. `watch` returns the next state; nothing is changed in place."""

    kind: ClassVar[str]
    limits_type: ClassVar[type]

    verdict: str = NONE
    reason: str = ""
    """code of what made it deny or suspect"""
    interrupts: str = ""
    """reason code when what was being done in this very frame must not count"""

    @abstractmethod
    def watch(self, frame: Frame, face: Face | None, signals: Signals, limits: Any) -> Self:
        """The state after this frame. A denial is final."""
