"""How every supplier of emails behaves."""

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, Protocol

import pytest

from notify_core.kernel.errors import TransientError
from notify_core.notifications.ports import EmailSupplier, OutgoingEmail, SupplierRefused
from notify_core.testing.contracts.racing import race


class EmailOtherEnd(Protocol):
    """The supplier's own side in a test: what arrived there, and how it answers from now on."""

    def make_it_fail(self) -> None:
        """It is down: times out or answers 5xx."""
        ...

    def make_it_refuse(self) -> None:
        """It refuses every message for good."""
        ...

    def make_it_work(self) -> None: ...

    def emails(self) -> Sequence[OutgoingEmail]:
        """What was taken, oldest first, read back from what the adapter made of it. The reference
        is not compared, nor are headers that the adapter adds."""
        ...


class EmailSupplierContract:
    """Supply ``supplier`` and its ``other_end``."""

    # Whether a message that is handed over again with the same reference is taken only once.
    remembers_references: ClassVar[bool] = True
    # Whether the supplier can say that it will never take a message.
    can_refuse: ClassVar[bool] = True

    @pytest.fixture
    def supplier(self) -> EmailSupplier:
        raise NotImplementedError

    @pytest.fixture
    def other_end(self) -> EmailOtherEnd:
        raise NotImplementedError

    def test_has_a_name(self, supplier: EmailSupplier) -> None:
        assert supplier.name

    def test_hands_over_both_parts_and_the_addresses(self, supplier: EmailSupplier, other_end: EmailOtherEnd) -> None:
        sent = _email("first")

        supplier.send(sent)

        (taken,) = other_end.emails()
        assert (taken.recipient, taken.subject, taken.from_address) == (sent.recipient, sent.subject, sent.from_address)
        assert (taken.plain.strip(), taken.html.strip()) == (sent.plain, sent.html)
        assert taken.reply_to == sent.reply_to
        assert taken.headers.items() >= sent.headers.items()

    def test_without_reply_to_and_headers(self, supplier: EmailSupplier, other_end: EmailOtherEnd) -> None:
        supplier.send(
            OutgoingEmail("first", "a@example.com", "Hello", "Hi", "<p>Hi</p>", '"Service" <service@notify.localhost>')
        )

        (taken,) = other_end.emails()
        assert taken.reply_to is None

    def test_returns_the_reference_that_receipts_will_carry(
        self, supplier: EmailSupplier, other_end: EmailOtherEnd
    ) -> None:
        assert supplier.send(_email("first")) != supplier.send(_email("second"))
        assert len(other_end.emails()) == 2

    def test_a_repeated_reference_gets_the_first_answer(
        self, supplier: EmailSupplier, other_end: EmailOtherEnd
    ) -> None:
        first, second = supplier.send(_email("first")), supplier.send(_email("first"))

        assert len(other_end.emails()) == (1 if self.remembers_references else 2)
        if self.remembers_references:
            assert first == second

    def test_a_repeated_reference_changes_nothing(self, supplier: EmailSupplier, other_end: EmailOtherEnd) -> None:
        if not self.remembers_references:
            return
        supplier.send(_email("first"))
        supplier.send(replace(_email("first"), plain="Something else"))

        assert [taken.plain.strip() for taken in other_end.emails()] == [_email("first").plain]

    def test_the_same_at_the_same_moment_is_taken_once(self, supplier: EmailSupplier, other_end: EmailOtherEnd) -> None:
        if not self.remembers_references:
            return
        answers = race(lambda _: supplier.send(_email("first")))

        assert len(set(answers)) == len(other_end.emails()) == 1

    def test_a_supplier_that_is_down_is_a_transient_error(
        self, supplier: EmailSupplier, other_end: EmailOtherEnd
    ) -> None:
        other_end.make_it_fail()

        with pytest.raises(TransientError):
            supplier.send(_email("first"))

    def test_a_message_can_be_sent_once_the_supplier_is_back(
        self, supplier: EmailSupplier, other_end: EmailOtherEnd
    ) -> None:
        other_end.make_it_fail()
        with pytest.raises(TransientError):
            supplier.send(_email("first"))
        other_end.make_it_work()

        assert supplier.send(_email("first"))
        assert len(other_end.emails()) == 1

    def test_a_message_refused_for_good(self, supplier: EmailSupplier, other_end: EmailOtherEnd) -> None:
        if not self.can_refuse:
            return
        other_end.make_it_refuse()

        with pytest.raises(SupplierRefused):
            supplier.send(_email("first"))
        assert not other_end.emails()


def _email(reference: str) -> OutgoingEmail:
    return OutgoingEmail(
        reference=reference,
        recipient="anna@example.com",
        subject="Eich apwyntiad: dydd Llun am ŵyth, £5",
        plain="Siân, ŵyt ti yna?\n\nHwyl",
        html="<p>Siân, ŵyt ti yna?</p>",
        from_address='"Dental Practice" <dental.practice@notify.localhost>',
        reply_to="desk@example.com",
        headers={"List-Unsubscribe": "<https://example.com/unsubscribe>"},
    )
