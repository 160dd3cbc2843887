"""Writes docs/reference.md from the code. A test fails when the two differ: run this again then.

python docs/make_reference.py
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from pydantic import AliasChoices

from lifesign.core import quality
from lifesign.core.policy import DOCUMENTED, Policy
from lifesign.core.reasons import REASONS
from lifesign.core.types import Hint
from lifesign.settings import Settings
from lifesign.web.http import OPERATIONS
from lifesign.web.problems import CODES

PAGE = Path(__file__).with_name("reference.md")


def reference() -> str:
    policy = Policy()
    return "\n".join(
        [
            "# Reference",
            "",
            "Made from the code by `python docs/make_reference.py`; a test fails when it is out of date.",
            *section("Routes", ("route", "what for"), routes()),
            "",
            "The page's files are under `/static`. Errors are RFC 9457 problem JSON with `success: false`, `error` (a",
            "sentence), `code`, `status`, `title` and `type`.",
            *section("Error codes", ("code", "status", "meaning"), codes()),
            *section("Reasons", ("code", "meaning"), ((f"`{code}`", text) for code, text in REASONS.items())),
            *section("Hints", ("code", "what the person is told"), hints()),
            *section("Settings", ("variable", "default", "meaning"), settings()),
            "",
            "`.env` in the working folder is read too; the environment wins. Those that the reference documentation",
            f"names work without the prefix as well: {', '.join(bare())}.",
            "",
            "## Policy",
            "",
            f"`lifesign policy show` prints it; the one below has the id `{policy.id}`. `LIFESIGN_POLICY_PATH` names a",
            "TOML file with what shall differ, such as `[challenges.nod]` and `pitch_deg = 12`. Unknown names are errors.",
            "",
            "The documented names stand at the top of that file, or are settings as above:",
            *section("Documented names", ("name", "limit", "default"), documented(policy), level="###"),
            *limits("session", policy.session),
            *limits("baseline", policy.baseline),
            *limits("quality", policy.quality),
            *(
                line
                for kind, value in sorted(policy.challenges.items())
                for line in limits(f"challenges.{kind}", value)
            ),
            *(line for kind, value in sorted(policy.cues.items()) for line in limits(f"cues.{kind}", value)),
            "",
        ]
    )


def section(title: str, head: tuple[str, ...], rows: Iterator[tuple[str, ...]], level: str = "##") -> list[str]:
    lines = ["", f"{level} {title}", "", f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    return lines + [f"| {' | '.join(row)} |" for row in rows]


def routes() -> Iterator[tuple[str, ...]]:
    for operation in OPERATIONS:
        yield (
            f"`{operation.method} {operation.path}`",
            operation.summary + (" Backend only." if operation.backend else ""),
        )


def codes() -> Iterator[tuple[str, ...]]:
    for code, kind in sorted(CODES.items()):
        yield f"`{code}`", str(int(kind.status)), kind.meaning


def hints() -> Iterator[tuple[str, ...]]:
    for value in vars(quality).values():
        if isinstance(value, Hint):
            yield f"`{value.code}`", value.message


def settings() -> Iterator[tuple[str, ...]]:
    for name, field in Settings.model_fields.items():
        default = "–" if field.default in (None, ()) else f"`{field.default}`"
        yield f"`LIFESIGN_{name.upper()}`", default, field.description or ""


def bare() -> Iterator[str]:
    for field in Settings.model_fields.values():
        if isinstance(field.validation_alias, AliasChoices):
            yield f"`{field.validation_alias.choices[-1]}`"


def documented(policy: Policy) -> Iterator[tuple[str, ...]]:
    for name, place in DOCUMENTED.items():
        value: Any = policy.table()
        for step in place:
            value = value[step]
        yield f"`{name}`", f"`{'.'.join(place)}`", "–" if value in ((), []) else f"`{value}`"


def limits(name: str, value: Any) -> list[str]:
    said = docstrings(type(value))
    rows = ((f"`{f.name}`", f"`{getattr(value, f.name)}`", said.get(f.name, "")) for f in fields(value))
    return section(f"`[{name}]`", ("limit", "default", "meaning"), rows, "###")


def docstrings(cls: type) -> dict[str, str]:
    """Name of a field to the string that stands below it, its parents' first."""
    found = docstrings(cls.__base__) if cls.__base__ not in (None, object) else {}
    body = ast.parse(textwrap.dedent(inspect.getsource(cls))).body[0]
    assert isinstance(body, ast.ClassDef)
    for field, below in zip(body.body, body.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(below, ast.Expr) and isinstance(field.target, ast.Name):
            found[field.target.id] = " ".join(str(ast.literal_eval(below.value)).split())
    return found


if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
