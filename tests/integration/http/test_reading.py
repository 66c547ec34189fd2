from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from notify_core.accounts.model import KeyType, User
from notify_core.kernel.ids import UserId
from notify_core.notifications.model import Channel, SmsRate
from notify_core.notifications.states import Status
from notify_core.templates.model import TemplateType
from notify_core.testing.builders import NOON, a_job, a_letter, a_notification, a_template

LIST = "/v2/notifications"
PAGE = 250


@pytest.fixture
def service(notify):
    return notify.service(name="Flood warnings")


@pytest.fixture
def key(notify, service):
    return notify.key(service)


@pytest.fixture
def template(notify, service):
    return notify.template(service, "Hello ((name))")


@pytest.fixture
def email_template(notify, service):
    return notify.email_template(service, "Dear ((name))", "About ((name))")


@pytest.fixture
def keep(notify, service, key, template, email_template):
    """Store notifications as they are, the first the oldest."""

    def store(*differences):
        made = []
        for number, changes in enumerate(differences):
            email = changes.get("channel") is Channel.EMAIL
            made.append(
                a_notification(
                    **{
                        "service_id": service.id,
                        "api_key_id": key.id,
                        "template_id": (email_template if email else template).id,
                        "created_at": NOON + timedelta(seconds=number),
                    }
                    | changes
                )
            )
        with notify.container.work()() as work:
            work.notifications.add_many(made)
            work.commit()
        return made

    return store


@pytest.fixture
def listed(notify, key):
    def ask(query="", key=key):
        answer = notify.get(f"{LIST}{query}", key)
        assert answer.status_code == 200, answer.data
        return [one["id"] for one in answer.json["notifications"]]

    return ask


def ids(*notifications):
    return [str(one.id) for one in notifications]


NO_LETTER = {f"line_{number}": None for number in range(1, 7)} | {"postcode": None, "postage": None}
NO_COSTS = {"is_cost_data_ready": False, "cost_in_pounds": None, "cost_details": {}}


def test_a_text_message(notify, key, keep, template):
    (text,) = keep(
        {
            "reference": "case 1",
            "status": Status.DELIVERED,
            "sent_at": NOON + timedelta(seconds=1.5),
            "completed_at": NOON + timedelta(minutes=1),
        }
    )

    assert notify.get(f"{LIST}/{text.id}", key).json == {
        "id": str(text.id),
        "reference": "case 1",
        "email_address": None,
        "phone_number": "07700 900123",
        **NO_LETTER,
        "type": "sms",
        "status": "delivered",
        "template": {
            "id": str(template.id),
            "version": 1,
            "uri": f"http://notify.test/v2/template/{template.id}/version/1",
        },
        "body": "Hello Grace",
        "subject": None,
        "created_at": "2026-01-05T12:00:00.000000Z",
        "created_by_name": None,
        "sent_at": "2026-01-05T12:00:01.500000Z",
        "completed_at": "2026-01-05T12:01:00.000000Z",
        "scheduled_for": None,
        "one_click_unsubscribe_url": None,
        **NO_COSTS,
    }


def test_what_a_text_costs_is_told_with_it_once_it_was_handed_over(notify, key, keep):
    with notify.container.work()() as work:
        work.sms_rates.put(SmsRate(NOON, Decimal("0.0233"), {"33": 2}))
        work.commit()
    sent, waiting = keep(
        {"status": Status.SENDING, "sent_at": NOON, "billable_units": 3, "rate_multiplier": 2},
        {"status": Status.CREATED, "created_at": NOON - timedelta(seconds=1)},
    )

    costs = {
        "is_cost_data_ready": True,
        "cost_in_pounds": 0.1398,
        "cost_details": {"billable_sms_fragments": 3, "international_rate_multiplier": 2, "sms_rate": 0.0233},
    }
    told = notify.get(f"{LIST}/{sent.id}", key)
    assert {name: told.json[name] for name in costs} == costs
    # Not 0.13979999999999998, which is what binary fractions make of it.
    assert b'"cost_in_pounds":0.1398,' in told.data.replace(b" ", b"")
    first, second = notify.get(LIST, key).json["notifications"]
    assert {name: first[name] for name in costs} == costs
    assert second["id"] == str(waiting.id)
    assert {name: second[name] for name in costs} == NO_COSTS


def test_messages_of_a_job_say_who_submitted_it(notify, key, keep, service):
    ada = User(UserId(uuid4()), "Ada", "ada@example.gov.uk")
    job = a_job(service_id=service.id, created_by=ada.id)
    with notify.container.work()() as work:
        work.users.put(ada)
        work.jobs.add(job)
        work.commit()
    (text,) = keep({"job_id": job.id, "job_row": 0})
    paper = a_template(service_id=service.id, type=TemplateType.LETTER, subject="News", content="Dear reader")
    letter = a_letter(service_id=service.id, template_id=paper.id, job_id=job.id, job_row=1)
    with notify.container.work()() as work:
        work.templates.put(paper)
        work.letters.add_many([letter])
        work.commit()

    for one in (text, letter):
        assert notify.get(f"{LIST}/{one.id}", key).json["created_by_name"] == "Ada"
    listed = notify.get(f"{LIST}?include_jobs=true", key).json["notifications"]
    assert [one["created_by_name"] for one in listed] == ["Ada", "Ada"]


def test_an_email(notify, key, keep, email_template):
    (email,) = keep(
        {
            "channel": Channel.EMAIL,
            "scheduled_for": NOON + timedelta(hours=1),
            "one_click_unsubscribe_url": "https://example.gov.uk/stop",
        }
    )

    assert notify.get(f"{LIST}/{email.id}", key).json == {
        "id": str(email.id),
        "reference": None,
        "email_address": "Grace@example.gov.uk",
        "phone_number": None,
        **NO_LETTER,
        "type": "email",
        "status": "created",
        "template": {
            "id": str(email_template.id),
            "version": 1,
            "uri": f"http://notify.test/v2/template/{email_template.id}/version/1",
        },
        "body": "Dear Grace",
        "subject": "About Grace",
        "created_at": "2026-01-05T12:00:00.000000Z",
        "created_by_name": None,
        "sent_at": None,
        "completed_at": None,
        "scheduled_for": "2026-01-05T13:00:00.000000Z",
        "one_click_unsubscribe_url": "https://example.gov.uk/stop",
        "is_cost_data_ready": True,
        "cost_in_pounds": 0.0,
        "cost_details": {},
    }


def test_it_is_read_with_the_version_it_was_sent_with(notify, key, keep, template):
    (text,) = keep({})
    notify.put(replace(template, version=2, content="Changed"))

    assert notify.get(f"{LIST}/{text.id}", key).json["body"] == "Hello Grace"


def test_what_is_not_there(notify, key, keep, errors_of):
    other = notify.service()
    (of_another,) = keep({"service_id": other.id, "template_id": notify.template(other).id})

    for unknown in (uuid4(), of_another.id):
        assert errors_of(notify.get(f"{LIST}/{unknown}", key), 404, "NoResultFound") == ["No result found"]


@pytest.mark.parametrize("unreadable", ["x", "5", "sms", "%00", "\ud7ff"])
def test_what_is_no_id(notify, key, errors_of, unreadable):
    answer = notify.get(f"{LIST}/{unreadable}", key)
    assert errors_of(answer, 400, "ValidationError") == ["notification_id is not a valid UUID"]


def test_a_list_is_newest_first(notify, key, keep, listed):
    first, second, third = keep({}, {"channel": Channel.EMAIL}, {})

    assert listed() == ids(third, second, first)


def test_every_key_reads_each_but_lists_only_those_of_its_type(notify, service, key, keep, listed):
    other = notify.key(service, key_type=KeyType.TEAM)
    by_normal, by_team = keep({}, {"key_type": KeyType.TEAM, "api_key_id": other.id})

    assert listed() == ids(by_normal)
    assert listed(key=notify.key(service)) == ids(by_normal)
    assert listed(key=other) == ids(by_team)
    assert notify.get(f"{LIST}/{by_normal.id}", other).status_code == 200


def test_filters(keep, listed):
    delivered, failed, given_up, email = keep(
        {"status": Status.DELIVERED, "reference": "a b&c"},
        {"status": Status.PERMANENT_FAILURE},
        {"status": Status.TECHNICAL_FAILURE},
        {"channel": Channel.EMAIL, "status": Status.TEMPORARY_FAILURE},
    )

    assert listed("?status=delivered") == ids(delivered)
    assert listed("?status=delivered&status=permanent-failure") == ids(failed, delivered)
    assert listed("?status=failed") == ids(email, given_up, failed)
    assert listed("?status=failed&template_type=sms") == ids(given_up, failed)
    assert listed("?template_type=email&template_type=letter") == ids(email)
    assert listed("?reference=a+b%26c") == ids(delivered)
    assert listed("?reference=unknown") == []
    assert listed("?status=received") == []
    assert listed(f"?older_than={given_up.id}") == ids(failed, delivered)
    assert listed(f"?older_than={uuid4()}") == []
    assert listed("?include_jobs=true") == listed("?include_jobs=True") == listed()


def test_pages(notify, key, keep, listed):
    made = keep(*[{} for _ in range(PAGE + 2)])

    first = notify.get(f"{LIST}?template_type=sms&template_type=email&reference=", key).json
    assert first == {
        "notifications": [],
        "links": {"current": f"http://notify.test{LIST}?template_type=sms&template_type=email&reference="},
    }
    first = notify.get(f"{LIST}?template_type=sms&template_type=email", key).json
    assert [one["id"] for one in first["notifications"]] == ids(*reversed(made[2:]))
    assert first["links"] == {
        "current": f"http://notify.test{LIST}?template_type=sms&template_type=email",
        "next": f"http://notify.test{LIST}?older_than={made[2].id}&template_type=sms&template_type=email",
    }
    second = notify.get(first["links"]["next"].removeprefix("http://notify.test"), key).json
    assert [one["id"] for one in second["notifications"]] == ids(made[1], made[0])
    assert second["links"]["current"] == first["links"]["next"]
    third = notify.get(second["links"]["next"].removeprefix("http://notify.test"), key).json
    assert third["notifications"] == []
    assert "next" not in third["links"]


STATUSES = (
    "cancelled, created, sending, sent, delivered, pending, failed, technical-failure, temporary-failure, "
    "permanent-failure, pending-virus-check, validation-failed, virus-scan-failed, returned-letter, accepted, received"
)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("?status=elephant", f"status elephant is not one of [{STATUSES}]"),
        ("?status=created&status=", f"status  is not one of [{STATUSES}]"),
        ("?template_type=fax", "template_type fax is not one of [sms, email, letter]"),
        ("?older_than=1", "older_than is not a valid UUID"),
        ("?include_jobs=perhaps", "include_jobs perhaps is not one of [true, True]"),
        ("?page=2", "Additional properties are not allowed (page was unexpected)"),
        ("?reference=a%00b", "reference contains characters that cannot be kept"),
    ],
)
def test_queries_that_mean_nothing(notify, key, errors_of, query, message):
    assert errors_of(notify.get(f"{LIST}{query}", key), 400, "ValidationError") == [message]
