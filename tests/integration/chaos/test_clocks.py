"""A process whose clock is moved has another time, and all that only passes goes on in it as it did."""

import os
import subprocess
import sys
import time

import pytest

from chaos.platform import moved_clock
from chaos.servers import NotInstalled
from tests.integration.needed import missing

ASK = """
import threading, time
begun = time.monotonic()
time.sleep(0.2)
threading.Event().wait(0.2)
print(time.time(), time.monotonic() - begun)
"""


@pytest.mark.parametrize("seconds", [-3600, 3600])
def test_a_process_whose_clock_is_moved(seconds):
    try:
        moved = moved_clock(seconds)
    except NotInstalled:
        missing("faketime")
    ran = subprocess.run(
        [sys.executable, "-c", ASK], env={**os.environ, **moved}, capture_output=True, text=True, timeout=60, check=True
    )
    now, passed = map(float, ran.stdout.split())
    assert abs(now - seconds - time.time()) < 600
    assert 0.4 <= passed < 600


def test_a_clock_that_is_right_needs_nothing():
    assert moved_clock(0) == {}
