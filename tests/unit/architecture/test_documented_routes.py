"""Every route says what it takes and answers, and the document made of that is a valid one."""

import pytest
from flask import Flask
from openapi_spec_validator import validate

from notify_entrypoints.containers import Container
from notify_entrypoints.http import create_app
from notify_entrypoints.http.authentication import Authentication, authentication
from notify_entrypoints.http.documented import UndocumentedRoute, documented, operation_of
from notify_entrypoints.http.openapi import document
from notify_entrypoints.http.schemas.parts import TEXT, answered
from notify_entrypoints.settings import load_settings


@pytest.fixture
def app(tmp_path):
    return create_app(Container(settings=load_settings({"NOTIFY_DATA_DIR": str(tmp_path)})))


def test_every_route_is_documented(app):
    """With ``@documented(...)`` beside its view; ``notify_entrypoints/http/v2`` has examples."""

    def is_documented(view):
        try:
            return operation_of(view)
        except UndocumentedRoute:
            return None

    rules = app.url_map.iter_rules()
    assert [rule.rule for rule in rules if not is_documented(app.view_functions[rule.endpoint])] == []


@pytest.fixture
def written(app):
    return app.test_client().get("/openapi.json").json


def test_the_document_is_valid_openapi(written):
    assert written["openapi"] == "3.1.0"
    validate(written)


def operations(written):
    return [
        (path, method, operation) for path, methods in written["paths"].items() for method, operation in methods.items()
    ]


def test_it_has_every_route(app, written):
    routes = {
        (rule.rule.replace("<uuid:", "{").replace("<path:", "{").replace("<", "{").replace(">", "}"), method.lower())
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert {(path, method) for path, method, _ in operations(written)} == routes


def test_every_operation_says_who_may_call_and_how_it_refuses(written):
    for path, _, operation in operations(written):
        answers = operation["responses"]
        # Suppliers show a password that is no token of ours, where they show one.
        assert not operation["security"] or {"401", "403"} <= set(answers), path
        for status in ("500", "503"):
            assert "content" in answers[status], path
        assert ("413" in answers) is ("requestBody" in operation), path


def test_headers_are_described(written):
    for path, method, operation in operations(written):
        names = {one["$ref"].rpartition("/")[2] for one in operation["parameters"] if "$ref" in one}
        repeatable = method == "post" and path.startswith("/v2/")
        assert names == {"X-B3-TraceId"} | ({"Idempotency-Key"} if repeatable else set())
        for status, answer in operation["responses"].items():
            assert "X-B3-TraceId" in answer["headers"], path
            assert ("Retry-After" in answer["headers"]) is (status == "429"), path


def test_a_schema_with_a_name_is_written_once(written):
    text = written["paths"]["/v2/template/{template_id}"]["get"]["responses"]["200"]["content"]["application/json"]
    assert text == {"schema": {"$ref": "#/components/schemas/Template"}}
    assert written["components"]["schemas"]["Template"]["properties"]["subject"] == {"type": ["string", "null"]}


@pytest.fixture
def small_app():
    def make(*views):
        app = Flask("small", static_folder=None)
        for number, view in enumerate(views):
            app.add_url_rule(f"/{number}", str(number), authentication(Authentication.NONE)(view))
        return app

    return make


def test_two_schemas_of_one_name_are_refused(small_app):
    @documented("One", answered({"a": TEXT}, title="Same"))
    def one():
        return {"a": "a"}

    @documented("Another", answered({"b": TEXT}, title="Same"))
    def another():
        return {"b": "b"}

    with pytest.raises(ValueError, match="two schemas have the title Same"):
        document(small_app(one, another), version="1", root="http://notify.test")


def test_a_route_that_says_nothing_is_named(small_app):
    def careless():
        return {}

    with pytest.raises(UndocumentedRoute, match=r"careless does not declare what it takes and answers"):
        document(small_app(careless), version="1", root="http://notify.test")
