"""Limits by name, plans by chance."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifesign.core.policy import DOCUMENTED, Accessibility, Chance, Policy, draw, plans, unsatisfied
from lifesign.errors import PolicyError

NOBODY = Accessibility()


def test_overriding_changes_the_limit_and_the_id() -> None:
    policy = Policy().overridden({"challenges": {"blink": {"sway_deg": 10}}, "session": {"steps": 2}})
    assert policy.challenges["blink"].sway_deg == 10.0
    assert policy.session.steps == 2
    assert policy.id != Policy().id == Policy().overridden({}).id


def test_the_table_of_a_policy_makes_the_same_policy() -> None:
    policy = Policy().overridden({"session": {"sequence": ["center", "blink"]}})
    assert Policy().overridden(policy.table()).id == policy.id


@pytest.mark.parametrize(
    "table",
    [
        {"sesion": {}},
        {"session": {"step": 3}},
        {"challenges": {"wave": {}}},
        {"challenges": {"blink": {"blink_threshold": "0.5"}}},
        {"challenges": {"blink": {"blink_threshold": float("nan")}}},
        {"challenges": {"smile": {"blink_threshold": 0.5}}},
        {"blink_threshold": 1.0},
        {"blink_threshold": "0.2"},
        {"ear_threshold": -0.1},
        {"blink_required": -1},
        {"blink_required": 2.5},
        {"left_threshold": 0.15},
        {"right_threshold": -0.1},
        {"BLINK_THRESHOLD": 0.2},
        {"challenges": {"blink": 3}},
        {"session": {"steps": 2.5}},
        {"session": {"steps": True}},
        {"session": {"pause_s": [1.0]}},
        {"session": {"steps": 0}},
        {"session": {"steps": 6}},
        {"session": {"attempts": -1}},
        {"session": {"pause_s": [5, 1]}},
        {"session": {"sequence": ["WAVE"]}},
        {"session": {"sequence": ["eyes_closed"]}},
        {"session": {"pool": ["eyes_closed"]}},
        {"session": {"pool": ["center", "blink", "smile", "nod"]}},
        {"session": {"step_s": -1}},
        {"session": {"anticipation_s": -0.1}},
        {"challenges": {"mouth_open": {"whole_jaw": 0}}},
        {"challenges": {"nod": {"pitch_deg": 0}}},
        {"challenges": {"smile": {"smile": -1}}},
        {"challenges": {"blink": {"least_s": 0.9}}},
        {"quality": {"motion": 0.0}},
        {"blink_required": 100_000},
        {"challenge_sequence": ["WAVE"]},
        {"session": {"sequence": "BLINK"}},
    ],
)
def test_what_is_unknown_or_no_number_is_an_error(table: dict[str, Any]) -> None:
    with pytest.raises(PolicyError):
        Policy().overridden(table)


@given(secret=st.text(), attempt=st.integers(1, 3), eyes=st.booleans())
def test_a_plan_has_one_task_of_each_family_and_no_kind_twice(secret: str, attempt: int, eyes: bool) -> None:
    drawn = draw(Policy(), Chance(secret=secret), str(attempt), NOBODY, eyes=eyes)
    assert drawn is not None
    families = Counter(task.challenge.family for task in drawn.tasks)
    assert len(drawn.tasks) == len({task.kind for task in drawn.tasks}) == 3
    assert set(families) == ({"eyes", "head", "face"} if eyes else {"head", "face"})
    assert all(task.count in Policy().counts(task.kind) for task in drawn.tasks)


def test_plans_are_drawn_evenly_and_the_entropy_is_theirs() -> None:
    space = plans(Policy(), NOBODY, eyes=True)
    assert len(space) == len(set(space)) == 3 * 3 * 3 * math.factorial(3)
    each = 50
    drawn = [draw(Policy(), Chance(secret=str(i)), "1", NOBODY, eyes=True) for i in range(each * len(space))]
    counts = Counter(tuple(task.kind for task in one.tasks) for one in drawn if one)
    assert set(counts) == set(space)
    chi2 = sum((count - each) ** 2 / each for count in counts.values())
    assert chi2 < 206  # 161 degrees of freedom: the 1 % point, and the draw is the same every time
    assert drawn[0] is not None
    assert drawn[0].entropy_bits == pytest.approx(math.log2(len(space))), "the two counts of blinks are one kind"
    blinks = Counter(task.count for one in drawn if one for task in one.tasks if task.kind == "blink")
    assert set(blinks) == {2, 3}
    assert 0.9 < blinks[2] / blinks[3] < 1.1


def test_documented_names_are_limits() -> None:
    names = {
        "challenge_sequence": ["CENTER", "BLINK", "CENTER"],
        "blink_required": 6,
        "ear_threshold": 0.25,
        "blink_threshold": 0.2,
        "left_threshold": -0.15,
        "right_threshold": 0.1,
    }
    assert set(names) == set(DOCUMENTED)
    policy = Policy().overridden(names)
    assert policy.session.sequence == ("center", "blink", "center")
    assert policy.challenges["blink"].ear_threshold == 0.25
    assert policy.challenges["blink"].blink_threshold == 0.2
    assert policy.challenges["turn_left"].left_threshold == -0.15
    assert policy.challenges["turn_right"].right_threshold == 0.1
    drawn = draw(policy, Chance(secret="a"), "1", NOBODY, eyes=True)
    assert drawn is not None
    assert [(task.kind, task.count) for task in drawn.tasks] == [("center", 1), ("blink", 6), ("center", 1)]
    assert drawn.fixed
    assert Policy().overridden(policy.table()).id == policy.id


def test_the_pool_is_what_plans_are_drawn_from() -> None:
    everything = {kind for kinds in plans(Policy(), NOBODY, eyes=True) for kind in kinds}
    assert everything == set(Policy().session.pool)
    assert "tongue_out" not in everything
    more = Policy().overridden({"session": {"pool": [*Policy().session.pool, "tongue_out"]}})
    assert "tongue_out" in {kind for kinds in plans(more, NOBODY, eyes=True) for kind in kinds}
    few = Policy().overridden({"session": {"pool": ["blink", "smile"]}})
    assert "fewer than 3" in unsatisfied(few, NOBODY)


def test_a_new_attempt_is_a_new_draw() -> None:
    pairs = [[draw(Policy(), Chance(secret=str(i)), f"{n}", NOBODY, eyes=True) for n in (1, 2)] for i in range(100)]
    assert sum(a != b for a, b in pairs) > 90


def test_too_little_left_is_said_before_the_session_starts() -> None:
    assert unsatisfied(Policy(), NOBODY) == ""
    fixed = Policy().overridden({"session": {"sequence": ["TURN_LEFT", "BLINK"]}})
    assert unsatisfied(fixed, NOBODY) == ""
    assert "turn_left" in unsatisfied(fixed, Accessibility(no_motion=True))
    assert "blink" in unsatisfied(fixed, Accessibility(skip=("blink",)))
    assert draw(fixed, Chance(secret="a"), "1", NOBODY, eyes=False) is None
    assert "fewer than 5" in unsatisfied(
        Policy().overridden({"session": {"steps": 5, "pool": ["nod", "smile"]}}), NOBODY
    )
    assert "smile" in unsatisfied(Policy(), Accessibility(skip=("wave",)))
    still = Accessibility(no_motion=True, skip=("blink", "wink_left", "wink_right", "smile"))
    assert "3 different" in unsatisfied(Policy(), still)
    assert draw(Policy(), Chance(secret="a"), "1", still, eyes=True) is None


def test_who_can_move_neither_lids_nor_head_is_asked_for_expressions() -> None:
    drawn = draw(Policy(), Chance(secret="a"), "1", Accessibility(no_motion=True), eyes=False)
    assert drawn is not None
    assert {task.kind for task in drawn.tasks} == {"smile", "mouth_open", "brow_raise"}
    assert drawn.entropy_bits == pytest.approx(math.log2(6))
