"""Everything Lifesign says no with. Each class has a stable `code`; how HTTP or the shell shows it is theirs.

`spoof` and `inconclusive` are results, not errors, and are not here.
"""

from typing import ClassVar


class LifesignError(Exception):
    """Base of all errors that a caller can act on. `str(error)` is one sentence that says what to do."""

    code: ClassVar[str] = "error"


class BadFrameError(LifesignError):
    """The bytes are no picture that can be looked at. `code` (per instance) is one of
    `not_an_image truncated_image unsupported_image image_too_large image_too_small bad_base64`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code  # type: ignore[misc]  # narrowed: one class, a small closed set of codes


class UnknownSessionError(LifesignError):
    """No such session, or no longer: unknown, swept and foreign ids look alike."""

    code = "unknown_session"


class SessionExpiredError(LifesignError):
    """The session was good once; its time is over."""

    code = "session_expired"


class SessionFinishedError(LifesignError):
    """The session is decided already; no more frames are taken."""

    code = "session_finished"


class NotCompleteError(LifesignError):
    """`complete` was asked before the session was decided."""

    code = "not_complete"


class AlreadyConsumedError(LifesignError):
    """The result was handed out once already and the time for repeating it is over."""

    code = "already_consumed"


class TooManySessionsError(LifesignError):
    """The limit of open sessions is reached."""

    code = "too_many_sessions"


class PolicyError(LifesignError):
    """A policy that names an unknown limit, or one that no plan can satisfy."""

    code = "bad_policy"


class UnwritableError(LifesignError):
    """A file of a report cannot be written."""

    code = "output_unwritable"


class ModelError(LifesignError):
    """Base of what can be wrong with model files."""

    code = "model_error"


class ModelMissingError(ModelError):
    """The file is nowhere, or no source could be reached."""

    code = "model_missing"


class ModelAlteredError(ModelError):
    """The bytes are not the ones pinned in models.toml."""

    code = "model_altered"


class TokenError(LifesignError):
    """The token is malformed, expired, for someone else, or not signed by a known key."""

    code = "bad_token"


class ClipError(LifesignError):
    """The clip, picture or camera cannot be read."""

    code = "clip_unreadable"


class DesktopError(LifesignError):
    """The desktop program cannot run here."""

    code = "desktop_unavailable"


class SettingsError(LifesignError):
    """The deployment's settings contradict each other or the machine."""

    code = "bad_settings"
