"""Errors as HTTP shows them: RFC 9457 problem JSON that also carries `success: false` and `error`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final, NamedTuple, Self

from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ExceptionHandler

from lifesign.errors import LifesignError

MEDIA_TYPE: Final = "application/problem+json"
RETRY_AFTER_S: Final = 5


class Kind(NamedTuple):
    """What a code means: the HTTP status that it is told with, and a phrase for the documentation."""

    status: HTTPStatus
    meaning: str


CODES: Final[Mapping[str, Kind]] = {
    "not_an_image": Kind(HTTPStatus.BAD_REQUEST, "the bytes are no picture"),
    "truncated_image": Kind(HTTPStatus.BAD_REQUEST, "the JPEG is cut short"),
    "image_too_small": Kind(HTTPStatus.BAD_REQUEST, "too few pixels to see a face"),
    "bad_base64": Kind(HTTPStatus.BAD_REQUEST, "the image is neither base64 nor a data URL"),
    "malformed_json": Kind(HTTPStatus.BAD_REQUEST, "the body is not JSON"),
    "bad_policy": Kind(HTTPStatus.BAD_REQUEST, "no sequence of actions satisfies these wishes"),
    "loopback_only": Kind(HTTPStatus.FORBIDDEN, "only the machine itself may call this"),
    "wrong_host": Kind(HTTPStatus.FORBIDDEN, "a call of this machine under a name that is not its own"),
    "foreign_origin": Kind(HTTPStatus.FORBIDDEN, "a page of another origin calls"),
    "not_found": Kind(HTTPStatus.NOT_FOUND, "nothing is at this address"),
    "unknown_session": Kind(HTTPStatus.NOT_FOUND, "no such session, or no longer"),
    "method_not_allowed": Kind(HTTPStatus.METHOD_NOT_ALLOWED, "the address takes another method"),
    "request_timeout": Kind(HTTPStatus.REQUEST_TIMEOUT, "the body came too slowly"),
    "not_complete": Kind(HTTPStatus.CONFLICT, "the check is not finished yet"),
    "session_finished": Kind(HTTPStatus.CONFLICT, "the check is decided; this also has the fields of an answer"),
    "session_expired": Kind(HTTPStatus.GONE, "the time for the check is over"),
    "already_consumed": Kind(HTTPStatus.GONE, "the result was handed out already"),
    "image_too_large": Kind(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too many bytes or pixels"),
    "request_too_large": Kind(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the body is larger than any picture may be"),
    "unsupported_image": Kind(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "a picture, but no JPEG"),
    "unsupported_media_type": Kind(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "the body is not declared as JSON"),
    "invalid_request": Kind(HTTPStatus.UNPROCESSABLE_ENTITY, "JSON, but not of this form; its fields say where"),
    "internal_error": Kind(HTTPStatus.INTERNAL_SERVER_ERROR, "our fault; the server's log says what"),
    "store_unavailable": Kind(HTTPStatus.SERVICE_UNAVAILABLE, "the store is busy or cannot write; try again"),
    "too_many_sessions": Kind(HTTPStatus.SERVICE_UNAVAILABLE, "all places are taken; try again later"),
}


class RequestError(LifesignError):
    """The request itself is wrong, or comes too late. `code` is per instance; `more` are further members."""

    def __init__(self, code: str, message: str, **more: object) -> None:
        super().__init__(message)
        self.code = code  # type: ignore[misc]  # as in BadFrameError: a small closed set of codes
        self.more = more

    @classmethod
    def misfit(cls, error: ValidationError) -> Self:
        """What pydantic found, without the values: they may hold a picture or a session id."""
        faults = error.errors(include_input=False, include_url=False, include_context=False)
        if any(fault["type"] == "json_invalid" for fault in faults):
            return cls("malformed_json", "The request's body is not JSON.")
        fields = [{"field": ".".join(map(str, f["loc"])) or "body", "message": f["msg"]} for f in faults]
        sentence = "; ".join(f"{field['field']}: {field['message']}" for field in fields)
        return cls("invalid_request", f"The request does not fit: {sentence}.", fields=fields)


def problem(
    code: str, error: str, *, headers: Mapping[str, str] | None = None, more: Mapping[str, object] | None = None
) -> Response:
    """A problem document. `error` is one sentence for people; `more` are further members."""
    status = CODES[code].status
    body = {
        "type": f"/docs#{code}",
        "title": status.phrase,
        "status": status.value,
        "detail": error,
        "code": code,
        "success": False,
        "error": error,
        **(more or {}),
    }
    retry = {"Retry-After": str(RETRY_AFTER_S)} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    return Response(json.dumps(body), status, headers={**retry, **(headers or {})}, media_type=MEDIA_TYPE)


def refusal(_: Request, error: Exception) -> Response:
    """A LifesignError as a problem. One that is not in the table is our fault, and goes on to `crash`."""
    assert isinstance(error, LifesignError)  # noqa: S101  # registered for this class only
    if error.code not in CODES:
        raise error
    return problem(error.code, str(error), more=error.more if isinstance(error, RequestError) else None)


def http_error(_: Request, error: Exception) -> Response:
    """Starlette's own refusals: no such page, wrong method."""
    assert isinstance(error, HTTPException)  # noqa: S101
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = (error.headers or {}).get("Allow", "")
        sentence = f"This address does not take that method; it takes {allowed}."
        return problem("method_not_allowed", sentence, headers=error.headers)
    return problem("not_found", "There is nothing at this address. What there is: /docs")


def gone(_: Request, __: Exception) -> Response:
    """The client left before its request was read: nobody hears this answer."""
    return Response(status_code=HTTPStatus.BAD_REQUEST)


def crash(_: Request, __: Exception) -> Response:
    """Our own fault: the server logs what, the client learns only that."""
    return problem("internal_error", "Something went wrong on the server; its log says what.")


HANDLERS: Final[Mapping[type[Exception], ExceptionHandler]] = {
    LifesignError: refusal,
    HTTPException: http_error,
    ClientDisconnect: gone,
}
