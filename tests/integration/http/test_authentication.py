import base64
import json
import time
from datetime import UTC, datetime
from uuid import uuid4

import jwt
import pytest
from notifications_python_client.authentication import create_jwt_token

from notify_core.accounts.model import KeyType

PATH = "/v2/templates"
UNREADABLE = (
    "Invalid token: make sure your API token matches the example at "
    "https://docs.notifications.service.gov.uk/rest-api.html#authorisation-header"
)
CLOCK = "Error: Your system clock must be accurate to within 30 seconds"
DATA_TYPE = "Invalid token: service id is not the right data type"


@pytest.fixture
def service(notify):
    return notify.service()


@pytest.fixture
def key(notify, service):
    return notify.key(service)


@pytest.fixture
def ask(notify):
    def get(token):
        return notify.request("GET", PATH, token)

    return get


@pytest.fixture
def refusal(ask, errors_of):
    def message(token):
        (message,) = errors_of(ask(token), 403, "AuthError")
        return message

    return message


def test_a_token_of_the_published_client(ask, service, key):
    assert ask(create_jwt_token(key.secret, str(service.id))).status_code == 200


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "Bearer  "])
def test_the_scheme_is_compared_without_case(notify, key, scheme):
    header = {"Authorization": f"{scheme} {notify.token(key)}"}
    assert notify.request("GET", PATH, headers=header).status_code == 200


def test_the_services_id_in_capitals(ask, key, tokens):
    assert ask(tokens(str(key.service_id).upper(), key.secret)).status_code == 200


def test_no_header(notify, errors_of):
    message = "Unauthorized: authentication token must be provided"
    assert errors_of(notify.request("GET", PATH), 401, "AuthError") == [message]
    assert errors_of(notify.request("GET", PATH, headers={"Authorization": ""}), 401, "AuthError") == [message]


@pytest.mark.parametrize("header", ["Basic YTpi", "Bearertoken", "token", "Bearer:token"])
def test_another_scheme(notify, errors_of, header):
    answer = notify.request("GET", PATH, headers={"Authorization": header})
    assert errors_of(answer, 401, "AuthError") == ["Unauthorized: authentication bearer scheme must be used"]


def part(document):
    text = document if isinstance(document, bytes) else json.dumps(document).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


HEADER = part({"alg": "HS256", "typ": "JWT"})


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "a.b.c",
        "....",
        "ÿÿÿ",
        f"{HEADER}.{part(b'not json')}.x",
        f"{HEADER}.{part([1])}.x",
        f"{HEADER}.{part(5)}.x",
        f"{HEADER}.{part(b'[' * 20_000)}.x",
        f"{part(b'[' * 20_000)}.{part({})}.x",
        f"{part('text')}.{part({})}.x",
        f"{HEADER}.{part(b'{' + b'%22' + b'}')}.x",
        HEADER + "." + part(b'{"iss": ' + b"9" * 5000 + b"}") + ".x",
    ],
)
def test_garbage(refusal, token):
    assert refusal(token) == UNREADABLE


def test_no_issuer(refusal, tokens, key):
    assert refusal(tokens(None, key.secret)) == "Invalid token: iss field not provided"
    assert refusal(tokens("", key.secret)) == "Invalid token: iss field not provided"


@pytest.mark.parametrize("issuer", ["floods", 5, 1.5, True, ["a"], {"a": 1}, "notify-admin"])
def test_an_issuer_that_is_no_uuid(refusal, key, issuer):
    token = f"{HEADER}.{part({'iss': issuer, 'iat': int(time.time())})}.eA"
    assert refusal(token) == DATA_TYPE


def test_an_unknown_service(refusal, tokens, key):
    assert refusal(tokens(uuid4(), key.secret)) == "Invalid token: service not found"


def test_a_service_without_keys(notify, refusal, tokens, key):
    assert refusal(tokens(notify.service().id, key.secret)) == "Invalid token: service has no API keys"


def test_an_archived_service(notify, refusal):
    archived = notify.service(active=False)
    assert refusal(notify.token(notify.key(archived))) == "Invalid token: service is archived"


@pytest.mark.parametrize("algorithm", ["HS384", "HS512", "none"])
@pytest.mark.filterwarnings("ignore:The HMAC key is")
def test_another_algorithm(refusal, key, tokens, algorithm):
    secret = None if algorithm == "none" else key.secret
    assert refusal(tokens(key.service_id, secret, algorithm=algorithm)) == (
        "Invalid token: algorithm used is not HS256"
    )


@pytest.mark.parametrize("algorithm", ["none", "None", None, 5, ["HS256"]])
def test_an_unsigned_token_with_any_header(refusal, key, algorithm):
    claims = {"iss": str(key.service_id), "iat": int(time.time())}
    assert refusal(f"{part({'alg': algorithm})}.{part(claims)}.") == "Invalid token: algorithm used is not HS256"


def test_a_token_without_signature(refusal, notify, key):
    head, claims, _ = notify.token(key).split(".")
    assert refusal(f"{head}.{claims}.") == "Invalid token: API key not found"


def test_signed_by_a_key_of_nobody(refusal, tokens, key):
    assert refusal(tokens(key.service_id, str(uuid4()))) == "Invalid token: API key not found"


def test_signed_by_a_key_of_another_service(notify, refusal, tokens, key):
    other = notify.key(notify.service())
    assert refusal(tokens(key.service_id, other.secret)) == "Invalid token: API key not found"


def test_altered_claims(refusal, notify, key):
    head, _, signature = notify.token(key).split(".")
    claims = part({"iss": str(key.service_id), "iat": int(time.time()) + 1})
    assert refusal(f"{head}.{claims}.{signature}") == "Invalid token: API key not found"


def test_revoking_a_key_is_immediate_and_leaves_the_others(notify, ask, refusal, service, key):
    other = notify.key(service, key_type=KeyType.TEAM)
    revoked = notify.key(service, revoked_at=datetime.now(UTC))

    assert refusal(notify.token(revoked)) == "Invalid token: API key revoked"
    assert ask(notify.token(key)).status_code == 200
    assert ask(notify.token(other)).status_code == 200


@pytest.mark.parametrize("off", [-25, 25])
def test_clocks_may_differ_a_little(notify, ask, key, off):
    assert ask(notify.token(key, iat=int(time.time()) + off)).status_code == 200
    assert ask(notify.token(key, iat=time.time() + off)).status_code == 200


@pytest.mark.parametrize("off", [-35, 35, -(10**9), 10**9])
def test_but_not_much(notify, refusal, key, off):
    assert refusal(notify.token(key, iat=int(time.time()) + off)) == CLOCK


@pytest.mark.parametrize(
    "issued_at", [True, "now", "1767614400", 10**30, -(10**30), 1e300, float("inf"), float("nan"), [], {}]
)
def test_what_is_no_moment(refusal, key, issued_at):
    # The library refuses to write some of these, so they are signed without it.
    claims = part({"iss": str(key.service_id), "iat": issued_at})
    signature = jwt.PyJWS().encode(base64.urlsafe_b64decode(claims + "=="), key.secret, "HS256", {"typ": "JWT"})
    assert refusal(signature) == CLOCK


def test_no_moment(notify, refusal, key):
    assert refusal(notify.token(key, iat=None)) == CLOCK


def test_what_else_a_token_claims_is_ignored(notify, ask, key):
    past, future = int(time.time()) - 1000, int(time.time()) + 1000
    assert ask(notify.token(key, exp=past, nbf=future, aud="others", sub=5, jti=5)).status_code == 200


def test_an_admin_token_opens_no_public_endpoint(refusal, tokens, admin_secrets):
    assert refusal(tokens("notify-admin", admin_secrets[0])) == DATA_TYPE


class TestAdmin:
    """Internal endpoints."""

    @pytest.fixture
    def path(self, service):
        return f"/service/{service.id}/broadcast-message"

    @pytest.fixture
    def told(self, notify, path):
        def ask(token, status, **how):
            answer = notify.request("GET", path, token, **how)
            assert answer.status_code == status, answer.data
            if status == 200:
                return None
            assert set(answer.json) == {"result", "message"}
            assert answer.json["result"] == "error"
            return answer.json["message"]

        return ask

    def test_every_configured_secret_is_accepted(self, told, tokens, admin_secrets):
        for secret in admin_secrets:
            told(tokens("notify-admin", secret), 200)

    def test_a_secret_that_was_taken_away(self, make_notify, tokens, admin_secrets):
        notify = make_notify("later", NOTIFY_ADMIN_SECRETS=admin_secrets[0])
        path = f"/service/{notify.service().id}/broadcast-message"

        assert notify.request("GET", path, tokens("notify-admin", admin_secrets[0])).status_code == 200
        answer = notify.request("GET", path, tokens("notify-admin", admin_secrets[1]))
        assert answer.status_code == 401
        assert answer.json == {"result": "error", "message": "Unauthorized: admin authentication token not found"}

    def test_no_token(self, told):
        assert told(None, 401) == "Unauthorized: admin authentication token required"

    def test_another_scheme(self, told):
        message = told(None, 401, headers={"Authorization": "Basic YTpi"})
        assert message == "Unauthorized: authentication bearer scheme must be used"

    def test_garbage(self, told):
        assert told("garbage", 403) == UNREADABLE

    def test_a_token_of_a_service(self, notify, told, key):
        assert told(notify.token(key), 401) == "Unauthorized: admin authentication token required"

    def test_a_service_that_calls_itself_admin(self, told, tokens, key):
        assert told(tokens("notify-admin", key.secret), 401) == "Unauthorized: admin authentication token not found"

    @pytest.mark.filterwarnings("ignore:The HMAC key is")
    def test_another_algorithm(self, told, tokens, admin_secrets):
        for secret, algorithm in ((admin_secrets[0], "HS512"), (None, "none")):
            token = tokens("notify-admin", secret, algorithm=algorithm)
            assert told(token, 401) == "Unauthorized: admin authentication token required"

    @pytest.mark.parametrize("off", [-35, 35])
    def test_expired(self, told, tokens, admin_secrets, off):
        token = tokens("notify-admin", admin_secrets[1], iat=int(time.time()) + off)
        assert told(token, 403) == "Invalid token: expired, check that your system clock is accurate"


def test_every_endpoint_asks(notify):
    """Nothing but what is declared open answers without a token."""
    identity = str(uuid4())
    for rule in notify.app.url_map.iter_rules():
        view = notify.app.view_functions[rule.endpoint]
        path = rule.rule
        for name in rule.arguments:
            path = path.replace(f"<uuid:{name}>", identity).replace(f"<{name}>", identity)
        for method in rule.methods - {"OPTIONS"}:
            status = notify.request(method, path, body={} if method == "POST" else None).status_code
            assert (status == 401) is (view.authentication.value != "none"), (method, path, status)
