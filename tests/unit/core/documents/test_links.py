from datetime import timedelta

from notify_core.documents.policies import hash_of, is_key, link_to, new_key, pass_for, passes
from notify_core.testing.builders import NOON, a_document
from notify_core.testing.fakes.random_source import SeededRandom
from notify_core.testing.fakes.secrets import MemorySecrets


def test_keys_are_long_and_each_is_another():
    random = SeededRandom()
    keys = {new_key(random) for _ in range(100)}
    assert len(keys) == 100
    assert {len(key) for key in keys} == {43}


def test_only_its_key_fits_a_hash():
    key, other = (new_key(SeededRandom(seed)) for seed in (1, 2))
    assert is_key(key, hash_of(key))
    assert key not in hash_of(key)
    for wrong in (other, "", key[:-1], f"{key}\n", f"{key}=", key.swapcase(), "é" * 43):
        assert not is_key(wrong, hash_of(key))


def test_the_link_names_the_file_and_has_the_key():
    document = a_document()
    link = link_to(document.place, "k" * 43, "https://api.example")
    assert link == f"https://api.example/d/{document.service_id}/{document.id}?key={'k' * 43}"


def test_a_pass_is_for_one_file_and_one_hour():
    secrets, document, other = MemorySecrets(), a_document(), a_document()
    shown = pass_for(document.id, NOON, secrets)

    assert passes(shown, document.id, NOON, secrets)
    assert passes(shown, document.id, NOON + timedelta(minutes=59), secrets)
    assert not passes(shown, document.id, NOON + timedelta(hours=1), secrets)
    assert not passes(shown, other.id, NOON, secrets)
    for made_up in ("", ".", "99999999999", f"99999999999.{shown.partition('.')[2]}", "x.y", shown[:-1]):
        assert not passes(made_up, document.id, NOON, secrets)
