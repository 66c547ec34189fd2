"""How every rate limiter behaves."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from notify_core.ports.rate_limiter import RateLimiter

# Short, because a limiter on real technology is waited for.
WINDOW = timedelta(seconds=1)


class RateLimiterContract:
    """Supply ``limiter``; one with a clock of its own overrides :meth:`let_pass`."""

    @pytest.fixture
    def limiter(self) -> RateLimiter:
        raise NotImplementedError

    def let_pass(self, length: timedelta) -> None:
        time.sleep(length.total_seconds())

    def test_allows_up_to_the_limit(self, limiter: RateLimiter) -> None:
        answers = [limiter.allow("a", limit=3, window=timedelta(minutes=1)) for _ in range(4)]

        assert answers[:3] == [None, None, None]
        assert answers[3] is not None

    def test_says_how_long_until_there_is_room(self, limiter: RateLimiter) -> None:
        limiter.allow("a", limit=1, window=timedelta(minutes=1))

        wait = limiter.allow("a", limit=1, window=timedelta(minutes=1))

        assert wait is not None
        assert timedelta() < wait <= timedelta(minutes=1)

    def test_keys_are_counted_apart(self, limiter: RateLimiter) -> None:
        limiter.allow("a", limit=1, window=WINDOW)

        assert limiter.allow("b", limit=1, window=WINDOW) is None

    def test_there_is_room_again_after_the_window(self, limiter: RateLimiter) -> None:
        limiter.allow("a", limit=1, window=WINDOW)

        self.let_pass(WINDOW + timedelta(milliseconds=100))

        assert limiter.allow("a", limit=1, window=WINDOW) is None

    def test_a_refused_request_does_not_count(self, limiter: RateLimiter) -> None:
        limiter.allow("a", limit=1, window=WINDOW)
        self.let_pass(WINDOW * 0.6)
        assert limiter.allow("a", limit=1, window=WINDOW) is not None

        self.let_pass(WINDOW * 0.6)

        assert limiter.allow("a", limit=1, window=WINDOW) is None

    def test_the_window_slides(self, limiter: RateLimiter) -> None:
        limiter.allow("a", limit=2, window=WINDOW)
        self.let_pass(WINDOW * 0.6)
        limiter.allow("a", limit=2, window=WINDOW)

        self.let_pass(WINDOW * 0.6)

        # The first has left the window, the second has not.
        assert limiter.allow("a", limit=2, window=WINDOW) is None
        assert limiter.allow("a", limit=2, window=WINDOW) is not None

    def test_a_limit_of_nothing_allows_nothing(self, limiter: RateLimiter) -> None:
        assert limiter.allow("a", limit=0, window=WINDOW) is not None

    def test_many_at_once_never_exceed_the_limit(self, limiter: RateLimiter) -> None:
        with ThreadPoolExecutor(max_workers=8) as pool:
            answers = list(
                pool.map(lambda _: limiter.allow("a", limit=10, window=timedelta(minutes=1)), range(40)),
            )

        assert answers.count(None) == 10
