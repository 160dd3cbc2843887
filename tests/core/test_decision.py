"""Gates, in order."""

from __future__ import annotations

from dataclasses import replace

from lifesign.core.cues.continuity import Continuity
from lifesign.core.decision import decide
from tests.core.test_session import run

PASSED = run().session


def test_a_cue_that_denies_outweighs_every_step_done() -> None:
    denied = replace(PASSED, cues=(Continuity(verdict="deny", reason="frozen_frames"),))
    decision = decide(denied, {"net": "sha"}, 1.0)
    assert decision.verdict == "spoof"
    assert decision.reasons == ("frozen_frames",)
    assert decision.evidence[0].verdict == "deny"


def test_no_picture_is_inconclusive_never_live() -> None:
    decision = decide(replace(PASSED, best=None), {}, 1.0)
    assert (decision.verdict, decision.reasons) == ("inconclusive", ("no_neutral_frame",))


def test_suspicion_is_listed() -> None:
    decision = decide(replace(PASSED, cues=(Continuity(verdict="suspect", reason="why"),)), {}, 1.0)
    assert (decision.verdict, decision.reasons) == ("live", ("challenges_passed", "why"))


def test_an_unfinished_session_is_inconclusive() -> None:
    decision = decide(replace(PASSED, state="steps", finished_at=None), {}, 7.0)
    assert (decision.verdict, decision.reasons, decision.decided_at) == ("inconclusive", ("not_finished",), 7.0)


def test_the_decision_names_what_it_stands_on() -> None:
    decision = decide(PASSED, {"net": "sha"}, 1.0)
    assert decision.models == (("net", "sha"),)
    assert decision.policy_id == PASSED.policy_id
    assert len(decision.challenges) == 3
    assert decision.challenge_entropy_bits > 4.5
