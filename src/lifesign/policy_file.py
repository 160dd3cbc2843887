"""The policy of a deployment: the defaults, a policy.toml, and single limits on top."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lifesign.core.policy import Accessibility, Policy, unsatisfied
from lifesign.errors import PolicyError


def read_policy(path: Path | None, changes: Mapping[str, Any] | None = None) -> Policy:
    """The policy with the changes of the TOML file at `path`, then of `changes`. Raises PolicyError."""
    policy = Policy()
    if path is not None:
        try:
            policy = policy.overridden(tomllib.loads(path.read_text(encoding="utf-8")))
        except OSError as error:
            raise PolicyError(f"the policy {path} cannot be read: {error.strerror}") from error
        except ValueError as error:
            raise PolicyError(f"the policy {path} is not TOML: {error}") from error
    policy = policy.overridden(changes or {})
    if problem := unsatisfied(policy, Accessibility()):
        raise PolicyError(f"the policy can never be met: {problem}")
    return policy
