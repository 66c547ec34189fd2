"""Where Prometheus is chosen, the API serves what it fetches."""

import pytest

TOKEN = {"Authorization": "Bearer a-token-of-this-test"}
CHOSEN = {"NOTIFY_METRICS": "prometheus", "NOTIFY_METRICS_TOKEN": "a-token-of-this-test"}


@pytest.fixture
def measured(make_notify):
    return make_notify("measured", **CHOSEN)


def test_the_figures_of_this_process_are_served(measured):
    measured.container.metrics().count("inbound.mmg.unknown-number")
    answer = measured.request("GET", "/metrics", headers=TOKEN)
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain; version=")
    assert 'notify_inbound_texts_total{outcome="unknown-number",provider="mmg"} 1.0\n' in answer.text


def test_an_admins_token_or_none_is_refused(measured):
    for headers in ({}, {"Authorization": "Bearer another"}, {"Authorization": "Basic eDp5"}):
        answer = measured.request("GET", "/metrics", headers=headers)
        assert answer.status_code == 401
        assert "notify_" not in answer.text


def test_the_token_opens_nothing_else(measured):
    assert measured.request("GET", "/service", headers=TOKEN).status_code in {401, 403}


def test_it_is_in_the_document_of_the_api(measured):
    document = measured.request("GET", "/openapi.json").json
    operation = document["paths"]["/metrics"]["get"]
    assert operation["security"] == [{"scraper": []}]
    assert operation["responses"]["200"]["content"] == {"text/plain": {}}
    assert "401" in operation["responses"]


def test_where_metrics_are_told_there_is_nothing_to_fetch(make_notify):
    notify = make_notify("told")
    assert notify.request("GET", "/metrics", headers=TOKEN).status_code == 404
    assert "/metrics" not in notify.request("GET", "/openapi.json").json["paths"]
