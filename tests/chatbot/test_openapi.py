from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings

from chatbot.api.app import create_app
from chatbot.api.openapi import texts
from chatbot.settings import Settings
from index.settings import IndexSettings
from tests.browser.widget_host import served
from tests.chatbot.fake_chatbot import FakeChatbot

# Real limits would end the run after a minute's worth of requests.
PLENTY = "1000000/minute"
# An operation; API_EXAMPLES=270 makes more than 3,000 requests (README, 측정).
EXAMPLES = int(os.environ.get("API_EXAMPLES", "15"))
ORIGIN = {"origin": "http://testserver"}


@pytest.fixture
def app(tmp_path: Path) -> Any:
    return create_app(
        FakeChatbot(),
        Settings(
            index=IndexSettings(index_dir=tmp_path / "index"),
            access_file=tmp_path / "access.json",
            limit_address=PLENTY,
        ),
    )


@pytest.fixture
def address(app: Any) -> Iterator[str]:
    with served(lambda: app) as address:
        yield address


@pytest.fixture
def client(app: Any) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def document(client: TestClient) -> Any:
    return client.get("/api/v1/openapi.json").json()


def korean(text: str) -> bool:
    return any("가" <= letter <= "힣" for letter in text)


def operations(document: Any) -> Iterator[tuple[str, str, Any]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def test_everything_is_told_in_korean(document: Any) -> None:
    assert document["openapi"] == "3.1.0"
    for method, path, operation in operations(document):
        told = [operation["summary"], operation["description"]]
        told += [parameter["description"] for parameter in operation.get("parameters", [])]
        told += [response["description"] for response in operation["responses"].values()]
        assert all(map(korean, told)), f"{method} {path}: {told}"
    for name, schema in document["components"]["schemas"].items():
        told = [schema["description"], *(field["description"] for field in schema.get("properties", {}).values())]
        assert all(map(korean, told)), f"{name}: {told}"


def test_no_text_is_about_something_that_is_gone(document: Any) -> None:
    told = texts()
    assert set(told["operations"]) == {f"{method} {path}" for method, path, _ in operations(document)}
    schemas = document["components"]["schemas"]
    assert set(told["schemas"]) == set(schemas)
    assert set(told["properties"]) == {name for schema in schemas.values() for name in schema.get("properties", {})}


def test_every_operation_has_a_short_name_of_its_own(document: Any) -> None:
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(set(names)) == len(names)
    assert all(name.isidentifier() and "api_v1" not in name for name in names)


def test_the_changelog_ends_with_the_version_of_the_document(client: TestClient, document: Any) -> None:
    told = client.get("/api/v1/changelog").json()["releases"]
    assert told[0]["version"] == document["info"]["version"]
    versions = [tuple(map(int, release["version"].split("."))) for release in told]
    assert versions == sorted(set(versions), reverse=True)
    assert [release["date"] for release in told] == sorted((release["date"] for release in told), reverse=True)
    assert all(korean(change) for release in told for change in release["changes"])


def test_every_example_works(client: TestClient, document: Any) -> None:
    tried = 0
    for method, path, operation in operations(document):
        examples = {p["name"]: p["example"] for p in operation.get("parameters", []) if "example" in p}
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")
        if body is None and not examples:
            continue
        address = path.format(**examples)
        query = {name: value for name, value in examples.items() if f"{{{name}}}" not in path}
        answered = client.request(method, address, params=query, json=body, headers=ORIGIN)
        assert answered.status_code in (200, 204), f"{method} {path}: {answered.text}"
        tried += 1
    assert tried >= 11


def test_no_generated_request_gets_a_server_error_or_what_the_document_does_not_say(address: str) -> None:
    schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
    from schemathesis import checks

    schema = schemathesis.openapi.from_url(f"{address}/api/v1/openapi.json")
    asked = 0

    for result in schema.get_all_operations():
        operation = result.ok()

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            nonlocal asked
            asked += 1
            case.call_and_validate(
                checks=[
                    checks.not_a_server_error,
                    checks.status_code_conformance,
                    checks.content_type_conformance,
                    checks.response_schema_conformance,
                ]
            )

        ask()
    print(f"{asked} requests")  # noqa: T201  with -s, the figure of the README
    assert asked > 100
