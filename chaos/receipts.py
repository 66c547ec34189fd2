"""Suppliers of texts tell what became of them, until the platform has heard it."""

import heapq
import random
import time
import zlib
from dataclasses import dataclass, field
from threading import Condition, Thread

import requests

# In seconds. Some come before the platform has recorded that it handed the text over.
_DELAY = (0.0, 3.0)
_AGAIN = 1.0
_CARRIERS = 3
DELIVERED, TEMPORARY, PERMANENT = "delivered", "temporary-failure", "permanent-failure"
_MMG = {DELIVERED: "3", TEMPORARY: "4", PERMANENT: "5"}
_FIRETEXT = {DELIVERED: ("0", "000"), TEMPORARY: ("1", "102"), PERMANENT: ("1", "101")}


def outcome_of(reference: str) -> str:
    """Whichever supplier is asked, and however often, one text comes to one end."""
    chance = zlib.crc32(reference.encode()) % 100
    return TEMPORARY if chance < 10 else PERMANENT if chance < 15 else DELIVERED


@dataclass
class Receipts:
    """``url`` is the platform's."""

    url: str
    _owed: list[tuple[float, str, str]] = field(default_factory=list)
    _changed: Condition = field(default_factory=Condition)
    _under_way: int = 0

    def begin(self) -> None:
        for _ in range(_CARRIERS):
            Thread(target=self._carry, name="receipts", daemon=True).start()

    def owe(self, supplier: str, reference: str) -> None:
        self._put(random.uniform(*_DELAY), supplier, reference)  # noqa: S311 - nobody guesses at it

    @property
    def left(self) -> int:
        """How many the platform has not heard yet."""
        with self._changed:
            return len(self._owed) + self._under_way

    def _put(self, delay: float, supplier: str, reference: str) -> None:
        with self._changed:
            heapq.heappush(self._owed, (time.monotonic() + delay, supplier, reference))
            self._changed.notify()

    def _carry(self) -> None:
        while True:
            supplier, reference = self._next()
            try:
                heard = self._tell(supplier, reference)
            except requests.RequestException:
                heard = False
            if not heard:
                self._put(_AGAIN, supplier, reference)
            with self._changed:
                self._under_way -= 1

    def _next(self) -> tuple[str, str]:
        with self._changed:
            while not self._owed or self._owed[0][0] > time.monotonic():
                self._changed.wait(0.2)
            _, supplier, reference = heapq.heappop(self._owed)
            self._under_way += 1
            return supplier, reference

    def _tell(self, supplier: str, reference: str) -> bool:
        outcome, url = outcome_of(reference), f"{self.url}/notifications/sms/{supplier}"
        if supplier == "mmg":
            answer = requests.post(url, json={"CID": reference, "status": _MMG[outcome]}, timeout=10)
        else:
            status, code = _FIRETEXT[outcome]
            answer = requests.post(url, data={"reference": reference, "status": status, "code": code}, timeout=10)
        return answer.ok
