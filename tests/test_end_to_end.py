"""The main job on real input: an actor's camera frames over real HTTP, a signed decision out."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from joserfc import jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import KeySet

from lifesign.core.challenges import REGISTRY
from lifesign.lab.actor import REST, Actor, Performer, Portrait, jpeg
from lifesign.vision.face import FaceEngine

REPOSITORY = Path(__file__).resolve().parent.parent
START_S = 60
MOST_S = 60


@pytest.fixture(scope="module")
def portrait(engine: FaceEngine) -> Portrait:
    return Portrait.load(engine=engine)


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


@contextmanager
def served(folder: Path, models_dir: Path, command: list[str], port: int) -> Iterator[httpx.Client]:
    """The service as its own process, in its own folder; the client is on the same machine."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("LIFESIGN_")},
        "LIFESIGN_MODELS_DIR": str(models_dir),
        "LIFESIGN_PORT": str(port),
        "PYTHONPATH": str(REPOSITORY),
    }
    log = folder / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=out, stderr=out)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False) as client:
            until = time.monotonic() + START_S
            while True:
                try:
                    client.get("/health").raise_for_status()
                    break
                except httpx.TransportError:
                    assert process.poll() is None, log.read_text()
                    assert time.monotonic() < until, log.read_text()
                    time.sleep(0.1)
            yield client
    finally:
        process.terminate()
        process.wait(30)
        assert "Traceback" not in log.read_text()


def drive(client: httpx.Client, performer: Performer) -> tuple[str, list[dict[str, Any]]]:
    """Plays the client of the documentation in real time: starts, sends what the camera shows, until it is over."""
    session_id = client.post("/start").json()["session_id"]
    begin = time.monotonic()
    answers: list[dict[str, Any]] = []
    while time.monotonic() < begin + MOST_S:
        image = base64.b64encode(performer.frame(time.monotonic() - begin)).decode()
        response = client.post("/process", json={"session_id": session_id, "image": image})
        assert response.status_code == 200, response.text
        answer = response.json()
        answers.append(answer)
        performer.prompt(kind_of(answer["instruction"]), count_of(answer["instruction"]), time.monotonic() - begin)
        if answer["verification_complete"] or answer["verification_failed"]:
            break
        time.sleep(answer["next_frame_in_ms"] / 2000)
    return session_id, answers


def kind_of(instruction: str) -> str | None:
    """A person reads the sentence; so does the actor."""
    asked = {cls.instruction(n): kind for kind, cls in REGISTRY.items() for n in range(1, 4) if cls.asked}
    return asked.get(instruction)


def count_of(instruction: str) -> int:
    return next((int(word) for word in instruction.split() if word.isdigit()), 1)


def check_live(client: httpx.Client, folder: Path, session_id: str, answers: list[dict[str, Any]]) -> None:
    """All that is documented of a session that passed."""
    assert answers[-1]["verification_complete"], answers[-1]
    assert {"success", "face_detected", "instruction", "step_completed", "verification_complete"} <= set(answers[0])
    assert sum(answer["step_completed"] for answer in answers) == 3
    status = client.get(f"/status/{session_id}").json()
    assert status["completed"] is True
    done = client.post("/complete", json={"session_id": session_id}).json()
    assert done["success"] is True
    assert done["steps_completed"] == 3
    assert done["verification_time"] > 3
    image = base64.b64decode(done["verified_image"])
    kept = folder / done["verified_image_path"]
    assert kept.read_bytes() == image
    assert image.startswith(b"\xff\xd8")
    metadata = json.loads(kept.with_suffix(".json").read_text())
    assert metadata["image_sha256"] == hashlib.sha256(image).hexdigest()
    # an independent library, with nothing but the published keys
    keys = KeySet.import_key_set(client.get("/.well-known/jwks.json").json())
    with pytest.warns(SecurityWarning, match="RFC 9864"):  # a newer name of the same algorithm exists
        claims = jwt.decode(done["token"], keys, algorithms=["EdDSA"]).claims
    assert claims["verdict"] == "live"
    assert claims["image_sha256"] == hashlib.sha256(image).hexdigest()
    assert claims["exp"] - claims["iat"] <= 300
    again = client.post("/complete", json={"session_id": session_id}).json()
    assert again == done


def test_the_documented_server(tmp_path: Path, models_dir: Path, portrait: Portrait) -> None:
    port = free_port()
    command = [sys.executable, str(REPOSITORY / "liveness_server.py")]
    with served(tmp_path, models_dir, command, port) as client:
        health = client.get("/health").json()
        assert {"status", "service", "version", "active_sessions", "max_sessions"} <= set(health)
        session_id, answers = drive(client, Performer(Actor(portrait, seed=1)))
        check_live(client, tmp_path, session_id, answers)
        token = client.post("/complete", json={"session_id": session_id}).json()["token"]
        verify = [sys.executable, "-m", "lifesign.cli", "verify", token]
        told = subprocess.run(verify, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60)
        assert json.loads(told.stdout)["verdict"] == "live"
        forged = subprocess.run([*verify[:-1], token[:-8] + "AAAAAAAA"], cwd=tmp_path, capture_output=True, check=False)
        assert forged.returncode == 1
        assert client.get("/stats").json()["sessions"]["live"] == 1


def test_bad_frames_are_told_and_lose_nothing(tmp_path: Path, models_dir: Path, portrait: Portrait) -> None:
    good = Performer(Actor(portrait)).frame(0.0)
    header = good.index(b"\xff\xc0") + 5  # height and width of the baseline frame header
    bomb = good[:header] + struct.pack(">HH", 50_000, 50_000) + good[header + 4 :]
    bad = {
        b"not an image": (400, "not_an_image"),
        good[: len(good) // 2]: (400, "truncated_image"),
        bomb: (413, "image_too_large"),
        b"\x89PNG\r\n\x1a\n" + bytes(100): (415, "unsupported_image"),
        good + bytes(1_000_000): (413, "image_too_large"),
        bytes(10_000_000): (413, "request_too_large"),
    }
    command = [sys.executable, str(REPOSITORY / "liveness_server.py")]
    with served(tmp_path, models_dir, command, free_port()) as client:
        session_id = client.post("/start").json()["session_id"]

        def send(image: str, to: str = session_id) -> httpx.Response:
            return client.post("/process", json={"session_id": to, "image": image})

        def told(response: httpx.Response) -> tuple[int, str]:
            assert response.headers["content-type"] == "application/problem+json"
            answer = response.json()
            assert answer["success"] is False
            assert answer["error"]
            return response.status_code, answer["code"]

        assert [told(send(base64.b64encode(junk).decode())) for junk in bad] == list(bad.values())
        assert told(send("%%% garbage")) == (400, "bad_base64")
        fine = base64.b64encode(good).decode()
        assert told(send(fine, "liveness_1699123456_1234")) == (404, "unknown_session")
        assert told(client.post("/complete", json={"session_id": session_id})) == (409, "not_complete")
        with ThreadPoolExecutor(2) as pool:
            both = list(pool.map(send, [fine, fine]))
        assert [response.status_code for response in both] == [200, 200]
        assert all(response.json()["face_detected"] for response in both)
        empty = base64.b64encode(jpeg(np.zeros((480, 640, 3), dtype=np.uint8))).decode()
        assert send(empty).json()["feedback"]["code"] == "no_face"
        two = base64.b64encode(jpeg(np.tile(Actor(portrait).render(REST, 0.0), (1, 2, 1)))).decode()
        crowd = client.post("/start").json()["session_id"]
        assert send(two, crowd).json()["feedback"]["code"] == "several_faces"
        assert client.get(f"/status/{session_id}").json()["state"] == "baseline"


def test_the_documented_gunicorn_command_shares_sessions(tmp_path: Path, models_dir: Path, portrait: Portrait) -> None:
    port = free_port()
    for name in ("liveness_server.py", "gunicorn.conf.py"):
        (tmp_path / name).write_bytes((REPOSITORY / name).read_bytes())
    gunicorn = str(Path(sys.executable).with_name("gunicorn"))
    command = [gunicorn, "-w", "4", "-b", f"0.0.0.0:{port}", "liveness_server:app"]
    with served(tmp_path, models_dir, command, port) as client:
        # no keep-alive: every frame may meet another worker
        client.headers["connection"] = "close"
        session_id, answers = drive(client, Performer(Actor(portrait, seed=2)))
        check_live(client, tmp_path, session_id, answers)
