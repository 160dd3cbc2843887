"""A real server on a real socket: what only happens there."""

import base64
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import IO, Any

import cv2
import numpy as np
import pytest
import uvicorn

from lifesign.settings import Settings
from lifesign.web.app import create_app
from lifesign.web.guard import Callers
from lifesign.web.http import Site
from tests.web.fake import JPEG, FakeService

REPOSITORY = Path(__file__).resolve().parents[2]
START_S = 60
WORKERS = 4
Port = int


@contextmanager
def serving(service: FakeService) -> Iterator[Port]:
    @asynccontextmanager
    async def opener(settings: Settings) -> Any:
        yield Site(service=service, callers=Callers(), jwks={}, max_frame_bytes=settings.max_frame_bytes)

    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(create_app(Settings(), opener=opener), proxy_headers=False, log_level="critical")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def port() -> Iterator[Port]:
    with serving(FakeService()) as port:
        yield port


def call(port: Port, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, dict[str, Any]]:
    """One request over a connection of its own."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=START_S)) as connection:
        connection.request(
            method, path, json.dumps(body) if body else None, {"Content-Type": "application/json", **headers}
        )
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())


def raw(port: Port, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=START_S) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65_536), b""))


def test_ten_megabytes_get_their_answer_and_the_connection_goes_on(port: Port) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=START_S)) as connection:
        connection.request("POST", "/process", b"A" * 10_000_000, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        assert (answer.status, json.loads(answer.read())["code"]) == (413, "request_too_large")
        connection.request("GET", "/health")
        assert connection.getresponse().status == 200


def test_ten_megabytes_get_their_answer_before_the_connection_is_closed(port: Port) -> None:
    head = b"POST /process HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000000\r\nConnection: close\r\n\r\n"
    assert raw(port, head + b"A" * 10_000_000).startswith(b"HTTP/1.1 413 ")


def test_ten_megabytes_in_chunks_get_their_answer(port: Port) -> None:
    chunk = b"10000\r\n" + b"A" * 65_536 + b"\r\n"
    head = b"POST /process HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    answer = raw(port, head + chunk * 160 + b"0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'"request_too_large"' in answer


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        (b"POST /start HTTP/1.0\r\nHost: localhost\r\n\r\n", b"200"),
        (b"POST /start HTTP/1.0\r\n\r\n", b"403"),
        (b"GET /status/%ff%00%0d%0a HTTP/1.0\r\n\r\n", b"404"),
        (b"GET //start HTTP/1.0\r\n\r\n", b"404"),
        (b"POST /process HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"400"),
        (b"NONSENSE\r\n\r\n", b"400"),
    ],
)
def test_odd_requests_are_answered(port: Port, request_line: bytes, status: bytes) -> None:
    assert raw(port, request_line).split(b" ", 2)[1] == status


def test_a_client_that_leaves_midway_hurts_nobody(port: Port) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"POST /process HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{")
    assert call(port, "GET", "/health")[0] == 200


def test_a_slow_body_is_given_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lifesign.web.http.BODY_SECONDS", 0.2)
    with serving(FakeService()) as port:
        head = b"POST /process HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 1000\r\n\r\n{"
        assert raw(port, head).startswith(b"HTTP/1.1 408 ")


def test_frames_of_many_clients_at_once(port: Port) -> None:
    _, started = call(port, "POST", "/start")
    body = {"session_id": started["session_id"], "image": base64.b64encode(JPEG).decode()}
    answers: list[int] = []
    threads = [
        threading.Thread(target=lambda: answers.append(call(port, "POST", "/process", body)[0])) for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 20


# --- the documented command, with everything real ---


@contextmanager
def gunicorn(folder: Path, models_dir: Path, log: IO[bytes]) -> Iterator[tuple[Port, subprocess.Popen[bytes]]]:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "PYTHONPATH": str(REPOSITORY / "src"),
        "LIFESIGN_MODELS_DIR": str(models_dir),
        "LIFESIGN_SESSIONS_URL": f"sqlite:///{folder / 'lifesign.db'}",
        "LIFESIGN_EVIDENCE_DIR": str(folder / "verified_images"),
        "LIFESIGN_KEYS_PATH": str(folder / "certs" / "token_keys.json"),
        "LIFESIGN_THREADS": "1",
    }
    command = [sys.executable, "-m", "gunicorn", "-w", str(WORKERS), "-b", f"127.0.0.1:{port}"]
    process = subprocess.Popen(
        [*command, "--access-logfile", "-", "liveness_server:app"],
        cwd=REPOSITORY, env=environment, stdout=log, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        _wait_for(process, port)
        yield port, process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def _wait_for(process: subprocess.Popen[bytes], port: Port) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"gunicorn ended with {process.returncode}")
        try:
            if call(port, "GET", "/health")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("gunicorn did not answer")


def _workers(master: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{master}/task/{master}/children").read_text().split()]


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="workers are found through /proc")
def test_one_session_over_four_workers_one_of_which_is_killed(tmp_path: Path, models_dir: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (480, 640, 3), dtype=np.uint8)
    picture = base64.b64encode(cv2.imencode(".jpg", cv2.blur(noise, (9, 9)))[1].tobytes()).decode()
    with (tmp_path / "log").open("wb") as output, gunicorn(tmp_path, models_dir, output) as (port, process):
        status, started = call(port, "POST", "/start")
        assert status == 200
        body = {"session_id": started["session_id"], "image": picture}
        answers = [call(port, "POST", "/process", body) for _ in range(2 * WORKERS)]
        os.kill(_workers(process.pid)[0], signal.SIGKILL)
        answers += [call(port, "POST", "/process", body) for _ in range(2 * WORKERS)]
        refused = call(port, "POST", "/start", **{"X-Forwarded-For": "127.0.0.1"})
        spoken_for = call(port, "GET", "/stats", Via="1.1 proxy")
        _, stats = call(port, "GET", "/stats")
        not_complete = call(port, "POST", "/complete", {"session_id": started["session_id"]})
        call(port, "GET", f"/status/{started['session_id']}?secret=1")
        _, keys = call(port, "GET", "/.well-known/jwks.json")
    log = (tmp_path / "log").read_text()
    assert [status for status, _ in answers] == [200] * 4 * WORKERS
    assert {answer["feedback"]["code"] for _, answer in answers} == {"no_face"}
    assert (refused[0], refused[1]["code"]) == (403, "loopback_only")
    assert (spoken_for[0], spoken_for[1]["code"]) == (403, "loopback_only")
    assert stats["sessions"]["started"] == 1
    assert (not_complete[0], not_complete[1]["code"]) == (409, "not_complete")
    assert len(keys["keys"]) == 1
    assert "/status/liveness_" in log
    assert started["session_id"] not in log
    assert "secret" not in log
    assert "Traceback" not in log
