"""The API's own description: an OpenAPI document made from the routes, and a page made from that document."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from starlette.requests import Request
from starlette.responses import Response

from lifesign import __version__
from lifesign.web.problems import CODES, MEDIA_TYPE

_REF: Final = "#/components/schemas/{model}"
PROBLEM: Final[Mapping[str, Any]] = {
    "type": "object",
    "description": "An error (RFC 9457).",
    "required": ["type", "title", "status", "detail", "code", "success", "error"],
    "properties": {
        "type": {"type": "string", "description": "where the code is explained"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "enum": sorted(CODES), "description": "stable, for programs"},
        "success": {"const": False},
        "error": {"type": "string", "description": "one sentence, for people"},
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One route. `asked` and `answer`: the models of the two bodies, None where there is no JSON or no fixed one.
    `codes`: the errors of its own, besides those that any request can meet. `backend`: not for the person."""

    method: str
    path: str
    handler: Callable[[Request], Awaitable[Response]]
    summary: str
    asked: type[BaseModel] | None = None
    optional: bool = False
    answer: type[BaseModel] | None = None
    codes: tuple[str, ...] = ()
    backend: bool = False


def document(operations: Iterable[Operation]) -> dict[str, Any]:
    """The OpenAPI 3.1 document of these operations."""
    operations = tuple(operations)
    models = [
        (model, mode)
        for operation in operations
        for model, mode in ((operation.asked, "validation"), (operation.answer, "serialization"))
        if model is not None
    ]
    _, schemas = models_json_schema(models, ref_template=_REF)  # type: ignore[arg-type]  # the literals above
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _described(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Lifesign", "version": __version__, "summary": "Self-hosted face liveness."},
        "paths": paths,
        "components": {"schemas": {**schemas["$defs"], "Problem": dict(PROBLEM)}},
    }


def _described(operation: Operation) -> dict[str, Any]:
    who = ["Only for this machine itself, unless the service is open."] if operation.backend else []
    answer = _content(operation.answer) if operation.answer else {}
    described: dict[str, Any] = {
        "operationId": operation.handler.__name__,
        "summary": operation.summary,
        "description": " ".join(who),
        "responses": {"200": {"description": "as asked", **answer}},
    }
    if operation.asked:
        described["requestBody"] = {"required": not operation.optional, **_content(operation.asked)}
    if "{session_id}" in operation.path:
        where = {"name": "session_id", "in": "path", "required": True}
        described["parameters"] = [{**where, "schema": {"type": "string"}}]
    for code in operation.codes:
        status = str(CODES[code].status.value)
        response = described["responses"].setdefault(status, {"description": ""})
        response["description"] = ", ".join(filter(None, (response["description"], code)))
        response["content"] = {MEDIA_TYPE: {"schema": {"$ref": _REF.format(model="Problem")}}}
    return described


def _content(model: type[BaseModel]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": {"$ref": _REF.format(model=model.__name__)}}}}


def page(openapi: Mapping[str, Any]) -> str:
    """The document as one HTML page, without script and without a request to anyone else."""
    schemas = openapi["components"]["schemas"]
    sections = [
        _section(method.upper(), path, described, schemas)
        for path, methods in openapi["paths"].items()
        for method, described in methods.items()
    ]
    errors = [
        f'<tr id="{code}"><td><code>{code}</code><td>{kind.status.value}<td>{escape(kind.meaning)}</tr>'
        for code, kind in CODES.items()
    ]
    parts = [
        f"<section>{_table(name, schema)}</section>"
        for name, schema in schemas.items()
        if not name.endswith(("Request", "Answer"))
    ]
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Lifesign API</title>'
        '<link rel="stylesheet" href="/static/lifesign.css"><main class="docs"><h1>Lifesign API</h1>'
        f'<p>Version {escape(openapi["info"]["version"])}. For programs: <a href="/openapi.json">openapi.json</a>.'
        f"</p>{''.join(sections)}{''.join(parts)}<h2>Errors</h2><p>Problem JSON (RFC 9457): "
        "<code>code</code> is stable, <code>error</code> is a sentence for people.</p>"
        "<table><tr><th>Code<th>Status<th>Meaning</tr>"
        f"{''.join(errors)}</table></main></html>"
    )


def _section(method: str, path: str, described: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    text = " ".join(filter(None, (described["summary"], described["description"])))
    asked = described.get("requestBody", {}).get("content")
    answer = described["responses"]["200"].get("content")
    failures = "; ".join(
        f"{status}: {response['description']}" for status, response in described["responses"].items() if status != "200"
    )
    return (
        f"<section><h2><code>{method} {escape(path)}</code></h2><p>{escape(text)}</p>"
        f"{_fields('Request', asked, schemas)}{_fields('Answer', answer, schemas)}"
        f"{f'<p>Errors: {escape(failures)}</p>' if failures else ''}</section>"
    )


def _fields(title: str, content: Mapping[str, Any] | None, schemas: Mapping[str, Any]) -> str:
    if not content:
        return ""
    return _table(title, schemas[content["application/json"]["schema"]["$ref"].rsplit("/", 1)[-1]])


def _table(title: str, schema: Mapping[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(name)}</code></td><td>{escape(_type(field))}</td>"
        f"<td>{escape(field.get('description', ''))}</td></tr>"
        for name, field in schema["properties"].items()
    )
    return f"<table><caption>{title}</caption><tr><th>Field<th>Type<th>Meaning</tr>{rows}</table>"


def _type(field: Mapping[str, Any]) -> str:
    if "anyOf" in field:
        return " or ".join(_type(option) for option in field["anyOf"])
    if "$ref" in field:
        return str(field["$ref"]).rsplit("/", 1)[-1]
    if "const" in field:
        return str(field["const"]).lower()
    return str(field.get("type", "any"))
