"""Access logs without secrets: a session id is the person's capability, and a query string may hold anything."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

SHOWN: Final = 16  # enough to find a session by the second it was made in
_PREFIX: Final = "liveness_"
_ID: Final = re.compile(rf"({_PREFIX}[A-Za-z0-9_-]{{{SHOWN - len(_PREFIX)}}})[A-Za-z0-9_-]+")
_ACCESS_LOG: Final = "uvicorn.access"
_PATH: Final = 2  # where uvicorn's access records have the path: client, method, path, version, status


class Redaction(logging.Filter):
    """Shortens session ids and cuts off query strings in uvicorn's access records."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple) and len(record.args) > _PATH:
            path = redacted(str(record.args[_PATH]))
            record.args = (*record.args[:_PATH], path, *record.args[_PATH + 1 :])
        return True


def redacted(path: str) -> str:
    """A path as it may be logged."""
    return _ID.sub(r"\1…", path.partition("?")[0])


@contextmanager
def redacted_access_log() -> Iterator[None]:
    """Redact on the logger itself: then it holds for uvicorn and for gunicorn, whatever handlers they bring."""
    logger, redaction = logging.getLogger(_ACCESS_LOG), Redaction()
    logger.addFilter(redaction)
    try:
        yield
    finally:
        logger.removeFilter(redaction)
