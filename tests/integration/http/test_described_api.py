"""Whatever the document allows, and what it does not: the API answers as the document says, and never fails.

``NOTIFY_TEST_API_EXAMPLES`` is how many requests of each kind an operation gets; 500 make a thorough run.
"""

import os
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from notify_core.accounts.model import Permission
from notify_core.templates.model import TemplateType
from notify_core.testing.builders import SKEGNESS, a_notification
from tests.integration.http.admin_requests import AdminRequests

EXAMPLES = int(os.environ.get("NOTIFY_TEST_API_EXAMPLES", "7"))

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
    ignored_auth,
]

# The formats that are ours, and what a person would write there.
FORMATS = {
    "phone_number": st.sampled_from(["07700900123", "+44 7700 900 124", "0044 (0)7700-900125", "+33612345678"]),
    "email_address": st.sampled_from(["grace@example.gov.uk", "a.b+c@example.com"]),
    "https_url": st.sampled_from(["https://example.gov.uk/stop", "https://example.gov.uk/?a=b"]),
    "letter_postage": st.sampled_from(["first", "second", "economy"]),
    "datetime": st.sampled_from(["2026-01-05T12:00:00Z", "2026-01-05 13:00", "2026-01-05T12:00:00.000001+01:00"]),
}


@pytest.fixture(scope="module", autouse=True)
def _formats():
    for name, strategy in FORMATS.items():
        schemathesis.openapi.format(name, strategy)
    yield
    for name in FORMATS:
        schemathesis.specs.openapi.unregister_string_format(name)


CAP = (
    '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>{}</identifier><sender>agency</sender>'
    "<sent>2026-01-05T12:00:00-00:00</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope>"
    "<info><category>Met</category><event>Flood</event><urgency>Immediate</urgency><severity>Severe</severity>"
    "<certainty>Likely</certainty><description>Leave now.</description><area><areaDesc>Town</areaDesc>"
    "<polygon>53.12,0.30 53.18,0.30 53.18,0.38 53.12,0.38 53.12,0.30</polygon></area></info></alert>"
)


ADDRESS = {"address_line_1": "Grace", "address_line_2": "1 High Street", "address_line_3": "SW1A 1AA"}


class World:
    """A platform with something at every path, so that requests get further than to a 404."""

    def __init__(self, notify):
        self.notify = notify
        self.service = notify.service(rate_limit=10**9, permissions=frozenset(Permission))
        self.key = notify.key(self.service)
        self.broadcasting = notify.broadcasting_service(rate_limit=10**9)
        self.broadcast_key = notify.key(self.broadcasting)
        self.user = str(notify.member(self.broadcasting).id)
        self.other_user = str(notify.member(self.broadcasting).id)
        self.text = notify.template(self.service, "Hello")
        self.email = notify.email_template(self.service, "Hello", "About ((name))")
        self.letter = notify.template(self.service, "Hello", type=TemplateType.LETTER, subject="About the river")
        self.alert = notify.template(self.broadcasting, "The ((river)) rises", type=TemplateType.BROADCAST)
        self.sent = a_notification(
            service_id=self.service.id, template_id=self.text.id, api_key_id=self.key.id, personalisation={}
        )
        with notify.container.work()() as work:
            work.notifications.add_many([self.sent])
            work.commit()
        self.file, self.unsubscribe = self.a_file(), self.an_unsubscribe_link()
        later = {"scheduled_for": (datetime.now(UTC) + timedelta(hours=1)).isoformat()}
        self.waiting = notify.post(
            "/v2/notifications/sms",
            {"phone_number": "07700900123", "template_id": str(self.text.id), **later},
            self.key,
        ).json["id"]
        self.posted, self.printed = self.a_letter(), self.a_letter()
        notify.drain()
        self.root = f"/service/{self.broadcasting.id}/broadcast-message"
        self.written, self.submitted, self.live, self.revised = (self.message() for _ in range(4))
        self.move(self.submitted, "pending-approval", self.user)
        for message in (self.live, self.revised):
            self.move(message, "pending-approval", self.user)
            self.move(message, "broadcasting", self.other_user)
        change = {"created_by": self.user, "content": "Stay"}
        self.revision = notify.admin("POST", f"{self.root}/{self.revised}/revision", change).json["id"]
        self.admin = AdminRequests(notify)
        self.known = {
            "service_id": [str(self.broadcasting.id), str(self.service.id)],
            "template_id": [str(one.id) for one in (self.text, self.email, self.letter, self.alert)],
            "notification_id": [str(self.sent.id), self.waiting, self.posted],
            "older_than": [str(self.sent.id), self.live],
            "message_id": [self.written, self.submitted, self.live, self.revised],
            "revision_id": [self.revision],
            "created_by": [self.user, self.other_user],
            "version": [1],
            "supplier": ["mmg", "firetext", "ses"],
            "network": ["ee"],
            "document_id": [self.file["path_parameters"]["document_id"]],
            "key": [self.file["query"]["key"]],
            **self.admin.known,
        }

    def a_letter(self):
        body = {"template_id": str(self.letter.id), "personalisation": ADDRESS}
        return self.notify.post("/v2/notifications/letter", body, self.key).json["id"]

    def an_unsubscribe_link(self):
        """What names an email in its unsubscribe link."""
        template = self.notify.email_template(self.service, has_unsubscribe_link=True)
        body = {
            "email_address": "grace@example.gov.uk",
            "template_id": str(template.id),
            "personalisation": {"name": "Grace"},
        }
        sent = self.notify.post("/v2/notifications/email", body, self.key).json["id"]
        self.notify.drain()
        (email,) = [one for one in self.notify.email_network.messages() if one.reference == sent]
        signature = email.content["headers"]["List-Unsubscribe"].strip("<>").rpartition("/")[2]
        return {"path_parameters": {"notification_id": sent, "signature": signature}}

    def new_alert(self):
        return {
            "service_id": str(self.broadcasting.id),
            "created_by": self.user,
            "content": "Leave",
            "reference": str(uuid4()),
            "areas": ["Skegness"],
            "simple_polygons": [[list(pair) for pair in SKEGNESS]],
        }

    def a_file(self):
        """What names a file that was sent, in its link."""
        sender = self.notify.service(contact_link="0300 123 4567")
        template = self.notify.email_template(sender, "((file))", "A file")
        body = {
            "email_address": "grace@example.gov.uk",
            "template_id": str(template.id),
            "personalisation": {"file": {"file": "YQ=="}},
        }
        link = self.notify.post("/v2/notifications/email", body, self.notify.key(sender)).json["content"]["body"]
        path, _, key = link.partition("?key=")
        service_id, document_id = path.split("/")[-2:]
        place = {"service_id": service_id, "document_id": document_id}
        return {"path_parameters": place, "query": {"key": key}, "media_type": "application/x-www-form-urlencoded"}

    def message(self):
        return self.notify.admin("POST", self.root, self.new_alert()).json["id"]

    def move(self, message, status, person):
        moved = self.notify.admin("POST", f"{self.root}/{message}/status", {"status": status, "created_by": person})
        assert moved.status_code == 200, moved.data

    def good_requests(self):
        """A request that is met for each operation that has a body; the others mostly need only what is known."""
        alert = "/service/{service_id}/broadcast-message/{message_id}"
        created_by = {"created_by": self.user}
        decided = {"status": "approved", "created_by": self.other_user}
        return {
            "POST /v2/notifications/sms": {
                "body": {"phone_number": "07700900123", "template_id": str(self.text.id)},
            },
            "POST /v2/notifications/email": {
                "body": {
                    "email_address": "grace@example.gov.uk",
                    "template_id": str(self.email.id),
                    "personalisation": {"name": "see evil.example"},
                    "sanitise_content_for": ["name"],
                }
            },
            "POST /v2/notifications/letter": {"body": {"template_id": str(self.letter.id), "personalisation": ADDRESS}},
            "GET /v2/notifications/{notification_id}/pdf": {"path_parameters": {"notification_id": self.printed}},
            "POST /service/{service_id}/notifications/{notification_id}/cancel": {
                "path_parameters": {"service_id": str(self.service.id), "notification_id": self.posted}
            },
            "POST /v2/template/{template_id}/preview": {
                "path_parameters": {"template_id": str(self.email.id)},
                "body": {"personalisation": {"name": "Grace"}},
            },
            "POST /v2/broadcast": {"body": CAP.format(uuid4()).encode(), "media_type": "application/cap+xml"},
            "POST /notifications/sms/{supplier}": {
                "path_parameters": {"supplier": "mmg"},
                "body": {"CID": str(self.sent.id), "status": "3", "substatus": ""},
            },
            "POST /v2/notifications/{notification_id}/cancel": {"path_parameters": {"notification_id": self.waiting}},
            "GET /service/{service_id}/template/{template_id}/versions": {
                "path_parameters": {"template_id": str(self.alert.id)}
            },
            "GET /unsubscribe/{notification_id}/{signature}": self.unsubscribe,
            "POST /unsubscribe/{notification_id}/{signature}": self.unsubscribe,
            "GET /d/{service_id}/{document_id}": self.file,
            "POST /d/{service_id}/{document_id}": self.file | {"body": {"email_address": "grace@example.gov.uk"}},
            "POST /d/{service_id}/{document_id}/download": None,  # only our page can give a pass
            "GET /d/{rest}": None,  # what is cut off is never met
            "POST /d/{rest}": None,
            "POST /notifications/email/{supplier}": None,  # only Amazon can sign one
            "POST /notifications/letter/dvla": None,
            "POST /letters/returned": {"body": {"references": ["A1B2C3D4E5F6G7H8"]}},
            "POST /notifications/sms/receive/{supplier}": None,  # only a supplier has the password
            "POST /service/{service_id}/broadcast-message": {"body": self.new_alert()},
            f"POST {alert}": {"message_id": self.written, "body": created_by | {"content": "Go"}},
            f"POST {alert}/status": {"message_id": self.submitted, "body": created_by | {"status": "rejected"}},
            f"POST {alert}/revision": {"message_id": self.live, "body": created_by | {"content": "Stay"}},
            f"POST {alert}/revision/{{revision_id}}/status": {"message_id": self.revised, "body": decided},
            "POST /service/{service_id}/set-as-broadcast-service": {
                "body": {"broadcast_channel": "severe", "service_mode": "live", "provider_restriction": None}
            },
            **self.admin.good(),
        }

    def good_request(self, operation):
        """None where nobody but somebody else can make one."""
        requests = self.good_requests()
        good = requests[operation.label] if operation.body else requests.get(operation.label, {})
        if good is None:
            return None
        names = {one.name for one in operation.path_parameters}
        given = good.get("path_parameters", {})
        path = {name: self.known[name][0] for name in names - given.keys()} | given
        if "message_id" in good:
            path["message_id"] = good["message_id"]
        body = (
            {"body": good["body"], "media_type": good.get("media_type", "application/json")} if operation.body else {}
        )
        query = {"query": good["query"]} if "query" in good else {}
        return operation.Case(path_parameters=path, **query, **body)

    def headers(self, case, tokens, secret):
        """A good token of the kind that the operation asks for."""
        kinds = {name for way in case.operation.definition.raw["security"] for name in way}
        if "admin" in kinds:
            return {"Authorization": f"Bearer {tokens('notify-admin', secret)}"}
        if "service" in kinds:
            key = self.broadcast_key if "broadcast" in case.path else self.key
            return {"Authorization": f"Bearer {self.notify.token(key)}"}
        return {}

    def aim(self, case, data):
        """Put something that there is into the places of a request that name something, in three of four."""
        for place in (case.path_parameters, case.query, case.body):
            for name in sorted(set(self.known) & set(place)) if isinstance(place, dict) else ():
                if data.draw(st.integers(0, 3)):
                    place[name] = data.draw(st.sampled_from(self.known[name]))


SETTINGS = settings(
    max_examples=EXAMPLES,
    derandomize="NOTIFY_TEST_API_EXAMPLES" not in os.environ,
    database=None,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def world(notify):
    return World(notify)


@pytest.fixture
def operations(notify):
    return [found.ok() for found in schemathesis.openapi.from_wsgi("/openapi.json", notify.app).get_all_operations()]


@pytest.fixture
def ask(world, tokens, admin_secrets):
    def call(case):
        # A token that is missing or wrong is replaced by a good one, which puts the request right again.
        mended = case.meta is not None and case.meta.is_negative_at(ParameterLocation.HEADER)
        checks = [check for check in CHECKS if not (mended and check is negative_data_rejection)]
        return case.call_and_validate(headers=world.headers(case, tokens, admin_secrets[0]), checks=checks)

    return call


def test_a_good_request_is_met_as_it_is_described(operations, world, ask, subtests):
    for operation in operations:
        with subtests.test(operation.label):
            case = world.good_request(operation)
            assert case is None or ask(case).status_code in {200, 201, 202}


def test_whatever_is_described_is_answered_as_it_is_described(operations, world, ask, subtests):
    for operation in operations:

        @SETTINGS
        @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE), data=st.data())
        def try_out(case, data):
            world.aim(case, data)
            ask(case)

        with subtests.test(operation.label):
            try_out()


def test_what_is_not_described_is_refused_as_it_is_described(operations, ask, subtests):
    for operation in filter(can_be_wrong, operations):

        @SETTINGS
        @given(case=operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
        def try_out(case):
            ask(case)

        with subtests.test(operation.label):
            try_out()


def can_be_wrong(operation):
    """Whether any request differs from what is described: a receipt is whatever its supplier writes."""
    described = operation.definition.raw
    bodies = described.get("requestBody", {}).get("content", {}).values()
    schemas = [*(one["schema"] for one in (*described["parameters"], *bodies) if "schema" in one)]
    return any(schema.keys() & {"$ref", "format", "enum", "minimum", "items"} for schema in schemas)
