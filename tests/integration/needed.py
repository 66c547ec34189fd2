"""What tests need besides Python, and not every machine has."""

import os

import pytest


def missing(what):
    """End a test that cannot be run without ``what``; CI must have everything, and fails."""
    if os.environ.get("CI"):
        pytest.fail(f"CI must have {what}")
    pytest.skip(f"install {what} to run this test")
