"""Requests with an Idempotency-Key are done once, however often they are sent."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from notify_adapters.storage.sql.schema import idempotency_records
from notify_core.accounts.model import RequestKey
from notify_core.accounts.tasks import ForgetAnswers
from notify_core.notifications.use_cases import AcceptSms

SMS = "/v2/notifications/sms"


@pytest.fixture
def service(notify):
    return notify.service()


@pytest.fixture
def key(notify, service):
    return notify.key(service)


@pytest.fixture
def body(notify, service):
    template = notify.template(service, "Hello ((name))")
    return {"phone_number": "07700900123", "template_id": str(template.id), "personalisation": {"name": "Grace"}}


@pytest.fixture
def send(notify, key, body):
    def post(name="order 7", path=SMS, by=key, **changes):
        headers = {} if name is None else {"Idempotency-Key": name}
        return notify.post(path, body | changes, by, headers=headers)

    return post


@pytest.fixture
def under_way(notify, key, body):
    """Somebody is doing the request that :func:`send` makes."""
    named = RequestKey(key.id, SMS, "order 7")
    assert notify.container.begin_request()(named, json.dumps(body).encode()).answer is None


@pytest.fixture
def replace_part(notify):
    """A part of the platform is another until the test is over."""
    replaced = []

    def replace(name, part):
        provider = notify.container.providers[name]
        provider.override(part)
        replaced.append(provider)

    yield replace
    for provider in replaced:
        provider.reset_override()


def let_leases_run_out(notify):
    with notify.container.engine().begin() as connection:
        connection.execute(sa.update(idempotency_records).values(leased_until_us=0))


def first_answer_again(first, again):
    return (again.status_code, again.data, again.content_type) == (first.status_code, first.data, first.content_type)


def test_the_same_request_again_is_answered_as_before_and_sends_nothing(send, kept):
    first = send()
    again = send()
    assert first.status_code == 201
    assert first_answer_again(first, again)
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (kept()["notifications"], kept()["task_ledger"], kept()["idempotency_records"]) == (1, 1, 1)


def test_without_the_header_nothing_is_kept(send, kept):
    first, second = send(None), send(None)
    assert first.json["id"] != second.json["id"]
    assert kept()["idempotency_records"] == 0


def test_another_body_is_refused(send, errors_of, kept):
    send()
    assert errors_of(send(reference="x"), 422) == ["This Idempotency-Key was used for a request with another body"]
    assert kept()["notifications"] == 1


@pytest.mark.usefixtures("under_way")
def test_while_the_first_is_under_way_the_second_is_told_so(send, errors_of):
    assert errors_of(send(), 409) == ["The first request with this Idempotency-Key is still under way"]
    # To be told so is not the answer.
    assert errors_of(send(), 409)


def test_other_keys_and_other_paths_have_names_of_their_own(notify, service, send, kept):
    send()
    other_key = send(by=notify.key(service))
    assert other_key.status_code == 201
    email = notify.email_template(service)
    by_email = notify.post(
        "/v2/notifications/email",
        {"email_address": "grace@example.gov.uk", "template_id": str(email.id), "personalisation": {"name": "Grace"}},
        notify.key(service),
        headers={"Idempotency-Key": "order 7"},
    )
    assert by_email.status_code == 201
    assert kept()["notifications"] == 3


@pytest.mark.parametrize(
    ("name", "fault"),
    [("k" * 256, "Idempotency-Key is longer than 255 characters"), ("", "Idempotency-Key must not be empty")],
)
def test_a_name_that_cannot_be_kept_is_refused(send, errors_of, kept, name, fault):
    assert errors_of(send(name), 400, "ValidationError") == [fault]
    assert kept()["notifications"] == 0


@pytest.mark.parametrize("change", [{"phone_number": "12"}, {"template_id": str(uuid4())}, {"personalisation": {}}])
def test_a_refusal_is_kept_too(send, kept, change):
    first = send(**change)
    again = send(**change)
    assert first.status_code == 400
    assert first_answer_again(first, again)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert kept()["idempotency_records"] == 1


def test_a_simulated_recipient_is_answered_with_the_same_id(send, kept):
    first, again = send(phone_number="07700900000"), send(phone_number="07700900000")
    assert first.status_code == 201
    assert first_answer_again(first, again)
    assert kept()["notifications"] == 0


def test_a_preview_is_kept(notify, key, body):
    def preview():
        path = f"/v2/template/{body['template_id']}/preview"
        values = {"personalisation": {"name": "Grace"}}
        return notify.post(path, values, key, headers={"Idempotency-Key": "p"})

    assert first_answer_again(preview(), preview())


def test_too_many_requests_is_not_kept(notify, body, errors_of, kept):
    service = notify.service(rate_limit=0)
    key = notify.key(service)
    headers = {"Idempotency-Key": "order 7"}
    for _ in range(2):
        answer = notify.post(SMS, body, key, headers=headers)
        assert answer.status_code == 429
        assert "Idempotent-Replayed" not in answer.headers
    assert kept()["idempotency_records"] == 0


class Unlucky(AcceptSms):
    def __call__(self, *_arguments):
        raise ZeroDivisionError


def test_a_failure_of_ours_is_not_kept(notify, send, replace_part, kept):
    real = notify.container.accept_sms()
    parts = {name: getattr(real, name) for name in real.__dataclass_fields__}
    replace_part("accept_sms", Unlucky(**parts))
    assert send().status_code == 500
    assert kept()["idempotency_records"] == 0
    replace_part("accept_sms", real)
    assert send().status_code == 201


def test_who_is_not_let_in_takes_no_name(notify, body, kept):
    answer = notify.request("POST", SMS, "no token", body, headers={"Idempotency-Key": "order 7"})
    assert answer.status_code == 403
    assert kept()["idempotency_records"] == 0


class Overtaken(AcceptSms):
    """Takes so long that its lease runs out, and somebody else takes the request up."""

    def __call__(self, caller, request, keep):
        self.meanwhile()
        return super().__call__(caller, request, keep)


def overtaken(notify, meanwhile):
    real = notify.container.accept_sms()
    late = Overtaken(**{name: getattr(real, name) for name in real.__dataclass_fields__})

    def others_act():
        notify.container.accept_sms.override(real)
        let_leases_run_out(notify)
        # Elsewhere: a request inside a request of the same thread would share what it notes.
        with ThreadPoolExecutor(1) as elsewhere:
            elsewhere.submit(meanwhile).result()

    object.__setattr__(late, "meanwhile", others_act)
    return late


OVERTAKEN = ["another request has taken this Idempotency-Key"]


def test_a_late_worker_whose_request_another_has_done_stores_nothing(notify, send, replace_part, errors_of, kept):
    others = []
    replace_part("accept_sms", overtaken(notify, lambda: others.append(send())))
    assert errors_of(send(), 409) == OVERTAKEN
    assert first_answer_again(others[0], send())
    assert kept()["notifications"] == 1


def test_a_late_worker_whose_request_another_is_doing_stores_nothing(notify, send, replace_part, errors_of, kept):
    def take():
        with notify.container.engine().begin() as connection:
            connection.execute(sa.update(idempotency_records).values(token="another's"))

    replace_part("accept_sms", overtaken(notify, take))
    assert errors_of(send(), 409) == OVERTAKEN
    assert kept()["notifications"] == 0
    # Nor does it set the name free, which is the other's.
    assert kept()["idempotency_records"] == 1


@pytest.mark.usefixtures("under_way")
def test_what_a_process_that_died_began_is_done_when_its_lease_has_run_out(notify, send):
    assert send().status_code == 409
    let_leases_run_out(notify)
    first = send()
    assert first.status_code == 201
    assert first_answer_again(first, send())


def test_answers_are_unreadable_in_the_database(notify, send):
    answer = send(reference="a name of theirs")
    with notify.container.engine().connect() as connection:
        (row,) = connection.execute(sa.select(idempotency_records)).mappings()
    assert row["status"] == 201
    assert "Grace" not in "".join(map(str, row.values()))
    assert answer.json["id"] not in row["answer_cipher"]


def test_yesterdays_answers_are_forgotten(notify, send, kept):
    send()
    send("order 8")
    with notify.container.engine().begin() as connection:
        long_ago = notify.container.clock().now() - timedelta(hours=24, seconds=1)
        of_one = sa.update(idempotency_records).where(idempotency_records.c.key == "order 7")
        connection.execute(of_one.values(created_at=long_ago))
    notify.container.run_now()(ForgetAnswers())
    assert kept()["idempotency_records"] == 1
    # It is a new request.
    assert send().status_code == 201
    assert kept()["notifications"] == 3


def test_a_document_posted_twice_has_one_answer(notify, kept):
    service = notify.broadcasting_service()
    key = notify.key(service)
    assert notify.post("/v2/broadcast", b"", key, headers={"Idempotency-Key": "a"}).status_code == 415
    assert kept()["idempotency_records"] == 1
