"""No port of its own: what every adapter that speaks HTTP relies on."""

import threading

import pytest

from notify_adapters.http import MAXIMUM_ANSWER, AnsweredNo, HttpClient
from notify_core.kernel.errors import PermanentError, TransientError


@pytest.fixture
def client():
    return HttpClient(connect_timeout=1, read_timeout=1)


def test_time_outs_are_no_option():
    with pytest.raises(TypeError):
        HttpClient()


def test_an_answer_is_status_headers_and_body(client, loopback):
    loopback.answer_with(201, b'{"a": 1}', {"X-Name": "value"})
    answer = client.get(loopback.url)
    assert (answer.status, answer.json(), answer.headers["x-name"]) == (201, {"a": 1}, "value")


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 404, 418])
def test_no_is_no_and_redirects_are_not_followed(client, loopback, status):
    loopback.answer_with(status, b"why", {"Location": loopback.url})
    with pytest.raises(AnsweredNo) as caught:
        client.post(loopback.url, body=b"")
    assert (caught.value.status, caught.value.body) == (status, b"why")
    assert len(loopback.arrived) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_nothing_is_retried_here(client, loopback, status):
    loopback.answer_with(status)
    with pytest.raises(TransientError):
        client.post(loopback.url, body=b"")
    assert len(loopback.arrived) == 1


def test_an_endless_answer_is_cut(client, loopback):
    loopback.answer_with(200, b"x" * (MAXIMUM_ANSWER * 3))
    assert MAXIMUM_ANSWER <= len(client.get(loopback.url).body) < MAXIMUM_ANSWER * 2
    loopback.answer_with(200, b"short")
    assert client.get(loopback.url).body == b"short"


@pytest.mark.parametrize("url", ["nonsense", "ftp://example.com", "http://", "http://[", "http://exa mple.com:x/"])
def test_what_is_no_address_never_will_be(client, url):
    with pytest.raises(PermanentError):
        client.get(url)


@pytest.mark.parametrize("value", ["Bearer ŵ", "Bearer a\r\nHost: b", "Bearer a\nb"])
def test_what_cannot_be_a_header_never_will_be(client, loopback, value):
    with pytest.raises(PermanentError) as caught:
        client.post(loopback.url, body=b"", headers={"Authorization": value})
    assert "Bearer" not in str(caught.value)
    assert not loopback.arrived


def test_proxies_and_netrc_of_the_environment_are_not_used(client, loopback, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login user password word\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    client.get(loopback.url)
    assert "authorization" not in loopback.arrived[0][1]


def test_each_thread_has_a_session_of_its_own(client, loopback):
    threads = [threading.Thread(target=lambda: [client.get(loopback.url) for _ in range(3)]) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(loopback.arrived) == 9
    assert len(loopback.connections) == 3


def test_an_error_names_no_address(client):
    """Addresses may hold keys and recipients, and errors are logged and stored."""
    with pytest.raises(TransientError) as caught:
        client.get("http://127.0.0.1:1/secret-key")
    assert "secret-key" not in str(caught.value)
