"""How every token behaves before anything in it is believed."""

from datetime import datetime, timedelta

import pytest

from notify_core.accounts.ports import UnverifiedToken
from notify_core.testing.builders import NOON

SECRET = "a secret of at least thirty-two characters"  # noqa: S105 - made up


class UnverifiedTokenContract:
    """Supply :meth:`make`."""

    def make(self, *, issuer: str | None, issued_at: datetime | None, algorithm: str, secret: str) -> UnverifiedToken:
        """A token with these claims, as its bearer would have made it; None: the claim is absent."""
        raise NotImplementedError

    def test_says_what_its_bearer_wrote(self) -> None:
        token = self.make(issuer="notify-admin", issued_at=NOON, algorithm="HS256", secret=SECRET)

        assert token.issuer == "notify-admin"
        assert token.issued_at == NOON
        assert token.issued_at is not None
        assert token.issued_at.utcoffset() == timedelta()
        assert token.algorithm == "HS256"

    def test_another_algorithm_shows(self) -> None:
        token = self.make(issuer="notify-admin", issued_at=NOON, algorithm="HS512", secret=SECRET * 2)

        assert token.algorithm == "HS512"

    def test_what_is_absent_is_none(self) -> None:
        token = self.make(issuer=None, issued_at=None, algorithm="HS256", secret=SECRET)

        assert token.issuer is None
        assert token.issued_at is None

    def test_only_the_secret_it_was_made_with_fits(self) -> None:
        token = self.make(issuer="notify-admin", issued_at=NOON, algorithm="HS256", secret=SECRET)

        assert token.is_signed_with(SECRET)
        assert not token.is_signed_with(SECRET + "!")
        assert not token.is_signed_with(SECRET.upper())

    @pytest.mark.parametrize("years", [-1, 1])
    def test_an_old_or_future_token_is_signed_all_the_same(self, years: int) -> None:
        issued_at = NOON + timedelta(days=365 * years)
        token = self.make(issuer=None, issued_at=issued_at, algorithm="HS256", secret=SECRET)

        assert token.issued_at == issued_at
        assert token.is_signed_with(SECRET)
