"""How every supplier of text messages behaves."""

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, Protocol

import pytest

from notify_core.kernel.errors import TransientError
from notify_core.notifications.ports import OutgoingSms, SmsSupplier, SupplierRefused
from notify_core.testing.contracts.racing import race


class SmsOtherEnd(Protocol):
    """The supplier's own side in a test: what arrived there, and how it answers from now on."""

    def make_it_fail(self) -> None:
        """It is down: times out or answers 5xx."""
        ...

    def make_it_refuse(self) -> None:
        """It refuses every message for good."""
        ...

    def make_it_work(self) -> None: ...

    def texts(self) -> Sequence[tuple[str, str, str]]:
        """(recipient in E.164, sender, content) of what was taken, oldest first."""
        ...


class SmsSupplierContract:
    """Supply ``supplier`` and its ``other_end``."""

    # Whether a message that is handed over again with the same reference is taken only once.
    remembers_references: ClassVar[bool] = True
    # Whether the supplier can say that it will never take a message.
    can_refuse: ClassVar[bool] = True

    @pytest.fixture
    def supplier(self) -> SmsSupplier:
        raise NotImplementedError

    @pytest.fixture
    def other_end(self) -> SmsOtherEnd:
        raise NotImplementedError

    def test_has_a_name(self, supplier: SmsSupplier) -> None:
        assert supplier.name

    def test_hands_over_recipient_sender_and_content(self, supplier: SmsSupplier, other_end: SmsOtherEnd) -> None:
        supplier.send(_text("first"))

        assert list(other_end.texts()) == [("+447700900123", "GOVUK", "Siân, ŵyt ti yna? £5 [€]")]

    def test_returns_the_reference_that_receipts_will_carry(
        self, supplier: SmsSupplier, other_end: SmsOtherEnd
    ) -> None:
        assert supplier.send(_text("first")) != supplier.send(_text("second"))
        assert len(other_end.texts()) == 2

    def test_a_repeated_reference_gets_the_first_answer(self, supplier: SmsSupplier, other_end: SmsOtherEnd) -> None:
        first, second = supplier.send(_text("first")), supplier.send(_text("first"))

        assert len(other_end.texts()) == (1 if self.remembers_references else 2)
        if self.remembers_references:
            assert first == second

    def test_a_repeated_reference_changes_nothing(self, supplier: SmsSupplier, other_end: SmsOtherEnd) -> None:
        if not self.remembers_references:
            return
        supplier.send(_text("first"))
        supplier.send(replace(_text("first"), content="Something else"))

        assert [content for _, _, content in other_end.texts()] == [_text("first").content]

    def test_the_same_at_the_same_moment_is_taken_once(self, supplier: SmsSupplier, other_end: SmsOtherEnd) -> None:
        if not self.remembers_references:
            return
        answers = race(lambda _: supplier.send(_text("first")))

        assert len(set(answers)) == len(other_end.texts()) == 1

    def test_a_supplier_that_is_down_is_a_transient_error(self, supplier: SmsSupplier, other_end: SmsOtherEnd) -> None:
        other_end.make_it_fail()

        with pytest.raises(TransientError):
            supplier.send(_text("first"))

    def test_a_message_can_be_sent_once_the_supplier_is_back(
        self, supplier: SmsSupplier, other_end: SmsOtherEnd
    ) -> None:
        other_end.make_it_fail()
        with pytest.raises(TransientError):
            supplier.send(_text("first"))
        other_end.make_it_work()

        assert supplier.send(_text("first"))
        assert len(other_end.texts()) == 1

    def test_a_message_refused_for_good(self, supplier: SmsSupplier, other_end: SmsOtherEnd) -> None:
        if not self.can_refuse:
            return
        other_end.make_it_refuse()

        with pytest.raises(SupplierRefused):
            supplier.send(_text("first"))
        assert not other_end.texts()


def _text(reference: str) -> OutgoingSms:
    return OutgoingSms(reference, "+447700900123", "Siân, ŵyt ti yna? £5 [€]", "GOVUK")
