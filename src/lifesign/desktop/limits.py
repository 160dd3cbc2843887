"""Limits as something to be moved: read off the Limits dataclasses, with their units and notes."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Final

from lifesign.core import challenges
from lifesign.core.policy import DOCUMENTED, Policy
from lifesign.desktop.words import limit_name
from lifesign.report.words import spoken

REACH: Final = 2.5  # the slider goes to so many times the value that it stands on at first
FINE_BELOW: Final = 0.2  # smaller limits are set to a thousandth
SEVERAL: Final = 6  # a count that is not set goes up to this: the documented number of blinks
SHOWN: Final = ("blink_threshold", "left_threshold", "right_threshold")
"""of the documented names those that are numbers for the desktop program"""

Place = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """`place`: where it is in the policy's table. `low`, `high`: where a slider goes. `note`: of the source code, what
    it means and which measurement set it."""

    place: Place
    name: str
    unit: str
    value: float
    default: float
    low: float
    high: float
    decimals: int
    note: str


def documented(policy: Policy, base: Policy) -> tuple[Limit, ...]:
    """The thresholds that the reference names."""
    places = ((name, DOCUMENTED[name]) for name in SHOWN)
    return tuple(_limit(spoken(name), "", place, policy, base) for name, place in places)


def of(kind: str, policy: Policy, base: Policy) -> tuple[Limit, ...]:
    """Every number of one challenge."""
    limits = policy.challenges[kind]
    numbers = [field.name for field in fields(limits) if isinstance(getattr(limits, field.name), int | float)]
    return tuple(_limit(*limit_name(name), ("challenges", kind, name), policy, base) for name in numbers)


def nested(place: Place, value: float) -> dict[str, Any]:
    """The table that overrides one limit."""
    table: Any = value
    for name in reversed(place):
        table = {name: table}
    found: dict[str, Any] = table
    return found


def changed(policy: Policy, base: Policy) -> dict[Place, float]:
    """The challenges' limits that differ."""
    return {
        limit.place: limit.value
        for kind in sorted(policy.challenges)
        for limit in of(kind, policy, base)
        if limit.value != limit.default
    }


def as_toml(limits: Mapping[Place, float]) -> str:
    """A policy.toml of just these."""
    tables: dict[str, list[str]] = {}
    for place, value in limits.items():
        tables.setdefault(".".join(place[:-1]), []).append(f"{place[-1]} = {value:g}")
    return "\n".join(line for name, lines in tables.items() for line in (f"[{name}]", *lines, ""))


def _limit(name: str, unit: str, place: Place, policy: Policy, base: Policy) -> Limit:
    value, default = standing(place, policy), standing(place, base)
    whole = isinstance(default, int)
    unset = (SEVERAL if whole else 1.0) if default == 0 else 0.0
    reach = max(abs(default) * REACH, abs(value), unset)
    return Limit(
        place=place,
        name=name,
        unit=unit,
        value=value,
        default=default,
        low=-reach if default < 0 else 0.0,
        high=0.0 if default < 0 else reach,
        decimals=0 if whole else 3 if 0 < abs(default) < FINE_BELOW else 2,
        note=notes(place[1]).get(place[2], ""),
    )


def standing(place: Place, policy: Policy) -> float:
    """The value of a challenge's limit."""
    _, kind, name = place
    value: float = getattr(policy.challenges[kind], name)
    return value


@cache
def notes(kind: str) -> dict[str, str]:
    """What stands below each of a challenge's limits in the source; empty where there is no source to be read."""
    found: dict[str, str] = {}
    for cls in reversed(inspect.getmro(challenges.REGISTRY[kind].limits_type)):
        if cls is object:
            continue
        try:
            source = textwrap.dedent(inspect.getsource(cls))
        except OSError:  # a package without its sources
            continue
        body = ast.parse(source).body[0]
        waiting: list[str] = []
        for line in body.body if isinstance(body, ast.ClassDef) else ():
            if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
                waiting.append(line.target.id)
            elif isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant) and waiting:
                note = " ".join(str(line.value.value).split())
                # one note may be about several fields above it, but for those whose note stands in the base class
                found |= {name: note for name in waiting if name == waiting[-1] or name not in found}
                waiting = []
    return found
