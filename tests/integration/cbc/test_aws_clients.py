from notify_adapters import aws
from notify_adapters.aws import LazyClient


def test_a_client_is_made_at_its_first_use_and_once():
    made = []
    client = LazyClient(lambda: made.append("client") or object())
    assert made == []
    assert client() is client()
    assert made == ["client"]


def test_each_process_has_a_client_of_its_own(monkeypatch):
    client = LazyClient(object)
    before = client()
    monkeypatch.setattr("os.getpid", lambda: -1)
    assert client() is not before


def test_time_outs_are_set_and_retries_are_off():
    settings = aws.settings({"access_key_id": "a", "secret_access_key": "hush"})
    config = aws.make_client("lambda", settings).meta.config

    assert (config.connect_timeout, config.read_timeout) == (3, 10)
    assert config.retries["total_max_attempts"] == 1
    assert config.region_name == "eu-west-2"


def test_the_secret_is_not_shown():
    assert "hush" not in repr(aws.settings({"access_key_id": "a", "secret_access_key": "hush"}))
