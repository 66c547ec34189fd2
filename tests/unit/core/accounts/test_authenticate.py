from datetime import timedelta
from uuid import uuid4

import pytest

from notify_core.accounts.policies import AuthFailed, bearer_token, unreadable_token
from notify_core.accounts.use_cases import AuthenticateService, authenticate_admin
from notify_core.testing.builders import a_service, an_api_key
from notify_core.testing.fakes.clock import NOON, FakeClock
from notify_core.testing.fakes.token import MemoryToken
from notify_core.testing.fakes.unit_of_work import MemoryStorage


@pytest.fixture
def storage():
    return MemoryStorage()


@pytest.fixture
def authenticate(storage):
    return AuthenticateService(work=storage, recent=storage, clock=FakeClock())


@pytest.fixture
def service(storage):
    return given(storage, a_service())


def given(storage, service, **key):
    with storage() as work:
        work.services.put(service)
        if key is not None:
            work.api_keys.put(an_api_key(service_id=service.id, secret="secret", **key))
        work.commit()
    return service


def refusal(authenticate, token):
    with pytest.raises(AuthFailed) as caught:
        authenticate(token)
    return caught.value.status, str(caught.value)


def test_a_key_names_its_service(authenticate, service):
    caller = authenticate(MemoryToken(str(service.id)))

    assert caller.service == service
    assert caller.api_key.secret == "secret"


@pytest.mark.parametrize("issuer", [None, ""])
def test_without_issuer(authenticate, issuer):
    assert refusal(authenticate, MemoryToken(issuer)) == (403, "Invalid token: iss field not provided")


def test_issuer_that_is_no_uuid(authenticate):
    assert refusal(authenticate, MemoryToken("flood")) == (403, "Invalid token: service id is not the right data type")


def test_unknown_service(authenticate):
    assert refusal(authenticate, MemoryToken(str(uuid4()))) == (403, "Invalid token: service not found")


def test_service_without_keys(authenticate, storage):
    service = a_service()
    with storage() as work:
        work.services.put(service)
        work.commit()

    assert refusal(authenticate, MemoryToken(str(service.id))) == (403, "Invalid token: service has no API keys")


def test_archived_service(authenticate, storage):
    service = given(storage, a_service(active=False))

    assert refusal(authenticate, MemoryToken(str(service.id))) == (403, "Invalid token: service is archived")


@pytest.mark.parametrize("algorithm", ["HS512", "none", None])
def test_other_algorithm(authenticate, service, algorithm):
    token = MemoryToken(str(service.id), algorithm=algorithm)

    assert refusal(authenticate, token) == (403, "Invalid token: algorithm used is not HS256")


def test_revoked_key(authenticate, storage):
    service = given(storage, a_service(), revoked_at=NOON)

    assert refusal(authenticate, MemoryToken(str(service.id))) == (403, "Invalid token: API key revoked")


def test_signed_by_no_key_of_the_service(authenticate, service):
    token = MemoryToken(str(service.id), secret="guess")

    assert refusal(authenticate, token) == (403, "Invalid token: API key not found")


def test_a_revoked_key_beside_one_in_use_with_the_same_secret(authenticate, storage, service):
    given(storage, service, revoked_at=NOON)

    assert authenticate(MemoryToken(str(service.id))).api_key.revoked_at is None


@pytest.mark.parametrize("seconds", [-30, 0, 30])
def test_clocks_may_differ_by_thirty_seconds(authenticate, service, seconds):
    token = MemoryToken(str(service.id), issued_at=NOON + timedelta(seconds=seconds))

    assert authenticate(token).service == service


@pytest.mark.parametrize("issued_at", [NOON - timedelta(seconds=31), NOON + timedelta(seconds=31), None])
def test_but_by_no_more(authenticate, service, issued_at):
    assert refusal(authenticate, MemoryToken(str(service.id), issued_at=issued_at)) == (
        403,
        "Error: Your system clock must be accurate to within 30 seconds",
    )


def admin(token, *secrets):
    return refusal(lambda given: authenticate_admin(given, secrets, NOON), token)


def test_admin_by_any_accepted_secret():
    authenticate_admin(MemoryToken("notify-admin", secret="old"), ["new", "old"], NOON)


def test_admin_without_a_token_of_its_own():
    required = (401, "Unauthorized: admin authentication token required")

    assert admin(None, "secret") == required
    assert admin(MemoryToken(str(uuid4())), "secret") == required
    assert admin(MemoryToken("notify-admin", algorithm="none"), "secret") == required


def test_admin_with_an_unknown_secret():
    assert admin(MemoryToken("notify-admin"), "new", "old") == (
        401,
        "Unauthorized: admin authentication token not found",
    )


def test_admin_with_an_old_token():
    token = MemoryToken("notify-admin", issued_at=NOON - timedelta(minutes=1))

    assert admin(token, "secret") == (403, "Invalid token: expired, check that your system clock is accurate")


@pytest.mark.parametrize("header", ["Bearer a.b.c", "bearer a.b.c", "BEARER  a.b.c "])
def test_the_scheme_in_any_case(header):
    assert bearer_token(header) == "a.b.c"


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (None, "Unauthorized: authentication token must be provided"),
        ("", "Unauthorized: authentication token must be provided"),
        ("Basic abc", "Unauthorized: authentication bearer scheme must be used"),
    ],
)
def test_no_usable_header(header, message):
    assert refusal(bearer_token, header) == (401, message)


def test_an_unreadable_token_is_told_where_to_look():
    error = unreadable_token()

    assert error.status == 403
    assert "make sure your API token matches the example" in str(error)


def test_what_has_just_changed_lets_nobody_wait_who_is_let_in_now(storage):
    service = given(storage, a_service())
    a_moment_ago = MemoryStorage()
    given(a_moment_ago, service, revoked_at=NOON)

    caller = AuthenticateService(work=storage, recent=a_moment_ago, clock=FakeClock())(MemoryToken(str(service.id)))

    assert caller.api_key.revoked_at is None


def test_who_was_let_in_a_moment_ago_is_let_in(storage):
    service = given(storage, a_service(), revoked_at=NOON)
    a_moment_ago = MemoryStorage()
    given(a_moment_ago, service)

    caller = AuthenticateService(work=storage, recent=a_moment_ago, clock=FakeClock())(MemoryToken(str(service.id)))

    assert caller.service == service
