"""What is written by hand for speed, against a library that reads all of RFC 7515."""

import json
from base64 import urlsafe_b64encode

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify_core.accounts.policies import AuthFailed
from notify_entrypoints.http.tokens import JwtToken

SECRET = "5c1d0e1b-9c5d-4a41-8f2b-0a3d3f1f2a77"
OTHER = "7c1d0e1b-9c5d-4a41-8f2b-0a3d3f1f2a77"
GOOD = jwt.encode({"iss": "a service", "iat": 1_700_000_000}, SECRET, "HS256")

values = st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.floats(allow_nan=False), st.lists(st.text()))
headers = st.fixed_dictionaries(
    {"alg": st.sampled_from(["HS256", "HS256", "HS512", "none", "", 5, None])},
    optional={"typ": values, "kid": values, "b64": values, "crit": values},
)
claims = st.fixed_dictionaries({}, optional={"iss": values, "iat": values, "exp": values})


def segment(document):
    return urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=")


def signed(header, document):
    text = segment(header) + b"." + segment(document)
    signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(text, SECRET.encode())
    return (text + b"." + urlsafe_b64encode(signature).rstrip(b"=")).decode()


def ours(text):
    try:
        token = JwtToken.parse(text)
    except AuthFailed:
        return None
    return token.algorithm, token.issuer, token.is_signed_with(SECRET), token.is_signed_with(OTHER)


def the_librarys(text):
    try:
        parsed = jwt.decode_complete(text, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError):
        return None
    issuer = parsed["payload"].get("iss")
    fits = tuple(is_good(text, secret) for secret in (SECRET, OTHER))
    return str(parsed["header"].get("alg")), None if issuer is None else str(issuer), *fits


def is_good(text, secret):
    try:
        jwt.PyJWS().decode(text, secret, algorithms=["HS256"])
    except jwt.PyJWTError:
        return False
    return True


@given(headers, claims)
def test_a_token_says_what_the_library_reads_in_it(header, document):
    text = signed(header, document)
    assert ours(text) == (None if "crit" in header else the_librarys(text))


@given(st.data())
def test_a_spoilt_token_is_not_read_more_generously(data):
    place = data.draw(st.integers(0, len(GOOD) - 1))
    length = data.draw(st.integers(0, 3))
    other = data.draw(st.text(st.sampled_from("aA0-_.+/= \n!é"), max_size=3))
    text = GOOD[:place] + other + GOOD[place + length :]
    read = ours(text)
    assert read is None or read == the_librarys(text)


@pytest.mark.parametrize(
    "text",
    ["", ".", "..", "...", GOOD + ".", "." + GOOD, GOOD.replace(".", ".."), GOOD + "=", GOOD[: GOOD.rindex(".")]],
)
def test_what_is_no_token(text):
    assert ours(text) is None


@pytest.mark.parametrize("document", ["[]", "5", "null", '"x"', "{", "[" * 100_000])
def test_parts_that_are_no_objects(document):
    part = urlsafe_b64encode(document.encode()).rstrip(b"=").decode()
    head, claimed, signature = GOOD.split(".")
    assert ours(f"{part}.{claimed}.{signature}") is None
    assert ours(f"{head}.{part}.{signature}") is None


def test_nothing_is_signed_with_no_secret():
    assert not JwtToken.parse(GOOD).is_signed_with("")


def test_a_token_does_not_show_its_signature():
    assert GOOD.rpartition(".")[2] not in repr(JwtToken.parse(GOOD))
