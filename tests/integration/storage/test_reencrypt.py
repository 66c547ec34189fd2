"""After a rotation everything can be encrypted with the new key, and the old one thrown away."""

from dataclasses import replace

import pytest

from notify_adapters.secrets.aes_gcm import AesGcmSecrets
from notify_adapters.storage.sql.engine import make_engine
from notify_adapters.storage.sql.metadata import metadata
from notify_adapters.storage.sql.migrate import upgrade
from notify_adapters.storage.sql.reencrypt import ENCRYPTED, reencrypt
from notify_adapters.storage.sql.unit_of_work import SqlStorage
from notify_core.kernel.errors import PermanentError
from notify_core.testing.builders import a_callback, a_notification, a_service, a_user, an_api_key

OLD, NEW = "the old key" * 4, "the new key" * 4


@pytest.fixture
def engine(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path}/notify.db")
    upgrade(engine)
    yield engine
    engine.dispose()


def storage(engine, *keys):
    return SqlStorage(engine, AesGcmSecrets(keys))


def fill(engine):
    service, notification = a_service(), a_notification(personalisation={"name": "Zoë"})
    notification = replace(notification, service_id=service.id, one_click_unsubscribe_url="https://example.com/bye")
    with storage(engine, OLD)() as work:
        work.services.put(service)
        work.users.put(user := a_user())
        work.api_keys.put(key := an_api_key(service_id=service.id))
        work.callbacks.put(callback := a_callback(service_id=service.id))
        work.guest_list.add(service.id, "guest@example.com")
        work.notifications.add_many([notification, *(a_notification() for _ in range(20))])
        work.commit()
    return service, user, key, callback, notification


def test_every_encrypted_column_is_known_to_it():
    named = {(one.table.name, column) for one in ENCRYPTED for column in one.purposes}
    in_the_schema = {
        (table.name, column.name)
        for table in metadata.tables.values()
        for column in table.columns
        if column.name.endswith("_cipher")
    }
    assert named == in_the_schema
    indexes = {(one.table.name, column) for one in ENCRYPTED for column in one.indexes}
    assert indexes == {
        (table.name, column.name)
        for table in metadata.tables.values()
        for column in table.columns
        if column.name.endswith("_index")
    }


def test_afterwards_the_new_key_alone_reads_everything(engine):
    service, user, key, callback, notification = fill(engine)
    progress = list(reencrypt(engine, AesGcmSecrets([NEW, OLD]), batch=3))
    assert sum(max(p.changed for p in progress if p.table == table) for table in {p.table for p in progress}) == 25
    with storage(engine, NEW)(read_only=True) as work:
        assert work.users.get(user.id) == user
        assert work.api_keys.get(key.id) == key
        assert work.callbacks.find(service.id, callback.type) == callback
        assert work.guest_list.contains(service.id, "guest@example.com")
        assert work.notifications.get(notification.id) == notification


def test_a_second_run_changes_nothing(engine):
    fill(engine)
    secrets = AesGcmSecrets([NEW, OLD])
    list(reencrypt(engine, secrets))
    assert {progress.changed for progress in reencrypt(engine, secrets)} == {0}


def test_it_can_be_ended_in_the_middle_and_begun_again(engine):
    *_, notification = fill(engine)
    secrets = AesGcmSecrets([NEW, OLD])
    next(iter(reencrypt(engine, secrets, batch=1)))
    list(reencrypt(engine, secrets))
    with storage(engine, NEW)(read_only=True) as work:
        assert work.notifications.get(notification.id) == notification


def test_without_the_old_key_it_says_so(engine):
    fill(engine)
    with pytest.raises(PermanentError):
        list(reencrypt(engine, AesGcmSecrets([NEW])))
