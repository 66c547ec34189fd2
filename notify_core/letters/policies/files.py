"""Where a letter's files may lie."""

from collections.abc import Sequence
from typing import Final

from notify_core.letters.model import Bucket, Letter, Location
from notify_core.letters.policies.naming import bucket_of, search_prefix
from notify_core.letters.states import LetterStatus

# Where uploads are put aside in which the scan found a virus, and those that it could not read.
INFECTED: Final = "FAILURE/"
UNREADABLE: Final = "ERROR/"


def printed_place(letter: Letter) -> Location:
    """Where the PDF of a letter lies that was made, or checked; as its key, what it begins with."""
    bucket = bucket_of(letter.key_type, validation_failed=letter.status is LetterStatus.VALIDATION_FAILED)
    return Location(bucket, search_prefix(bucket, letter.file_reference, letter.created_at))


def places_to_look(letter: Letter) -> Sequence[Location]:
    """For what the files of a letter begin with, wherever its way may have ended: as keys, prefixes."""
    name = search_prefix(Bucket.SCAN, letter.file_reference, letter.created_at)
    places = [printed_place(letter)]
    if letter.precompiled:
        places += [Location(Bucket.SCAN, f"{folder}{name}") for folder in ("", INFECTED, UNREADABLE)]
        places.append(Location(Bucket.SANITISE, name))
    return places
