"""The limits as the window shows them: all there, with units, notes, and back into a policy file."""

from __future__ import annotations

import tomllib

import pytest

from lifesign.core import challenges
from lifesign.core.policy import Policy
from lifesign.desktop import limits
from lifesign.desktop.words import clock, limit_name


@pytest.mark.parametrize("kind", sorted(challenges.REGISTRY))
def test_every_number_of_every_challenge_is_there_and_inside_its_slider(kind: str) -> None:
    policy = Policy()
    shown = limits.of(kind, policy, policy)
    table = policy.table()["challenges"][kind]  # what a policy file can say
    assert shown
    assert {limit.place[-1]: limit.value for limit in shown} == {
        name: value for name, value in table.items() if isinstance(value, int | float)
    }
    assert [limit for limit in shown if not limit.low <= limit.value <= limit.high or limit.low >= limit.high] == []


def test_the_documented_thresholds() -> None:
    policy = Policy().overridden({"blink_threshold": 0.3, "left_threshold": -0.1})
    values = {limit.name: limit.value for limit in limits.documented(policy, Policy())}
    assert values == {"Blink threshold": 0.3, "Left threshold": -0.1, "Right threshold": 0.2}


def test_notes_are_of_the_source() -> None:
    assert "under-reports" in limits.notes("turn_left")["yaw_deg"]
    assert "bridged" in limits.notes("turn_left")["gap_s"], "of the base class"


def test_changed_limits_go_into_a_policy_file_and_back() -> None:
    base = Policy()
    moved = base.overridden({"challenges": {"blink": {"blink_threshold": 0.5}, "smile": {"hold_s": 0.6}}})
    changed = limits.changed(moved, base)
    assert set(changed) == {("challenges", "blink", "blink_threshold"), ("challenges", "smile", "hold_s")}
    assert base.overridden(tomllib.loads(limits.as_toml(changed))).id == moved.id


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("hold_s", ("Hold", "s")), ("cut_deg_s", ("Cut", "°/s")), ("yaw_deg", ("Yaw", "°")),
        ("gap", ("Gap", "")), ("ear_threshold", ("Ear threshold", "")),
    ],
)  # fmt: skip
def test_units_are_read_off_the_names(name: str, shown: tuple[str, str]) -> None:
    assert limit_name(name) == shown


def test_clocks() -> None:
    assert [clock(0), clock(7.256), clock(83.25), clock(3600)] == ["0:00.00", "0:07.26", "1:23.25", "60:00.00"]
