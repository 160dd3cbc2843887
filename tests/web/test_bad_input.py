"""Whatever is sent: an answer that says what is wrong, and never one of the 500s."""

import base64
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.conftest import Browserless
from tests.web.fake import JPEG

IMAGE = base64.b64encode(JPEG).decode()
JSON = {"content-type": "application/json"}
DEEP = 50_000


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "malformed_json"),
        (b"{", 400, "malformed_json"),
        (b"not json", 400, "malformed_json"),
        (b'{"session_id": "a", "image": "b"} trailing', 400, "malformed_json"),
        (b'{"session_id": "\xff\xfe", "image": "b"}', 400, "malformed_json"),
        (b'{"session_id": "\\ud800", "image": "b"}', 400, "malformed_json"),
        (b"[" * DEEP, 400, "malformed_json"),
        (b'{"session_id": ' * DEEP, 400, "malformed_json"),
        (b'{"session_id": "a", "image": ' + b"[" * DEEP + b"]" * DEEP + b"}", 400, "malformed_json"),
        (b"[]", 422, "invalid_request"),
        (b"null", 422, "invalid_request"),
        (b"1" * 5_000, 400, "malformed_json"),
        (b"NaN", 422, "invalid_request"),
        (b"{}", 422, "invalid_request"),
        (b'{"session_id": "a"}', 422, "invalid_request"),
        (b'{"session_id": 1, "image": "b"}', 422, "invalid_request"),
        (b'{"session_id": null, "image": "b"}', 422, "invalid_request"),
        (b'{"session_id": "a", "image": NaN}', 422, "invalid_request"),
        (b'{"session_id": "a", "image": ' + b"9" * 5_000 + b"}", 400, "malformed_json"),
        (b'{"session_id": "a", "image": ' + b"9" * 50 + b"}", 422, "invalid_request"),
        (b'{"session_id": "a", "image": ["b"]}', 422, "invalid_request"),
        (b'{"session_id": "' + b"a" * 129 + b'", "image": "b"}', 422, "invalid_request"),
        (b'{"session_id": "nobody", "image": "%s"}' % IMAGE.encode(), 404, "unknown_session"),
        (b'{"session_id": "\\u0000", "image": "%s"}' % IMAGE.encode(), 404, "unknown_session"),
    ],
)
def test_a_body_that_does_not_fit(call: Browserless, body: bytes, status: int, code: str) -> None:
    answer = call("POST", "/process", content=body, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.json()["status"], answer.json()["success"]) == (status, False)
    assert answer.json()["error"]


def test_a_misfit_names_the_field_and_not_its_value(call: Browserless) -> None:
    answer = call("POST", "/process", json={"session_id": 1234567, "image": "secret-picture"}).json()
    assert answer["fields"] == [{"field": "session_id", "message": "Input should be a valid string"}]
    assert "1234567" not in json.dumps(answer)
    assert "secret-picture" not in json.dumps(answer)


@pytest.mark.parametrize(
    "image",
    [
        *("", "   ", "!!!!", "abc", "a", "====", "ÿÿÿÿ", "日本語", IMAGE + "=", IMAGE[:-1] + "!"),
        *("data:", "data:image/jpeg;base64,", "data:image/jpeg;base64", "data:image/jpeg,abcd", "data:,"),
        "http://example.org/a.jpg",
    ],
)
def test_what_is_not_base64(call: Browserless, session_id: str, image: str) -> None:
    answer = call("POST", "/process", json={"session_id": session_id, "image": image})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_base64")


def test_a_picture_just_over_the_limit(call: Browserless, session_id: str) -> None:
    def sent(size: int) -> Any:
        image = base64.b64encode(bytes(size)).decode()
        return call("POST", "/process", json={"session_id": session_id, "image": image})

    assert sent(1_000_000).status_code == 200
    too_large = sent(1_000_001)
    assert (too_large.status_code, too_large.json()["code"]) == (413, "image_too_large")


def test_ten_megabytes_are_refused_by_what_is_announced_and_by_what_arrives(call: Browserless) -> None:
    body = b'{"session_id": "a", "image": "' + b"A" * 10_000_000 + b'"}'
    announced = call("POST", "/process", content=body, headers=JSON)

    async def chunks() -> Any:
        for start in range(0, len(body), 65_536):
            yield body[start : start + 65_536]

    streamed = call("POST", "/process", content=chunks(), headers=JSON)
    assert "content-length" not in streamed.request.headers
    lying = call("POST", "/process", content=body, headers={**JSON, "content-length": "10"})
    assert [answer.status_code for answer in (announced, streamed, lying)] == [413] * 3
    assert {answer.json()["code"] for answer in (announced, streamed, lying)} == {"request_too_large"}
    assert call.service.calls == []


@pytest.mark.parametrize("length", ["9" * 6000, "-", "ten", "1e3"])
def test_an_odd_content_length(call: Browserless, length: str) -> None:
    assert call("POST", "/process", content=b"{}", headers={**JSON, "content-length": length}).status_code == 413


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "x"])
def test_other_kinds_of_content(call: Browserless, session_id: str, kind: str) -> None:
    body = json.dumps({"session_id": session_id, "image": IMAGE}).encode()
    answer = call("POST", "/process", content=body, headers={"content-type": kind})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    "wishes",
    [
        {"policy": "lenient"},
        {"nonce": 1},
        {"nonce": "n" * 257},
        {"accessibility": True},
        {"accessibility": {"no_flash": "yes"}},
        {"accessibility": {"skip": "smile"}},
        {"accessibility": {"skip": ["smile"] * 17}},
        {"accessibility": {"skip": ["s" * 33]}},
    ],
)
def test_wishes_that_do_not_fit(call: Browserless, wishes: dict[str, Any]) -> None:
    answer = call("POST", "/start", json=wishes)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert call.service.calls == []


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "not_found"),
        ("GET", "/health/", 404, "not_found"),
        ("GET", "/status", 404, "not_found"),
        ("GET", "/status/", 404, "not_found"),
        ("GET", "/status/a/b", 404, "not_found"),
        ("GET", "/status/nobody", 404, "unknown_session"),
        ("GET", "/status/%00%ff", 404, "unknown_session"),
        ("GET", "/status/" + "a" * 5000, 404, "unknown_session"),
        ("GET", "/static/", 404, "not_found"),
        ("GET", "/static/nothing.js", 404, "not_found"),
        ("GET", "/static/%00", 404, "not_found"),
        ("GET", "/static/" + "a" * 5000, 404, "not_found"),
        ("GET", "/static/..%2fapp.py", 404, "not_found"),
        ("GET", "/static/%2e%2e/app.py", 404, "not_found"),
        ("POST", "/static/lifesign.js", 405, "method_not_allowed"),
        ("GET", "/process", 405, "method_not_allowed"),
        ("PUT", "/start", 405, "method_not_allowed"),
        ("DELETE", "/health", 405, "method_not_allowed"),
        ("BREW", "/health", 405, "method_not_allowed"),
    ],
)
def test_wrong_addresses_and_methods(call: Browserless, method: str, path: str, status: int, code: str) -> None:
    answer = call(method, path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert ("allow" in answer.headers) == (status == 405)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=200)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["session_id", "image", "x"]), inner, max_size=3)
        ),
        max_leaves=8,
    ).map(lambda value: json.dumps(value).encode()),
    path=st.sampled_from(["/start", "/process", "/complete"]),
)
def test_no_body_at_all_is_our_fault(call: Browserless, body: bytes, path: str) -> None:
    assert call("POST", path, content=body, headers=JSON).status_code < 500
