from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from notify_core.accounts.model import KeyType, Permission
from notify_core.kernel.errors import Conflict, InvalidValue, NotAllowed, RateLimited
from notify_core.kernel.queues import PRIORITY, RESEARCH_MODE, SEND_EMAIL, SEND_SMS
from notify_core.notifications.states import Status
from notify_core.notifications.use_cases import EmailRequest, SmsRequest
from notify_core.templates.model import ProcessType
from notify_core.testing.builders import NOON, a_reply_to, a_user, an_sms_sender

GRACE = {"name": "Grace"}
TRIAL = "Can’t send to this recipient when service is in trial mode – see https://www.notifications.service.gov.uk/trial-mode"  # noqa: RUF001 - the published text
TEAM_ONLY = "Can’t send to this recipient using a team-only API key"  # noqa: RUF001 - the published text


def text(platform, **changes):
    request = SmsRequest("07700 900123", platform.text.id, GRACE)
    return platform.accept_sms()(platform.caller, replace(request, **changes))


def mail(platform, **changes):
    request = EmailRequest("Grace@Example.com", platform.mail.id, GRACE)
    return platform.accept_email()(platform.caller, replace(request, **changes))


def given_templates(platform, **changes):
    platform.text = platform.put_template(replace(platform.text, **changes))
    platform.mail = platform.put_template(replace(platform.mail, **changes))


def refusal(send, platform, **changes):
    with pytest.raises(NotAllowed) as caught:
        send(platform, **changes)
    assert not platform.tasks()
    return str(caught.value)


def test_a_text_is_kept_with_its_delivery(platform):
    accepted = text(platform, reference="my-reference")

    assert accepted.stored
    assert accepted.body == "Hello Grace, the river is rising"
    assert (accepted.reference, accepted.from_number) == ("my-reference", "GOVUK")
    assert (accepted.template_id, accepted.template_version) == (platform.text.id, 1)
    kept = platform.stored(accepted)
    assert (kept.to, kept.recipient, kept.status) == ("07700 900123", "+447700900123", Status.CREATED)
    assert (kept.key_type, kept.api_key_id, kept.created_at) == (KeyType.NORMAL, platform.key.id, NOON)
    (task,) = platform.tasks()
    assert (task.task, task.queue, task.due_at) == ("deliver_sms", SEND_SMS, NOON)
    assert task.arguments == {"notification_id": str(accepted.id)}
    assert task.fair == str(platform.service.id)


def test_an_email_is_kept_with_its_delivery(platform):
    accepted = mail(platform)

    assert accepted.subject == "For Grace"
    assert accepted.body == "# Hello Grace\n\nThe river is rising."
    assert accepted.from_email == "floods@notify.example"
    assert accepted.sanitised_content == {}
    kept = platform.stored(accepted)
    assert (kept.to, kept.recipient) == ("Grace@Example.com", "grace@example.com")
    (task,) = platform.tasks()
    assert (task.task, task.queue) == ("deliver_email", SEND_EMAIL)


@pytest.mark.parametrize("send", [text, mail])
def test_a_crash_before_the_commit_leaves_neither(platform, send):
    platform.work.fail_next_commit(Conflict("the database is gone"))

    with pytest.raises(Conflict):
        send(platform)

    assert not platform.tasks()
    assert not platform.database.table("notifications")


@pytest.mark.parametrize("send", [text, mail])
def test_priority_templates_have_a_queue_of_their_own(platform, send):
    given_templates(platform, process_type=ProcessType.PRIORITY)
    send(platform)

    assert platform.tasks()[0].queue == PRIORITY


@pytest.mark.parametrize("send", [text, mail])
def test_test_keys_have_another(platform, send):
    given_templates(platform, process_type=ProcessType.PRIORITY)
    platform.use_key(KeyType.TEST)
    send(platform)

    assert platform.tasks()[0].queue == RESEARCH_MODE


@pytest.mark.parametrize("send", [text, mail])
def test_a_scheduled_message_waits_in_the_ledger(platform, send):
    due = NOON + timedelta(hours=24)
    accepted = send(platform, scheduled_for=due)

    assert accepted.scheduled_for == due
    assert platform.stored(accepted).scheduled_for == due
    assert platform.tasks()[0].due_at == due


@pytest.mark.parametrize("send", [text, mail])
@pytest.mark.parametrize(
    ("wait", "message"),
    [
        (timedelta(seconds=-1), "scheduled_for datetime can not be in the past"),
        (timedelta(hours=24, seconds=1), "scheduled_for datetime can only be 24 hours in the future"),
    ],
)
def test_but_not_for_ever(platform, send, wait, message):
    with pytest.raises(InvalidValue, match=message):
        send(platform, scheduled_for=NOON + wait)


@pytest.mark.parametrize("send", [text, mail])
def test_this_very_moment_is_not_past(platform, send):
    assert platform.stored(send(platform, scheduled_for=NOON)).scheduled_for == NOON
    assert platform.tasks()[0].due_at == NOON


@pytest.mark.parametrize("number", ["07700900000", "+447700900111", "0044 7700 900222"])
def test_simulated_numbers_are_answered_and_forgotten(platform, number):
    accepted = text(platform, phone_number=number)

    assert accepted.body
    assert not accepted.stored
    assert not platform.tasks()
    assert not platform.database.table("notifications")


@pytest.mark.parametrize("number", ["", "-2", "-3"])
def test_simulated_addresses_too(platform, number):
    accepted = mail(platform, email_address=f"simulate-delivered{number}@notifications.service.gov.uk")

    assert not accepted.stored
    assert not platform.tasks()


def test_a_recipient_that_is_none(platform):
    with pytest.raises(InvalidValue, match="phone_number Not enough digits"):
        text(platform, phone_number="0770")
    with pytest.raises(InvalidValue, match="email_address Not a valid email address"):
        mail(platform, email_address="grace")


@pytest.mark.parametrize("send", [text, mail])
def test_no_such_template(platform, send):
    assert refusal(send, platform, template_id=uuid4()) == "Template not found"


@pytest.mark.parametrize("send", [text, mail])
def test_a_deleted_template(platform, send):
    given_templates(platform, archived=True)

    assert refusal(send, platform) == "Template has been deleted"


def test_a_template_of_another_kind(platform):
    assert refusal(text, platform, template_id=platform.mail.id) == (
        "email template is not suitable for sms notification"
    )
    assert refusal(mail, platform, template_id=platform.letter.id) == (
        "letter template is not suitable for email notification"
    )


@pytest.mark.parametrize("send", [text, mail])
def test_missing_values_are_named_in_the_templates_order(platform, send):
    given_templates(platform, content="((zebra)) ((Name)) ((ant)) ((ZEBRA))")

    assert refusal(send, platform) == "Missing personalisation: zebra, ant"


def test_the_subjects_placeholders_count_too(platform):
    platform.mail = platform.put_template(replace(platform.mail, subject="((first name))", content="((Name))"))

    assert refusal(mail, platform, personalisation={}) == "Missing personalisation: first name, Name"


def test_a_value_that_is_no_text(platform):
    with pytest.raises(InvalidValue, match="personalisation name"):
        text(platform, personalisation={"name": {"a": 1}})


def test_the_longest_text_has_918_characters_besides_its_prefix(platform):
    given_templates(platform, content="((name))")

    assert len(text(platform, personalisation={"name": "x" * 918}).body) == 918


def test_a_longer_one_is_refused(platform):
    given_templates(platform, content="((name))")

    assert refusal(text, platform, personalisation={"name": "x" * 919}) == (
        "Your message is too long. Text messages cannot be longer than 918 characters. "
        "Your message is 919 characters long."
    )


def test_an_email_that_is_too_long(platform):
    given_templates(platform, content="((name))")

    assert refusal(mail, platform, personalisation={"name": "é" * 1_000_001}) == (
        "Your message is too long. Emails cannot be longer than 2000000 bytes. Your message is 2000002 bytes."
    )


@pytest.mark.parametrize("send", [text, mail])
def test_an_empty_message(platform, send):
    given_templates(platform, content="((name))")

    assert refusal(send, platform, personalisation={"name": " "}) == "Your message is empty."


def test_without_the_permission(platform):
    platform.change_service(permissions=frozenset({Permission.LETTER}))

    assert refusal(text, platform) == "Service is not allowed to send text messages"
    assert refusal(mail, platform) == "Service is not allowed to send emails"


@pytest.mark.parametrize("send", [text, mail])
def test_trial_mode(platform, send):
    platform.change_service(restricted=True)

    assert refusal(send, platform) == TRIAL


@pytest.mark.parametrize("send", [text, mail])
def test_a_team_key(platform, send):
    platform.use_key(KeyType.TEAM)

    assert refusal(send, platform) == TEAM_ONLY


@pytest.mark.parametrize("send", [text, mail])
def test_a_test_key_in_trial_mode_may_name_anybody(platform, send):
    platform.change_service(restricted=True)
    platform.use_key(KeyType.TEST)

    assert send(platform).stored


@pytest.mark.parametrize("send", [text, mail])
def test_the_guest_list_may_be_written_to(platform, send):
    platform.change_service(restricted=True)
    with platform.work() as work:
        work.guest_list.add(platform.service.id, "+447700900123")
        work.guest_list.add(platform.service.id, "grace@example.com")
        work.commit()

    assert send(platform).stored


@pytest.mark.parametrize("send", [text, mail])
def test_the_team_may_be_written_to(platform, send):
    platform.use_key(KeyType.TEAM)
    colleagues = [
        a_user(name="Ada", email_address="none", mobile_number=None),
        a_user(name="Grace", email_address="GRACE@example.com", mobile_number="07700 900 123"),
    ]
    with platform.work() as work:
        for colleague in colleagues:
            work.users.put(colleague)
            work.users.add_to_service(colleague.id, platform.service.id)
        work.commit()

    assert send(platform).stored


def test_numbers_abroad_need_a_permission(platform):
    pytest.importorskip("phonenumbers")

    assert refusal(text, platform, phone_number="+33612345678") == "Cannot send to international mobile numbers"

    platform.change_service(permissions=platform.service.permissions | {Permission.INTERNATIONAL_SMS})
    assert platform.stored(text(platform, phone_number="+33612345678")).international


def test_the_crown_dependencies_are_not_abroad(platform):
    assert not platform.stored(text(platform, phone_number="07797 123456")).international


def test_a_texts_sender(platform):
    service_id = platform.service.id
    default = an_sms_sender(service_id=service_id, sms_sender="FLOODS", is_default=True)
    other = an_sms_sender(service_id=service_id, sms_sender="RIVER")
    with platform.work() as work:
        work.senders.put_sms_sender(default)
        work.senders.put_sms_sender(other)
        work.commit()

    assert text(platform).from_number == "FLOODS"
    assert platform.stored(text(platform, sms_sender_id=other.id)).sender == "RIVER"


def test_no_such_sender(platform):
    unknown = uuid4()

    assert refusal(text, platform, sms_sender_id=unknown) == (
        f"sms_sender_id {unknown} does not exist in database for service id {platform.service.id}"
    )
    assert refusal(mail, platform, email_reply_to_id=unknown) == (
        f"email_reply_to_id {unknown} does not exist in database for service id {platform.service.id}"
    )


def test_an_emails_reply_to(platform):
    service_id = platform.service.id
    default = a_reply_to(service_id=service_id, email_address="floods@example.com", is_default=True)
    other = a_reply_to(service_id=service_id, email_address="river@example.com")
    with platform.work() as work:
        work.senders.put_reply_to(default)
        work.senders.put_reply_to(other)
        work.commit()

    assert platform.stored(mail(platform)).reply_to == "floods@example.com"
    assert platform.stored(mail(platform, email_reply_to_id=other.id)).reply_to == "river@example.com"


@pytest.mark.parametrize("send", [text, mail])
@pytest.mark.parametrize(
    ("key_type", "word"), [(KeyType.NORMAL, "LIVE"), (KeyType.TEAM, "TEAM"), (KeyType.TEST, "TEST")]
)
def test_too_many_requests(platform, send, key_type, word):
    platform.change_service(rate_limit=0)
    platform.use_key(key_type)

    with pytest.raises(RateLimited) as caught:
        send(platform)
    assert str(caught.value) == f"Exceeded rate limit for key type {word} of 0 requests per 60 seconds"
    assert caught.value.retry_after == timedelta(seconds=60)


def test_key_types_are_counted_apart(platform):
    platform.change_service(rate_limit=1)
    text(platform)
    platform.use_key(KeyType.TEST)
    text(platform)

    with pytest.raises(RateLimited):
        mail(platform)


def test_one_click_unsubscribe(platform):
    accepted = mail(platform, one_click_unsubscribe_url="https://example.com/unsubscribe?id=1")

    assert platform.stored(accepted).one_click_unsubscribe_url == accepted.one_click_unsubscribe_url


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com",
        "https://",
        "unsubscribe",
        "https://example.com/\r\nBcc: a@b.c",
        "https://a.b/> <c",
        "https://[a",
        f"https://example.com/{'x' * 2000}",
    ],
)
def test_what_is_no_address_to_unsubscribe_at(platform, url):
    with pytest.raises(InvalidValue, match="one_click_unsubscribe_url is not a valid https url"):
        mail(platform, one_click_unsubscribe_url=url)


def test_what_strangers_wrote_is_made_harmless(platform):
    accepted = mail(
        platform,
        personalisation={"name": "*Win* at www.evil.example/x or evil-bank.co.uk", "ok": "fine", "n": 1},
        sanitise_content_for=("NAME", "ok", "n", "other"),
    )

    (changed,) = accepted.sanitised_content.items()
    assert changed[0] == "NAME"
    assert changed[1].unsanitised == "*Win* at www.evil.example/x or evil-bank.co.uk"
    assert changed[1].sanitised == r"\*Win\* at  or evil-bank. co. uk"
    assert accepted.body.startswith("# Hello *Win* at  or evil-bank. co. uk")
