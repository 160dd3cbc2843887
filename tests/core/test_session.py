"""A session from beginning to end, fed by a puppet: who passes, who does not, and why."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifesign.core import challenges
from lifesign.core import session as s
from lifesign.core.decision import decide
from lifesign.core.policy import Accessibility, Policy
from lifesign.core.types import Decision, Frame, Step
from tests.core import puppet
from tests.core.puppet import Act

POLICY = Policy()
BLINKS = POLICY.overridden({"session": {"sequence": ["blink"], "attempts": 1}})
MOST_S = 120.0


@dataclass
class Run:
    session: s.Session
    steps: list[Step]
    decision: Decision

    def hints(self) -> set[str]:
        return {step.hint.code for step in self.steps if step.hint}


def run(
    *, fps: float = 10, secret: str = "a", policy: Policy = POLICY, access: Accessibility | None = None,
    obey: Callable[[str], str] = lambda kind: kind, reaction: float = 0.0,
    bend: Callable[[Act, float], Act | None] = lambda act, t: act,
    picture: Callable[[float, int], Frame] = puppet.frame, json: bool = False, most_s: float = MOST_S,
) -> Run:  # fmt: skip
    """A puppet that obeys `obey(prompt)`, `reaction` s sooner or later than usual; `bend` changes what is seen."""
    now = s.start(session_id="liveness_1_a", secret=secret, now=0, expires_at=600, policy=policy, access=access)
    steps: list[Step] = []
    prompt, since, count = "baseline", 0.0, 1
    for seq in range(int(most_s * fps)):
        t = seq / fps
        act = bend(puppet.perform(obey(prompt), t - since - reaction, count), t)
        now, step = s.advance(now, picture(t, seq), puppet.look(act), policy)
        if json:
            again = s.Session.from_json(now.to_json())
            assert again == now
            now = again
        steps.append(step)
        if step.prompt != prompt:
            prompt, since, count = step.prompt, t, step.count
        if step.finished:
            break
    return Run(session=now, steps=steps, decision=decide(now, {"net": "sha"}, now.last_t))


@pytest.mark.parametrize("fps", [5, 7.5, 10, 15, 24, 30])
@settings(max_examples=12, deadline=None)
@given(secret=st.text(min_size=1, max_size=8))
def test_the_obedient_pass_at_any_frame_rate(fps: float, secret: str) -> None:
    result = run(fps=fps, secret=secret)
    assert result.decision.verdict == "live", result.decision.reasons
    assert len(set(result.decision.challenges)) == 3
    families = {challenges.REGISTRY[kind].family for kind in result.decision.challenges}
    assert families == ({"eyes", "head", "face"} if fps >= 10 else {"head", "face"})
    assert result.session.best is not None


def test_a_session_travels_as_json_between_all_frames() -> None:
    assert run(json=True).steps == run().steps
    assert run(json=True).session == run().session


@settings(max_examples=20, deadline=None)
@given(secret=st.text(min_size=1, max_size=8))
def test_the_still_do_not_pass(secret: str) -> None:
    result = run(secret=secret, obey=lambda _: "nothing")
    assert result.decision.verdict == "inconclusive"
    assert result.decision.reasons == ("timeout",)
    assert result.session.steps_done == 0
    assert result.session.attempt == POLICY.session.attempts


SWAP = {
    "turn_left": "turn_right", "turn_right": "turn_left", "wink_left": "wink_right", "wink_right": "wink_left",
    "smile": "mouth_open", "mouth_open": "brow_raise", "brow_raise": "smile", "nod": "turn_left", "blink": "smile",
}  # fmt: skip


@settings(max_examples=20, deadline=None)
@given(secret=st.text(min_size=1, max_size=8))
def test_another_action_does_not_pass(secret: str) -> None:
    result = run(secret=secret, obey=lambda kind: SWAP.get(kind, kind))
    assert result.decision.verdict == "inconclusive"
    assert set(result.decision.reasons) <= {"wrong_action", "other_side"}
    assert result.session.steps_done == 0
    assert result.hints() & {"wrong_action", "other_side"}, "the next attempt says why"


def test_blinks_are_exempt() -> None:
    def blinking(act: Act, t: float) -> Act:
        shut = puppet.ramp(t % 3.1, 0.1, 0.08, 0.08, 0.08)
        return replace(act, blink_left=max(act.blink_left, shut), blink_right=max(act.blink_right, shut))

    assert run(fps=15, bend=blinking).decision.verdict == "live"


def test_an_answer_before_the_prompt_could_be_read_is_none() -> None:
    # 0.5 s is the puppet's own reaction time; it now begins with the prompt, and is seen before 0.25 s
    result = run(reaction=-0.5, obey=lambda kind: "nothing" if kind == "blink" else kind)
    assert result.decision.verdict == "inconclusive"
    assert "too_early" in {step.failure for step in result.steps}
    assert "live" not in result.decision.reasons


def test_what_was_on_before_the_prompt_is_no_answer() -> None:
    def smiling(act: Act, t: float) -> Act:
        return replace(act, smile=1.0 if t > 1.25 else 0.0)

    fixed = POLICY.overridden({"session": {"sequence": ["smile"], "attempts": 1}})
    result = run(policy=fixed, obey=lambda _: "nothing", bend=smiling)
    assert result.decision.reasons == ("timeout",)
    assert "relax" in result.hints()


def test_a_failed_attempt_draws_another_plan_and_may_pass() -> None:
    tries: list[str] = []

    def second_time(kind: str) -> str:
        if kind == "baseline":
            tries.append(kind)
        return kind

    lazy = {"until": 12.0}
    result = run(obey=second_time, bend=lambda act, t: act if t > lazy["until"] else puppet.NEUTRAL)
    assert result.decision.verdict == "live"
    assert result.session.attempt == 2
    assert {"", "timeout"} == {step.failure for step in result.steps}


def test_extra_time_doubles_the_step() -> None:
    slow = {"reaction": 9.0}
    assert run(**slow).decision.verdict == "inconclusive"
    assert run(**slow, access=Accessibility(extra_time=True)).decision.verdict == "live"


@pytest.mark.parametrize(
    ("access", "absent"),
    [
        (Accessibility(no_motion=True), {"turn_left", "turn_right", "nod"}),
        (Accessibility(skip=("smile", "blink")), {"smile", "blink"}),
    ],
)
def test_what_a_person_cannot_do_is_not_asked(access: Accessibility, absent: set[str]) -> None:
    asked = {step.prompt for i in range(8) for step in run(secret=str(i), access=access).steps}
    assert not asked & absent
    assert "mouth_open" in asked


def test_a_fixed_plan_is_asked_in_order_and_says_so() -> None:
    result = run(policy=POLICY.overridden({"session": {"sequence": ["CENTER", "BLINK", "CENTER"]}}))
    assert result.decision.verdict == "live"
    assert result.decision.challenges == ("center", "blink", "center")
    assert result.decision.fixed_plan
    assert result.decision.challenge_entropy_bits == 0


def test_as_many_blinks_as_required_and_time_for_them() -> None:
    policy = POLICY.overridden({"challenge_sequence": ["CENTER", "BLINK"], "blink_required": 12})
    result = run(policy=policy)
    assert result.decision.verdict == "live"
    assert result.session.blinks == 12
    said = [step.instruction for step in result.steps if step.prompt == "blink"]
    assert list(dict.fromkeys(said)) == [f"Blink {n} more time{'s' if n > 1 else ''}" for n in range(12, 0, -1)]


@pytest.mark.parametrize(
    ("changes", "kind", "share", "verdict"),
    [
        ({}, "blink", 0.36, "inconclusive"),
        ({"blink_threshold": 0.2}, "blink", 0.36, "live"),
        ({"ear_threshold": 0.25}, "blink", 0.36, "live"),
        ({"ear_threshold": 0.1}, "blink", 0.36, "inconclusive"),
        ({"ear_threshold": 0.1}, "blink", 1.0, "live"),
        ({}, "turn_left", 0.5, "inconclusive"),
        ({"left_threshold": -0.15}, "turn_left", 0.5, "live"),
        ({"right_threshold": 0.1}, "turn_left", 0.5, "inconclusive"),
        ({"right_threshold": 0.1}, "turn_right", 0.5, "live"),
        ({"left_threshold": -0.4}, "turn_left", 1.0, "inconclusive"),
    ],
)
def test_documented_thresholds_act(changes: dict[str, float], kind: str, share: float, verdict: str) -> None:
    """An action done by half passes only where the threshold says it may."""

    def weakly(act: Act, _: float) -> Act:
        return replace(act, yaw=share * act.yaw, blink_left=share * act.blink_left, blink_right=share * act.blink_right)

    policy = POLICY.overridden({**changes, "session": {"sequence": [kind], "attempts": 1}})
    assert run(fps=15, policy=policy, bend=weakly).decision.verdict == verdict


@pytest.mark.parametrize(("asked", "done"), [("turn_left", "turn_right"), ("wink_right", "wink_left")])
def test_the_other_side_is_told_at_once(asked: str, done: str) -> None:
    policy = POLICY.overridden({"session": {"sequence": [asked]}})
    result = run(policy=policy, obey=lambda kind: done if kind == asked else kind)
    first = next(i for i, step in enumerate(result.steps) if step.hint and step.hint.code == "other_side")
    assert result.steps[first].failure == ""
    assert result.decision.reasons == ("other_side",)


def test_half_a_turn_is_half_the_progress() -> None:
    fixed = POLICY.overridden({"session": {"sequence": ["turn_left"], "attempts": 1}})
    half = run(policy=fixed, bend=lambda act, t: replace(act, yaw=0.4 * act.yaw))
    assert half.decision.verdict == "inconclusive"
    assert 0.2 < max(step.progress for step in half.steps if step.prompt == "turn_left") < 0.6


def test_a_face_that_moves_about_is_asked_to_hold_still() -> None:
    assert "hold_still" in run(bend=lambda act, t: replace(act, x=320 + 60 * math.sin(9 * t)), most_s=3).hints()
    assert "hold_still" not in run().hints()


def test_what_a_person_cannot_do_is_not_held_against_them() -> None:
    """Somebody whose smile comes and goes by itself says so, and is not failed for it."""

    def twitching(act: Act, t: float) -> Act:
        return replace(act, smile=max(act.smile, puppet.ramp(t % 3.0, 1.9, 0.15, 0.6, 0.15)))

    policy = POLICY.overridden({"session": {"sequence": ["turn_left", "brow_raise", "turn_right"]}})
    plain = run(fps=15, policy=policy, bend=twitching, reaction=2)
    skipped = run(fps=15, policy=policy, bend=twitching, reaction=2, access=Accessibility(skip=("smile",)))
    assert "wrong_action" in {step.failure for step in plain.steps}
    assert skipped.decision.verdict == "live"
    assert skipped.session.attempt == 1


def only(*kinds: str, **session: object) -> Policy:
    return POLICY.overridden({"session": {"sequence": kinds, "attempts": 1, **session}})


def prompted(kind: str, then: Callable[[float], Act], *, policy: Policy | None = None, fps: float = 15) -> Run:
    """`then(t)`: what is seen `t` seconds after the prompt for `kind` alone."""
    begin: list[float] = []

    def bend(act: Act, t: float) -> Act:
        return then(t - begin[0]) if begin else act

    def obey(prompt: str) -> str:
        if prompt == kind and not begin:
            begin.append(clock[0])
        return "nothing"

    clock = [0.0]

    def ticking(t: float, seq: int) -> Frame:
        clock[0] = t
        return puppet.frame(t, seq)

    return run(policy=policy or only(kind), obey=obey, bend=bend, picture=ticking, fps=fps)


def test_one_gesture_does_not_answer_two_prompts() -> None:
    """A brow that goes up before the smile and stays: whichever was asked for, the other began first or goes on."""

    def both(t: float) -> Act:
        return Act(brow=puppet.ramp(t, 0.5, 0.2, 1.6, 0.2), smile=puppet.ramp(t, 0.9, 0.2, 0.6, 0.2))

    assert prompted("smile", both).decision.reasons == ("wrong_action",)
    assert prompted("brow_raise", both).decision.verdict == "live"


@pytest.mark.parametrize(
    ("kind", "companion"),
    [
        ("turn_left", lambda t: {"smile": puppet.ramp(t, 1.0, 0.2, 0.6, 0.2)}),
        ("nod", lambda t: {"smile": puppet.ramp(t, 0.8, 0.2, 0.6, 0.2)}),
        ("mouth_open", lambda t: {"brow": puppet.ramp(t, 0.5, 0.25, 0.9, 0.25)}),
        ("smile", lambda t: {"blink_left": puppet.ramp(t, 0.9, 0.08, 0.1, 0.08)}),
    ],
)
def test_what_faces_do_by_themselves_does_not_fail(kind: str, companion: Callable[[float], dict[str, float]]) -> None:
    count = min(POLICY.counts(kind))
    result = prompted(kind, lambda t: replace(puppet.perform(kind, t, count), **companion(t)))
    assert result.decision.verdict == "live", result.decision.reasons


@pytest.mark.parametrize("kind", sorted(set(POLICY.session.pool) - {"blink"}))
def test_what_is_begun_at_the_prompt_was_no_answer_to_it(kind: str) -> None:
    count = min(POLICY.counts(kind))
    result = prompted(kind, lambda t: puppet.perform(kind, t + 0.5, count), fps=30)
    assert result.decision.reasons in {("too_early",), ("timeout",)}


@pytest.mark.parametrize("fps", [5, 10, 15, 30])
@pytest.mark.parametrize("threshold", [0.15, 0.1, 0.05])
def test_an_easier_turn_is_not_a_harder_one(threshold: float, fps: float) -> None:
    policy = only("turn_right").overridden({"right_threshold": threshold})
    assert prompted("turn_right", lambda t: puppet.perform("turn_right", t), policy=policy, fps=fps).session.finished
    assert run(policy=policy, fps=fps).decision.verdict == "live"


def test_who_lifts_the_chin_first_nods_as_well() -> None:
    def up_first(t: float) -> Act:
        down = sum(puppet.ramp(t, 0.8 + i * 1.1, 0.2, 0.05, 0.2) for i in range(2))
        up = sum(puppet.ramp(t, 0.5 + i * 1.1, 0.15, 0.05, 0.2) for i in range(2))
        return Act(pitch=14 * down - 8 * up)

    assert prompted("nod", up_first).decision.verdict == "live"


def test_an_eye_that_stays_half_shut_is_no_wink() -> None:
    half = prompted("wink_left", lambda t: Act(blink_left=0.6 * min(max(t - 0.5, 0), 1)), policy=only("wink_left"))
    assert half.decision.reasons == ("timeout",)


def test_lids_that_cannot_be_read_for_a_moment_cost_an_attempt_not_the_session() -> None:
    def glare(act: Act, t: float) -> Act:
        return replace(act, blink_left=0.3 * (int(t * 10) % 2), blink_right=0.3 * (int(t * 10) % 2)) if t < 2 else act

    policy = POLICY.overridden({"session": {"sequence": ["blink"]}})
    result = run(policy=policy, bend=glare)
    assert "no_reliable_challenge" in {step.failure for step in result.steps}
    assert result.decision.verdict == "live"


def test_glaring_glasses_get_other_challenges() -> None:
    def glare(act: Act, t: float) -> Act:
        return replace(act, blink_left=0.3 * (int(t * 10) % 2), blink_right=0.3 * (int(t * 10) % 2))

    result = run(bend=glare)
    assert result.decision.verdict == "live"
    assert not {"blink", "wink_left", "wink_right"} & set(result.decision.challenges)


@pytest.mark.parametrize(
    ("bend", "hint"),
    [
        (lambda act, t: None, "no_face"),
        (lambda act, t: replace(act, iod=40.0), "closer"),
        (lambda act, t: replace(act, iod=260.0), "further"),
        (lambda act, t: replace(act, x=40.0), "centre"),
        (lambda act, t: replace(act, yaw=15.0), "look_straight"),
        (lambda act, t: replace(act, smile=1.0), "relax"),
    ],
)
def test_what_is_wrong_is_said(bend: Callable[[Act, float], Act | None], hint: str) -> None:
    result = run(bend=bend, most_s=5)
    assert result.hints() == {hint}
    assert {step.state for step in result.steps} == {"baseline"}
    assert result.decision.verdict == "inconclusive"
    assert result.decision.reasons == ("not_finished",)


@pytest.mark.parametrize("stall", [0.3, 1.0, 1.4, 3.0])
def test_a_stall_after_a_blink_breaks_nothing(stall: float) -> None:
    now = s.start(session_id="liveness_1_a", secret="a", now=0, expires_at=600, policy=BLINKS)
    t, prompt, since, count, stalled = 0.0, "baseline", 0.0, 1, False
    for seq in range(400):
        act = puppet.perform(prompt, (t - since) % 2.5, count)
        now, step = s.advance(now, puppet.frame(t, seq), puppet.look(act), BLINKS)
        if step.prompt != prompt:
            prompt, since, count = step.prompt, t, step.count
        if step.finished:
            break
        reopened = prompt == "blink" and 0.7 < t - since < 0.85
        t += stall if reopened and not stalled else 0.1
        stalled = stalled or reopened
    assert stalled
    assert decide(now, {}, t).verdict == "live"


def test_a_hint_during_the_pause_does_not_stop_the_time() -> None:
    result = run(bend=lambda act, t: replace(act, x=320.0 - 280 * min(max((t - 1.2) / 0.5, 0.0), 1.0)))
    assert result.decision.verdict == "inconclusive"
    assert "timeout" in {step.failure for step in result.steps}


def test_a_cut_while_looking_straight_begins_it_anew() -> None:
    cut = run(bend=lambda act, t: replace(act, x=320.0 if t < 0.75 else 420.0))
    whole = run()
    assert cut.decision.verdict == whole.decision.verdict == "live"
    assert cut.session.last_t == pytest.approx(whole.session.last_t + 0.8, abs=0.11)


@pytest.mark.parametrize("side", ["turn_left", "turn_right"])
def test_frames_that_the_network_held_back_do_not_cancel_a_turn(side: str) -> None:
    """Every third frame arrives 20 ms before the next: the head seems to move five times faster."""
    fixed = POLICY.overridden({"session": {"sequence": [side], "attempts": 1}})
    now = s.start(session_id="liveness_1_a", secret="a", now=0, expires_at=600, policy=fixed)
    prompt, since = "baseline", 0.0
    for seq in range(200):
        taken = seq / 15
        arrives = taken + (0.047 if seq % 3 == 2 else 0.0)
        now, step = s.advance(
            now, puppet.frame(arrives, seq), puppet.look(puppet.perform(prompt, taken - since)), fixed
        )
        if step.prompt != prompt:
            prompt, since = step.prompt, taken
        if step.finished:
            break
    assert decide(now, {}, 0.0).verdict == "live"


def test_a_head_that_is_aside_already_is_told_to_come_back() -> None:
    fixed = POLICY.overridden({"session": {"sequence": ["turn_left"], "attempts": 1}})
    result = run(policy=fixed, obey=lambda _: "nothing", bend=lambda act, t: replace(act, yaw=14.0 * (t > 1.25)))
    assert result.hints() == {"look_straight"}


@pytest.mark.parametrize("fps", [1, 3, 4])
def test_a_slow_connection_is_said(fps: float) -> None:
    result = run(fps=fps, most_s=10)
    assert result.hints() == {"slow"}
    assert result.session.state == "baseline"


def test_the_time_to_get_ready_begins_with_the_first_frame() -> None:
    now = s.start(session_id="liveness_1_a", secret="a", now=0, expires_at=600, policy=POLICY)
    for seq in range(3):
        now, step = s.advance(now, puppet.frame(100 + seq / 10, seq), puppet.look(puppet.NEUTRAL), POLICY)
    assert (now.attempt, step.failure) == (1, "")


def test_a_face_that_never_looks_straight_does_not_stay_for_ever() -> None:
    result = run(fps=5, bend=lambda act, t: replace(act, yaw=20.0), most_s=200)
    assert result.decision.reasons == ("no_neutral_face",)
    assert result.session.last_t == pytest.approx(3 * POLICY.session.baseline_s, abs=1)


@pytest.mark.parametrize(("level", "hint"), [(10, "dark"), (254, "glare")])
def test_light_is_asked_for(level: int, hint: str) -> None:
    def picture(t: float, seq: int) -> Frame:
        frame = puppet.frame(t, seq)
        return replace(frame, pixels=(frame.pixels // 128 + level).astype("uint8"))

    assert run(picture=picture, most_s=3).hints() == {hint}


def test_a_face_that_goes_away_begins_again() -> None:
    result = run(bend=lambda act, t: None if 2 < t < 4 else act)
    assert "face_lost" in {step.failure for step in result.steps}
    assert result.decision.verdict == "live"
    assert result.session.attempt == 2


def last_prompt(result: Run) -> float:
    """When the last step was asked for, at 10 frames a second."""
    return (
        next(i for i, step in enumerate(result.steps) if step.step == step.total and step.count and step.time_left_s)
        / 10
    )


def test_the_picture_is_of_the_take_that_did_the_last_step() -> None:
    usual = run()
    assert usual.session.best is not None
    begin = last_prompt(usual)
    assert usual.session.best.t < begin
    # gone for a moment right after the last prompt: what was seen before may have been somebody else
    result = run(bend=lambda act, t: None if begin + 0.05 < t < begin + 0.35 else act)
    assert result.decision.verdict == "live"
    assert result.session.attempt == 1
    assert result.session.best is not None
    assert result.session.best.t > begin + 0.3


def test_without_a_picture_the_person_is_asked_for_one_and_must_not_be_swapped() -> None:
    fixed = POLICY.overridden({"session": {"sequence": ["turn_left"]}})
    begin = last_prompt(run(policy=fixed))

    def turned(act: Act, t: float, *, gone: bool = False) -> Act | None:
        """Lost at the prompt; comes back with the chin too high for a picture, turns, and keeps it there."""
        if begin < t < begin + 0.2 or (gone and begin + 4 < t < begin + 4.2):
            return None
        return replace(act, pitch=-17.0 * (begin < t < begin + 4.5))

    result = run(policy=fixed, bend=turned)
    assert "closing" in {step.state for step in result.steps}
    assert result.decision.verdict == "live"
    assert result.session.best is not None
    assert result.session.best.t > begin + 4.4
    swapped = run(policy=fixed, bend=lambda act, t: turned(act, t, gone=True))
    assert "face_lost" in {step.failure for step in swapped.steps}


def test_a_photograph_shown_before_the_first_action_is_not_in_the_result() -> None:
    def photo_first(act: Act, t: float) -> Act | None:
        return None if 1.0 < t < 1.3 else replace(act, iod=110.0 if t > 1.2 else 130.0)

    result = run(bend=photo_first)
    assert result.decision.verdict == "live"
    assert result.session.best is not None
    assert result.session.best.t > 1.2


def test_the_person_learns_no_step_to_come() -> None:
    for step in run().steps:
        assert step.prompt in ("baseline", "pause", "", *POLICY.session.pool)
    paused = [step for step in run().steps if step.prompt == "pause"]
    assert len({step.instruction for step in paused}) == 1


def test_a_finished_session_stays_as_it_is() -> None:
    done = run()
    after, step = s.advance(done.session, puppet.frame(99, 999), puppet.look(puppet.NEUTRAL), POLICY)
    assert after == done.session
    assert step.finished
