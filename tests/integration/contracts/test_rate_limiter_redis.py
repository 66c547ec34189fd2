import logging
import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from redis import Redis

from notify_adapters.options import BadOption
from notify_adapters.rate_limiter.redis import LARGEST_PORTION, PAUSE, RedisRateLimiter, build
from notify_core.testing.contracts.rate_limiter import RateLimiterContract
from notify_core.testing.fakes.clock import FakeClock

MINUTE = timedelta(minutes=1)


@pytest.fixture
def prefix(redis_url):
    """Keys of this test's own, removed at its end."""
    name = f"notify-test-{uuid4().hex}"
    yield name
    with Redis.from_url(redis_url) as redis:
        for key in redis.scan_iter(f"{name}:*"):
            redis.delete(key)


@pytest.fixture
def a_process(redis_url, prefix):
    """Limiters of as many processes as a test has; they share nothing but Redis."""

    def make(clock=None):
        if clock is None:
            return build({"url": redis_url, "prefix": prefix, "timeout": "10"})
        return RedisRateLimiter(Redis.from_url(redis_url), prefix, clock.monotonic)

    return make


class TestRedis(RateLimiterContract):
    @pytest.fixture
    def limiter(self, a_process):
        return a_process()


def allowed(limiter, limit, *, times, key="a"):
    return [limiter.allow(key, limit=limit, window=MINUTE) for _ in range(times)].count(None)


class CountingScript:
    """How often Redis was asked."""

    def __init__(self, script):
        self._script, self.calls = script, 0

    def __call__(self, **how):
        self.calls += 1
        return self._script(**how)


@pytest.fixture
def counted(a_process):
    """A limiter whose time stands still, so that portions do not run out while a busy machine thinks."""
    limiter = a_process(FakeClock())
    limiter._take = CountingScript(limiter._take)
    return limiter


def test_a_small_limit_is_exact_over_processes(a_process):
    processes = [a_process() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lambda one: allowed(one, 12, times=12), processes))
    assert sum(taken) == 12


def test_a_large_limit_is_never_exceeded_and_nearly_used_up(a_process):
    processes = [a_process() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lambda one: allowed(one, 1000, times=600), processes))
    assert 1000 - 4 * LARGEST_PORTION <= sum(taken) <= 1000


def test_one_process_gets_the_whole_of_a_large_limit(counted):
    assert allowed(counted, 3000, times=3100) == 3000


def test_few_requests_wait_for_redis(counted):
    assert allowed(counted, 100_000, times=2000) == 2000
    assert counted._take.calls < 60


def test_what_is_not_used_is_given_back(a_process):
    clock = FakeClock()
    first, second = a_process(clock), a_process()
    # A portion of 40 is in hand, of which 33 are not used.
    assert allowed(first, 10_000, times=70) == 70
    held = first._portions["a"].left
    assert held > 1
    clock.advance(timedelta(seconds=2))
    assert allowed(first, 10_000, times=1) == 1
    assert taken_in_redis(first) == 71 + first._portions["a"].left
    assert allowed(second, 10_000, times=1) == 1


def taken_in_redis(limiter):
    return int(limiter._take.registered_client.get(f"{limiter._prefix}:rate:{{a}}:taken"))


def test_a_portion_is_not_used_after_its_time(a_process):
    clock = FakeClock()
    limiter = a_process(clock)
    allowed(limiter, 10_000, times=70)
    limiter._take = CountingScript(limiter._take)
    clock.advance(timedelta(seconds=1))
    allowed(limiter, 10_000, times=1)
    assert limiter._take.calls == 1


def test_a_changed_limit_holds_at_once(a_process):
    limiter = a_process()
    assert allowed(limiter, 10_000, times=70) == 70
    assert allowed(limiter, 60, times=1) == 0
    assert allowed(limiter, 10_000, times=1) == 1


def test_keys_that_nobody_uses_are_forgotten(a_process):
    clock = FakeClock()
    limiter = a_process(clock)
    for number in range(5):
        allowed(limiter, 100, times=1, key=str(number))
    clock.advance(timedelta(minutes=3))
    allowed(limiter, 100, times=1)
    assert set(limiter._portions) == {"a"}


def test_nothing_stays_in_redis(a_process):
    limiter = a_process()
    limiter.allow("a", limit=5, window=MINUTE)
    redis, stem = limiter._take.registered_client, f"{limiter._prefix}:rate:{{a}}"
    for key in (f"{stem}:portions", f"{stem}:taken"):
        assert 0 < redis.pttl(key) <= 62_000


class TestAway:
    @pytest.fixture
    def away(self):
        """Where nobody listens, and nobody else will meanwhile."""
        with socket.socket() as held:
            held.bind(("127.0.0.1", 0))
            yield f"redis://127.0.0.1:{held.getsockname()[1]}/0"

    def test_every_process_counts_for_itself(self, away, caplog):
        first, second = build({"url": away}), build({"url": away})
        with caplog.at_level(logging.WARNING):
            assert allowed(first, 3, times=5) == 3
            assert allowed(second, 3, times=5) == 3
        assert "Redis is away" in caplog.text

    def test_it_says_so_now_and_then_not_for_every_request(self, away, caplog):
        limiter = build({"url": away})
        allowed(limiter, 100, times=50)
        assert len(caplog.records) == 1

    def test_it_is_not_asked_again_at_once(self, away):
        limiter = build({"url": away})
        limiter._monotonic = FakeClock().monotonic
        limiter._take = CountingScript(limiter._take)
        allowed(limiter, 100, times=50)
        assert limiter._take.calls == 1

    def test_when_it_is_back_all_count_together_again(self, away, a_process, caplog):
        clock = FakeClock()
        limiter, there = build({"url": away}), a_process()
        limiter._monotonic, limiter._prefix = clock.monotonic, there._prefix
        assert allowed(limiter, 100, times=7) == 7
        limiter._take = there._take
        clock.advance(timedelta(seconds=PAUSE))
        assert allowed(limiter, 100, times=1) == 1
        assert taken_in_redis(limiter) == 1
        assert "counted 7 requests for itself" in caplog.text

    def test_a_server_that_accepts_and_says_nothing_is_away(self):
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            limiter = build({"url": f"redis://127.0.0.1:{silent.getsockname()[1]}/0", "timeout": "0.05"})
            assert allowed(limiter, 3, times=5) == 3


def test_the_address_is_required():
    with pytest.raises(BadOption, match="url is required"):
        build({})


def test_an_address_that_is_none_does_not_show_its_password():
    with pytest.raises(BadOption, match="option url") as caught:
        build({"url": "http://user:hush@host"})
    assert "hush" not in str(caught.value)
