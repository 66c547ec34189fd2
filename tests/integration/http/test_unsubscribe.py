"""Our unsubscribe links, from the email to the service that is told."""

import re
from urllib.parse import urlsplit
from uuid import uuid4

import pytest


@pytest.fixture
def service(notify):
    return notify.service(name="Flood <warnings>")


@pytest.fixture
def send(notify, service):
    template = notify.email_template(service, has_unsubscribe_link=True)
    key = notify.key(service)

    def post(address="grace@example.gov.uk"):
        body = {"email_address": address, "template_id": str(template.id), "personalisation": {"name": "Grace"}}
        answer = notify.post("/v2/notifications/email", body, key)
        notify.drain()
        return answer.json["id"]

    return post


@pytest.fixture
def link_in(notify):
    """The path of the link that the email of a notification brought."""

    def find(sent):
        (content,) = [one.content for one in notify.email_network.messages() if one.reference == sent]
        (address,) = re.findall(r"<(http.*)>", content["headers"]["List-Unsubscribe"])
        assert address in content["plain"]
        assert address in content["html"]
        return urlsplit(address).path

    return find


def requests(notify, service, **query):
    answer = notify.admin("GET", f"/service/{service.id}/unsubscribe-requests", query_string=query)
    assert answer.status_code == 200
    return answer.json


def test_the_page_asks_and_its_button_tells_the_service(notify, service, send, link_in):
    sent = send()
    link = link_in(sent)
    asked = notify.request("GET", link)
    assert (asked.status_code, asked.mimetype) == (200, "text/html")
    assert '<form method="post">' in asked.text
    assert "Flood &lt;warnings&gt;" in asked.text
    assert "<script" not in asked.text
    assert requests(notify, service)["unsubscribe_requests"] == []

    done = notify.request("POST", link)
    assert done.status_code == 200
    assert "You have asked for no more emails" in done.text
    (one,) = requests(notify, service)["unsubscribe_requests"]
    assert (one["notification_id"], one["email_address"]) == (sent, "grace@example.gov.uk")


def test_a_mail_program_does_it_with_one_click(notify, service, send, link_in):
    link = link_in(send())
    for _ in range(2):
        how = {"data": {"List-Unsubscribe": "One-Click"}}
        assert notify.app.test_client().post(link, **how).status_code == 200
    assert len(requests(notify, service)["unsubscribe_requests"]) == 1


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_link_that_is_not_ours(notify, service, send, method):
    for path in (f"/unsubscribe/{send()}/made-up", f"/unsubscribe/{uuid4()}/made-up"):
        answer = notify.request(method, path)
        assert (answer.status_code, answer.mimetype) == (404, "text/html")
        assert "This link does not work" in answer.text
    assert requests(notify, service)["unsubscribe_requests"] == []


def test_pages_of_requests(notify, service, send, link_in):
    sent = [send(f"grace{number}@example.gov.uk") for number in range(2)]
    for one in sent:
        notify.request("POST", link_in(one))
    first = requests(notify, service)
    assert [one["notification_id"] for one in first["unsubscribe_requests"]] == sent[::-1]
    assert first["links"]["next"].endswith(f"older_than={sent[0]}")
    second = requests(notify, service, older_than=sent[1])
    assert [one["notification_id"] for one in second["unsubscribe_requests"]] == sent[:1]
    last = requests(notify, service, older_than=sent[0])
    assert last["unsubscribe_requests"] == []
    assert "next" not in last["links"]


def test_an_unknown_service_is_not_found(notify):
    assert notify.admin("GET", f"/service/{uuid4()}/unsubscribe-requests").status_code == 404
