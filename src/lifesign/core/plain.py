"""Values as JSON's types and back."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from lifesign.core.challenges import Challenge
from lifesign.core.cues import Cue


def plain(value: Any) -> Any:
    """A dataclass as JSON's types; tuples of numbers pass as they are. Challenges and cues carry their kind."""
    if is_dataclass(value) and not isinstance(value, type):
        named = {f.name: plain(getattr(value, f.name)) for f in fields(value)}
        return {"kind": value.kind, **named} if isinstance(value, Challenge | Cue) else named
    if isinstance(value, tuple) and value and is_dataclass(value[0]):
        return [plain(item) for item in value]
    return value


def restored(kind: type, raw: dict[str, Any]) -> Any:
    """The dataclass `kind` from what `plain` made of it; lists become tuples."""
    return kind(**{name: tuples(value) for name, value in raw.items()})


def tuples(value: Any) -> Any:
    return tuple(tuples(item) for item in value) if isinstance(value, list) else value
