"""Services with their people, keys, senders, callbacks and guest list, as an admin application sets them up."""

from uuid import UUID, uuid4

import pytest

from notify_core.accounts.model import CallbackType, Permission
from notify_core.accounts.policies import check_webhook_secret

WHO = f"{uuid4()}"


@pytest.fixture
def service(notify):
    return notify.service(name="Library")


@pytest.fixture
def root(service):
    return f"/service/{service.id}"


@pytest.fixture
def ask(notify):
    """A request that is met; its answer's JSON."""

    def request(method, path, body=None, status=None):
        answer = notify.admin(method, path, body)
        assert answer.status_code in ({status} if status else {200, 201}), answer.data
        return answer.json

    return request


@pytest.fixture
def refused(notify):
    """A request that is not met; what is said then."""

    def request(method, path, body=None, status=400):
        answer = notify.admin(method, path, body)
        assert answer.status_code == status, answer.data
        assert set(answer.json) == {"result", "message"}
        assert answer.json["result"] == "error"
        return answer.json["message"]

    return request


@pytest.fixture
def stored(notify):
    with notify.container.work()(read_only=True) as work:
        yield work


@pytest.fixture
def audited(stored):
    def read(subject):
        return [(entry.who, entry.what) for entry in stored.audit.about(str(subject))]

    return read


class TestServices:
    def test_one_is_created_read_changed_and_archived(self, notify, ask, audited):
        made = ask("POST", "/service", {"name": "Museum", "created_by": WHO.upper()}, 201)
        path = f"/service/{made['id']}"
        assert made == {
            "id": made["id"],
            "name": "Museum",
            "created_at": made["created_at"],
            "active": True,
            "restricted": True,
            "prefix_sms": True,
            "count_as_live": True,
            "permissions": ["email", "sms"],
            "message_limit": {},
            "rate_limit": 3000,
            "email_from": None,
            "contact_link": None,
            "go_live_at": None,
        }
        assert ask("GET", path) == made
        assert ask("GET", "/service") == {"services": [made]}

        changes = {
            "restricted": False,
            "permissions": ["sms", "international_sms", "sms"],
            "message_limit": 250,
            "rate_limit": 10,
            "email_from": "museum",
            "contact_link": "https://museum.example.gov.uk",
        }
        changed = ask("POST", path, changes)
        assert changed["go_live_at"] is not None
        assert changed == made | changes | {
            "permissions": ["international_sms", "sms"],
            "message_limit": dict.fromkeys(("sms", "email", "letter", "international_sms"), 250),
            "go_live_at": changed["go_live_at"],
        }
        assert ask("POST", path, {"message_limit": {"sms": 0}, "contact_link": None})["message_limit"] == {"sms": 0}

        assert not ask("POST", f"{path}/archive", {"created_by": WHO})["active"]
        assert [who for who, _ in audited(made["id"])] == [WHO, "notify-admin", "notify-admin", WHO]
        assert audited(made["id"])[-1] == (WHO, "service archived")

    def test_an_archived_service_lets_nobody_in(self, notify, ask, service, root):
        key = notify.key(service)
        assert notify.get("/v2/templates", key).status_code == 200
        ask("POST", f"{root}/archive", {})
        assert notify.get("/v2/templates", key).status_code == 403
        ask("POST", root, {"active": True})
        assert notify.get("/v2/templates", key).status_code == 200

    def test_one_with_a_given_id_is_created_once(self, ask, refused):
        given = str(uuid4())
        assert ask("POST", "/service", {"id": given, "name": "Museum"})["id"] == given
        said = refused("POST", "/service", {"id": given, "name": "Museum"}, 409)
        assert said == f"service {given} exists already"

    @pytest.mark.parametrize(
        ("body", "message"),
        [
            ({}, "name is a required property"),
            ({"name": "  "}, "name    does not match"),
            ({"name": "Museum", "colour": "red"}, "Additional properties are not allowed (colour was unexpected)"),
            ({"name": "Museum", "permissions": ["fax"]}, "permissions fax is not one of [sms, email, letter"),
            ({"name": "Museum", "message_limit": -1}, "message_limit -1 is less than the minimum of 0"),
            ({"name": "Museum", "message_limit": {"fax": 1}}, "message_limit Additional properties are not allowed"),
            (
                {"name": "Museum", "rate_limit": 2**31},
                "rate_limit 2147483648 is greater than the maximum of 2147483647",
            ),
            ({"name": "Museum", "created_by": "Ada"}, "created_by is not a valid UUID"),
            ({"name": "Museum\0"}, "name contains characters that cannot be kept"),
        ],
    )
    def test_what_is_refused_makes_none(self, ask, refused, body, message):
        assert refused("POST", "/service", body).startswith(message)
        assert ask("GET", "/service") == {"services": []}

    def test_one_that_there_is_not(self, refused):
        unknown = uuid4()
        for method, path, body in (
            ("GET", "", None),
            ("POST", "", {"name": "Museum"}),
            ("POST", "/archive", {}),
            ("GET", "/users", None),
            ("GET", "/api-keys", None),
            ("POST", "/api-keys", {"name": "website", "key_type": "normal"}),
            ("GET", "/sms-senders", None),
            ("POST", "/sms-senders", {"sms_sender": "LIBRARY"}),
            ("GET", "/reply-tos", None),
            ("GET", "/callbacks", None),
            ("DELETE", "/callbacks/complaint", None),
            ("GET", "/guest-list", None),
            ("PUT", "/guest-list", {"email_addresses": [], "phone_numbers": []}),
            ("GET", "/templates", None),
            ("POST", "/templates", {"name": "Book", "type": "sms", "content": "Hello"}),
        ):
            assert refused(method, f"/service/{unknown}{path}", body, 404) == f"no service {unknown}"


def test_from_nothing_to_a_message(notify, ask, tokens):
    root = f"/service/{ask('POST', '/service', {'name': 'Museum', 'restricted': False})['id']}"
    text = ask("POST", f"{root}/api-keys", {"name": "website", "key_type": "normal"})["key"]
    template = ask("POST", f"{root}/templates", {"name": "Open", "type": "sms", "content": "We open at ((time))"})
    ask("POST", f"{root}/sms-senders", {"sms_sender": "MUSEUM", "is_default": True})

    # As the published clients take a key apart.
    issuer, secret = text[-73:-37], text[-36:]
    body = {"phone_number": "07700900123", "template_id": template["id"], "personalisation": {"time": "ten"}}
    sent = notify.request("POST", "/v2/notifications/sms", tokens(issuer, secret), body)
    assert sent.status_code == 201
    assert sent.json["content"] == {"body": "We open at ten", "from_number": "MUSEUM"}


def test_all_of_it_is_for_the_admin_application_only(notify, service, root):
    key = notify.key(service)
    for method, path in (
        ("GET", "/service"),
        ("POST", root),
        ("GET", f"{root}/users"),
        ("POST", f"{root}/api-keys"),
        ("DELETE", f"{root}/sms-senders/{uuid4()}"),
        ("POST", f"{root}/reply-tos"),
        ("PUT", f"{root}/callbacks/complaint"),
        ("PUT", f"{root}/guest-list"),
        ("POST", f"{root}/templates"),
    ):
        assert notify.request(method, path, None, {}).status_code == 401
        assert notify.request(method, path, notify.token(key), {}).status_code == 401


class TestUsers:
    def test_a_team_is_set_up(self, ask, refused, root, audited, service):
        ada = ask("POST", f"{root}/users", {"name": "Ada", "email_address": "ada@example.gov.uk", "created_by": WHO})
        assert ada == {
            "id": ada["id"],
            "name": "Ada",
            "email_address": "ada@example.gov.uk",
            "mobile_number": None,
            "platform_admin": False,
        }
        given = str(uuid4())
        grace = {
            "id": given,
            "name": "Grace",
            "email_address": "grace@example.gov.uk",
            "mobile_number": "07700 900123",
            "platform_admin": True,
        }
        assert ask("POST", f"{root}/users", grace, 201) == grace
        assert ask("GET", f"{root}/users") == {"users": [ada, grace]}

        assert ask("DELETE", f"{root}/users/{given}?created_by={WHO}") == {"result": "success"}
        assert ask("GET", f"{root}/users") == {"users": [ada]}
        assert refused("DELETE", f"{root}/users/{ada['id']}") == "You cannot remove the only user for a service"
        assert refused("DELETE", f"{root}/users/{given}", status=404) == f"service {service.id} has no user {given}"
        assert audited(service.id) == [
            (WHO, f"user {ada['id']} added to the team of"),
            ("notify-admin", f"user {given} added to the team of"),
            (WHO, f"user {given} removed from the team of"),
        ]

    def test_somebody_who_is_known_joins_another_team(self, notify, ask, refused, root):
        ada = notify.member(notify.service(name="Museum"), name="Ada")
        assert ask("POST", f"{root}/users/{ada.id}", {}, 201)["name"] == "Ada"
        unknown = uuid4()
        assert refused("POST", f"{root}/users/{unknown}", {}, 404) == f"no user {unknown}"

    def test_an_address_must_be_one(self, refused, root):
        said = refused("POST", f"{root}/users", {"name": "Ada", "email_address": "ada"})
        assert said == "email_address Not a valid email address"
        assert refused("DELETE", f"{root}/users/{uuid4()}?created_by=Ada") == "created_by is not a valid UUID"


class TestApiKeys:
    def test_a_key_is_shown_once_and_opens_until_it_is_revoked(self, notify, ask, root, audited):
        issued = ask("POST", f"{root}/api-keys", {"name": "web site", "key_type": "team", "created_by": WHO}, 201)
        assert issued["key"].startswith(f"web site-{root.removeprefix('/service/')}-")
        secret = issued["key"][-36:]
        listed = {name: issued[name] for name in issued if name != "key"}
        assert listed["key_type"] == "team"
        answer = notify.admin("GET", f"{root}/api-keys")
        assert answer.json == {"api_keys": [listed]}
        assert secret not in answer.text

        def opens(key):
            return notify.request("GET", "/v2/templates", notify.token(key)).status_code

        with notify.container.work()(read_only=True) as work:
            key = work.api_keys.get(UUID(issued["id"]))
        assert key.secret == secret
        assert opens(key) == 200
        assert ask("POST", f"{root}/api-keys/{key.id}/revoke", {"created_by": WHO})["revoked_at"] is not None
        assert opens(key) == 403
        assert audited(key.id) == [(WHO, "api key created"), (WHO, "api key revoked")]

    def test_two_active_keys_of_one_name_are_a_conflict(self, ask, refused, root):
        body = {"name": "website", "key_type": "normal"}
        first = ask("POST", f"{root}/api-keys", body)
        assert refused("POST", f"{root}/api-keys", body, 409) == "service Library has an API key named website already"
        ask("POST", f"{root}/api-keys/{first['id']}/revoke", {})
        ask("POST", f"{root}/api-keys", body)

    def test_a_key_has_a_successor(self, ask, refused, root):
        old = ask("POST", f"{root}/api-keys", {"name": "website", "key_type": "test"})
        new = ask("POST", f"{root}/api-keys/{old['id']}/rotate", {}, 201)
        assert (new["name"], new["key_type"]) == ("website", "test")
        assert new["key"] != old["key"]
        last = ask("POST", f"{root}/api-keys/{new['id']}/rotate", {"revoke_old": True, "created_by": WHO})
        active = {one["id"] for one in ask("GET", f"{root}/api-keys")["api_keys"] if one["revoked_at"] is None}
        assert active == {old["id"], last["id"]}
        assert refused("POST", f"{root}/api-keys/{new['id']}/rotate", {}) == (
            "API key website is revoked; create a new one"
        )

    def test_another_services_key_is_out_of_reach(self, notify, refused, root, service):
        assert refused("POST", f"{root}/api-keys/{uuid4()}/revoke", {}, 404).startswith("no API key")
        other = notify.key(notify.service(name="Museum"))
        for act in ("rotate", "revoke"):
            said = refused("POST", f"{root}/api-keys/{other.id}/{act}", {}, 404)
            assert said == f"service {service.id} has no API key {other.id}"


class TestSenders:
    def test_texts_are_sent_as_the_default_one(self, notify, ask, refused, root, service):
        first = ask("POST", f"{root}/sms-senders", {"sms_sender": "LIBRARY", "is_default": True}, 201)
        second = ask("POST", f"{root}/sms-senders", {"sms_sender": "BOOKS", "created_by": WHO})
        assert second == {"id": second["id"], "sms_sender": "BOOKS", "is_default": False, "inbound": False}
        assert ask("GET", f"{root}/sms-senders") == {"sms_senders": [first, second]}

        key, template = notify.key(service), notify.template(service, "Hello")
        body = {"phone_number": "07700900123", "template_id": str(template.id)}
        assert notify.post("/v2/notifications/sms", body, key).json["content"]["from_number"] == "LIBRARY"
        assert ask("POST", f"{root}/sms-senders/{second['id']}", {"is_default": True})["is_default"]
        assert notify.post("/v2/notifications/sms", body, key).json["content"]["from_number"] == "BOOKS"

        said = refused("DELETE", f"{root}/sms-senders/{second['id']}")
        assert said == "You cannot delete a default sms sender"
        assert ask("DELETE", f"{root}/sms-senders/{first['id']}") == {"result": "success"}
        wanted = body | {"sms_sender_id": first["id"]}
        assert notify.post("/v2/notifications/sms", wanted, key).status_code == 400
        assert [one["id"] for one in ask("GET", f"{root}/sms-senders")["sms_senders"]] == [second["id"]]

    def test_a_phone_shows_only_so_much(self, refused, root):
        said = refused("POST", f"{root}/sms-senders", {"sms_sender": "x" * 16})
        assert said == "sms_sender must not be longer than 15 characters"
        unknown = uuid4()
        assert refused("POST", f"{root}/sms-senders/{unknown}", {}, 404).endswith(f"has no SMS sender {unknown}")

    def test_replies_go_to_an_address(self, ask, refused, root, stored, service):
        first = ask("POST", f"{root}/reply-tos", {"email_address": "a@example.gov.uk", "is_default": True}, 201)
        second = ask("POST", f"{root}/reply-tos", {"email_address": "b@example.gov.uk"})
        assert ask("GET", f"{root}/reply-tos") == {"reply_tos": [first, second]}
        assert refused("DELETE", f"{root}/reply-tos/{first['id']}").startswith("You cannot delete a default email")
        changed = ask("POST", f"{root}/reply-tos/{second['id']}", {"email_address": "c@example.gov.uk"})
        assert changed == {"id": second["id"], "email_address": "c@example.gov.uk", "is_default": False}
        ask("DELETE", f"{root}/reply-tos/{second['id']}?created_by={WHO}")
        assert ask("GET", f"{root}/reply-tos") == {"reply_tos": [first]}
        assert refused("POST", f"{root}/reply-tos", {"email_address": "a"}) == (
            "email_address Not a valid email address"
        )


class TestCallbacks:
    WANTED = {"url": "https://library.example.gov.uk/receipts", "bearer_token": "0123456789"}  # noqa: RUF012 - not changed

    def test_a_secret_made_here_is_shown_once(self, notify, ask, root, stored):
        path = f"{root}/callbacks/delivery_status"
        made = ask("PUT", path, self.WANTED)
        check_webhook_secret(made["secret"])
        again = ask("PUT", path, {**self.WANTED, "url": "https://library.example.gov.uk/other"})
        assert again == {**made, "url": "https://library.example.gov.uk/other", "secret": None}
        listed = notify.admin("GET", f"{root}/callbacks").json
        assert listed == {"callbacks": [{name: again[name] for name in ("id", "type", "url")}]}
        (kept,) = stored.callbacks.of_service(UUID(root.removeprefix("/service/")))
        assert (kept.type, kept.secret) == (CallbackType.DELIVERY_STATUS, made["secret"])
        assert kept.bearer_token == "0123456789"

    def test_one_that_is_removed_is_gone(self, ask, refused, root, audited):
        path = f"{root}/callbacks/delivery_status"
        made = ask("PUT", path, {**self.WANTED, "created_by": WHO})
        assert ask("DELETE", f"{path}?created_by={WHO}") == {"result": "success"}
        assert refused("DELETE", path, status=404).endswith(" has no delivery_status callback")
        assert ask("GET", f"{root}/callbacks") == {"callbacks": []}
        assert audited(made["id"]) == [
            (WHO, "delivery_status callback stored"),
            (WHO, "delivery_status callback removed"),
        ]

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"url": "http://library.example.gov.uk"}, "a callback needs an https address"),
            ({"url": "https://["}, "a callback needs an https address"),
            ({"url": "https://169.254.169.254/latest"}, "a callback needs a public address"),
            ({"bearer_token": "012345678"}, "a bearer token has at least 10 characters"),
            ({"secret": "hush"}, "must be whsec_ and a key in base64"),
        ],
    )
    def test_what_is_refused_changes_nothing(self, ask, refused, root, changes, message):
        assert refused("PUT", f"{root}/callbacks/complaint", {**self.WANTED, **changes}) == message
        assert ask("GET", f"{root}/callbacks") == {"callbacks": []}

    def test_what_cannot_be_told(self, refused, root):
        said = refused("PUT", f"{root}/callbacks/weather", self.WANTED)
        assert said.startswith("callback_type weather is not one of [delivery_status, complaint, ")

    def test_private_addresses_are_for_deployers_to_allow(self, make_notify):
        notify = make_notify("lenient", NOTIFY_CALLBACKS_ALLOW_PRIVATE_ADDRESSES="true")
        path = f"/service/{notify.service().id}/callbacks/complaint"
        wanted = {**self.WANTED, "url": "http://127.0.0.1:8080/"}
        assert notify.admin("PUT", path, wanted).status_code == 200


def test_the_guest_list_is_replaced_as_a_whole(notify, ask, refused, root, audited):
    service = notify.service(restricted=True, permissions=frozenset({Permission.SMS}))
    root = f"/service/{service.id}"
    assert ask("GET", f"{root}/guest-list") == {"email_addresses": [], "phone_numbers": []}
    key, template = notify.key(service), notify.template(service, "Hello")
    body = {"phone_number": "07700900123", "template_id": str(template.id)}
    assert notify.post("/v2/notifications/sms", body, key).status_code == 400

    wanted = {"email_addresses": ["Guest@Example.com"], "phone_numbers": ["07700 900123"], "created_by": WHO}
    listed = {"email_addresses": ["guest@example.com"], "phone_numbers": ["+447700900123"]}
    assert ask("PUT", f"{root}/guest-list", wanted) == listed == ask("GET", f"{root}/guest-list")
    assert notify.post("/v2/notifications/sms", body, key).status_code == 201
    assert audited(service.id) == [(WHO, "guest list of 2 stored for")]

    said = refused("PUT", f"{root}/guest-list", {"email_addresses": [], "phone_numbers": ["0123"]})
    assert said.startswith("phone_numbers ")
    assert ask("GET", f"{root}/guest-list") == listed
