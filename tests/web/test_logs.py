"""What the access log may say."""

import logging

import pytest

from lifesign.web.logs import redacted, redacted_access_log

ID = "liveness_1730820600_Zm9vYmFyYmF6cXV4cXV1eA"


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        (f"/status/{ID}", "/status/liveness_1730820…"),
        (f"/status/{ID}?token=secret", "/status/liveness_1730820…"),
        ("/health?who=me", "/health"),
        ("/status/nobody", "/status/nobody"),
        ("/", "/"),
    ],
)
def test_ids_are_cut_and_queries_are_gone(path: str, logged: str) -> None:
    assert redacted(path) == logged
    assert redacted(logged) == logged


def test_the_access_log_is_redacted_while_the_service_runs(caplog: pytest.LogCaptureFixture) -> None:
    access = logging.getLogger("uvicorn.access")
    record = ('%s - "%s %s HTTP/%s" %d', "127.0.0.1:1", "GET", f"/status/{ID}?a=b", "1.1", 200)
    with caplog.at_level(logging.INFO, "uvicorn.access"):
        with redacted_access_log():
            access.info(*record)
        access.info(*record)
    inside, outside = (entry.getMessage() for entry in caplog.records)
    assert inside == '127.0.0.1:1 - "GET /status/liveness_1730820… HTTP/1.1" 200'
    assert ID in outside  # the filter went with the service
