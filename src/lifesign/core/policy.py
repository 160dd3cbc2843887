"""Policy: every limit in one value, overridable by name, with an id; and the random plans drawn from it.

Policy is about security and travels with every decision; settings are about the deployment and never mix with it.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from itertools import permutations
from typing import Any, Final, Self

from lifesign.core import challenges, cues
from lifesign.core.baseline import BaselineLimits
from lifesign.core.challenges import Challenge
from lifesign.core.quality import QualityLimits
from lifesign.errors import PolicyError

DOCUMENTED: Final = {
    "challenge_sequence": ("session", "sequence"),
    "blink_required": ("challenges", "blink", "blink_required"),
    "ear_threshold": ("challenges", "blink", "ear_threshold"),
    "blink_threshold": ("challenges", "blink", "blink_threshold"),
    "left_threshold": ("challenges", "turn_left", "left_threshold"),
    "right_threshold": ("challenges", "turn_right", "right_threshold"),
}
"""names that the reference documents, and where they are"""

ASKED: Final = tuple(kind for kind, cls in sorted(challenges.REGISTRY.items()) if cls.asked)
"""kinds that a person can be asked for"""

DRAWN: Final = tuple(kind for kind in ASKED if challenges.REGISTRY[kind].family)
"""those that prove something, and may be drawn at random"""

MOST_STEPS: Final = 5  # all plans are listed and one is drawn: 15,120 at most
ID_LENGTH: Final = 16  # hex digits of the hash: 64 bits name a policy well enough


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLimits:
    steps: int = 3
    attempts: int = 3
    """a failed attempt draws a new plan; the last failed one ends the session"""
    baseline_s: float = 60.0
    """time for getting ready and looking straight: hints need it, a place kept for ever does not"""
    step_s: float = 8.0
    """time for one step"""
    extra_time: float = 2.0
    """the factor on both for people who need longer"""
    pause_s: tuple[float, float] = (0.3, 1.3)
    """random pause before each prompt: a recording cannot know when to begin"""
    anticipation_s: float = 0.25
    """nobody reacts sooner: an earlier answer was not to the prompt"""
    sequence: tuple[str, ...] = ()
    """a fixed plan of kinds instead of a random one, as in CENTER, BLINK, CENTER; lowers the assurance"""
    pool: tuple[str, ...] = (
        "blink", "brow_raise", "mouth_open", "nod", "smile", "turn_left", "turn_right", "wink_left", "wink_right",
    )  # fmt: skip
    """kinds that random plans are drawn from. tongue_out can be put in: docs/decisions.md says why it is not there"""
    repeats: int = 3
    """`step_s` is enough for this many of an action; more get more time"""

    def __post_init__(self) -> None:
        if min(self.steps, self.attempts, self.repeats) < 1 or self.steps > MOST_STEPS:
            raise PolicyError(f"policy.session: steps, attempts and repeats are at least 1, steps at most {MOST_STEPS}")
        if not 0 <= self.pause_s[0] <= self.pause_s[1]:
            raise PolicyError("policy.session.pause_s is the shortest and the longest pause, in this order")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """All limits. Two policies with equal limits have the same `id`."""

    session: SessionLimits = field(default_factory=SessionLimits)
    baseline: BaselineLimits = field(default_factory=BaselineLimits)
    quality: QualityLimits = field(default_factory=QualityLimits)
    challenges: Mapping[str, Any] = field(
        default_factory=lambda: {kind: cls.limits_type() for kind, cls in challenges.REGISTRY.items()}
    )
    cues: Mapping[str, Any] = field(
        default_factory=lambda: {kind: cls.limits_type() for kind, cls in cues.REGISTRY.items()}
    )

    def table(self) -> dict[str, Any]:
        """Every limit as nested plain values, in the shape `overridden` takes."""
        return {
            "session": asdict(self.session),
            "baseline": asdict(self.baseline),
            "quality": asdict(self.quality),
            "challenges": {kind: asdict(limits) for kind, limits in sorted(self.challenges.items())},
            "cues": {kind: asdict(limits) for kind, limits in sorted(self.cues.items())},
        }

    def counts(self, kind: str) -> tuple[int, ...]:
        """How often this kind may be asked for in one step."""
        return challenges.REGISTRY[kind].counts(self.challenges[kind])

    @property
    def id(self) -> str:
        canonical = json.dumps(self.table(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()[:ID_LENGTH]

    def overridden(self, table: Mapping[str, Any]) -> Self:
        """This policy with the named limits changed; the `DOCUMENTED` names may stand at the top. Raises PolicyError
        for unknown names and wrong types."""
        own = {name: value for name, value in table.items() if name not in DOCUMENTED}
        changed: Self = _override(self, own, "policy", also=DOCUMENTED)
        for name, place in DOCUMENTED.items():
            if name in table:
                nested = table[name]
                for step in reversed(place):
                    nested = {step: nested}
                changed = _override(changed, nested, "policy")
        return changed


def _override(value: Any, table: Mapping[str, Any], path: str, also: Iterable[str] = ()) -> Any:
    old: dict[str, Any] = dict(value) if isinstance(value, Mapping) else _fields(value)
    for name in table:
        if name not in old:
            known = ", ".join(sorted((*old, *also)))
            raise PolicyError(f"{path}: there is no limit called {name!r}; there are {known}")
    changed = {name: _checked(old[name], new, f"{path}.{name}") for name, new in table.items()}
    return {**value, **changed} if isinstance(value, Mapping) else replace(value, **changed)


def _fields(value: Any) -> dict[str, Any]:
    return {f.name: getattr(value, f.name) for f in fields(value)}


def _checked(old: Any, new: Any, path: str) -> Any:
    if is_dataclass(old) or isinstance(old, Mapping):
        if not isinstance(new, Mapping):
            raise PolicyError(f"{path} is a table of limits, not {new!r}")
        return _override(old, new, path)
    if isinstance(old, tuple):
        if not isinstance(new, list | tuple):
            raise PolicyError(f"{path} is a list, not {new!r}")
        if path.endswith(".sequence"):
            return _kinds(new, path, ASKED)
        if path.endswith(".pool"):
            return _kinds(new, path, DRAWN)
        if len(new) != len(old):
            raise PolicyError(f"{path} takes {len(old)} numbers, not {len(new)}")
        return tuple(_checked(a, b, path) for a, b in zip(old, new, strict=True))
    number = isinstance(new, int | float) and not isinstance(new, bool) and math.isfinite(new)
    if not number or (isinstance(old, int) and not isinstance(new, int)):
        kind = "a whole number" if isinstance(old, int) else "a number"
        raise PolicyError(f"{path} is {kind}, not {new!r}")
    if (new < 0 <= old) or (new == 0 < old and not path.endswith("_s")):  # a time may be nothing, a measure not
        raise PolicyError(f"{path} is {'above' if old else 'not below'} 0, not {new!r}")
    return type(old)(new)


def _kinds(names: Any, path: str, known: tuple[str, ...]) -> tuple[str, ...]:
    kinds = tuple(str(name).lower() for name in names)
    for kind in kinds:
        if kind not in known:
            raise PolicyError(f"{path}: there is no challenge called {kind!r}; there are {', '.join(known)}")
    return kinds


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """A random stream from one secret: SHA-256 of the secret and a label. The secret comes from the system's CSPRNG;
    with it in the session, a session can be replayed exactly."""

    secret: str

    def unit(self, label: str) -> float:
        """Uniform in [0, 1), 53 bits."""
        digest = hashlib.sha256(f"{self.secret}/{label}".encode()).digest()
        return (int.from_bytes(digest[:8], "big") >> 11) / (1 << 53)

    def index(self, label: str, size: int) -> int:
        return int(self.unit(label) * size)

    def between(self, label: str, least: float, most: float) -> float:
        return least + (most - least) * self.unit(label)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accessibility:
    """What this person cannot or should not do."""

    no_flash: bool = False
    no_motion: bool = False
    """no head movements"""
    extra_time: bool = False
    skip: tuple[str, ...] = ()
    """kinds of challenges"""

    def allows(self, kind: str) -> bool:
        """Whether this kind may be asked of this person, and counts as wrong when it was not asked for."""
        return kind not in self.skip and not (self.no_motion and challenges.REGISTRY[kind].family == "head")


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One step of a plan."""

    kind: str
    count: int = 1

    @property
    def challenge(self) -> type[Challenge]:
        return challenges.REGISTRY[self.kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is asked for, in order. `entropy_bits`: log2 of how many orders of kinds were equally likely; 0 for a fixed
    one. How often to blink is not counted: a recording of three blinks answers two as well."""

    tasks: tuple[Task, ...]
    entropy_bits: float
    fixed: bool


def draw(policy: Policy, chance: Chance, label: str, access: Accessibility, *, eyes: bool) -> Plan | None:
    """A plan drawn uniformly from all orders of kinds that are possible, then how often each is asked for. None when
    there are too few kinds. `eyes`: whether eye actions can be judged."""
    fixed = policy.session.sequence
    if fixed:
        if not eyes and any(challenges.REGISTRY[kind].lids for kind in fixed):
            return None
        tasks = tuple(Task(kind=kind, count=min(policy.counts(kind))) for kind in fixed)
        return Plan(tasks=tasks, entropy_bits=0.0, fixed=True)
    space = plans(policy, access, eyes=eyes)
    if not space:
        return None
    kinds = space[chance.index(f"{label}/plan", len(space))]
    counts = [policy.counts(kind) for kind in kinds]
    tasks = tuple(
        Task(kind=kind, count=some[chance.index(f"{label}/count {i}", len(some))])
        for i, (kind, some) in enumerate(zip(kinds, counts, strict=True))
    )
    return Plan(tasks=tasks, entropy_bits=math.log2(len(space)), fixed=False)


def plans(policy: Policy, access: Accessibility, *, eyes: bool) -> list[tuple[str, ...]]:
    """Every order of kinds that `draw` may draw: one of each family as far as there are families, no kind twice."""
    family = {
        kind: challenges.REGISTRY[kind].family
        for kind in sorted(set(policy.session.pool))
        if access.allows(kind) and (eyes or not challenges.REGISTRY[kind].lids)
    }
    size = policy.session.steps
    families = min(size, len(set(family.values())))
    return [kinds for kinds in permutations(family, size) if len({family[kind] for kind in kinds}) == families]


def unsatisfied(policy: Policy, access: Accessibility) -> str:
    """Why no plan can be drawn for such a person, or an empty string."""
    unknown = sorted(set(access.skip) - set(ASKED))
    if unknown:
        return f"skip: there is no challenge called {unknown[0]!r}; there are {', '.join(ASKED)}"
    fixed = policy.session.sequence
    cannot = {kind for kind in fixed if not access.allows(kind)}
    if cannot:
        return f"the plan is fixed and asks for {', '.join(sorted(cannot))}"
    if not fixed and not plans(policy, access, eyes=True):
        return f"fewer than {policy.session.steps} different challenges remain, which the policy asks for"
    return ""
