"""SES by moto, in this process."""

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from moto import mock_aws
from moto.backends import get_backend
from moto.core import DEFAULT_ACCOUNT_ID

from notify_adapters.aws import LazyClient
from notify_adapters.email.ses import Ses, build
from notify_adapters.options import BadOption
from notify_core.kernel.errors import TransientError
from notify_core.notifications.ports import OutgoingEmail, SupplierRefused
from notify_core.testing.contracts.email_supplier import EmailSupplierContract
from tests.integration.mail_reading import read_back

OPTIONS = {"access_key_id": "testing", "secret_access_key": "testing"}
EMAIL = OutgoingEmail("reference-1", "anna@example.com", "Hello", "Hi", "<p>Hi</p>", '"Siân" <sian@notify.localhost>')


class SesEnd:
    """Between the adapter and moto: notes what goes there, or answers instead of it."""

    def __init__(self, client):
        self._client = client
        self.error = None
        self.requests = []

    def send_email(self, **request):
        if self.error:
            raise self.error
        answer = self._client.send_email(**request)
        self.requests.append(request)
        return answer

    def make_it_fail(self):
        self.error = refusal("InternalFailure", 500)

    def make_it_refuse(self):
        self.error = refusal("BadRequestException", 400)

    def make_it_work(self):
        self.error = None

    def emails(self):
        # What reached SES, not what the adapter meant.
        kept = get_backend("ses")[DEFAULT_ACCOUNT_ID]["eu-west-2"].sent_messages
        return [read_back(message.raw_data.encode(), message.destinations[0]) for message in kept]


def refusal(code, status, message="no"):
    return ClientError(
        {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}, "SendEmail"
    )


@pytest.fixture
def other_end(monkeypatch):
    with mock_aws():
        supplier = build(OPTIONS)
        get_backend("ses")[DEFAULT_ACCOUNT_ID]["eu-west-2"].verify_domain("notify.localhost")
        yield SesEnd(supplier.client())


@pytest.fixture
def supplier(other_end):
    return Ses(LazyClient(lambda: other_end))


class TestSes(EmailSupplierContract):
    remembers_references = False

    @pytest.fixture
    def supplier(self, supplier):
        return supplier

    @pytest.fixture
    def other_end(self, other_end):
        return other_end


def test_events_can_be_told_apart_by_our_reference(supplier, other_end):
    supplier.send(EMAIL)
    (request,) = other_end.requests
    assert request["EmailTags"] == [{"Name": "reference", "Value": "reference-1"}]
    assert "ConfigurationSetName" not in request
    assert other_end.emails()[0].from_address == EMAIL.from_address


def test_a_configuration_set_is_named(other_end):
    supplier = Ses(LazyClient(lambda: other_end), "receipts")
    supplier.send(EMAIL)
    assert other_end.requests[0]["ConfigurationSetName"] == "receipts"


def test_where_the_domain_has_other_letters(supplier, other_end):
    supplier.send(OutgoingEmail("1", "a@tŷ.example", "s", "p", "h", '"S" <s@notify.localhost>'))
    assert other_end.requests[0]["Destination"] == {"ToAddresses": ["a@xn--t-foa.example"]}


@pytest.mark.parametrize("recipient", ["tŷ@example.com", f"a@{'x' * 64}.com"])
def test_an_address_that_cannot_be_written_is_refused(supplier, other_end, recipient):
    with pytest.raises(SupplierRefused) as caught:
        supplier.send(OutgoingEmail("1", recipient, "s", "p", "h", '"S" <s@notify.localhost>'))
    assert recipient not in str(caught.value)
    assert not other_end.requests


@pytest.mark.parametrize(
    ("code", "said", "kind"),
    [
        ("MessageRejected", "Unsafe content", SupplierRefused),
        ("BadRequestException", "Invalid address a@example.com", SupplierRefused),
        ("MessageRejected", "Email address is not verified. a@example.com", TransientError),
        ("TooManyRequestsException", "Maximum sending rate exceeded.", TransientError),
        ("LimitExceededException", "Daily quota", TransientError),
        ("AccountSuspendedException", "suspended", TransientError),
        ("SendingPausedException", "paused", TransientError),
        ("MailFromDomainNotVerifiedException", "no", TransientError),
        ("AccessDeniedException", "no", TransientError),
    ],
)
def test_what_ses_says_and_what_that_means(supplier, other_end, code, said, kind):
    other_end.error = refusal(code, 400, said)
    with pytest.raises(kind) as caught:
        supplier.send(EMAIL)
    assert str(caught.value) == f"SES answered {code}"


def test_no_answer_is_no_answer(supplier, other_end):
    other_end.error = ReadTimeoutError(endpoint_url="https://email.example")
    with pytest.raises(TransientError, match="ReadTimeoutError"):
        supplier.send(EMAIL)


def test_lines_of_a_subject_make_no_headers(supplier, other_end):
    supplier.send(OutgoingEmail("1", "a@example.com", "s\r\nBcc: b@example.com", "p", "h", '"S" <s@notify.localhost>'))
    (taken,) = other_end.emails()
    assert taken.subject == "s Bcc: b@example.com"
    assert not taken.headers


def test_options_are_checked():
    with pytest.raises(BadOption):
        build({**OPTIONS, "colour": "red"})
    assert "testing" not in repr(build(OPTIONS))
