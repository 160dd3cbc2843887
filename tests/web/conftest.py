"""The app around a fake verifier, called in this process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from lifesign.settings import Settings
from lifesign.web.app import create_app
from lifesign.web.guard import Callers
from lifesign.web.http import Site
from tests.web.fake import FakeService

LOCAL = ("127.0.0.1", 50_000)


class Browserless:
    """Calls the app as a program on the same machine does, unless told otherwise."""

    def __init__(self, service: FakeService, peer: tuple[str, int] | None = LOCAL, **settings: Any) -> None:
        self.service = service
        self._peer, self._settings = peer, Settings(_env_file=None, **settings)

    def __call__(self, method: str, path: str, **request: Any) -> httpx.Response:
        return self.all((method, path, request))[0]

    def all(self, *requests: tuple[str, str, dict[str, Any]]) -> list[httpx.Response]:
        """All these requests at once."""
        return asyncio.run(self._all(requests))

    async def _all(self, requests: tuple[tuple[str, str, dict[str, Any]], ...]) -> list[httpx.Response]:
        app = create_app(self._settings, opener=self._open)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=self._peer)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://localhost:5002") as client,
        ):
            return list(await asyncio.gather(*(client.request(m, path, **more) for m, path, more in requests)))

    @asynccontextmanager
    async def _open(self, settings: Settings) -> AsyncIterator[Site]:
        callers = Callers(open=settings.open, origins=frozenset(settings.allowed_origins))
        yield Site(
            service=self.service,
            callers=callers,
            jwks={"keys": [{"kty": "OKP"}]},
            max_frame_bytes=settings.max_frame_bytes,
        )


@pytest.fixture
def service() -> FakeService:
    return FakeService()


@pytest.fixture
def call(service: FakeService) -> Browserless:
    return Browserless(service)


@pytest.fixture
def session_id(call: Browserless) -> str:
    return call("POST", "/start").json()["session_id"]
