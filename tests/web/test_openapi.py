"""The description is made from what is described; and the pages ask nobody else for anything."""

import json
import re

import pytest

from lifesign.web.http import OPERATIONS, routes
from lifesign.web.problems import CODES
from tests.web.conftest import Browserless

DOCUMENTED = {
    "HealthAnswer": {"status", "service", "version", "active_sessions", "max_sessions"},
    "StartAnswer": {"success", "session_id", "instruction", "current_step", "total_steps", "expires_in_minutes"},
    "FrameRequest": {"session_id", "image"},
    "FrameAnswer": {
        *("success", "face_detected", "instruction", "step_completed", "verification_complete"),
        *("verification_failed", "current_step", "total_steps"),
    },
    "CompleteAnswer": {
        *("success", "session_id", "verified_image", "verified_image_path", "verification_time"),
        *("steps_completed", "total_blinks", "timestamp"),
    },
    "StatusAnswer": {
        *("success", "session_id", "created_at", "completed", "current_step", "total_steps", "instruction"),
    },
}


def test_every_route_is_described(call: Browserless) -> None:
    described = call("GET", "/openapi.json").json()
    found = {(method.upper(), path) for path, methods in described["paths"].items() for method in methods}
    assert found == {(op.method, op.path) for op in OPERATIONS}
    assert len(routes()) == len(OPERATIONS) == len(found)


@pytest.mark.parametrize(("model", "fields"), DOCUMENTED.items())
def test_the_documented_fields_are_there(call: Browserless, model: str, fields: set[str]) -> None:
    schema = call("GET", "/openapi.json").json()["components"]["schemas"][model]
    assert fields <= set(schema["properties"])


def test_every_reference_leads_somewhere(call: Browserless) -> None:
    text = call("GET", "/openapi.json").text
    references = set(re.findall(r'"#/components/schemas/(\w+)"', text))
    assert {"FrameAnswer", "Problem", "Feedback"} <= references
    assert references <= set(json.loads(text)["components"]["schemas"])


def test_every_operation_names_known_errors() -> None:
    named = {code for op in OPERATIONS for code in op.codes}
    assert {"unknown_session", "bad_base64", "loopback_only"} <= named
    assert named <= set(CODES)


def test_the_docs_show_every_route_and_every_error(call: Browserless) -> None:
    page = call("GET", "/docs").text
    assert all(f"{op.method} {op.path}" in page for op in OPERATIONS)
    assert all(f'id="{code}"' in page for code in CODES)


@pytest.mark.parametrize("path", ["/", "/docs", "/static/lifesign.js", "/static/lifesign.css"])
def test_no_page_names_another_host_or_needs_an_inline_script(call: Browserless, path: str) -> None:
    answer = call("GET", path)
    assert answer.status_code == 200
    assert re.findall(r"(?:https?:)?//[\w.-]+\.\w+", answer.text) == []
    assert re.findall(r"<script(?![^>]*src=)|\son\w+=|\sstyle=|<style|javascript:|eval\(", answer.text) == []


def test_the_page_loads_what_it_names(call: Browserless) -> None:
    named = re.findall(r'(?:src|href)="([^"]+)"', call("GET", "/").text)
    assert len(named) == 3
    kinds = {path: call("GET", path).headers["content-type"].partition(";")[0] for path in named}
    assert kinds == {
        "/static/lifesign.svg": "image/svg+xml",
        "/static/lifesign.css": "text/css",
        "/static/lifesign.js": "text/javascript",
    }


def test_the_page_asks_for_what_it_uses(call: Browserless) -> None:
    """Every id that the script looks up is in the page."""
    used = set(re.findall(r'(?:at|write)\("(\w+)"', call("GET", "/static/lifesign.js").text))
    assert {"video", "instruction", "again"} <= used
    assert used <= set(re.findall(r'id="(\w+)"', call("GET", "/").text))
