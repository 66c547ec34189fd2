"""Which days the post and the printer rest."""

from typing import Protocol


class BankHolidays(Protocol):
    """The bank holidays of England and Wales, substitute days and those proclaimed once included. A holiday that falls
    on a weekend may count beside its substitute."""

    def __contains__(self, day: object, /) -> bool:
        """Whether a ``date`` is one. It is asked in memory: this never raises and costs next to nothing. Years that
        nobody knows yet are reckoned by today's rules."""
        ...
