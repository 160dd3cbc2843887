"""The REST API: one small handler for each address."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from lifesign.core.policy import Accessibility
from lifesign.errors import BadFrameError, SessionFinishedError
from lifesign.web import openapi, wire
from lifesign.web.guard import Callers
from lifesign.web.openapi import Operation
from lifesign.web.problems import RequestError

if TYPE_CHECKING:
    from lifesign.answers import Result, Status, Ticket
    from lifesign.core.types import Step

Q = TypeVar("Q", bound=wire.Question)

BODY_SECONDS: Final = 20.0  # a megabyte over 0.5 Mbit/s; slower ones hold a place for nothing


class LivenessService(Protocol):
    """What the web needs of the verifier (`service.py`)."""

    @property
    def max_sessions(self) -> int: ...
    async def start(
        self,
        *,
        nonce: str | None = None,
        audience: str | None = None,
        accessibility: Accessibility | None = None,
    ) -> Ticket: ...
    async def submit(self, session_id: str, jpeg: bytes) -> Step: ...
    async def status(self, session_id: str) -> Status: ...
    async def complete(self, session_id: str) -> Result: ...
    async def stats(self) -> dict[str, Any]: ...
    async def active_sessions(self) -> int: ...
    def cues(self) -> dict[str, str]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What the handlers work with; `app.py` makes it when the server starts."""

    service: LivenessService
    callers: Callers
    jwks: Mapping[str, object]
    max_frame_bytes: int


async def health(request: Request) -> Response:
    site = _site(request)
    return _json(
        wire.HealthAnswer(
            active_sessions=await site.service.active_sessions(),
            max_sessions=site.service.max_sessions,
            open=site.callers.open,
            cues=site.service.cues(),
        )
    )


async def start(request: Request) -> Response:
    site = _site(request)
    site.callers.admit_backend(request.scope)
    asked = await _asked(request, wire.StartRequest, empty=wire.StartRequest())
    ticket = await site.service.start(
        nonce=asked.nonce,
        audience=asked.audience,
        accessibility=asked.accessibility.value() if asked.accessibility else None,
    )
    return _json(wire.StartAnswer.of(ticket))


async def process(request: Request) -> Response:
    site = _site(request)
    asked = await _asked(request, wire.FrameRequest)
    jpeg = wire.image_bytes(asked.image)
    if len(jpeg) > site.max_frame_bytes:
        raise BadFrameError("image_too_large", f"The image is larger than {site.max_frame_bytes} bytes.")
    try:
        step = await site.service.submit(asked.session_id, jpeg)
    except SessionFinishedError as error:
        # clients send one frame too many: this tells them how it ended, in the fields that they look at
        last = wire.FrameAnswer.of((await site.service.status(asked.session_id)).step)
        raise RequestError(error.code, str(error), **last.model_dump(exclude={"success"})) from None
    return _json(wire.FrameAnswer.of(step))


async def complete(request: Request) -> Response:
    asked = await _asked(request, wire.SessionRequest)
    return _json(wire.CompleteAnswer.of(await _site(request).service.complete(asked.session_id)))


async def status(request: Request) -> Response:
    session_id = request.path_params["session_id"]
    return _json(wire.StatusAnswer.of(await _site(request).service.status(session_id)))


async def stats(request: Request) -> Response:
    site = _site(request)
    site.callers.admit_backend(request.scope)
    return _plain_json({"success": True, **await site.service.stats()})


async def keys(request: Request) -> Response:
    return _plain_json(_site(request).jwks)


async def schema(_: Request) -> Response:
    return _plain_json(openapi.document(OPERATIONS))


async def docs(_: Request) -> Response:
    return HTMLResponse(openapi.page(openapi.document(OPERATIONS)))


async def page(_: Request) -> Response:
    return HTMLResponse(files("lifesign.web").joinpath("static/index.html").read_text(encoding="utf-8"))


def _site(request: Request) -> Site:
    site: Site = request.app.state.site
    return site


async def _asked(request: Request, kind: type[Q], empty: Q | None = None) -> Q:
    """The request's body as a model, or `empty` for an empty body. Raises RequestError."""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            body = await request.body()
    except TimeoutError:
        raise RequestError("request_timeout", "The request came too slowly.") from None
    if empty is not None and not body.strip():
        return empty
    media_type = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise RequestError("unsupported_media_type", "Send JSON, with Content-Type: application/json.")
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        raise RequestError.misfit(error) from None


def _json(answer: BaseModel) -> Response:
    return Response(answer.model_dump_json(), media_type="application/json")


def _plain_json(answer: Mapping[str, object]) -> Response:
    return Response(json.dumps(answer), media_type="application/json")


FRAME_CODES = (
    *("bad_base64", "not_an_image", "truncated_image", "image_too_small", "image_too_large", "unsupported_image"),
    *("unknown_session", "session_expired", "session_finished"),
)
# fmt: off
OPERATIONS: Final = (
    Operation(method="GET", path="/health", handler=health, answer=wire.HealthAnswer,
              summary="Is the service up, and what does it watch for."),
    Operation(method="POST", path="/start", handler=start, asked=wire.StartRequest, optional=True,
              answer=wire.StartAnswer, codes=("loopback_only", "wrong_host", "too_many_sessions"), backend=True,
              summary="Open a session."),
    Operation(method="POST", path="/process", handler=process, asked=wire.FrameRequest,
              answer=wire.FrameAnswer, codes=FRAME_CODES, summary="Look at one camera frame."),
    Operation(method="POST", path="/complete", handler=complete, asked=wire.SessionRequest,
              answer=wire.CompleteAnswer,
              codes=("unknown_session", "session_expired", "not_complete", "already_consumed"),
              summary="Fetch the result, once; the same call within a minute repeats it."),
    Operation(method="GET", path="/status/{session_id}", handler=status, answer=wire.StatusAnswer,
              codes=("unknown_session", "session_expired"), summary="Where a session stands."),
    Operation(method="GET", path="/stats", handler=stats, codes=("loopback_only", "wrong_host"), backend=True,
              summary="Counts of this server."),
    Operation(method="GET", path="/.well-known/jwks.json", handler=keys,
              summary="The public keys that verify tokens (RFC 7517)."),
    Operation(method="GET", path="/openapi.json", handler=schema, summary="This description, for programs."),
    Operation(method="GET", path="/docs", handler=docs, summary="This description, for people."),
    Operation(method="GET", path="/", handler=page, summary="The page that does a check with this computer's camera."),
)
# fmt: on


def routes() -> list[Route]:
    """The API's routes."""
    return [Route(op.path, op.handler, methods=[op.method]) for op in OPERATIONS]
