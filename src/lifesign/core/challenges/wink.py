"""Wink left and right: one lid shut while the other stays open, and both open again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Self

from lifesign.core.challenges.challenge import TICK_S, Challenge, Gauge, register
from lifesign.core.challenges.lids import LidLimits, openness, readable
from lifesign.core.types import Signals


@dataclass(frozen=True, slots=True, kw_only=True)
class WinkLimits(LidLimits):
    closes: float = 0.60
    """opening of the winking eye, of the person's own, below which it counts as shut"""
    reopens: float = 0.72
    """opening, of it or of both together, above which it is open again"""
    other: float = 0.45
    """the other eye stays more open than this: it comes down to 0.71..0.87 too, since the network couples the eyes"""
    difference: float = 0.25
    """least difference of the two openings"""
    shape: float = 0.12
    """least difference of the two eyeBlink blendshapes, in the same sense"""
    both: float = 0.60
    """openness of the more open eye below which both are shut"""
    hold_s: float = 0.2
    """one lid leads the other by less in a blink"""
    gap_s: float = 0.12
    """shorter interruptions are bridged: one frame at 10 fps"""
    reopen_s: float = 0.8
    """the eye is open again within this time; both may be shut meanwhile, as when a grimace relaxes"""
    release: float = 0.75
    """share of the differences below which a wink ends, so that it does not flicker"""
    yaw_deg: float = 20.0
    """beyond this angle the two eyes cannot be compared"""
    iod_px: float = 45.0
    """of a smaller face neither"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wink(Challenge):
    """`shut_at`: since when the one lid is shut; `onset` is set with it, so that it is known what began first."""

    family = "eyes"
    lids = True
    limits_type = WinkLimits
    left: ClassVar[bool]

    shut_at: float | None = None

    @classmethod
    def gauges(cls, limits: WinkLimits) -> tuple[Gauge, ...]:
        side = "left" if cls.left else "right"
        return (
            Gauge(
                name=f"{side} eye open",
                unit="",
                read=lambda now: now.eye_left if cls.left else now.eye_right,
                threshold=limits.closes,
                low=0.0,
                high=1.4,
                rest=1.0,
            ),
        )

    @property
    def active(self) -> bool:
        return self.shut_at is not None

    def progress(self, limits: WinkLimits) -> float:
        if self.done or self.shut_at is None:
            return 1.0 if self.done else 0.0
        return float(min((self.last - self.shut_at) / max(limits.hold_s, TICK_S), 1.0))

    def watch(self, now: Signals, start: Signals, limits: WinkLimits) -> Self:  # noqa: ARG002
        if not readable(now, limits) or now.size < limits.iod_px:
            return self.lost()
        own = now.eye_left if self.left else now.eye_right
        if self.shut_at is None:
            if self.armed and _winks(now, limits, 1.0, left=self.left):
                return replace(self, shut_at=now.t, onset=self.onset if self.seen else now.t, last=now.t)
            return replace(self, armed=self.armed or own > limits.reopens)
        held = self._held(limits)
        if _winks(now, limits, limits.release, left=self.left):
            anew = not held and now.t - self.last > limits.gap_s
            return replace(self.lost(), armed=True) if anew else replace(self, last=now.t)
        other = now.eye_right if self.left else now.eye_left
        level = abs(other - own) < limits.difference * limits.release
        if own > limits.reopens or (level and openness(now) > limits.reopens):
            ended = replace(self.lost(), armed=True)
            return replace(ended, seen=self.seen + 1, onset=self.onset) if held else ended
        both = openness(now) < limits.both
        if (both and not held) or now.t - self.last > limits.reopen_s:  # a blink with one lid first, or eyes closed
            return self.lost()
        return self

    def astray(self, now: Signals, limits: WinkLimits) -> bool:
        return _winks(now, limits, 1.0, left=not self.left)

    def _held(self, limits: WinkLimits) -> bool:
        return self.shut_at is not None and self.last - self.shut_at >= limits.hold_s - TICK_S

    @property
    def over(self) -> bool:
        return self.done

    def again(self) -> Self:
        return replace(self, seen=0, onset=None)

    def close(self, limits: WinkLimits) -> Self:
        return replace(self, seen=self.seen + 1, shut_at=None) if self._held(limits) else self

    def lost(self) -> Self:
        return replace(self, armed=False, shut_at=None, onset=self.onset if self.seen else None)


def _winks(now: Signals, limits: WinkLimits, ease: float, *, left: bool) -> bool:
    eyes, shapes = (now.eye_left, now.eye_right), (now.blink_left, now.blink_right)
    (own, other), (own_shape, other_shape) = (eyes, shapes) if left else (eyes[::-1], shapes[::-1])
    return (
        own < limits.closes / ease
        and other > limits.other
        and other - own > limits.difference * ease
        and own_shape - other_shape > limits.shape * ease
    )


@register
@dataclass(frozen=True, slots=True, kw_only=True)
class WinkLeft(Wink):
    kind = "wink_left"
    opposite = "wink_right"
    left = True

    @classmethod
    def instruction(cls, count: int) -> str:  # noqa: ARG003
        return "Wink with your left eye"


@register
@dataclass(frozen=True, slots=True, kw_only=True)
class WinkRight(Wink):
    kind = "wink_right"
    opposite = "wink_left"
    left = False

    @classmethod
    def instruction(cls, count: int) -> str:  # noqa: ARG003
        return "Wink with your right eye"
