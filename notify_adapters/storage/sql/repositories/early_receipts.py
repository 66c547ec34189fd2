"""Receipts that overtook our own record, on SQL."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from notify_adapters.storage.sql.schema_notifications import early_receipts
from notify_adapters.storage.sql.session import SqlSession
from notify_core.notifications.model import EarlyReceipt, Outcome, Receipt

_c = early_receipts.c

# One statement, so that of two takers only one gets each receipt.
_TAKE = (
    sa.delete(early_receipts)
    .where(_c.supplier == sa.bindparam("supplier"), _c.reference == sa.bindparam("reference"))
    .returning(*_c)
)
_FORGET = sa.delete(early_receipts).where(_c.received_at < sa.bindparam("moment"))


class SqlEarlyReceipts:
    def __init__(self, session: SqlSession) -> None:
        self._session = session

    def keep(self, early: EarlyReceipt) -> None:
        row = {
            "supplier": early.receipt.supplier,
            "reference": early.receipt.reference,
            "outcome": early.receipt.outcome,
            "detail": early.receipt.detail,
            "received_at": early.received_at,
        }
        self._session.insert(early_receipts, [row])

    def take(self, supplier: str, reference: str) -> Sequence[Receipt]:
        taken = self._session.rows(_TAKE, {"supplier": supplier, "reference": reference})
        oldest_first = sorted(taken, key=lambda row: (row["received_at"], row["number"]))
        return [
            Receipt(row["supplier"], row["reference"], Outcome(row["outcome"]), row["detail"]) for row in oldest_first
        ]

    def forget_before(self, moment: datetime) -> int:
        return self._session.changed(_FORGET, {"moment": moment})
