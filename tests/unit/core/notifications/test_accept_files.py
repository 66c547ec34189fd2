from base64 import b64encode
from dataclasses import replace
from datetime import timedelta

import pytest

from notify_core.kernel.errors import NotAllowed, RateLimited, TransientError
from notify_core.notifications.tasks import DeliverEmail
from notify_core.notifications.use_cases import EmailRequest, SmsRequest
from notify_core.templates.model import TemplateType
from notify_core.testing.builders import NOON, a_template
from notify_core.testing.fakes.virus_scanner import EICAR


def upload(content=b"%PDF- a letter", **more):
    return {"file": b64encode(content).decode(), **more}


@pytest.fixture
def floods(platform):
    platform.change_service(contact_link="https://floods.example/contact")
    platform.template = platform.put_template(
        a_template(
            service_id=platform.service.id, type=TemplateType.EMAIL, subject="Your plan", content="At ((link to file))"
        )
    )
    return platform


def send(platform, address="Grace@Example.com", value=None, **changes):
    request = EmailRequest(address, platform.template.id, {"link_to_file": value or upload()})
    return platform.accept_email()(platform.caller, replace(request, **changes))


def kept_files(platform):
    return list(platform.database.table("documents").values())


def refused(platform, error, **changes):
    with pytest.raises(error) as caught:
        send(platform, **changes)
    assert not platform.tasks()
    assert not platform.documents.files
    return str(caught.value)


def test_the_message_carries_a_link_and_the_file_waits_behind_it(floods):
    accepted = send(floods)
    (document,) = kept_files(floods)
    (place,) = floods.documents.files
    key, content = floods.documents.files[place]

    assert content == b"%PDF- a letter"
    assert accepted.body == f"At https://api.example/d/{floods.service.id}/{document.id}?key={key}"
    assert (document.notification_id, document.recipient) == (accepted.id, "grace@example.com")
    stored = floods.stored(accepted)
    assert stored.personalisation == {"linktofile": accepted.body.removeprefix("At ")}


def test_what_is_sent_carries_the_link(floods):
    accepted = send(floods)
    floods.run(floods.deliver_email(), DeliverEmail(accepted.id))

    (message,) = floods.email.emails()
    link = accepted.body.removeprefix("At ")
    assert link in message.plain
    assert f'href="{link}"' in message.html


def test_our_own_link_is_nothing_that_strangers_wrote(floods):
    accepted = send(floods, sanitise_content_for=("Link-To-File", "other"))
    assert "?key=" in accepted.body
    assert accepted.sanitised_content == {}


def test_a_simulated_recipient_gets_an_answer_and_nothing_is_kept(floods):
    accepted = send(floods, "simulate-delivered@notifications.service.gov.uk")
    assert "?key=" in accepted.body
    assert not accepted.stored
    assert kept_files(floods) == []
    infected = {"value": upload(EICAR), "address": "simulate-delivered@notifications.service.gov.uk"}
    assert refused(floods, NotAllowed, **infected) == "File did not pass the virus scan"


def test_refusals_keep_nothing(floods):
    assert refused(floods, NotAllowed, value=upload(EICAR)) == "File did not pass the virus scan"
    assert refused(floods, NotAllowed, value=upload(b"MZ\0\0")).startswith("Unsupported file type")
    refused(floods, NotAllowed, template_id=floods.letter.id)
    floods.virus_scanner.fail_with(TransientError("away"))
    refused(floods, TransientError)
    floods.change_service(rate_limit=0)
    refused(floods, RateLimited)
    floods.change_service(contact_link=None)
    assert "has not been set up" in refused(floods, NotAllowed)
    assert kept_files(floods) == []


def test_a_message_that_is_not_stored_leaves_a_file_that_soon_expires(floods):
    def die(work, answer):
        raise TransientError("the database is gone")

    request = EmailRequest("grace@example.com", floods.template.id, {"link_to_file": upload()})
    with pytest.raises(TransientError):
        floods.accept_email()(floods.caller, request, die)
    (document,) = kept_files(floods)
    assert (document.notification_id, document.expires_at) == (None, NOON + timedelta(hours=1))
    assert not floods.tasks()


def test_only_emails_carry_files(floods):
    with pytest.raises(NotAllowed, match=r"^Can only send a file by email$"):
        floods.accept_sms()(floods.caller, SmsRequest("07700 900123", floods.text.id, {"name": upload()}))
    assert not floods.tasks()
