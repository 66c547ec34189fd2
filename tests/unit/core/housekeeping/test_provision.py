import tomllib
from copy import deepcopy
from datetime import timedelta
from uuid import UUID

import pytest

from notify_core.accounts.model import BroadcastChannel, CallbackType, KeyType, Permission
from notify_core.housekeeping.model import IssuedKind
from notify_core.housekeeping.use_cases import Provision
from notify_core.kernel.errors import InvalidValue
from notify_core.templates.model import ProcessType, TemplateType
from notify_core.testing.fakes.clock import NOON, FakeClock
from notify_core.testing.fakes.random_source import SeededRandom
from notify_core.testing.fakes.unit_of_work import MemoryStorage

SERVICE = UUID("11111111-1111-4111-8111-111111111111")
TEMPLATE = UUID("22222222-2222-4222-8222-222222222222")
KEY = UUID("33333333-3333-4333-8333-333333333333")
SECRET = "44444444-4444-4444-8444-444444444444"

FILE = tomllib.loads(
    f"""
    [[services]]
    id = "{SERVICE}"
    name = "Flood warnings"
    restricted = false
    permissions = ["sms", "email", "broadcast"]
    message_limit = 1000
    rate_limit = 50
    email_from = "floods"
    prefix_sms = false
    count_as_live = true
    contact_link = "https://example.gov.uk"
    broadcast = {{ channel = "severe", provider = "ee", mode = "live" }}

    [[services.users]]
    name = "Ada"
    email_address = "Ada@example.gov.uk"
    mobile_number = "07700 900123"
    platform_admin = true

    [[services.api_keys]]
    id = "{KEY}"
    name = "floods"
    secret = "{SECRET}"
    key_type = "team"

    [[services.templates]]
    id = "{TEMPLATE}"
    name = "River rising"
    type = "sms"
    content = "Hello ((name))"
    process_type = "priority"

    [[services.templates]]
    name = "Letter"
    type = "letter"
    subject = "Your river"
    content = "Hello"
    postage = "first"
    letter_contact_block = "Floods, London"

    [[services.sms_senders]]
    sms_sender = "FLOODS"
    is_default = true

    [[services.reply_tos]]
    email_address = "floods@example.gov.uk"
    is_default = true

    [[services.callbacks]]
    type = "delivery_status"
    url = "https://example.gov.uk/callback"
    bearer_token = "0123456789"
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    [[services.guest_list]]
    recipient = "Guest@Example.com"

    [[services.guest_list]]
    recipient = "07700 900456"

    [[services.data_retention]]
    type = "sms"
    days = 30
    """
)


@pytest.fixture
def storage():
    return MemoryStorage()


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def provision(storage, clock):
    return Provision(work=storage, clock=clock, random=SeededRandom())


@pytest.fixture
def file():
    return deepcopy(FILE)


@pytest.fixture
def service(file):
    return file["services"][0]


def test_a_whole_file(provision, storage, file):
    provision(file)

    with storage(read_only=True) as work:
        service = work.services.get(SERVICE)
        assert service.permissions == {Permission.SMS, Permission.EMAIL, Permission.BROADCAST}
        assert service.message_limit == dict.fromkeys(("sms", "email", "letter", "international_sms"), 1000)
        assert (service.rate_limit, service.email_from, service.prefix_sms) == (50, "floods", False)
        assert service.go_live_at == NOON
        (ada,) = work.users.members(SERVICE)
        assert (ada.name, ada.platform_admin) == ("Ada", True)
        key = work.api_keys.get(KEY)
        assert (key.secret, key.key_type) == (SECRET, KeyType.TEAM)
        template = work.templates.get(SERVICE, TEMPLATE)
        assert (template.version, template.process_type) == (1, ProcessType.PRIORITY)
        (letter,) = work.templates.of_service(SERVICE, TemplateType.LETTER)
        assert (letter.postage, letter.letter_contact_block) == ("first", "Floods, London")
        assert work.senders.default_sms_sender(SERVICE).sms_sender == "FLOODS"
        assert work.senders.default_reply_to(SERVICE).email_address == "floods@example.gov.uk"
        assert work.callbacks.find(SERVICE, CallbackType.DELIVERY_STATUS).secret.startswith("whsec_")
        assert work.guest_list.contains(SERVICE, "guest@example.com")
        assert work.guest_list.contains(SERVICE, "+447700900456")
        assert work.settings.broadcast(SERVICE).channel is BroadcastChannel.SEVERE
        assert [one.days for one in work.settings.retentions(SERVICE)] == [30]


def test_applied_again_it_changes_nothing(provision, clock, file):
    first = provision(file)
    clock.advance(timedelta(days=1))
    second = provision(deepcopy(FILE))

    assert first.changes
    assert second.changes == ()
    assert second.issued == ()


def test_without_ids_and_secrets_it_changes_nothing_either(provision, storage, file, service):
    del service["id"], service["api_keys"][0]["id"], service["api_keys"][0]["secret"]
    del service["templates"][0]["id"], service["callbacks"][0]["secret"]

    first, second = provision(file), provision(file)

    assert second.changes == second.issued == ()
    key, secret = first.issued
    with storage(read_only=True) as work:
        (stored,) = work.services.all()
        assert key.kind is IssuedKind.API_KEY
        assert key.text == f"floods-{stored.id}-{work.api_keys.of_service(stored.id)[0].secret}"
        assert secret.kind is IssuedKind.CALLBACK_SECRET
        assert secret.text == work.callbacks.find(stored.id, CallbackType.DELIVERY_STATUS).secret


def test_every_change_is_in_the_audit_log(provision, storage, file):
    provision(file)

    with storage(read_only=True) as work:
        (entry, *_) = work.audit.about(str(SERVICE))
    assert (entry.who, entry.what) == ("operator", "service created")


def test_what_the_file_leaves_out_stays(provision, storage, file):
    provision(file)
    provision({"services": [{"id": str(SERVICE), "name": "Floods"}]})

    with storage(read_only=True) as work:
        service = work.services.get(SERVICE)
        assert (service.name, service.rate_limit, service.restricted) == ("Floods", 50, False)
        assert work.api_keys.get(KEY).revoked_at is None


def test_limits_per_channel(provision, storage, service, file):
    service["message_limit"] = {"email": 5}
    provision(file)

    with storage(read_only=True) as work:
        assert work.services.get(SERVICE).message_limit == {"email": 5}


def test_a_new_service_is_in_trial_mode(provision, storage):
    provision({"services": [{"name": "New"}]})

    with storage(read_only=True) as work:
        (service,) = work.services.all()
    assert service.restricted
    assert service.go_live_at is None


def test_broadcasts_in_training_mode(provision, storage, file, service):
    del service["restricted"]
    service["broadcast"] = {"channel": "test", "provider": "all", "mode": "training"}
    provision(file)

    with storage(read_only=True) as work:
        assert work.services.get(SERVICE).restricted
        assert work.settings.broadcast(SERVICE).provider is None


def test_broadcasts_without_a_mode(provision, storage, file, service):
    service["broadcast"] = {"channel": "test"}
    provision(file)

    with storage(read_only=True) as work:
        assert not work.services.get(SERVICE).restricted


def test_a_key_is_revoked_and_stays_so(provision, storage, file, service, clock):
    provision(file)
    service["api_keys"][0]["revoked"] = True
    result = provision(file)
    clock.advance(timedelta(days=1))
    provision(file)
    service["api_keys"][0]["revoked"] = False
    provision(file)

    assert result.changes == (f"api key revoked {KEY}",)
    with storage(read_only=True) as work:
        assert work.api_keys.get(KEY).revoked_at == NOON


def test_a_keys_secret_is_replaced(provision, storage, file, service):
    provision(file)
    service["api_keys"][0]["secret"] = str(KEY)

    assert provision(file).changes == (f"api key changed {KEY}",)
    with storage(read_only=True) as work:
        assert work.api_keys.get(KEY).secret == str(KEY)


def test_other_content_is_the_next_version(provision, storage, file, service):
    provision(file)
    service["templates"][0]["content"] = "Dear ((name))"
    provision(file)
    provision(file)

    with storage(read_only=True) as work:
        assert work.templates.get(SERVICE, TEMPLATE).version == 2
        assert work.templates.get(SERVICE, TEMPLATE, 1).content == "Hello ((name))"


def test_a_given_version_is_kept(provision, storage, file, service):
    service["templates"][0]["version"] = 3
    provision(file)
    service["templates"][0].update(content="Dear ((name))", version=7)
    provision(file)

    with storage(read_only=True) as work:
        assert work.templates.get(SERVICE, TEMPLATE, 3).content == "Hello ((name))"
        assert work.templates.get(SERVICE, TEMPLATE).version == 7


def test_another_name_is_no_new_version(provision, storage, file, service):
    provision(file)
    service["templates"][0].update(name="Rising", archived=True)
    provision(file)

    with storage(read_only=True) as work:
        template = work.templates.get(SERVICE, TEMPLATE)
    assert (template.name, template.version, template.archived) == ("Rising", 1, True)


def test_emails_may_end_with_an_unsubscribe_link(provision, storage, file, service):
    newsletter = {"name": "News", "type": "email", "subject": "News", "content": "Hello"}
    service["templates"].append({**newsletter, "has_unsubscribe_link": True})
    provision(file)
    service["templates"][-1] = newsletter
    provision(file)

    with storage(read_only=True) as work:
        (kept,) = work.templates.of_service(SERVICE, TemplateType.EMAIL)
    assert (kept.has_unsubscribe_link, kept.version) == (True, 1)


def test_a_person_in_two_teams(provision, storage, file, service):
    person = {"name": "Ada", "email_address": "ada@example.gov.uk"}
    file["services"].append({"name": "Other", "users": [person]})
    provision(file)

    with storage(read_only=True) as work:
        teams = [work.users.members(one.id) for one in work.services.all()]
    assert teams[0] == teams[1]
    assert teams[0][0].platform_admin


def test_plain_http_callbacks_only_where_allowed(storage, clock, file, service):
    service["callbacks"][0]["url"] = "http://127.0.0.1:9000/callback"

    Provision(storage, clock, SeededRandom(), allow_private_addresses=True)(file)

    with storage(read_only=True) as work:
        assert work.callbacks.find(SERVICE, CallbackType.DELIVERY_STATUS).url.startswith("http://")


def at(document, *path):
    for key in path:
        document = document[key]
    return document


@pytest.mark.parametrize(
    ("path", "change", "message"),
    [
        ((), {"service": []}, "service: unknown key; known are rates, services"),
        ((), {"services": {}}, "services: must be a list"),
        ((), {"services": [1]}, r"services\[0\]: must be a table"),
        (("services", 0), {"nam": "x"}, r"services\[0\]\.nam: unknown key; known are active, api_keys"),
        (("services", 0), {"name": " "}, r"services\[0\]\.name: must be a text that is not empty"),
        (("services", 0), {"name": "a\0b"}, r"services\[0\]\.name: contains characters that cannot be kept"),
        (("services", 0), {"id": "1"}, r"services\[0\]\.id: must be a UUID"),
        (("services", 0), {"active": "yes"}, r"services\[0\]\.active: must be true or false"),
        (("services", 0), {"rate_limit": True}, r"services\[0\]\.rate_limit: must be a whole number, at least 0"),
        (("services", 0), {"rate_limit": -1}, r"services\[0\]\.rate_limit: must be a whole number"),
        (("services", 0), {"rate_limit": 1.5}, r"services\[0\]\.rate_limit: must be a whole number"),
        (("services", 0), {"message_limit": {"fax": 1}}, r"services\[0\]\.message_limit\.fax: unknown key"),
        (("services", 0), {"message_limit": "many"}, r"services\[0\]\.message_limit: must be a whole number"),
        (("services", 0), {"permissions": ["fax"]}, r"services\[0\]\.permissions\[0\]: must be one of sms, email"),
        (("services", 0), {"permissions": "sms"}, r"services\[0\]\.permissions: must be a list"),
        (("services", 0), {"restricted": True}, r"broadcast\.mode: contradicts services\[0\]\.restricted"),
        (
            ("services", 0, "broadcast"),
            {"mode": "war"},
            r"services\[0\]\.broadcast\.mode: must be one of training, live",
        ),
        (("services", 0, "users", 0), {"email_address": "ada"}, r"users\[0\]\.email_address: Not a valid email"),
        (("services", 0, "users", 0), {"mobile_number": "1"}, r"users\[0\]\.mobile_number: Not enough digits"),
        (("services", 0, "api_keys", 0), {"secret": "guess"}, r"api_keys\[0\]\.secret: must be a UUID"),
        (("services", 0, "api_keys", 0), {"key_type": "live"}, r"key_type: must be one of normal, team, test"),
        (("services", 0, "templates", 0), {"postage": "europe"}, r"postage: must be one of first, second, economy"),
        (("services", 0, "templates", 1), {"conten": "x"}, r"services\[0\]\.templates\[1\]\.conten: unknown key"),
        (
            ("services", 0, "templates", 0),
            {"subject": "x"},
            r"templates\[0\]\.subject: a template of type sms has none",
        ),
        (("services", 0, "templates", 0), {"type": "email"}, r"templates\[0\]\.subject: is missing"),
        (
            ("services", 0, "templates", 0),
            {"has_unsubscribe_link": True},
            r"templates\[0\]\.has_unsubscribe_link: a template of type sms has no unsubscribe link",
        ),
        (("services", 0, "sms_senders", 0), {"sms_sender": "x" * 16}, r"sms_sender: must not be longer than 15"),
        (("services", 0, "callbacks", 0), {"url": "http://example.com"}, r"callbacks\[0\]: a callback needs an https"),
        (("services", 0, "callbacks", 0), {"bearer_token": "short"}, r"callbacks\[0\]: a bearer token has at least 10"),
        (("services", 0, "callbacks", 0), {"secret": "whsec_"}, r"secret: must be whsec_ and a key in base64"),
        (("services", 0, "callbacks", 0), {"secret": "whsec_*"}, r"secret: must be whsec_ and a key in base64"),
        (("services", 0, "callbacks", 0), {"secret": "MfKQ9r8G"}, r"secret: must be whsec_ and a key in base64"),
        (("services", 0, "guest_list", 0), {"recipient": "a@b"}, r"guest_list\[0\]\.recipient: Not a valid email"),
        (("services", 0, "data_retention", 0), {"days": 0}, r"data_retention\[0\]\.days: must be a whole number"),
    ],
)
def test_what_is_wrong_is_named_by_its_place(provision, file, path, change, message):
    at(file, *path).update(change)

    with pytest.raises(InvalidValue, match=message):
        provision(file)

    with provision.work(read_only=True) as work:
        assert not work.services.all()


def test_what_is_missing_is_named_too(provision, file, service):
    del service["templates"][1]["content"]

    with pytest.raises(InvalidValue, match=r"services\[0\]\.templates\[1\]\.content: is missing"):
        provision(file)


def test_a_file_is_a_table(provision):
    with pytest.raises(InvalidValue, match="the file: must be a table"):
        provision([])


def test_a_template_keeps_its_type(provision, file, service):
    provision(file)
    service["templates"][0]["type"] = "broadcast"

    with pytest.raises(InvalidValue, match="a template stays sms"):
        provision(file)


def test_a_key_keeps_its_service(provision, file):
    provision(file)

    with pytest.raises(InvalidValue, match=r"api_keys\[0\]\.id: belongs to another service"):
        provision({"services": [{"name": "Other", "api_keys": [{"id": str(KEY), "name": "mine"}]}]})
