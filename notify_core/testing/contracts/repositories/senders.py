"""SMS senders, reply-to addresses, callback subscriptions and the audit log."""

from dataclasses import replace
from datetime import timedelta

import pytest

from notify_core.accounts.model import CallbackType
from notify_core.accounts.ports import AccountsWork
from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import CallbackId, ServiceId
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.testing.builders import NOON, a_callback, a_reply_to, an_audit_entry, an_id, an_sms_sender

Storage = UnitOfWorkFactory[AccountsWork]


class SendersContract:
    @pytest.fixture
    def storage(self) -> Storage:
        raise NotImplementedError

    def test_an_sms_sender_comes_back_as_put_last(self, storage: Storage) -> None:
        sender = an_sms_sender(sms_sender="07700900009", inbound=True)
        changed = replace(sender, sms_sender="FLOODS", inbound=False)
        with storage() as work:
            work.senders.put_sms_sender(sender)
            assert work.senders.sms_sender(sender.service_id, sender.id) == sender
            work.senders.put_sms_sender(changed)
            work.commit()
        with storage(read_only=True) as work:
            assert work.senders.sms_sender(sender.service_id, sender.id) == changed

    def test_another_services_sms_sender_is_not_found(self, storage: Storage) -> None:
        sender = an_sms_sender()
        with storage() as work:
            work.senders.put_sms_sender(sender)
            work.commit()
        with storage(read_only=True) as work, pytest.raises(NotFound):
            work.senders.sms_sender(ServiceId(an_id()), sender.id)

    def test_a_new_default_sms_sender_ends_the_old_ones_default(self, storage: Storage) -> None:
        first = an_sms_sender(is_default=True)
        second = an_sms_sender(service_id=first.service_id, is_default=True)
        others = an_sms_sender(is_default=True)
        with storage() as work:
            for sender in (first, others, second):
                work.senders.put_sms_sender(sender)
            work.commit()
        with storage(read_only=True) as work:
            assert work.senders.default_sms_sender(first.service_id) == second
            assert work.senders.sms_sender(first.service_id, first.id) == replace(first, is_default=False)
            assert work.senders.default_sms_sender(others.service_id) == others

    def test_a_service_may_have_no_default_sms_sender(self, storage: Storage) -> None:
        sender = an_sms_sender(is_default=True)
        with storage() as work:
            work.senders.put_sms_sender(sender)
            work.senders.put_sms_sender(replace(sender, is_default=False))
            work.commit()
        with storage(read_only=True) as work:
            assert work.senders.default_sms_sender(sender.service_id) is None

    def test_who_receives_texts_at_a_number(self, storage: Storage) -> None:
        first, second = (an_sms_sender(sms_sender=number, inbound=True) for number in ("07700900009", "447700900009"))
        sends_only = an_sms_sender(sms_sender="07700900009")
        with storage() as work:
            for sender in (first, second, sends_only):
                work.senders.put_sms_sender(sender)
            work.commit()
        with storage(read_only=True) as work:
            found = work.senders.receiving({"07700900009", "447700900009"})
            assert list(found) == sorted((first, second), key=lambda sender: sender.id)
            assert list(work.senders.receiving({"447700900009"})) == [second]
            assert list(work.senders.receiving(set())) == []

    def test_a_reply_to_address_comes_back_as_put_last(self, storage: Storage) -> None:
        reply_to = a_reply_to()
        changed = replace(reply_to, email_address="storms@example.gov.uk")
        with storage() as work:
            work.senders.put_reply_to(reply_to)
            work.senders.put_reply_to(changed)
            work.commit()
        with storage(read_only=True) as work:
            assert work.senders.reply_to(reply_to.service_id, reply_to.id) == changed
            with pytest.raises(NotFound):
                work.senders.reply_to(ServiceId(an_id()), reply_to.id)

    def test_a_new_default_reply_to_ends_the_old_ones_default(self, storage: Storage) -> None:
        first = a_reply_to(is_default=True)
        second = a_reply_to(service_id=first.service_id, is_default=True)
        with storage() as work:
            work.senders.put_reply_to(first)
            work.senders.put_reply_to(second)
            work.commit()
        with storage(read_only=True) as work:
            assert work.senders.default_reply_to(first.service_id) == second
            assert not work.senders.reply_to(first.service_id, first.id).is_default
            assert work.senders.default_reply_to(ServiceId(an_id())) is None

    def test_sms_senders_are_listed_with_the_default_first(self, storage: Storage) -> None:
        default = an_sms_sender(sms_sender="zebra", is_default=True)
        beta, alpha = (an_sms_sender(service_id=default.service_id, sms_sender=name) for name in ("beta", "Alpha"))
        with storage() as work:
            for sender in (beta, default, alpha, an_sms_sender()):
                work.senders.put_sms_sender(sender)
            work.commit()
        with storage(read_only=True) as work:
            assert list(work.senders.sms_senders(default.service_id)) == [default, alpha, beta]
            assert list(work.senders.sms_senders(ServiceId(an_id()))) == []

    def test_a_removed_sms_sender_is_gone_and_its_place_as_the_default_free(self, storage: Storage) -> None:
        gone, stays = an_sms_sender(is_default=True), an_sms_sender(is_default=True)
        with storage() as work:
            for sender in (gone, stays):
                work.senders.put_sms_sender(sender)
            work.commit()
        with storage() as work:
            for _ in range(2):
                work.senders.remove_sms_sender(gone.service_id, gone.id)
            work.senders.remove_sms_sender(gone.service_id, stays.id)
            work.senders.put_sms_sender(an_sms_sender(service_id=gone.service_id, is_default=True))
            work.commit()
        with storage(read_only=True) as work:
            assert gone not in work.senders.sms_senders(gone.service_id)
            assert list(work.senders.sms_senders(stays.service_id)) == [stays]

    def test_reply_to_addresses_are_listed_with_the_default_first(self, storage: Storage) -> None:
        default = a_reply_to(email_address="z@example.gov.uk", is_default=True)
        beta, alpha = (a_reply_to(service_id=default.service_id, email_address=f"{name}@e.uk") for name in ("b", "A"))
        with storage() as work:
            for reply_to in (beta, default, alpha, a_reply_to()):
                work.senders.put_reply_to(reply_to)
            work.commit()
        with storage(read_only=True) as work:
            assert list(work.senders.reply_tos(default.service_id)) == [default, alpha, beta]

    def test_a_removed_reply_to_address_is_gone(self, storage: Storage) -> None:
        gone, stays = a_reply_to(), a_reply_to()
        with storage() as work:
            for reply_to in (gone, stays):
                work.senders.put_reply_to(reply_to)
            work.commit()
        with storage() as work:
            for _ in range(2):
                work.senders.remove_reply_to(gone.service_id, gone.id)
            work.senders.remove_reply_to(gone.service_id, stays.id)
            work.commit()
        with storage(read_only=True) as work:
            assert list(work.senders.reply_tos(gone.service_id)) == []
            assert list(work.senders.reply_tos(stays.service_id)) == [stays]


class CallbacksContract:
    @pytest.fixture
    def storage(self) -> Storage:
        raise NotImplementedError

    def test_there_is_one_per_service_and_type(self, storage: Storage) -> None:
        first = a_callback()
        second = replace(first, id=CallbackId(an_id()), url="https://new.example.gov.uk", bearer_token="neŵ")  # noqa: S106 - made up
        complaints = a_callback(service_id=first.service_id, type=CallbackType.COMPLAINT)
        with storage() as work:
            for callback in (first, complaints, second):
                work.callbacks.put(callback)
            work.commit()
        with storage(read_only=True) as work:
            assert work.callbacks.find(first.service_id, CallbackType.DELIVERY_STATUS) == second
            assert work.callbacks.find(first.service_id, CallbackType.COMPLAINT) == complaints
            assert work.callbacks.find(first.service_id, CallbackType.INBOUND_SMS) is None
            assert work.callbacks.find(ServiceId(an_id()), CallbackType.COMPLAINT) is None

    def test_a_services_callbacks_are_listed_by_type_and_removed_one_by_one(self, storage: Storage) -> None:
        status = a_callback()
        complaints = a_callback(service_id=status.service_id, type=CallbackType.COMPLAINT)
        others = a_callback()
        with storage() as work:
            for callback in (status, others, complaints):
                work.callbacks.put(callback)
            work.commit()
        with storage() as work:
            assert list(work.callbacks.of_service(status.service_id)) == [complaints, status]
            for _ in range(2):
                work.callbacks.remove(status.service_id, CallbackType.DELIVERY_STATUS)
            work.commit()
        with storage(read_only=True) as work:
            assert list(work.callbacks.of_service(status.service_id)) == [complaints]
            assert list(work.callbacks.of_service(others.service_id)) == [others]


class AuditLogContract:
    @pytest.fixture
    def storage(self) -> Storage:
        raise NotImplementedError

    def test_what_was_done_to_a_thing_is_listed_oldest_first(self, storage: Storage) -> None:
        subject = f"{an_id()}"
        later = an_audit_entry(subject=subject, what="key revoked", at=NOON + timedelta(seconds=1))
        first = an_audit_entry(subject=subject, what="zuerst ŵ")
        second = an_audit_entry(subject=subject, what="at the same moment")
        with storage() as work:
            for entry in (later, first, second, an_audit_entry()):
                work.audit.add(entry)
            work.commit()
        with storage(read_only=True) as work:
            assert list(work.audit.about(subject)) == [first, second, later]

    def test_without_a_commit_nothing_was_done(self, storage: Storage) -> None:
        entry = an_audit_entry()
        with storage() as work:
            work.audit.add(entry)
        with storage(read_only=True) as work:
            assert list(work.audit.about(entry.subject)) == []
