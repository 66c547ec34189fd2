"""Receipts of a fake supplier, brought to the platform's real endpoints."""

import logging
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Event

from notify_adapters.fake_supplier.store import FakeReceipt, FakeSupplierStore
from notify_adapters.http import HttpClient
from notify_core.kernel.errors import PermanentError, TransientError

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WrittenReceipt:
    """What goes over the wire to ``path`` below the platform's address."""

    path: str
    headers: Mapping[str, str]
    body: bytes


class FakeNetwork:
    """``write`` puts a receipt into the words of the supplier it stands in for.

    A receipt is done when the platform answered with a 2xx; until then it comes again, also from
    another process after this one was killed. So the platform may see one twice, as from real suppliers.
    """

    def __init__(
        self, store: FakeSupplierStore, write: Callable[[FakeReceipt], WrittenReceipt], api_base_url: str
    ) -> None:
        self._store = store
        self._write = write
        self._base_url = api_base_url.rstrip("/")
        self._client = HttpClient(connect_timeout=2, read_timeout=5)

    def deliver_due_receipts(self, limit: int = 50) -> int:
        """Post what is due, at most ``limit``; returns how many the platform took."""
        due = list(self._store.take_due_receipts(limit))
        taken: list[FakeReceipt] = []
        failed: list[FakeReceipt] = []
        while due:
            receipt = due.pop(0)
            try:
                self._post(receipt)
                taken.append(receipt)
            except PermanentError:
                _log.warning("the platform refuses a receipt", extra={"receipt": receipt.answer})
                failed.append(receipt)
            except TransientError:
                # It is down or busy: the others need not find that out for themselves.
                failed += [receipt, *due]
                due.clear()
        if taken:
            self._store.receipts_delivered(taken)
        if failed:
            self._store.receipts_failed(failed)
        return len(taken)

    def run(self, stop: Event, *, idle: float = 0.1) -> None:
        """Deliver until ``stop`` is set; ``idle`` is the wait in seconds when nothing is due."""
        while not stop.is_set():
            try:
                delivered = self.deliver_due_receipts()
            except sqlite3.Error:
                # The thread of a development server must not end for a full disk or a moved file.
                _log.exception("the fake supplier cannot reach its file")
                delivered = 0
            if not delivered:
                stop.wait(idle)

    def close(self) -> None:
        self._store.close()

    def _post(self, receipt: FakeReceipt) -> None:
        written = self._write(receipt)
        self._client.post(self._base_url + written.path, body=written.body, headers=written.headers)
