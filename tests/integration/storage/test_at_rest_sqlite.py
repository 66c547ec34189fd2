"""What lies on the disk, and what happens to it when the keys change."""

import pytest

from notify_adapters.secrets.aes_gcm import AesGcmSecrets
from notify_adapters.storage.sql.engine import make_engine
from notify_adapters.storage.sql.migrate import upgrade
from notify_adapters.storage.sql.unit_of_work import SqlStorage
from notify_core.accounts.model import CallbackType
from notify_core.kernel.errors import PermanentError
from notify_core.kernel.ids import ServiceId
from notify_core.testing.builders import a_callback, a_notification, a_user, an_api_key, an_id

OLD = "the key of last year, long and random enough"
NEW = "the key of this year, long and random enough"


@pytest.fixture
def engine(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path / 'notify.db'}")
    upgrade(engine)
    yield engine
    engine.dispose()


def test_no_personal_data_and_no_secret_is_readable_in_the_files(engine, tmp_path):
    service = ServiceId(an_id())
    notification = a_notification(
        to="07700 900461",
        recipient="+447700900461",
        personalisation={"name": "Persephone", "tablets": ["Paracetamol"]},
        one_click_unsubscribe_url="https://example.gov.uk/unsubscribe/persephone",
        reference="found-by-its-reference",
    )
    with SqlStorage(engine, AesGcmSecrets([NEW]))() as work:
        work.notifications.add_many([notification])
        work.guest_list.add(service, "eurydice@example.gov.uk")
        work.users.put(a_user(mobile_number="+447700900462"))
        work.api_keys.put(an_api_key(secret="key-secret-0815"))
        work.callbacks.put(a_callback(bearer_token="bearer-token-4711", secret="whsec_4712"))
        work.commit()
    on_disk = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"found-by-its-reference" in on_disk
    for text in ("7700900461", "900461", "Persephone", "persephone", "Paracetamol", "eurydice", "7700900462"):
        assert text.encode() not in on_disk
    for secret in ("key-secret-0815", "bearer-token-4711", "whsec_4712"):
        assert secret.encode() not in on_disk


def test_after_a_rotation_what_was_written_before_is_still_found_and_read(engine):
    service = ServiceId(an_id())
    notification, key, user, callback = a_notification(), an_api_key(), a_user(), a_callback()
    with SqlStorage(engine, AesGcmSecrets([OLD]))() as work:
        work.guest_list.add(service, "+447700900123")
        work.notifications.add_many([notification])
        work.api_keys.put(key)
        work.users.put(user)
        work.callbacks.put(callback)
        work.commit()
    rotated = SqlStorage(engine, AesGcmSecrets([NEW, OLD]))
    with rotated(read_only=True) as work:
        assert work.guest_list.contains(service, "+447700900123")
        assert work.notifications.get(notification.id) == notification
        assert work.api_keys.get(key.id) == key
        assert work.users.get(user.id) == user
        assert work.callbacks.find(callback.service_id, CallbackType.DELIVERY_STATUS) == callback


def test_a_guest_written_under_the_old_key_is_not_added_twice(engine):
    service = ServiceId(an_id())
    for keys in ([OLD], [NEW, OLD]):
        with SqlStorage(engine, AesGcmSecrets(keys))() as work:
            work.guest_list.add(service, "+447700900123")
            work.commit()
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM guest_list").scalar() == 1


def test_without_its_key_nothing_is_read(engine):
    notification = a_notification()
    with SqlStorage(engine, AesGcmSecrets([OLD]))() as work:
        work.notifications.add_many([notification])
        work.commit()
    with SqlStorage(engine, AesGcmSecrets([NEW]))(read_only=True) as work, pytest.raises(PermanentError):
        work.notifications.get(notification.id)
