"""How every translator of a supplier's receipts behaves."""

from typing import ClassVar

import pytest

from notify_core.notifications.model import Outcome, Receipt
from notify_core.notifications.ports import ReceiptForged, ReceiptRequest, ReceiptTranslator, ReceiptUnreadable


class ReceiptTranslatorContract:
    """Supply ``translator`` and, as the supplier sends them, one genuine ``request`` per outcome."""

    # Whether requests prove who sent them.
    signs_requests: ClassVar[bool] = True
    # The outcomes this supplier can report.
    outcomes: ClassVar[frozenset[Outcome]] = frozenset({Outcome.DELIVERED, Outcome.PERMANENT, Outcome.TEMPORARY})

    @pytest.fixture
    def translator(self) -> ReceiptTranslator:
        raise NotImplementedError

    def genuine(self, translator: ReceiptTranslator, reference: str, outcome: Outcome) -> ReceiptRequest:
        """The supplier's own request that says ``outcome`` of the message with ``reference``."""
        raise NotImplementedError

    def forged(self, translator: ReceiptTranslator) -> ReceiptRequest:
        """Like :meth:`genuine`, but from somebody else; only asked for where requests are signed."""
        raise NotImplementedError

    def test_names_its_supplier(self, translator: ReceiptTranslator) -> None:
        assert translator.supplier

    def test_every_outcome_is_read(self, translator: ReceiptTranslator) -> None:
        for outcome in sorted(self.outcomes):
            (receipt,) = translator.translate(self.genuine(translator, "reference-1", outcome))

            assert isinstance(receipt, Receipt)
            assert (receipt.supplier, receipt.reference, receipt.outcome) == (
                translator.supplier,
                "reference-1",
                outcome,
            )

    @pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[1]", b'{"a": 1}', b"null", b"a=b"])
    def test_nonsense_is_unreadable(self, translator: ReceiptTranslator, body: bytes) -> None:
        genuine = self.genuine(translator, "reference-1", Outcome.DELIVERED)

        # Where requests are signed, nonsense is as good as forged.
        with pytest.raises((ReceiptUnreadable, ReceiptForged)):
            translator.translate(ReceiptRequest(body, genuine.headers))

    def test_a_forged_request_is_refused(self, translator: ReceiptTranslator) -> None:
        if self.signs_requests:
            with pytest.raises(ReceiptForged):
                translator.translate(self.forged(translator))
