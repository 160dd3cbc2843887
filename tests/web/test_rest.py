"""The documented answers, field for field."""

import base64
from dataclasses import replace
from typing import Any

import pytest

from lifesign import __version__
from lifesign.core.policy import Accessibility
from lifesign.errors import (
    AlreadyConsumedError,
    LifesignError,
    NotCompleteError,
    PolicyError,
    SessionExpiredError,
    TooManySessionsError,
    UnknownSessionError,
)
from lifesign.storage import StoreError
from tests.web.conftest import Browserless
from tests.web.fake import JPEG, LIVE, SPOOF, STEP, FakeService

IMAGE = base64.b64encode(JPEG).decode()


def test_health(call: Browserless) -> None:
    assert call("GET", "/health").json() == {
        "status": "healthy",
        "service": "liveness-detection-only",
        "version": __version__,
        "active_sessions": 0,
        "max_sessions": 100,
        "open": False,
        "cues": {"continuity": "on"},
    }


def test_start(call: Browserless) -> None:
    answer = call("POST", "/start")
    assert answer.status_code == 200
    assert answer.json() == {
        "success": True,
        "session_id": "liveness_1730820600_0000000000000000000000",
        "instruction": "Look straight at the camera",
        "current_step": 1,
        "total_steps": 3,
        "expires_in_minutes": 10,
        "expires_at": "2024-11-05T15:40:00+00:00",
        "max_fps": 30,
    }


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"content": b""},
        {"content": b" \r\n"},
        {"json": {}},
        {"content": b"", "headers": {"content-type": "application/x-www-form-urlencoded"}},
        {"content": b"{}", "headers": {"content-type": "application/json; charset=utf-8"}},
        {"content": b"{}"},
    ],
)
def test_start_takes_no_body_and_no_content_type(call: Browserless, body: dict[str, Any]) -> None:
    assert call("POST", "/start", **body).status_code == 200
    assert call.service.calls == [("start", (None, None, None))]


def test_start_passes_the_wishes_on(call: Browserless) -> None:
    wishes = {
        "policy": "default",
        "locale": "de",
        "nonce": "n1",
        "audience": "shop",
        "accessibility": {"no_motion": True, "extra_time": True, "skip": ["smile"], "colour": "ignored"},
        "unknown": "ignored",
    }
    assert call("POST", "/start", json=wishes).status_code == 200
    access = Accessibility(no_motion=True, extra_time=True, skip=("smile",))
    assert call.service.calls == [("start", ("n1", "shop", access))]


@pytest.mark.parametrize(
    "image",
    [
        IMAGE,
        f"data:image/jpeg;base64,{IMAGE}",
        f"data:image/png;base64,{IMAGE}",  # what it claims to be matters less than what it is
        "\r\n".join(IMAGE[i : i + 8] for i in range(0, len(IMAGE), 8)),
        f"  {IMAGE}\n",
    ],
)
def test_process_takes_base64_and_data_urls(call: Browserless, session_id: str, image: str) -> None:
    assert call("POST", "/process", json={"session_id": session_id, "image": image}).status_code == 200
    assert call.service.calls[-1] == ("submit", JPEG)


def test_process(call: Browserless, session_id: str) -> None:
    assert call("POST", "/process", json={"session_id": session_id, "image": IMAGE}).json() == {
        "success": True,
        "face_detected": True,
        "instruction": "Turn your head left",
        "step_completed": False,
        "verification_complete": False,
        "verification_failed": False,
        "current_step": 2,
        "total_steps": 3,
        "feedback": {"code": "closer", "message": "Come a little closer"},
        "step_progress": 0.333,
        "time_left_s": 5.5,
        "next_frame_in_ms": 66,
        "failure_code": None,
        "dropped": False,
    }


@pytest.mark.parametrize(
    ("state", "complete", "failed"),
    [
        ("baseline", False, False),
        ("steps", False, False),
        ("live", True, False),
        ("spoof", False, True),
        ("inconclusive", False, True),
    ],
)
def test_process_says_how_it_stands(
    call: Browserless, session_id: str, state: str, complete: bool, failed: bool
) -> None:
    call.service.answers[session_id] = replace(STEP, state=state)
    answer = call("POST", "/process", json={"session_id": session_id, "image": IMAGE}).json()
    assert (answer["verification_complete"], answer["verification_failed"]) == (complete, failed)


@pytest.mark.parametrize(("step", "complete", "failure"), [(LIVE, True, None), (SPOOF, False, "tracking_jump")])
def test_one_frame_too_many_learns_how_it_ended(
    call: Browserless, session_id: str, step: Any, complete: bool, failure: str | None
) -> None:
    call.service.answers[session_id] = step
    answer = call("POST", "/process", json={"session_id": session_id, "image": IMAGE})
    assert answer.status_code == 409
    told = answer.json()
    assert (told["success"], told["code"]) == (False, "session_finished")
    assert (told["verification_complete"], told["verification_failed"]) == (complete, not complete)
    assert told["failure_code"] == failure
    assert (told["current_step"], told["total_steps"], told["instruction"]) == (3, 3, step.instruction)


def test_a_dropped_frame_is_no_error(call: Browserless, session_id: str) -> None:
    call.service.answers[session_id] = replace(STEP, dropped=True)
    answer = call("POST", "/process", json={"session_id": session_id, "image": IMAGE})
    assert (answer.status_code, answer.json()["dropped"]) == (200, True)


def test_two_frames_at_once_both_get_an_answer(call: Browserless, session_id: str) -> None:
    body = {"session_id": session_id, "image": IMAGE}
    answers = call.all(("POST", "/process", {"json": body}), ("POST", "/process", {"json": body}))
    assert [answer.status_code for answer in answers] == [200, 200]


def test_complete(call: Browserless, session_id: str) -> None:
    assert call("POST", "/complete", json={"session_id": session_id}).json() == {
        "success": True,
        "session_id": session_id,
        "verified_image": IMAGE,
        "verified_image_path": "verified_images/liveness_verified_1.jpg",
        "verification_time": 12.5,
        "steps_completed": 3,
        "total_blinks": 4,
        "timestamp": "2024-11-05T15:30:45+00:00",
        "decision": {"verdict": "live", "reasons": ["challenges_passed"], "policy_id": "0123456789abcdef"},
        "failure_code": None,
        "token": "header.claims.signature",
        "token_expires_at": "2024-11-05T15:35:30+00:00",
    }


def test_complete_of_a_failed_check_has_a_verdict_and_no_picture(call: Browserless, session_id: str) -> None:
    reasons = ("tracking_jump", "slow")
    call.service.decision = replace(call.service.decision, verdict="spoof", reasons=reasons)
    answer = call("POST", "/complete", json={"session_id": session_id})
    told = answer.json()
    assert (answer.status_code, told["success"], told["failure_code"]) == (200, False, "tracking_jump")
    assert told["decision"]["reasons"] == list(reasons)
    assert (told["verified_image"], told["verified_image_path"]) == (None, None)
    assert told["token"] == "header.claims.signature"


def test_status(call: Browserless, session_id: str) -> None:
    assert call("GET", f"/status/{session_id}").json() == {
        "success": True,
        "session_id": session_id,
        "created_at": "2024-11-05T15:30:00+00:00",
        "completed": False,
        "current_step": 2,
        "total_steps": 3,
        "instruction": "Turn your head left",
        "state": "steps",
    }
    call.service.answers[session_id] = LIVE
    assert call("GET", f"/status/{session_id}").json()["completed"] is True


def test_stats_and_keys(call: Browserless) -> None:
    assert call("GET", "/stats").json() == {"success": True, "frames": 3}
    assert call("GET", "/.well-known/jwks.json").json() == {"keys": [{"kty": "OKP"}]}


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UnknownSessionError("no such session"), 404),
        (SessionExpiredError("too late"), 410),
        (NotCompleteError("not yet"), 409),
        (AlreadyConsumedError("had it"), 410),
        (TooManySessionsError("full"), 503),
        (PolicyError("no plan"), 400),
        (StoreError("busy"), 503),
    ],
)
def test_errors_are_problem_json(call: Browserless, session_id: str, error: LifesignError, status: int) -> None:
    call.service.error = error
    answer = call("POST", "/complete", json={"session_id": session_id})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert ("retry-after" in answer.headers) == (status == 503)
    assert answer.json() == {
        "type": f"/docs#{error.code}",
        "title": answer.reason_phrase,
        "status": status,
        "detail": str(error),
        "code": error.code,
        "success": False,
        "error": str(error),
    }


class OddError(LifesignError):
    code = "a_code_nobody_listed"


@pytest.mark.parametrize("error", [RuntimeError("the password is 1234"), OddError("the password is 1234")])
def test_our_own_faults_tell_nothing(service: FakeService, session_id: str, error: Exception) -> None:
    service.error = error
    answer = Browserless(service)("POST", "/complete", json={"session_id": session_id})
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "1234" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
