"""The composition root: what it refuses, and that it comes up and goes down with everything real."""

import asyncio
import pickle
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from lifesign.core.policy import Policy
from lifesign.errors import ModelMissingError, PolicyError, SettingsError
from lifesign.policy_file import read_policy
from lifesign.settings import Settings
from lifesign.storage import StoreError
from lifesign.web import app as composition
from lifesign.web.app import create_app, prepare


def deployed(folder: Path, models_dir: Path, **changes: Any) -> Settings:
    return Settings(
        **{
            "sessions_url": f"sqlite:///{folder / 'lifesign.db'}",
            "evidence_dir": folder / "verified_images",
            "keys_path": folder / "certs" / "keys.json",
            "models_dir": models_dir,
            "threads": 1,
            **changes,
        }
    )


def test_everything_real_comes_up_answers_and_goes_down(tmp_path: Path, models_dir: Path) -> None:
    async def scenario() -> list[Any]:
        app = create_app(deployed(tmp_path, models_dir, session_expiry_minutes=3, max_sessions=1))
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 1))
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://localhost") as client,
        ):
            started = await client.post("/start", json={"accessibility": {"no_motion": True}})
            full = await client.post("/start")
            return [started.json(), full.status_code, full.json()["code"], (await client.get("/health")).json()]

    started, full, code, health = asyncio.run(scenario())
    assert started["instruction"] == "Look straight at the camera"
    assert (started["current_step"], started["expires_in_minutes"]) == (1, 3)
    assert (full, code) == (503, "too_many_sessions")
    assert (health["active_sessions"], health["max_sessions"], health["open"]) == (1, 1, False)
    assert set(health["cues"].values()) <= {"on", "off"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["certs", "lifesign.db"]


def test_wishes_that_leave_nothing_to_ask_are_refused(tmp_path: Path, models_dir: Path) -> None:
    async def scenario() -> httpx.Response:
        app = create_app(deployed(tmp_path, models_dir))
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 1))
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://localhost") as client,
        ):
            return await client.post("/start", json={"accessibility": {"skip": sorted(Policy().challenges)}})

    answer = asyncio.run(scenario())
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_policy")


def test_nothing_is_opened_before_the_server_starts(tmp_path: Path) -> None:
    create_app(deployed(tmp_path, tmp_path / "none"))
    assert list(tmp_path.iterdir()) == []


def test_the_app_can_be_sent_to_a_worker_process(tmp_path: Path) -> None:
    factory = partial(create_app, deployed(tmp_path, tmp_path))
    assert pickle.loads(pickle.dumps(factory)).args == factory.args  # noqa: S301  # what uvicorn does


def test_prepare_makes_what_workers_share(tmp_path: Path, models_dir: Path) -> None:
    prepare(deployed(tmp_path, models_dir), workers=4)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["certs", "lifesign.db"]


@pytest.mark.parametrize(
    ("changes", "error", "sentence"),
    [
        ({"sessions_url": "redis://x"}, SettingsError, "sessions_url"),
        ({"sessions_url": "memory://"}, SettingsError, "one process"),
        ({"policy_path": Path("nowhere.toml")}, PolicyError, "nowhere"),
    ],
)
def test_prepare_refuses_in_one_sentence(
    tmp_path: Path, models_dir: Path, changes: dict[str, Any], error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        prepare(deployed(tmp_path, models_dir, **changes), workers=4)


def test_prepare_stops_without_a_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: object, **__: object) -> Path:
        raise ModelMissingError("no source could be reached")

    monkeypatch.setattr(composition, "pull", unreachable)
    with pytest.raises(ModelMissingError):
        prepare(deployed(tmp_path, tmp_path / "models"))
    assert list(tmp_path.iterdir()) == []


def test_an_open_service_says_so(tmp_path: Path, models_dir: Path, caplog: pytest.LogCaptureFixture) -> None:
    prepare(deployed(tmp_path, models_dir, open=True))
    assert "OPEN: anyone" in caplog.text


def test_the_policy_file(tmp_path: Path) -> None:
    assert read_policy(None) == Policy()
    (tmp_path / "policy.toml").write_text("[session]\nsteps = 2\n")
    assert read_policy(tmp_path / "policy.toml").session.steps == 2
    for wrong in ("[session]\nstepps = 2\n", "not toml", "\udcff"):
        (tmp_path / "policy.toml").write_bytes(wrong.encode(errors="surrogateescape"))
        with pytest.raises(PolicyError):
            read_policy(tmp_path / "policy.toml")


def test_sweeping_goes_on_after_a_failure(caplog: pytest.LogCaptureFixture) -> None:
    swept = asyncio.Event()

    class Verifier:
        calls = 0

        async def sweep(self) -> int:
            self.calls += 1
            if self.calls == 1:
                raise StoreError("busy")
            swept.set()
            return 0

    async def scenario() -> None:
        task = asyncio.create_task(composition._sweep(Verifier(), 0.001))  # type: ignore[arg-type]
        await swept.wait()
        task.cancel()

    asyncio.run(asyncio.wait_for(scenario(), 30))
    assert "busy" in caplog.text
