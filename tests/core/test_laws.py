"""Laws that hold for every challenge and every cue there is, and for those still to come."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifesign.core import challenges, cues
from lifesign.core.baseline import MEASURED, Baseline
from lifesign.core.challenges import Challenge
from lifesign.core.plain import plain, restored
from lifesign.core.policy import Policy
from lifesign.core.types import Signals
from tests.core import puppet

POLICY = Policy()
KINDS = sorted(challenges.REGISTRY)
PROOFS = [kind for kind in KINDS if challenges.REGISTRY[kind].family]  # looking straight proves nothing and may pass
ASKED = [kind for kind in KINDS if challenges.REGISTRY[kind].asked]
CUES = sorted(cues.REGISTRY)

unit = st.floats(0, 1)
ratio = st.floats(0, 2)
angle = st.floats(-60, 60)
face_signals = st.builds(
    Signals, t=st.just(0.0), faces=st.just(1), yaw=angle, pitch=angle, roll=angle, turn=angle, tip=angle,
    nose=st.floats(-0.5, 0.5), eye_left=ratio, eye_right=ratio, blink_left=unit, blink_right=unit,
    size=st.floats(20, 200), presence=unit, ear=unit, mouth_tone=st.floats(0, 0.5), lip_tone=unit,
    mouth_gap=st.floats(0, 0.5), mouth_width=st.floats(0.5, 1.5), jaw_open=unit, smile_left=unit, smile_right=unit,
    brow=st.floats(-0.5, 1), brow_height=st.floats(0.8, 1.3), tongue=unit,
)  # fmt: skip
gaps = st.floats(0.02, 0.3)
streams = st.lists(st.tuples(gaps, face_signals), min_size=1, max_size=40)


def play(state: Challenge, stream: list[tuple[float, Signals]], t: float = 0.0) -> list[Challenge]:
    """The states after each frame of the stream."""
    limits, start, states = POLICY.challenges[state.kind], stream[0][1], []
    for gap, signals in stream:
        t += gap
        state = state.step(replace(signals, t=t), start, limits)
        states.append(state)
    return states


@pytest.mark.parametrize("kind", PROOFS)
@given(still=face_signals, fps=st.sampled_from([5, 10, 15, 30]))
def test_a_still_face_never_passes(kind: str, still: Signals, fps: int) -> None:
    states = play(challenges.REGISTRY[kind](), [(1 / fps, still)] * (4 * fps))
    assert not any(state.done for state in states)


@pytest.mark.parametrize("kind", KINDS)
@given(stream=streams)
def test_done_stays_done(kind: str, stream: list[tuple[float, Signals]]) -> None:
    counts = [state.seen for state in play(challenges.REGISTRY[kind].free(), stream)]
    assert counts == sorted(counts)


@pytest.mark.parametrize("kind", KINDS)
@given(stream=streams, gone=st.integers(1, 20))
def test_a_lost_face_never_advances(kind: str, stream: list[tuple[float, Signals]], gone: int) -> None:
    limits = POLICY.challenges[kind]
    state = play(challenges.REGISTRY[kind](), stream)[-1]
    for i in range(gone):
        after = state.step(Signals(t=100.0 + i / 10), stream[0][1], limits)
        assert after.seen == state.seen
        assert after.progress(limits) <= state.progress(limits)
        state = after
    assert not state.active or state.done


@pytest.mark.parametrize("kind", KINDS)
@given(stream=streams)
def test_json_changes_no_challenge(kind: str, stream: list[tuple[float, Signals]]) -> None:
    cls = challenges.REGISTRY[kind]
    for state in play(cls.free(), stream):
        raw = json.loads(json.dumps(plain(state)))
        assert raw.pop("kind") == kind
        assert restored(cls, raw) == state


@pytest.mark.parametrize("kind", KINDS)
@given(stream=streams)
def test_progress_is_a_share(kind: str, stream: list[tuple[float, Signals]]) -> None:
    limits = POLICY.challenges[kind]
    shares = [state.progress(limits) for state in play(challenges.REGISTRY[kind](), stream)]
    assert min(shares) >= 0
    assert max(shares) <= 1


@pytest.mark.parametrize("kind", ASKED)
def test_an_instruction_for_every_count(kind: str) -> None:
    counts = POLICY.counts(kind)
    texts = {challenges.REGISTRY[kind].instruction(count) for count in range(1, max(counts) + 1)}
    assert len(texts) == max(counts)
    assert all(texts)


@pytest.mark.parametrize("kind", KINDS)
@given(signals=face_signals)
def test_gauges_can_be_drawn(kind: str, signals: Signals) -> None:
    gauges = challenges.REGISTRY[kind].gauges(POLICY.challenges[kind])
    assert gauges or kind == "center"
    for gauge in gauges:
        assert gauge.low < gauge.threshold < gauge.high
        assert np.isfinite(gauge.read(signals))


@pytest.mark.parametrize("kind", PROOFS)
@pytest.mark.parametrize("fps", [10, 30])
def test_a_gauge_passes_its_threshold_when_it_is_done(kind: str, fps: int) -> None:
    """The threshold that people are shown is the one that decides: done only after the main gauge passed it."""
    cls, limits = challenges.REGISTRY[kind], POLICY.challenges[kind]
    gauge = cls.gauges(limits)[0]
    neutral = puppet.s.measure(puppet.frame(0, 0), puppet.look(puppet.NEUTRAL))
    own = replace(
        Baseline(), **{name: getattr(neutral, name) for name in MEASURED}, eye_left=neutral.eye_left,
        eye_right=neutral.eye_right,
    )  # fmt: skip
    rest = gauge.read(own.relative(neutral))
    state, passed = cls(), False
    for i in range(3 * fps):
        act = puppet.perform(kind, i / fps)
        now = own.relative(puppet.s.measure(puppet.frame(i / fps, i), puppet.look(act)))
        passed = passed or (gauge.read(now) - gauge.threshold) * (rest - gauge.threshold) < 0
        state = state.step(now, now, limits)
        assert passed or not state.done
    assert state.done


acts = st.builds(
    puppet.Act, yaw=angle, pitch=st.floats(-20, 20), x=st.floats(0, 640), y=st.floats(0, 480), iod=st.floats(30, 200)
)


@pytest.mark.parametrize("kind", CUES)
@settings(max_examples=25)
@given(stream=st.lists(st.tuples(gaps, st.none() | acts), min_size=1, max_size=12))
def test_cues_round_trip_and_a_denial_is_final(kind: str, stream: list[tuple[float, puppet.Act | None]]) -> None:
    cls, limits, t, denied = cues.REGISTRY[kind], POLICY.cues[kind], 0.0, False
    cue = cls()
    for seq, (gap, act) in enumerate(stream):
        t += gap
        frame, look = puppet.frame(t, seq), puppet.look(act)
        cue = cue.watch(frame, look.face, puppet.s.measure(frame, look), limits)
        raw = json.loads(json.dumps(plain(cue)))
        assert raw.pop("kind") == kind
        assert restored(cls, raw) == cue
        assert cue.verdict in ("deny", "suspect", "clear", "none")
        assert not (denied and cue.verdict != "deny")
        denied = cue.verdict == "deny"
        assert bool(cue.reason) == (cue.verdict in ("deny", "suspect"))


def test_signals_know_left_from_right() -> None:
    frame = puppet.frame(0, 0)
    left = puppet.s.measure(frame, puppet.look(puppet.Act(yaw=20, blink_left=1)))
    assert left.yaw == pytest.approx(20, abs=0.1)
    assert left.nose > 0.6
    assert left.eye_left < 0.1 < left.eye_right
    down = puppet.s.measure(frame, puppet.look(puppet.Act(pitch=15, roll=10)))
    assert down.pitch == pytest.approx(15, abs=0.1)
    assert down.roll == pytest.approx(10, abs=0.1)


@given(yaw=st.floats(-35, 35), pitch=st.floats(-15, 15), roll=st.floats(-30, 30))
def test_ratios_do_not_change_with_the_pose(yaw: float, pitch: float, roll: float) -> None:
    frame = puppet.frame(0, 0)
    straight = puppet.s.measure(frame, puppet.look(puppet.NEUTRAL))
    turned = puppet.s.measure(frame, puppet.look(puppet.Act(yaw=yaw, pitch=pitch, roll=roll)))
    for name in ("eye_left", "eye_right", "mouth_width", "mouth_gap", "brow_height"):
        assert getattr(turned, name) == pytest.approx(getattr(straight, name), abs=1e-4), name
    assert turned.size == pytest.approx(straight.size, rel=1e-4)


def test_light_is_measured() -> None:
    grey = np.full((480, 640, 3), 128, dtype=np.uint8)
    flat = puppet.s.measure(puppet.Frame(pixels=grey, t=0, seq=0), puppet.look(puppet.NEUTRAL))
    noisy = puppet.s.measure(puppet.frame(0, 0), puppet.look(puppet.NEUTRAL))
    assert flat.brightness == pytest.approx(0.5, abs=0.01)
    assert flat.sharpness == 0 < noisy.sharpness
    assert flat.contrast == 0 < noisy.contrast
    assert flat.dark == flat.glare == 0
