"""Limits by name, plans by chance."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifesign.core.policy import Accessibility, Chance, Policy, draw, plans, unsatisfied
from lifesign.errors import PolicyError

NOBODY = Accessibility()


def test_overriding_changes_the_limit_and_the_id() -> None:
    policy = Policy().overridden({"challenges": {"blink": {"closes": 0.5}}, "session": {"steps": 2}})
    assert policy.challenges["blink"].closes == 0.5
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
        {"challenges": {"blink": {"closes": "0.5"}}},
        {"challenges": {"blink": {"closes": float("nan")}}},
        {"challenges": {"blink": 3}},
        {"session": {"steps": 2.5}},
        {"session": {"steps": True}},
        {"session": {"pause_s": [1.0]}},
        {"session": {"steps": 0}},
        {"session": {"attempts": -1}},
        {"session": {"pause_s": [5, 1]}},
        {"session": {"sequence": ["WAVE"]}},
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
    assert all(task.count in task.challenge.counts for task in drawn.tasks)


def test_plans_are_drawn_evenly_and_the_entropy_is_theirs() -> None:
    space = plans(Policy(), NOBODY, eyes=True)
    assert len(space) == len(set(space)) == 2 * 2 * 2 * math.factorial(3)
    draws = 200 * len(space)
    drawn = [draw(Policy(), Chance(secret=str(i)), "1", NOBODY, eyes=True) for i in range(draws)]
    counts = Counter(one.tasks for one in drawn if one)
    assert set(counts) == set(space)
    chi2 = sum((count - 200) ** 2 / 200 for count in counts.values())
    assert chi2 < 90  # 47 degrees of freedom: 72 is the 1 % point, and the draw is the same every time
    assert drawn[0] is not None
    assert drawn[0].entropy_bits == pytest.approx(math.log2(len(space) / 2)), "the two counts of blinks are one kind"


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
    assert "fewer than 9" in unsatisfied(Policy().overridden({"session": {"steps": 9}}), NOBODY)
    assert "smile" in unsatisfied(Policy(), Accessibility(skip=("wave",)))
    assert "3 different" in unsatisfied(Policy(), Accessibility(no_motion=True, skip=("blink",)))
    assert draw(Policy(), Chance(secret="a"), "1", Accessibility(no_motion=True), eyes=False) is None
