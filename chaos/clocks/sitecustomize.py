"""Read at its start by each Python whose clock libfaketime moves.

libfaketime 0.9.10, Debian's, asks the system to sleep until a negative moment when Python (from 3.11 on) sleeps and
the clock of passing time is to be left alone: ``time.sleep`` raises (https://github.com/wolfcw/libfaketime/issues/426).
"""

import select
import time
from typing import SupportsIndex


def sleep(seconds: float | SupportsIndex, /) -> None:
    """As long, by another way; raises ValueError where that is negative, too."""
    select.select([], [], [], float(seconds))


time.sleep = sleep
