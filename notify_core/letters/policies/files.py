"""Where a letter's files may lie."""

from collections.abc import Sequence
from typing import Final

from notify_core.letters.model import Bucket, Letter, Location
from notify_core.letters.policies.naming import bucket_of, search_prefix
from notify_core.letters.states import LetterStatus

# Where uploads are put aside in which the scan found a virus, and those that it could not read.
INFECTED: Final = "FAILURE/"
UNREADABLE: Final = "ERROR/"


def places_to_look(letter: Letter) -> Sequence[Location]:
    """For what the files of a letter begin with, wherever its way may have ended: as keys, prefixes."""
    failed = letter.status is LetterStatus.VALIDATION_FAILED
    printed = bucket_of(letter.key_type, validation_failed=failed)
    name = search_prefix(Bucket.SCAN, letter.file_reference, letter.created_at)
    places = [Location(printed, search_prefix(printed, letter.file_reference, letter.created_at))]
    if letter.precompiled:
        places += [Location(Bucket.SCAN, f"{folder}{name}") for folder in ("", INFECTED, UNREADABLE)]
        places.append(Location(Bucket.SANITISE, name))
    return places
