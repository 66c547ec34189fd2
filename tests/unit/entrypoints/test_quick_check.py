"""What is found right at once is what the library with the published words finds nothing wrong with."""

import json
from importlib import import_module
from pkgutil import iter_modules

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from notify_entrypoints.http import schemas
from notify_entrypoints.http.formats import FORMATS
from notify_entrypoints.http.quick import is_right
from notify_entrypoints.http.schemas.sending import SEND_EMAIL, SEND_SMS
from notify_entrypoints.http.validation import WrittenNumber

MODULES = [import_module(f"{schemas.__name__}.{module.name}") for module in iter_modules(schemas.__path__)]
SCHEMAS = {
    f"{module.__name__.rpartition('.')[2]}.{name}": value
    for module in MODULES
    for name, value in vars(module).items()
    if isinstance(value, dict) and value.get("type") == "object" and "properties" in value
}

texts = st.one_of(
    st.text(),
    st.sampled_from(
        [
            "07700900123",
            "+1 202 555 0123",
            "5c1d0e1b-9c5d-4a41-8f2b-0a3d3f1f2a77",
            "grace@example.gov.uk",
            "https://example.gov.uk/u",
            "2026-01-05T12:00:00Z",
            "true",
            "sms",
            "x" * 1001,
        ]
    ),
)
numbers = st.one_of(
    st.integers(), st.integers(-(2**80), 2**80), st.sampled_from(["1.10", "1.0", "1e3", "1e400"]).map(WrittenNumber)
)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, texts),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=6,
)


@st.composite
def cases(draw):
    schema = SCHEMAS[draw(st.sampled_from(sorted(SCHEMAS)))]
    names = st.sampled_from([*schema["properties"], "unknown"])
    return schema, draw(st.one_of(values, st.dictionaries(names, values, max_size=5)))


@given(cases())
def test_nothing_wrong_is_found_right(case):
    schema, document = case
    faults = list(Draft202012Validator(schema, format_checker=FORMATS).iter_errors(document))
    assert not (faults and is_right(document, schema))


TEXT = {"phone_number": "07700 900123", "template_id": "5c1d0e1b-9c5d-4a41-8f2b-0a3d3f1f2a77"}
MAIL = {"email_address": "grace@example.gov.uk", "template_id": "5c1d0e1b-9c5d-4a41-8f2b-0a3d3f1f2a77"}


@pytest.mark.parametrize(
    ("schema", "document"),
    [
        (SEND_SMS, TEXT),
        (SEND_SMS, TEXT | {"personalisation": {"name": ["a", 1, True, None], "n": WrittenNumber("1.10")}}),
        (SEND_SMS, TEXT | {"scheduled_for": "2026-01-05T12:00:00Z", "reference": None}),
        (SEND_EMAIL, MAIL),
        (SEND_EMAIL, MAIL | {"one_click_unsubscribe_url": "https://example.gov.uk/u", "sanitise_content_for": ["a"]}),
    ],
)
def test_what_clients_usually_send_is_found_right(schema, document):
    assert is_right(document, schema)


@pytest.mark.parametrize(
    "strange", [{"personalisation": {"a": "\ud800"}}, {"personalisation": json.loads("[" * 900 + "]" * 900)}]
)
def test_what_cannot_be_told_is_left_to_the_other(strange):
    assert is_right(TEXT | strange, SEND_SMS) in {True, False}
