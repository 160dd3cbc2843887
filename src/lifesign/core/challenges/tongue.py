"""Tongue out: the lower lip's colour goes on into the open mouth, and the network's third output may say so too."""

from __future__ import annotations

from dataclasses import dataclass

from lifesign.core.challenges.challenge import Gauge, Held, HoldLimits, register
from lifesign.core.types import Signals


@dataclass(frozen=True, slots=True, kw_only=True)
class TongueLimits(HoldLimits):
    """Set on tongues drawn on video of 24 people (half of them held back) and 5.5 minutes of video without a tongue."""

    hold_s: float = 0.5
    free_s: float = 0.45
    """shorter, a laugh that shows the tongue becomes a tongue that is out"""
    reach: float = 0.19
    """how far the lower lip's colour goes on up into the mouth, IOD, and what the third output adds to it: held for
    0.45 s, smiles and speech reach 0.18 at most, a laugh that shows the tongue 0.3; photographs of two people 0.2 to
    0.4"""
    trust: float = 0.15
    """the most that the third output (0..1, above the person's own) adds: it is silent at half of the tongues, and
    speaks up at hands and blur"""
    tone: float = 0.04
    """how far the colour has to go on by itself, IOD: the third output alone proves nothing"""
    gap: float = 0.08
    """distance of the inner lips, IOD: between closed lips there is no tongue"""
    contrast: float = 0.055
    """how far the lips' colour is from the skin's: a pale recording whose teeth passed for lips reads 0.02"""
    presence: float = 0.9
    """a hand before the mouth raises the third output, and lowers this"""


@register
@dataclass(frozen=True, slots=True, kw_only=True)
class TongueOut(Held):
    kind = "tongue_out"
    family = "face"
    limits_type = TongueLimits

    @classmethod
    def instruction(cls, count: int) -> str:  # noqa: ARG003
        return "Put out your tongue"

    @classmethod
    def gauges(cls, limits: TongueLimits) -> tuple[Gauge, ...]:
        return (
            Gauge(
                name="tongue", unit="", read=lambda now: reach(now, limits), threshold=limits.reach, low=0.0, high=0.5
            ),
        )

    def shows(self, now: Signals, start: Signals, limits: TongueLimits, ease: float) -> bool:  # noqa: ARG002
        return (
            reach(now, limits) > limits.reach * ease
            and now.mouth_tone > limits.tone * ease
            and now.mouth_gap > limits.gap * ease
            and now.lip_tone > limits.contrast
            and now.presence > limits.presence
        )


def reach(now: Signals, limits: TongueLimits) -> float:
    """How far a tongue seems to reach, in IOD."""
    return now.mouth_tone + min(max(now.tongue, 0.0), limits.trust)
