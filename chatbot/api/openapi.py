"""The OpenAPI document: FastAPI's, told in Korean, with our problem documents in place of its errors."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from chatbot.api.problems import MEDIA_TYPE, FieldProblem, Problem
from chatbot.api.routes.changelog import releases

_TAGGED = tuple(f"GET /api/v1/{noun}" for noun in ("cases", "documents", "files"))
Json = dict[str, Any]


def install_openapi(app: FastAPI) -> None:
    """Makes ``app`` serve our document; it is put together at the first request for it."""

    @cache
    def document() -> Json:
        return build_document(app)

    app.openapi = document  # type: ignore[method-assign]  # as FastAPI's own documentation has it


def texts() -> Json:
    """The Korean texts and the examples."""
    loaded: Json = yaml.safe_load(files("chatbot.api").joinpath("openapi.yaml").read_text(encoding="utf-8"))
    return loaded


def build_document(app: FastAPI) -> Json:
    """The whole document."""
    told = texts()
    document = get_openapi(
        title=app.title,
        version=releases()[0].version,
        openapi_version="3.1.0",
        description=told["description"],
        routes=app.routes,
    )
    schemas: Json = document["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas |= _problem_schemas()
    document["components"]["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
    document["security"] = [{}, {"bearer": []}]
    for name, operation in _operations(document):
        _tell(operation, name, told)
    for name, schema in schemas.items():
        schema["description"] = told["schemas"][name]
        for field, described in schema.get("properties", {}).items():
            described["description"] = told["properties"][field]
    return document


def _operations(document: Json) -> Iterator[tuple[str, Json]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def _tell(operation: Json, name: str, told: Json) -> None:
    about = told["operations"][name]
    operation["summary"] = about["summary"]
    operation["description"] = about["description"]
    if "request" in about:
        operation["requestBody"]["content"]["application/json"]["example"] = about["request"]
    given = {**about.get("query", {}), **about.get("path", {})}
    for parameter in operation.get("parameters", []):
        parameter["description"] = told["parameters"][parameter["name"]]
        parameter["schema"].pop("description", None)
        if parameter["name"] in given:
            parameter["example"] = given[parameter["name"]]
    responses = operation["responses"]
    for status in _problem_statuses(name, operation):
        responses[str(status)] = {"content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    if name.startswith(_TAGGED):
        responses["304"] = {}
    if stream := responses.get("200", {}).get("content", {}).get("text/event-stream"):
        stream.clear()  # OpenAPI 3.1 has no schema for the events of a stream; the description names them
    for status, response in responses.items():
        response["description"] = told["responses"][int(status)]


def _problem_statuses(name: str, operation: Json) -> Iterator[int]:
    yield 500
    if name.startswith(("GET /healthz", "GET /metrics")) or name.endswith("/changelog"):
        return
    yield 503
    if name == "GET /readyz":
        return
    yield from (401, 403, 422, 429)
    if "{" in name or "/stream" in name:
        yield 404
    if "requestBody" in operation:
        yield from (400, 413)
    if "/ask" in name or "/search" in name or "/chat/" in name:
        yield 504


def _problem_schemas() -> Json:
    reference = "#/components/schemas/{model}"
    problem = Problem.model_json_schema(ref_template=reference)
    problem.pop("$defs", None)
    return {"Problem": problem, "FieldProblem": FieldProblem.model_json_schema(ref_template=reference)}
