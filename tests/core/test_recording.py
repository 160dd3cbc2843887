"""A recording of every action, played round and round: it has to meet the plan by luck."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from lifesign.core import session as s
from lifesign.core.decision import decide
from lifesign.core.policy import Accessibility, Policy, plans
from tests.core import puppet
from tests.core.puppet import NEUTRAL, Act, ramp

POLICY = Policy()
SESSIONS, FPS, MOST_S = 48, 12, 90
GAP_S, HOLD_S = 2.0, 0.45
ORDER = ("blink", "smile", "turn_left", "mouth_open", "turn_right")
LASTS = {"blink": 1.5, "smile": HOLD_S + 0.4, "mouth_open": HOLD_S + 0.4}


def clip() -> tuple[dict[str, float], float]:
    """When each action begins, and how long the clip is."""
    begins, t = {}, GAP_S
    for kind in ORDER:
        begins[kind] = t
        t += LASTS.get(kind, HOLD_S + 0.8)
    return begins, t


BEGINS, LENGTH_S = clip()


def act(t: float) -> Act:
    t %= LENGTH_S
    shut = max(ramp(t, BEGINS["blink"] + i * 0.45, 0.07, 0.08, 0.07) for i in range(3))
    side = ramp(t, BEGINS["turn_left"], 0.35, HOLD_S, 0.35) - ramp(t, BEGINS["turn_right"], 0.35, HOLD_S, 0.35)
    return replace(
        NEUTRAL,
        blink_left=shut,
        blink_right=shut,
        yaw=30 * side,
        smile=ramp(t, BEGINS["smile"], 0.15, HOLD_S, 0.15),
        mouth=ramp(t, BEGINS["mouth_open"], 0.15, HOLD_S, 0.15),
    )


OVERLAP_S = 5.0


def overlapped(t: float) -> Act:
    """Blinks, then several actions at a time, each a moment after the other: whichever is asked for is among them."""
    t = t % OVERLAP_S - 1.4
    shut = max(ramp(t, i * 0.45, 0.07, 0.08, 0.07) for i in range(3))
    return replace(
        NEUTRAL,
        blink_left=max(shut, ramp(t, 1.4, 0.07, 0.4, 0.07)),
        blink_right=shut,
        brow=ramp(t, 1.6, 0.15, 0.6, 0.15),
        yaw=30 * ramp(t, 1.62, 0.35, HOLD_S, 0.35),
        smile=ramp(t, 1.9, 0.15, HOLD_S, 0.15),
    )


def passes(secret: int, act: Callable[[float], Act], length_s: float) -> bool:
    now = s.start(session_id="liveness_1_a", secret=str(secret), now=0, expires_at=600, policy=POLICY)
    begin = random.Random(secret).uniform(0, length_s)
    for i in range(MOST_S * FPS):
        now, step = s.advance(now, puppet.frame(i / FPS, i), puppet.look(act(begin + i / FPS)), POLICY)
        if step.finished:
            break
    return decide(now, {}, 0.0).verdict == "live"


@pytest.mark.parametrize(("clip", "length_s"), [(act, LENGTH_S), (overlapped, OVERLAP_S)])
def test_a_recording_passes_no_more_often_than_by_luck(clip: Callable[[float], Act], length_s: float) -> None:
    """With an action that counts when asked for but not when it is wrong, such a clip passes every time; with actions
    that count though another began before, the overlapped one passes 19 of 100."""
    entropy_bits = math.log2(len(plans(POLICY, Accessibility(), eyes=True)))
    by_luck = POLICY.session.attempts / 2**entropy_bits
    passed = sum(passes(secret, clip, length_s) for secret in range(SESSIONS))
    assert passed / SESSIONS < 2 * by_luck
