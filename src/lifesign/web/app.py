"""The composition root: Settings → ASGI app. Everything is made here and passed on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from functools import partial
from typing import Final

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from uvicorn.supervisors import Multiprocess

from lifesign.errors import LifesignError, SettingsError
from lifesign.policy_file import read_policy
from lifesign.service import ServiceLimits, Verifier
from lifesign.settings import Settings
from lifesign.storage import open_sessions
from lifesign.storage.evidence import FileEvidence
from lifesign.tokens import Keyring
from lifesign.vision.face import FaceEngine
from lifesign.vision.image import ImageLimits
from lifesign.vision.models import load_bundle, pull
from lifesign.vision.sources import Progress
from lifesign.web.guard import LOOPBACK_NAMES, STANDING_HEADERS, BodyLimit, Callers, OriginCheck, StandingHeaders
from lifesign.web.http import Site, routes
from lifesign.web.logs import redacted_access_log
from lifesign.web.problems import HANDLERS, crash

MODEL: Final = "face_landmarker"
SLACK_BYTES: Final = 65_536  # of a request besides the picture: JSON, a data URL's head, base64's line breaks
SECONDS_A_MINUTE: Final = 60
_LOG = logging.getLogger("lifesign.web")

Opener = Callable[[Settings], AbstractAsyncContextManager[Site]]


def create_app(settings: Settings | None = None, *, opener: Opener | None = None) -> Starlette:
    """The ASGI app. Nothing is opened before the server starts it, so it can be made before a fork.

    Raises SettingsError; starting it raises whatever keeps it from working.
    """
    settings = settings or Settings.read()
    callers = _callers(settings)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with (opener or open_site)(settings) as site:
            app.state.site = site
            with redacted_access_log():
                yield

    app = Starlette(
        routes=[*routes(), Mount("/static", StaticFiles(packages=[("lifesign.web", "static")]))],
        lifespan=lifespan,
        exception_handlers={**HANDLERS, Exception: _crash},
        middleware=[
            Middleware(StandingHeaders),
            Middleware(OriginCheck, callers=callers),
            Middleware(
                CORSMiddleware, allow_origins=settings.allowed_origins, allow_methods=["GET", "POST"],
                allow_headers=["content-type"],
            ),
            Middleware(BodyLimit, max_bytes=_base64_bytes(settings.max_frame_bytes) + SLACK_BYTES),
        ],
    )  # fmt: skip
    app.router.redirect_slashes = False  # it would redirect to whatever Host says
    return app


@asynccontextmanager
async def open_site(settings: Settings) -> AsyncIterator[Site]:
    """Opens keys, model, sessions and engines, and sweeps until the server stops."""
    keyring = Keyring.open(settings.keys_path)
    policy = read_policy(settings.policy_path, settings.limits())
    bundle = load_bundle(await asyncio.to_thread(pull, settings.models_dir, MODEL))
    verifier = Verifier(
        engine=partial(FaceEngine, bundle),
        sessions=open_sessions(settings.sessions_url),
        evidence=FileEvidence(settings.evidence_dir),
        keyring=keyring,
        policy=policy,
        limits=ServiceLimits(
            max_sessions=settings.max_sessions,
            session_s=settings.session_expiry_minutes * SECONDS_A_MINUTE,
            token_s=settings.token_seconds,
            threads=settings.threads,
            issuer=settings.issuer,
            open=settings.open,
            image=ImageLimits(max_bytes=settings.max_frame_bytes, max_side=settings.max_side),
        ),
    )
    sweeper = asyncio.create_task(_sweep(verifier, settings.sweep_seconds))
    try:
        yield Site(
            service=verifier,
            callers=_callers(settings),
            jwks=keyring.jwks(),
            max_frame_bytes=settings.max_frame_bytes,
        )
    finally:
        sweeper.cancel()
        with suppress(asyncio.CancelledError):
            await sweeper
        await verifier.close()


def prepare(settings: Settings, progress: Progress | None = None, *, workers: int = 1) -> None:
    """What is done once and before any fork: fetch the model, make the files, warn. Raises LifesignError."""
    if workers > 1 and settings.sessions_url.startswith("memory:"):
        raise SettingsError("memory:// keeps sessions in one process: use sqlite:///… or one worker")
    pull(settings.models_dir, MODEL, progress=progress)
    Keyring.open(settings.keys_path)
    read_policy(settings.policy_path, settings.limits())
    asyncio.run(open_sessions(settings.sessions_url).close())
    if settings.open:
        _LOG.warning("OPEN: anyone who reaches %s:%d may start sessions", settings.host, settings.port)


def run(settings: Settings, progress: Progress | None = None) -> None:
    """Serve until stopped. Raises LifesignError when the service cannot be started."""
    prepare(settings, progress, workers=settings.workers)
    config = uvicorn.Config(
        # called in each worker process, which opens its own stores and engines
        partial(create_app, settings),
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        # it would let a header rewrite the peer's address, which the loopback rule looks at
        proxy_headers=False,
        server_header=False,
    )
    if settings.workers > 1:
        Multiprocess(config, sockets=[config.bind_socket()]).run()
        return
    server = uvicorn.Server(config)
    server.run()
    if not server.started:
        raise SettingsError("The service could not be started; the lines above say why.")


async def _sweep(verifier: Verifier, every_s: float) -> None:
    while True:
        await asyncio.sleep(every_s)
        try:
            await verifier.sweep()
        except LifesignError as error:  # nothing is lost: expired sessions answer as expired until it works again
            _LOG.warning("expired sessions could not be removed: %s", error)


def _callers(settings: Settings) -> Callers:
    return Callers(
        open=settings.open,
        origins=frozenset(settings.allowed_origins),
        names=LOOPBACK_NAMES | {settings.host.lower()},
    )


def _crash(request: Request, error: Exception) -> Response:
    response = crash(request, error)
    response.headers.update(STANDING_HEADERS)  # this answer does not pass through the middleware
    return response


def _base64_bytes(size: int) -> int:
    return -(-size // 3) * 4
