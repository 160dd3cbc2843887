"""Who may call, and what every answer carries."""

import pytest

from tests.web.conftest import LOCAL, Browserless
from tests.web.fake import FakeService

BACKEND = [("POST", "/start"), ("GET", "/stats")]
LAN = ("192.168.1.20", 50_000)


@pytest.mark.parametrize(("method", "path"), BACKEND)
@pytest.mark.parametrize("peer", [("127.0.0.1", 1), ("127.8.8.8", 1), ("::1", 1), ("::ffff:127.0.0.1", 1)])
def test_this_machine_may_call(service: FakeService, method: str, path: str, peer: tuple[str, int]) -> None:
    assert Browserless(service, peer)(method, path).status_code == 200


@pytest.mark.parametrize(("method", "path"), BACKEND)
@pytest.mark.parametrize(
    "peer", [LAN, ("8.8.8.8", 1), ("fe80::1", 1), ("::ffff:8.8.8.8", 1), ("0.0.0.1", 1), ("", 1), ("local", 1), None]
)
def test_others_may_not_and_hear_what_to_do(
    service: FakeService, method: str, path: str, peer: tuple[str, int] | None
) -> None:
    answer = Browserless(service, peer)(method, path)
    assert (answer.status_code, answer.json()["code"]) == (403, "loopback_only")
    assert "LIFESIGN_OPEN" in answer.json()["error"]
    assert service.calls == []


@pytest.mark.parametrize(("method", "path"), BACKEND)
@pytest.mark.parametrize(
    "header",
    ["X-Forwarded-For", "x-forwarded-proto", "X-Forwarded-Host", "Forwarded", "Via", "X-Real-IP", "CF-Connecting-IP"],
)
def test_a_proxys_client_is_not_this_machine(call: Browserless, method: str, path: str, header: str) -> None:
    answer = call(method, path, headers={header: "127.0.0.1"})
    assert (answer.status_code, answer.json()["code"]) == (403, "loopback_only")


@pytest.mark.parametrize(("method", "path"), BACKEND)
@pytest.mark.parametrize("host", ["localhost:5002", "localhost", "127.0.0.1:5002", "LOCALHOST", "[::1]:5002"])
def test_this_machines_own_names(service: FakeService, method: str, path: str, host: str) -> None:
    assert Browserless(service)(method, path, headers={"host": host}).status_code == 200


@pytest.mark.parametrize(("method", "path"), BACKEND)
@pytest.mark.parametrize("host", ["evil.example", "evil.example:5002", "localhost.evil.example", "", "[", "127.0.0.2"])
def test_a_rebound_name_is_refused(call: Browserless, method: str, path: str, host: str) -> None:
    """The page of evil.example whose name now points to 127.0.0.1: same origin, loopback peer."""
    answer = call(method, path, headers={"host": host, "origin": f"http://{host}"})
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_host")


@pytest.mark.parametrize("peer", [LOCAL, LAN, None])
@pytest.mark.parametrize("headers", [{}, {"X-Forwarded-For": "8.8.8.8"}, {"host": "check.example"}])
def test_an_open_service_takes_anyone(
    service: FakeService, peer: tuple[str, int] | None, headers: dict[str, str]
) -> None:
    call = Browserless(service, peer, open=True)
    assert call("POST", "/start", headers=headers).status_code == 200
    assert call("GET", "/health").json()["open"] is True


def test_what_needs_only_the_session_id_is_for_everyone(service: FakeService, session_id: str) -> None:
    call = Browserless(service, LAN)
    through_proxy = {"X-Forwarded-For": "8.8.8.8", "host": "check.example"}
    image = {"session_id": session_id, "image": "AAAA"}
    assert call("POST", "/process", json=image, headers=through_proxy).status_code == 200
    assert call("GET", f"/status/{session_id}", headers=through_proxy).status_code == 200
    assert call("POST", "/complete", json={"session_id": session_id}, headers=through_proxy).status_code == 200
    assert call("GET", "/health", headers=through_proxy).status_code == 200


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://localhost:3000", "null", "", "http://", "localhost:5002", "x"]
)
@pytest.mark.parametrize(("method", "path"), [*BACKEND, ("POST", "/process"), ("OPTIONS", "/start"), ("GET", "/")])
def test_pages_of_other_origins_may_not_call(call: Browserless, method: str, path: str, origin: str) -> None:
    answer = call(method, path, headers={"origin": origin})
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")
    assert call.service.calls == []


@pytest.mark.parametrize("origin", ["http://localhost:5002", "https://localhost:5002", "HTTP://LocalHost:5002"])
def test_its_own_page_may(call: Browserless, origin: str) -> None:
    assert call("POST", "/start", headers={"origin": origin}).status_code == 200


def test_allowed_origins_may_call_and_read(service: FakeService) -> None:
    call = Browserless(service, allowed_origins=("http://localhost:3000",))
    origin = {"origin": "http://localhost:3000"}
    asks = {"access-control-request-method": "POST", "access-control-request-headers": "content-type"}
    preflight = call("OPTIONS", "/start", headers={**origin, **asks})
    assert preflight.status_code == 200
    answer = call("POST", "/start", headers=origin)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "http://localhost:3000"
    assert call("POST", "/start", headers={"origin": "https://evil.example"}).status_code == 403


@pytest.mark.parametrize("path", ["/", "/health", "/docs", "/nothing", "/static/lifesign.js", "/openapi.json"])
def test_every_answer_carries_the_security_headers(call: Browserless, path: str) -> None:
    headers = call("GET", path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["permissions-policy"].startswith("camera=(self)")
    assert headers["cache-control"] == "no-store"
    assert "server" not in headers
