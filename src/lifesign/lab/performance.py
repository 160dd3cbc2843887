"""What to do when: prompts in, acts out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lifesign.lab.act import REST, Act


@dataclass(frozen=True, slots=True, kw_only=True)
class Gesture:
    """One movement away from rest and back: `out_s` to get there, `hold_s` there, `back_s` to return; when it is to
    be done several times, `gap_s` at rest in between."""

    peak: Act
    out_s: float
    hold_s: float
    back_s: float
    gap_s: float = 0.45

    @property
    def length_s(self) -> float:
        """Seconds that one movement takes."""
        return self.out_s + self.hold_s + self.back_s

    def at(self, elapsed_s: float) -> Act:
        """The act `elapsed_s` after the movement began; rest before and after it."""
        rising = elapsed_s / self.out_s
        falling = (self.length_s - elapsed_s) / self.back_s
        return REST.toward(self.peak, ease(min(rising, falling)))


def _expression(peak: Act) -> Gesture:
    return Gesture(peak=peak, out_s=0.3, hold_s=0.6, back_s=0.3)


def _turn(peak: Act) -> Gesture:
    return Gesture(peak=peak, out_s=0.8, hold_s=0.6, back_s=0.6)


TURN_DEG = 33.0
"""How far a head is turned: the engine reads about three quarters of it."""
NOD_DEG = 16.0

GESTURES = {
    "blink": Gesture(peak=Act(blink_left=1, blink_right=1), out_s=0.07, hold_s=0.08, back_s=0.07),
    "wink_left": Gesture(peak=Act(blink_left=1), out_s=0.1, hold_s=0.3, back_s=0.1),
    "wink_right": Gesture(peak=Act(blink_right=1), out_s=0.1, hold_s=0.3, back_s=0.1),
    "turn_left": _turn(Act(yaw=TURN_DEG)),
    "turn_right": _turn(Act(yaw=-TURN_DEG)),
    "nod": Gesture(peak=Act(pitch=NOD_DEG), out_s=0.35, hold_s=0.05, back_s=0.4),
    "smile": _expression(Act(smile=1)),
    "mouth_open": _expression(Act(mouth=1)),
    "brow_raise": _expression(Act(brow=1)),
    "tongue_out": _expression(Act(tongue=1)),
    "center": _expression(REST),
}
"""Every prompt that can be obeyed. `left` and `right` are the subject's own."""

REACTION_S = 0.6
RETURN_S = 0.4
"""Back to rest when the prompt changes in the middle of a movement: at most this long."""
PATIENCE_S = 1.5
"""A prompt that still stands this long after it was obeyed is obeyed again."""


class Performance:
    """Obeys the newest prompt `reaction_s` after it came, and again and again while it stands. Between two prompts
    the act depends on the time alone, so it may be asked for at any frame rate."""

    def __init__(self, *, reaction_s: float = REACTION_S, gestures: Mapping[str, Gesture] | None = None) -> None:
        self._reaction_s = reaction_s
        self._gestures = GESTURES if gestures is None else gestures
        self._kind: str | None = None
        self._count = 1
        self._since = 0.0
        self._leaving = REST

    def prompt(self, kind: str | None, count: int, t: float) -> None:
        """From `t` seconds on the person is asked for `kind`, `count` times. What is no key of `gestures`, such as
        `baseline`, `pause` or None, asks for a relaxed look straight ahead. The same kind again changes nothing:
        a client is told how many are still to be done."""
        asked = kind if kind in self._gestures else None
        if asked != self._kind:
            self._leaving = self.act(t)
            self._kind, self._count, self._since = asked, max(count, 1), t

    def act(self, t: float) -> Act:
        """What the person does at `t`, not before the last prompt."""
        elapsed = t - self._since
        if self._kind is None or elapsed < self._reaction_s:
            return self._leaving.toward(REST, ease(elapsed / RETURN_S))
        gesture = self._gestures[self._kind]
        step_s = gesture.length_s + gesture.gap_s
        into = (elapsed - self._reaction_s) % (step_s * self._count - gesture.gap_s + PATIENCE_S)
        repeats, within = divmod(into, step_s)
        return gesture.at(within) if repeats < self._count else REST


def ease(share: float) -> float:
    """0 to 1 smoothly (smoothstep), clamped."""
    s = min(max(share, 0.0), 1.0)
    return s * s * (3 - 2 * s)
