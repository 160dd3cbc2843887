"""What stands between the network and the handlers: sizes, headers, and who may call."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lifesign.web.problems import RequestError, problem

# `blob:` is the verified picture, which the page makes from the answer it got
STANDING_HEADERS: Final[Mapping[str, str]] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), display-capture=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

DRAIN_BYTES: Final = 32_000_000
DRAIN_SECONDS: Final = 5.0

LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_FORWARDING: Final = frozenset({"forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip"})
_FORWARDING_PREFIX: Final = "x-forwarded-"


class StandingHeaders:
    """Adds the standing headers to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(STANDING_HEADERS)
            await send(message)

        await self.app(scope, receive, send_with_headers)


class BodyLimit:
    """Refuses a body of more than `max_bytes` before it is parsed: by what it announces, and by what arrives."""

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self.app, self.max_bytes = app, max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        if _announced(Headers(scope=scope)) > self.max_bytes:
            await _drain(receive)
            response = problem("request_too_large", self._sentence)
            return await response(scope, receive, send)
        arrived = 0

        async def receive_counted() -> Message:
            nonlocal arrived
            message = await receive()
            arrived += len(message.get("body", b""))
            if arrived > self.max_bytes:
                if message.get("more_body"):
                    await _drain(receive)
                raise RequestError("request_too_large", self._sentence)
            return message

        await self.app(scope, receive_counted, send)

    @property
    def _sentence(self) -> str:
        return f"The request is larger than {self.max_bytes} bytes. Send smaller pictures."


@dataclass(frozen=True, slots=True, kw_only=True)
class Callers:
    """Who may call. `open`: anyone may start sessions. `origins`: other origins whose pages may call. `names`:
    how this machine calls itself."""

    open: bool = False
    origins: frozenset[str] = frozenset()
    names: frozenset[str] = LOOPBACK_NAMES

    def foreign(self, headers: Headers) -> bool:
        """Whether a browser says that a page of another origin makes this call.

        Any web page can post to localhost from the browser of someone who runs this service there.
        """
        origin = headers.get("origin")
        if origin is None or origin.lower() in self.origins:
            return False
        scheme, _, authority = origin.lower().partition("://")
        return scheme not in ("http", "https") or authority != headers.get("host", "").lower()

    def admit_backend(self, scope: Scope) -> None:
        """Raises RequestError unless the caller may do what only the relying party's backend does.

        With no API keys, that is this machine itself: a loopback peer that no proxy speaks for. A name that
        is not this machine's own is refused too, for a page can have its own name point to 127.0.0.1 (DNS
        rebinding) and is of the same origin then. A proxy on this machine that adds no header and rewrites
        Host cannot be told from a local caller: it must not pass these addresses on.
        """
        if self.open:
            return
        headers = Headers(scope=scope)
        forwarded = any(name in _FORWARDING or name.startswith(_FORWARDING_PREFIX) for name in headers)
        client = scope.get("client")
        if forwarded or client is None or not _is_loopback(client[0]):
            raise RequestError(
                "loopback_only",
                "Only this machine itself may call this, directly and without a proxy. Call it from your backend "
                "on the same machine, or start the service with LIFESIGN_OPEN=true (`lifesign serve --open`) to "
                "let anyone call it.",
            )
        if _host_name(headers.get("host", "")) not in self.names:
            raise RequestError(
                "wrong_host", "Call this as localhost or 127.0.0.1: that is what this machine's own calls say."
            )


class OriginCheck:
    """Refuses what a page of a foreign origin sends."""

    def __init__(self, app: ASGIApp, callers: Callers) -> None:
        self.app, self.callers = app, callers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self.callers.foreign(Headers(scope=scope)):
            response = problem(
                "foreign_origin",
                "Pages of this origin may not call this service. Add it to LIFESIGN_ALLOWED_ORIGINS; a proxy in "
                "between must pass the Host header on.",
            )
            return await response(scope, receive, send)
        await self.app(scope, receive, send)


async def _drain(receive: Receive) -> None:
    """Reads on for a while and keeps nothing: an answer to someone who still sends is often lost on the way."""
    seen = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(DRAIN_SECONDS):
            while seen < DRAIN_BYTES:
                message = await receive()
                seen += len(message.get("body", b""))
                if not message.get("more_body"):
                    return


def _announced(headers: Headers) -> float:
    try:
        return int(headers.get("content-length", "0"))
    except ValueError:
        return math.inf


def _is_loopback(peer: str) -> bool:
    try:
        address = ip_address(peer)
    except ValueError:  # a socket file, or a test's name: no address, no trust
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


def _host_name(host: str) -> str:
    """The name in a Host header, without port and brackets; '' if it is malformed."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
