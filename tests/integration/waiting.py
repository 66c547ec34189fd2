"""Waiting for what another thread, process or server does: a busy machine is slow, and wrong only when it ends."""

import time


def eventually(look, otherwise="it did not happen", within=60.0):
    """What ``look`` found at last. ``otherwise`` is what is said when it finds nothing, or a function that says it."""
    end = time.monotonic() + within
    while not (found := look()):
        assert time.monotonic() < end, otherwise() if callable(otherwise) else otherwise
        time.sleep(0.02)
    return found
