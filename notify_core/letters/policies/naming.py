"""What a letter's file is called and in which bucket it lies.

The printer and the archive depend on these names. Until March 2021 a name had one more part before
the date, so there are two ways to come to one: :func:`upload_name` *makes* the name of a new file,
:func:`search_prefix` is what a file of either form *begins with*, and nothing may rely on what follows.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType

from notify_core.accounts.model import KeyType
from notify_core.kernel.calendar import to_london
from notify_core.kernel.errors import InvalidValue
from notify_core.letters.model import Bucket, Postage

# Letters made later in the day, in London, are printed with the next day's.
CUT_OFF = time(17, 30)

POSTAGE_CLASSES: Mapping[Postage, str] = MappingProxyType(
    {
        Postage.FIRST: "1",
        Postage.SECOND: "2",
        Postage.EUROPE: "E",
        Postage.REST_OF_WORLD: "N",
        Postage.ECONOMY: "ECONOMY",
    }
)

# What every store can keep under exactly this name: folders and names of plain characters, none hidden.
_KEY = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}(/[A-Za-z0-9_-][A-Za-z0-9._-]{0,199})*")
_LONGEST_KEY = 1024

_NAME = re.compile(r"NOTIFY\.([A-Z0-9]+)\.")


def bucket_of(key_type: KeyType, *, validation_failed: bool = False) -> Bucket:
    """Where the PDF of a letter lies that is past the scan; a failed validation counts before the key."""
    if validation_failed:
        return Bucket.INVALID
    return Bucket.TEST if key_type is KeyType.TEST else Bucket.PDF


def print_day(created_at: datetime) -> date:
    """The day, in London, whose print run takes a letter: the next one's from a microsecond after 17:30:00."""
    london = to_london(created_at)
    return london.date() + timedelta(days=london.time() > CUT_OFF)


def day_folder(day: date) -> str:
    """The folder of one day's letters, ``2017-12-04/``."""
    return f"{day.isoformat()}/"


def folder_in(bucket: Bucket, created_at: datetime) -> str:
    """The folder of a letter in a bucket, with its ``/``; empty where letters lie side by side."""
    return day_folder(print_day(created_at)) if bucket is Bucket.PDF else ""


def upload_name(bucket: Bucket, reference: str, created_at: datetime, postage: Postage = Postage.SECOND) -> str:
    """The key for a new file: ``2017-12-04/NOTIFY.FOO.D.2.C.20171204172900.PDF`` (D: duplex, C: colour).

    The folder goes by London time, the date at the end by UTC.
    """
    prefix = search_prefix(bucket, reference, created_at)
    made = created_at.astimezone(UTC).strftime("%Y%m%d%H%M%S")
    return f"{prefix}D.{POSTAGE_CLASSES[postage]}.C.{made}.PDF"


def search_prefix(bucket: Bucket, reference: str, created_at: datetime) -> str:
    """What the key of a letter's file begins with, whenever it was named: ``2017-12-04/NOTIFY.FOO.``"""
    return f"{folder_in(bucket, created_at)}NOTIFY.{reference.upper()}."


def reference_in(key: str) -> str | None:
    """The reference in a name of either form, whatever folder is before it; None: it is no letter's."""
    found = _NAME.match(key.rpartition("/")[2])
    return found[1] if found else None


def require_key(key: str) -> str:
    """``key`` itself, where a store may put a file under it.

    :raises InvalidValue: it is empty or too long, steps out of its bucket, hides, or has characters
        that not every store keeps as they are.
    """
    if len(key) > _LONGEST_KEY or not _KEY.fullmatch(key):
        raise InvalidValue(f"{key[:100]!r} is no name for a letter's file")
    return key
