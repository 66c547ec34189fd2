import pytest

from notify_core.kernel.errors import NotAllowed
from notify_core.templates.model import EmailMessage, Personalisation, SmsMessage, TemplateType
from notify_core.templates.policies import check_complete, check_email, check_sms, check_usable
from notify_core.testing.builders import a_template


def reason(check, *about):
    with pytest.raises(NotAllowed) as refusal:
        check(*about)
    return str(refusal.value)


def test_a_template_serves_its_own_channel():
    template = a_template(type=TemplateType.SMS)
    check_usable(template, TemplateType.SMS)
    assert reason(check_usable, template, TemplateType.EMAIL) == "sms template is not suitable for email notification"


def test_a_deleted_template_makes_no_messages():
    deleted = a_template(type=TemplateType.SMS, archived=True)
    assert reason(check_usable, deleted, TemplateType.SMS) == "Template has been deleted"


def test_of_two_faults_the_wrong_channel_is_named_as_the_published_api_does():
    deleted = a_template(type=TemplateType.SMS, archived=True)
    assert reason(check_usable, deleted, TemplateType.EMAIL) == "sms template is not suitable for email notification"


def test_missing_personalisation_is_listed_in_the_templates_order():
    template = a_template(type=TemplateType.EMAIL, subject="((Re)) ((b))", content="((z)) ((B)) ((a??x)) ((have))")
    values = Personalisation.parse({"have": "it", "b": None})
    assert reason(check_complete, template, values) == "Missing personalisation: Re, b, z, a"
    check_complete(template, Personalisation.parse({"RE": 1, "b": "", "Z": [], "a": False, "have": "x", "more": 1}))


def test_a_text_message_has_918_characters_at_most_without_the_service_name():
    check_sms(SmsMessage("€" * 918, "Name: " + "€" * 918))
    assert reason(check_sms, SmsMessage("a" * 919, "a" * 919)) == (
        "Your message is too long. Text messages cannot be longer than 918 characters. "
        "Your message is 919 characters long."
    )


def test_an_email_has_two_million_bytes_at_most():
    check_email(EmailMessage("s", "é" * 1_000_000, "", ""))
    assert reason(check_email, EmailMessage("s", "é" * 1_000_000 + "a", "", "")) == (
        "Your message is too long. Emails cannot be longer than 2000000 bytes. Your message is 2000001 bytes."
    )


def test_an_empty_message_is_not_sent():
    assert reason(check_sms, SmsMessage("", "Name: ")) == "Your message is empty."
    assert reason(check_email, EmailMessage("s", "", "", "")) == "Your message is empty."
