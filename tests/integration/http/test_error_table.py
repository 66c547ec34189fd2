"""Every refusal of the specification's tables, at each endpoint where it can occur: status, kind and text."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from notify_core.accounts.model import KeyType, Permission
from notify_core.templates.model import TemplateType

V2 = "/v2/notifications"
ADDRESS = {"address_line_1": "Grace", "address_line_2": "1 High Street", "address_line_3": "SW1A 1AA"}
LONG_BODY = b" " * (10 * 1024 * 1024 + 1)
EXAMPLE = "https://docs.notifications.service.gov.uk/rest-api.html#authorisation-header"
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def notify(shared_notify):
    return shared_notify


class Situation:
    """A service with a template of each kind and a request to each sending endpoint that would be met."""

    def __init__(self, notify):
        self.notify = notify
        self.service = notify.service(permissions=frozenset({Permission.SMS, Permission.EMAIL, Permission.LETTER}))
        self.key = notify.key(self.service)
        self.text = notify.template(self.service)
        self.email = notify.email_template(self.service)
        self.letter = self.letter_template()
        self.bodies = {
            "sms": {"phone_number": "07700900123", "template_id": str(self.text.id)},
            "email": {"email_address": "grace@example.gov.uk", "template_id": str(self.email.id)},
            "letter": {"template_id": str(self.letter.id)},
        }

    def send(self, channel, *, key=None, without=(), **changes):
        values = {"name": "Grace"} | (ADDRESS if channel == "letter" else {})
        body = self.bodies[channel] | {"personalisation": values} | changes
        body = {name: value for name, value in body.items() if name not in without}
        return self.notify.post(f"{V2}/{channel}", body, key or self.key)

    def change(self, **changes):
        self.service = self.notify.put(replace(self.service, **changes))

    def upload(self, **changes):
        body = {"reference": "case 1", "content": base64.b64encode(b"%PDF-1.7").decode()}
        return self.notify.post(f"{V2}/letter", body | changes, self.key)

    def letter_template(self, **changes):
        facts = {"type": TemplateType.LETTER, "subject": "About ((name))", "postage": "second"}
        return self.notify.template(self.service, **facts | changes)

    def other_template(self, channel, **changes):
        if channel == "letter":
            return str(self.letter_template(**changes).id)
        make = self.notify.template if channel == "sms" else self.notify.email_template
        return str(make(self.service, **changes).id)


def told(answer, status, kind, message):
    """That this, and only this, is what is wrong."""
    assert answer.status_code == status, answer.data
    assert answer.json == {"status_code": status, "errors": [{"error": kind, "message": message}]}


def told_internally(answer, status, message):
    assert answer.status_code == status, answer.data
    assert answer.json == {"result": "error", "message": message}


# Who may call.


def routes(notify, kind):
    """(method, path) of each route with this authentication, with ids that nobody has."""
    for rule in notify.app.url_map.iter_rules():
        if notify.app.view_functions[rule.endpoint].authentication.value == kind:
            path = rule.rule
            for name in rule.arguments:
                path = path.replace(f"<uuid:{name}>", NOBODY).replace(f"<{name}>", NOBODY)
            yield from ((method, path) for method in sorted(rule.methods - {"HEAD", "OPTIONS"}))


def revoked(notify):
    service = notify.service()
    return notify.token(notify.key(service, revoked_at=datetime.now(UTC)))


def archived(notify):
    return notify.token(notify.key(notify.service(active=False)))


def good(notify, **claims):
    return notify.token(notify.key(notify.service()), **claims)


AUTHENTICATION = {
    "no header": (lambda n, t: "", 401, "Unauthorized: authentication token must be provided"),
    "another scheme": (lambda n, t: "Basic YTpi", 401, "Unauthorized: authentication bearer scheme must be used"),
    "unreadable": (
        lambda n, t: "Bearer nonsense",
        403,
        f"Invalid token: make sure your API token matches the example at {EXAMPLE}",
    ),
    "no issuer": (lambda n, t: f"Bearer {t(None, 's' * 32)}", 403, "Invalid token: iss field not provided"),
    "no UUID": (lambda n, t: f"Bearer {t('x', 's' * 32)}", 403, "Invalid token: service id is not the right data type"),
    "unknown": (lambda n, t: f"bearer {t(uuid4(), 's' * 32)}", 403, "Invalid token: service not found"),
    "no keys": (
        lambda n, t: f"Bearer {t(n.service().id, 's' * 32)}",
        403,
        "Invalid token: service has no API keys",
    ),
    "archived": (lambda n, t: f"Bearer {archived(n)}", 403, "Invalid token: service is archived"),
    "another algorithm": (
        lambda n, t: f"Bearer {t(n.key(n.service()).service_id, 's' * 64, algorithm='HS512')}",
        403,
        "Invalid token: algorithm used is not HS256",
    ),
    "revoked": (lambda n, t: f"Bearer {revoked(n)}", 403, "Invalid token: API key revoked"),
    "of nobody": (
        lambda n, t: f"Bearer {t(n.key(n.service()).service_id, 's' * 32)}",
        403,
        "Invalid token: API key not found",
    ),
    "a clock that is off": (
        lambda n, t: f"Bearer {good(n, iat=int(datetime.now(UTC).timestamp()) - 60)}",
        403,
        "Error: Your system clock must be accurate to within 30 seconds",
    ),
}


@pytest.mark.parametrize("case", AUTHENTICATION)
def test_who_may_call_the_public_api(notify, tokens, case):
    make, status, message = AUTHENTICATION[case]
    header = make(notify, tokens)
    for method, path in routes(notify, "service"):
        answer = notify.request(method, path, headers={"Authorization": header})
        told(answer, status, "AuthError", message)


ADMIN = {
    "no token": (lambda t, s: None, 401, "Unauthorized: admin authentication token required"),
    "of a service": (lambda t, s: t(uuid4(), "s" * 32), 401, "Unauthorized: admin authentication token required"),
    "of nobody": (lambda t, s: t("notify-admin", "s" * 32), 401, "Unauthorized: admin authentication token not found"),
    "expired": (
        lambda t, s: t("notify-admin", s[0], iat=int(datetime.now(UTC).timestamp()) - 60),
        403,
        "Invalid token: expired, check that your system clock is accurate",
    ),
}


@pytest.mark.parametrize("case", ADMIN)
def test_who_may_call_internal_endpoints(notify, tokens, admin_secrets, case):
    make, status, message = ADMIN[case]
    token = make(tokens, admin_secrets)
    for method, path in routes(notify, "admin"):
        told_internally(notify.request(method, path, token), status, message)


# What is read before anything is looked at.


def test_bodies_that_are_no_json(notify, tokens, admin_secrets):
    situation = Situation(notify)
    text = "Invalid JSON supplied in POST data"
    for method, path in routes(notify, "service"):
        # A CAP document is XML; what is cancelled is named by the path alone.
        if method == "POST" and path != "/v2/broadcast" and not path.endswith("/cancel"):
            told(notify.request(method, path, notify.token(situation.key), b"{"), 400, "BadRequestError", text)
    admin = tokens("notify-admin", admin_secrets[0])
    for method, path in routes(notify, "admin"):
        if method == "POST" and not path.endswith("/cancel"):
            told_internally(notify.request(method, path, admin, b"{"), 400, text)


def test_bodies_that_are_too_large(notify):
    situation = Situation(notify)
    answer = notify.request("POST", f"{V2}/sms", notify.token(situation.key), LONG_BODY)
    told(answer, 413, "RequestEntityTooLarge", "The data value transmitted exceeds the capacity limit.")


# What schemas say.

VALIDATION = [
    ("sms", {"without": ("phone_number",)}, "phone_number is a required property"),
    ("email", {"without": ("email_address",)}, "email_address is a required property"),
    ("sms", {"without": ("template_id",)}, "template_id is a required property"),
    ("email", {"without": ("template_id",)}, "template_id is a required property"),
    ("sms", {"phone_number": "0770090"}, "phone_number Not enough digits"),
    ("sms", {"phone_number": "077009001234567"}, "phone_number Too many digits"),
    ("sms", {"phone_number": "07700 90012a"}, "phone_number Must not contain letters or symbols"),
    ("sms", {"phone_number": "0117 496 0123"}, "phone_number Not a UK mobile number"),
    ("sms", {"phone_number": "+999 123 456 789"}, "phone_number Not a valid country prefix"),
    ("email", {"email_address": "grace"}, "email_address Not a valid email address"),
    ("sms", {"sms_sender_id": "x"}, "sms_sender_id is not a valid UUID"),
    ("email", {"email_reply_to_id": "x"}, "email_reply_to_id is not a valid UUID"),
    ("email", {"one_click_unsubscribe_url": "http://a.uk"}, "one_click_unsubscribe_url is not a valid https url"),
    ("letter", {"without": ("template_id",)}, "template_id is a required property"),
    ("letter", {"without": ("personalisation",)}, "personalisation is a required property"),
    ("letter", {"scheduled_for": None}, "Additional properties are not allowed (scheduled_for was unexpected)"),
    *(
        (channel, changes, message)
        for channel in ("sms", "email", "letter")
        for changes, message in (
            ({"template_id": "x"}, "template_id is not a valid UUID"),
            ({"x": 1}, "Additional properties are not allowed (x was unexpected)"),
            ({"reference": "x" * 1001}, f"reference {'x' * 1001} is too long"),
            ({"personalisation": "x"}, "personalisation x is not of type object"),
        )
    ),
    *(
        (channel, changes, message)
        for channel in ("sms", "email")
        for changes, message in (
            ({"scheduled_for": "2020-01-01T00:00:00Z"}, "scheduled_for datetime can not be in the past"),
            ({"scheduled_for": "2999-01-01T00:00:00Z"}, "scheduled_for datetime can only be 24 hours in the future"),
        )
    ),
]

ADDRESSES = [
    (("Grace", "SW1A 1AA"), "Address must be at least 3 lines"),
    (("Grace\n1\n2\n3\n4\n5", "6", "SW1A 1AA"), "Address must be no more than 7 lines"),
    (
        ("Grace", "...", "SW1A 1AA"),
        "The first 2 lines of the address must both include at least one alphanumeric character",
    ),
    (("Grace", "BFPO 5", "France"), "The last line of a BFPO address must not be a country."),
    (("Grace", "1 High Street", "London"), "Must be a real UK postcode"),
    (
        ("Grace", "(1 High Street", "SW1A 1AA"),
        "Address lines must not start with any of the following characters: @ ( ) = [ ] \u201d \\ / , < >",
    ),
]
ABROAD = "Last line of address must be a real UK postcode or another country"


@pytest.mark.parametrize(("lines", "message"), ADDRESSES)
def test_addresses_where_no_letter_arrives(notify, lines, message):
    values = {f"address_line_{number}": line for number, line in enumerate(lines, 1)} | {"name": "Grace"}
    told(Situation(notify).send("letter", personalisation=values), 400, "ValidationError", message)


def test_addresses_where_letters_may_go_abroad(notify):
    situation = Situation(notify)
    situation.change(permissions=frozenset(Permission))
    values = ADDRESS | {"name": "Grace", "address_line_3": "Atlantis"}
    told(situation.send("letter", personalisation=values), 400, "ValidationError", ABROAD)


UPLOADS = [
    ({"content": "%"}, "BadRequestError", "Cannot decode letter content (invalid base64 encoding)"),
    ({"content": "YQ=="}, "ValidationError", "content is not a PDF"),
    ({"content": 1}, "ValidationError", "content 1 is not of type string"),
    ({"postage": "europe"}, "ValidationError", "postage invalid. It must be either first, second or economy."),
    ({"postage": None}, "ValidationError", "postage None is not of type string"),
    ({"reference": None}, "ValidationError", "reference None is not of type string"),
    (
        {"template_id": NOBODY},
        "ValidationError",
        "Additional properties are not allowed (template_id was unexpected)",
    ),
]


@pytest.mark.parametrize(("changes", "kind", "message"), UPLOADS)
def test_what_is_no_letter_of_its_own(notify, changes, kind, message):
    told(Situation(notify).upload(**changes), 400, kind, message)


def test_a_letter_of_its_own_needs_a_name(notify):
    situation = Situation(notify)
    answer = notify.post(f"{V2}/letter", {"content": "JVBERi0="}, situation.key)
    told(answer, 400, "ValidationError", "reference is a required property")


OF_LETTERS = {
    "trial mode": (lambda s: s.change(restricted=True), "Cannot send letters when service is in trial mode"),
    "a team key": (
        lambda s: setattr(s, "key", s.notify.key(s.service, key_type=KeyType.TEAM)),
        "Cannot send letters with a team api key",
    ),
}


@pytest.mark.parametrize("case", OF_LETTERS)
def test_who_may_not_send_letters(notify, case):
    bring_about, message = OF_LETTERS[case]
    situation = Situation(notify)
    bring_about(situation)
    told(situation.send("letter"), 403, "BadRequestError", message)
    told(situation.upload(), 403, "BadRequestError", message)


@pytest.mark.parametrize(("channel", "how", "message"), VALIDATION)
def test_what_no_message_is_made_of(notify, channel, how, message):
    told(Situation(notify).send(channel, **how), 400, "ValidationError", message)


QUERIES = [
    (f"{V2}/x", "notification_id is not a valid UUID"),
    (f"{V2}/x/pdf", "notification_id is not a valid UUID"),
    (f"{V2}?older_than=x", "older_than is not a valid UUID"),
    (f"{V2}?template_type=x", "template_type x is not one of [sms, email, letter]"),
    (f"{V2}?x=1", "Additional properties are not allowed (x was unexpected)"),
    ("/v2/template/x", "id is not a valid UUID"),
    ("/v2/template/x/version/1", "id is not a valid UUID"),
    (f"/v2/template/{NOBODY}/version/x", "version x is not of type integer"),
    (f"/v2/template/{NOBODY}/version/0", "version 0 is less than the minimum of 1"),
    ("/v2/templates?type=x", "type x is not one of [sms, email, letter]"),
]


@pytest.mark.parametrize(("path", "message"), QUERIES)
def test_what_cannot_be_read(notify, path, message):
    told(notify.get(path, Situation(notify).key), 400, "ValidationError", message)


@pytest.mark.parametrize(
    "path",
    [f"{V2}/{NOBODY}", f"{V2}/{NOBODY}/pdf", f"/v2/template/{NOBODY}", f"/v2/template/{NOBODY}/version/1", "/v2/x"],
)
def test_what_is_not_there(notify, path):
    told(notify.get(path, Situation(notify).key), 404, "NoResultFound", "No result found")


def test_what_is_not_there_to_be_tried_out(notify):
    answer = notify.post(f"/v2/template/{NOBODY}/preview", {}, Situation(notify).key)
    told(answer, 404, "NoResultFound", "No result found")


# What the rules of the platform say.


def test_an_unknown_template(notify, subtests):
    situation = Situation(notify)
    for channel in ("sms", "email", "letter"):
        with subtests.test(channel):
            answer = situation.send(channel, template_id=NOBODY)
            told(answer, 400, "BadRequestError", "Template not found")


OTHERS = {"sms": "email", "email": "letter", "letter": "sms"}
PLURALS = {"sms": "text messages", "email": "emails", "letter": "letters"}
OF_TRIAL_MODE = (
    "Can\u2019t send to this recipient when service is in trial mode "
    "\u2013 see https://www.notifications.service.gov.uk/trial-mode"
)


def rate_limited(situation, channel):
    situation.change(rate_limit=1)
    situation.send(channel)


def out_of_the_days_limit(situation, channel):
    situation.change(message_limit={"sms": 1, "email": 1, "letter": 1})
    situation.send(channel)


RULES = {
    "a deleted template": (
        lambda s, c: {"template_id": s.other_template(c, archived=True)},
        400,
        "BadRequestError",
        lambda s, c: "Template has been deleted",
    ),
    "another channel's template": (
        lambda s, c: {"template_id": s.bodies[OTHERS[c]]["template_id"]},
        400,
        "BadRequestError",
        lambda s, c: f"{OTHERS[c]} template is not suitable for {c} notification",
    ),
    "missing values": (
        lambda s, c: {
            "template_id": s.other_template(c, content="((a)) ((b))", **({} if c == "sms" else {"subject": "s"})),
        },
        400,
        "BadRequestError",
        lambda s, c: "Missing personalisation: a, b",
    ),
    "a team key": (
        lambda s, c: {"key": s.notify.key(s.service, key_type=KeyType.TEAM)},
        400,
        "BadRequestError",
        lambda s, c: "Can\u2019t send to this recipient using a team-only API key",
    ),
    "trial mode": (
        lambda s, c: s.change(restricted=True),
        400,
        "BadRequestError",
        lambda s, c: OF_TRIAL_MODE,
    ),
    "no permission": (
        lambda s, c: s.change(permissions=frozenset({Permission.BROADCAST})),
        400,
        "BadRequestError",
        lambda s, c: f"Service is not allowed to send {PLURALS[c]}",
    ),
    "too many in a day": (
        out_of_the_days_limit,
        429,
        "TooManyRequestsError",
        lambda s, c: f"Exceeded send limits ({c}: 1) for today",
    ),
    "too many requests": (
        rate_limited,
        429,
        "RateLimitError",
        lambda s, c: "Exceeded rate limit for key type LIVE of 1 requests per 60 seconds",
    ),
}


# Whom letters may be sent by is told otherwise.
NOT_OF_LETTERS = {"a team key", "trial mode"}


@pytest.mark.parametrize(
    ("rule", "channel"),
    [
        (rule, channel)
        for rule in RULES
        for channel in ("sms", "email", "letter")
        if channel != "letter" or rule not in NOT_OF_LETTERS
    ],
)
def test_what_may_not_be_sent(notify, rule, channel):
    bring_about, status, kind, message = RULES[rule]
    situation = Situation(notify)
    changes = bring_about(situation, channel) or {}
    answer = situation.send(channel, **changes)
    told(answer, status, kind, message(situation, channel))
    assert ("Retry-After" in answer.headers) is (status == 429)


def test_the_length_of_texts(notify):
    answer = Situation(notify).send("sms", personalisation={"name": "x" * 913})
    text = (
        "Your message is too long. Text messages cannot be longer than 918 characters. "
        "Your message is 919 characters long."
    )
    told(answer, 400, "BadRequestError", text)


def test_the_length_of_emails(notify):
    answer = Situation(notify).send("email", personalisation={"name": "x" * 2_000_000})
    assert answer.status_code == 400
    (error,) = answer.json["errors"]
    assert error["error"] == "BadRequestError"
    assert error["message"].startswith(
        "Your message is too long. Emails cannot be longer than 2000000 bytes. Your message is 20000"
    )
    assert error["message"].endswith(" bytes.")


@pytest.mark.parametrize("channel", ["sms", "email"])
def test_an_empty_message(notify, channel):
    situation = Situation(notify)
    changes = {"subject": "s"} if channel == "email" else {}
    template = situation.other_template(channel, content="((name))", **changes)
    answer = situation.send(channel, template_id=template, personalisation={"name": " "})
    told(answer, 400, "BadRequestError", "Your message is empty.")


def test_numbers_abroad(notify):
    answer = Situation(notify).send("sms", phone_number="+33 6 12 34 56 78")
    told(answer, 400, "BadRequestError", "Cannot send to international mobile numbers")


@pytest.mark.parametrize(("channel", "field"), [("sms", "sms_sender_id"), ("email", "email_reply_to_id")])
def test_senders_that_are_not_there(notify, channel, field):
    situation = Situation(notify)
    answer = situation.send(channel, **{field: NOBODY})
    message = f"{field} {NOBODY} does not exist in database for service id {situation.service.id}"
    told(answer, 400, "BadRequestError", message)


FILE = {"file": "YSxiCg==", "filename": "a.csv"}
FILES = {
    "in a text": ("sms", lambda s: "Can only send a file by email"),
    "in a letter": ("letter", lambda s: "Can only send a file by email"),
    "not set up": (
        "email",
        lambda s: (
            "Send files by email has not been set up - add contact details for your service at "
            f"http://localhost:6012/services/{s.service.id}/service-settings/send-files-by-email"
        ),
    ),
}


@pytest.mark.parametrize("case", FILES)
def test_files(notify, case):
    channel, message = FILES[case]
    situation = Situation(notify)
    answer = situation.send(channel, personalisation={"name": FILE})
    told(answer, 400, "BadRequestError", message(situation))


def test_a_key_of_two_requests(notify):
    situation = Situation(notify)
    first, second = ({**situation.bodies["sms"], "personalisation": {"name": name}} for name in ("Grace", "Ada"))
    headers = {"Idempotency-Key": "case 1"}
    assert notify.post(f"{V2}/sms", first, situation.key, headers=headers).status_code == 201
    answer = notify.post(f"{V2}/sms", second, situation.key, headers=headers)
    told(answer, 422, "BadRequestError", "This Idempotency-Key was used for a request with another body")


# Emergency broadcasts.

CAP = (
    '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>{identity}</identifier><sender>agency</sender>'
    "<sent>2026-01-05T12:00:00-00:00</sent><status>Actual</status><msgType>{kind}</msgType><scope>Public</scope>"
    "{references}<info><category>Met</category><event>Flood</event><urgency>Immediate</urgency>"
    "<severity>Severe</severity><certainty>Likely</certainty><description>{text}</description><area>"
    "<areaDesc>Town</areaDesc><polygon>53.12,0.30 53.18,0.30 53.18,0.38 53.12,0.38 53.12,0.30</polygon></area></info>"
    "</alert>"
)
UNKNOWN = "<references>agency,unknown,2026-01-05T12:00:00-00:00</references>"


def cap(kind="Alert", text="Leave.", references=""):
    return CAP.format(identity=uuid4(), kind=kind, text=text, references=references)


CAP_REFUSALS = [
    ("text/xml", cap(), 415, "BadRequestError", "Content type text/xml not supported"),
    ("application/cap+xml", "<alert/>", 400, "BadRequestError", "Request data is not valid CAP XML"),
    (
        "application/cap+xml",
        cap(kind="Ack"),
        400,
        "ValidationError",
        "msgType Ack is not one of [Alert, Cancel, Update]",
    ),
    (
        "application/cap+xml",
        cap(text="x" * 1396),
        400,
        "ValidationError",
        "description must be 1,395 characters or fewer",
    ),
    (
        "application/cap+xml",
        cap(text="ŵ" * 616),
        400,
        "ValidationError",
        "description must be 615 characters or fewer (because it could not be GSM7 encoded)",
    ),
    *(
        ("application/cap+xml", cap(kind, references=UNKNOWN), 404, "NoResultFound", "Broadcast message not found")
        for kind in ("Cancel", "Update")
    ),
]


@pytest.fixture(scope="module")
def agency(notify):
    return notify.key(notify.broadcasting_service())


@pytest.mark.parametrize(("content_type", "document", "status", "kind", "message"), CAP_REFUSALS)
def test_what_is_no_broadcast(notify, agency, *, content_type, document, status, kind, message):
    body = document.encode()
    answer = notify.post("/v2/broadcast", body, agency, headers={"Content-Type": content_type})
    told(answer, status, kind, message)


def test_services_that_do_not_broadcast(notify):
    answer = notify.post("/v2/broadcast", b"", Situation(notify).key)
    told(answer, 400, "BadRequestError", "Service is not allowed to send broadcast messages")


class Broadcasting:
    """A message that awaits approval, its author and somebody who may approve it."""

    def __init__(self, notify):
        self.notify = notify
        self.service = notify.broadcasting_service()
        self.author, self.other = notify.member(self.service), notify.member(self.service)
        self.stranger = notify.member(notify.broadcasting_service())
        self.root = f"/service/{self.service.id}/broadcast-message"
        self.id = self.create().json["id"]
        self.move("pending-approval", self.author)

    def create(self, **changes):
        body = {
            "service_id": str(self.service.id),
            "created_by": str(self.author.id),
            "content": "Leave.",
            "reference": "1",
            "areas": ["Town"],
            "simple_polygons": [[[53.1, 0.3], [53.2, 0.3], [53.2, 0.4], [53.1, 0.3]]],
        }
        return self.notify.admin("POST", self.root, body | changes)

    def move(self, status, person):
        body = {"status": status, "created_by": str(person.id)}
        return self.notify.admin("POST", f"{self.root}/{self.id}/status", body)

    def edit(self, **changes):
        return self.notify.admin("POST", f"{self.root}/{self.id}", {"created_by": str(self.author.id), **changes})


def without_areas(broadcasting):
    broadcasting.id = broadcasting.create(areas=[], simple_polygons=[]).json["id"]
    broadcasting.move("pending-approval", broadcasting.author)
    return broadcasting.move("broadcasting", broadcasting.other)


def suspended(broadcasting):
    broadcasting.notify.put(replace(broadcasting.service, active=False))
    return broadcasting.move("broadcasting", broadcasting.other)


def edited_on_air(broadcasting):
    broadcasting.move("broadcasting", broadcasting.other)
    return broadcasting.edit(content="Stay.")


INTERNAL = {
    "a suspended service": (
        suspended,
        403,
        lambda b: "Updating broadcast message is not allowed: service is inactive",
    ),
    "a stranger": (
        lambda b: b.move("broadcasting", b.stranger),
        400,
        lambda b: f"User {b.stranger.id} cannot update broadcast_message {b.id} from other service",
    ),
    "a move that does not exist": (
        lambda b: b.move("completed", b.other),
        400,
        lambda b: f"Cannot move broadcast_message {b.id} from pending-approval to completed",
    ),
    "one's own": (
        lambda b: b.move("broadcasting", b.author),
        400,
        lambda b: f"User {b.author.id} cannot approve their own broadcast_message {b.id}",
    ),
    "no areas": (
        without_areas,
        400,
        lambda b: f"broadcast_message {b.id} has no selected areas and so cannot be broadcasted.",
    ),
    "areas without polygons": (
        lambda b: b.edit(areas=["Town"]),
        400,
        lambda b: f"Cannot update broadcast_message {b.id}, areas or polygons are missing.",
    ),
    "on air": (
        edited_on_air,
        400,
        lambda b: f"Cannot update broadcast_message {b.id} while it has status broadcasting",
    ),
    "too long": (
        lambda b: b.create(content="x" * 1396),
        400,
        lambda b: "Content must be 1,395 characters or fewer",
    ),
    "too long in Welsh": (
        lambda b: b.create(content="ŵ" * 616),
        400,
        lambda b: "Content must be 615 characters or fewer (because it could not be GSM7 encoded)",
    ),
    "unknown keys": (
        lambda b: b.create(x=1),
        400,
        lambda b: "Additional properties are not allowed (x was unexpected)",
    ),
}


@pytest.mark.parametrize("case", INTERNAL)
def test_what_broadcasting_is_refused_with(notify, case):
    act, status, message = INTERNAL[case]
    broadcasting = Broadcasting(notify)
    told_internally(act(broadcasting), status, message(broadcasting))


def test_what_we_fail_at_is_told_in_three_words(notify):
    def fails(*_):
        raise RuntimeError("the password is hunter2")

    with notify.container.list_templates.override(fails):
        answer = notify.get("/v2/templates", Situation(notify).key)
    told(answer, 500, "InternalServerError", "Internal server error")
    assert json.dumps(answer.json).count("hunter2") == 0
